"""Branching scenes: parts that lead to one another, each with a way to an ending."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lms.content.answers import MARKS, check_box, feedback_of
from lms.content.blocks import Around, refuse_stray
from lms.content.desk import Desk
from lms.content.links import Link, links_in, resolve
from lms.content.nodes import Choice, Part
from lms.content.settings import Tag
from lms.content.tree import Boxed, FieldLine, Item, Items, Section, Text
from lms.content.worksheets import build_blocks

_END = re.compile(r"\s*(?:</p>)?\s*\Z")


def build_parts(desk: Desk, sections: Sequence[Section], tag: Tag, around: Around) -> tuple[Part, ...]:
    if not sections:
        message = "Give each part a heading of its own; the first one is the start."
        desk.error(tag.line, tag.column, "branch-lost", message)
        return ()
    anchors = {section.anchor for section in sections}
    _check_names(desk, sections)
    parts = [_part(desk, section, anchors, around) for section in sections]
    if desk.rendered and all(choice.leads_to for part in parts for choice in part.choices):
        _check_ways(desk, sections, parts)
    return tuple(parts)


def _check_names(desk: Desk, sections: Sequence[Section]) -> None:
    """Links go by the words of a heading: no other of the page may have the same."""
    on_page = Counter(heading.words for heading in desk.page.headings)
    own = Counter(section.words for section in sections)
    seen: set[str] = set()
    for section in sections:
        words = section.words
        first_of_several = own[words] > 1 and words not in seen and on_page[words] == own[words]
        if on_page[words] > 1 and not first_of_several:
            message = f"Two headings here are called '{words}': links cannot tell them apart."
            desk.error(section.line, 1, "branch-name", message)
        seen.add(words)


def _part(desk: Desk, section: Section, anchors: set[str], around: Around) -> Part:
    title = desk.html(section.title, cites=False)
    if section.tag is not None and section.tag.kind:
        message = "A part of a branching has no tag of its own."
        desk.error(section.tag.line, section.tag.column, "tag-place", message)
    blocks = []
    choices: list[Choice] = []
    for child in section.children:
        if isinstance(child, Items) and not choices:
            choices = [_choice(desk, item, anchors) for item in child.items]
        elif isinstance(child, FieldLine):
            message = "A part of a branching has no fields: put them into a 'do' below it."
            desk.error(child.line, child.column, "field-outside", message)
        elif choices and not isinstance(child, Boxed | Section):
            refuse_stray(desk, child, "Below the choices of a part only boxes stand: move this above them.")
        else:
            blocks += build_blocks(desk, [child], around)
    return Part(section.anchor, title, tuple(blocks), tuple(choices))


def _choice(desk: Desk, item: Item, anchors: set[str]) -> Choice:
    check_box(desk, item)
    html = desk.html(item.text)
    leads_to: str | None = None
    if not item.spoilt and desk.rendered and item.notes:
        leads_to = _way_on(desk, item.notes[-1].text, anchors)
    return Choice(html, MARKS[item.mark], feedback_of(desk, item), leads_to)


def _way_on(desk: Desk, note: Text, anchors: set[str]) -> str | None:
    """The part that the link at the end of this feedback names. The link is taken out: the way on is a
    button of the page, with the part's title as its words.
    """
    links = links_in(note.html)
    link = links[-1] if links else None
    target = resolve(link.href, desk.page.file) if link else None
    if link is None or target is None or target[0] != desk.page.file or not _END.fullmatch(link.after):
        message = "End this feedback with one link to the part that comes next."
        desk.error(note.line, note.column, "branch-link", message)
        return None
    note.html = _without(link)
    if any(_is_part(each.href, desk, anchors) for each in links[:-1]):
        message = "This feedback links to more than one part: end it with one link."
        desk.error(note.line, note.column, "branch-link", message)
    elif target[1] not in anchors:
        hint = desk.links.suggest(target[1], anchors)
        desk.error(note.line, note.column, "branch-target", f"No part is called '{target[1]}'.{hint}")
    else:
        return target[1]
    return None


def _is_part(href: str, desk: Desk, anchors: set[str]) -> bool:
    target = resolve(href, desk.page.file)
    return target is not None and target[0] == desk.page.file and target[1] in anchors


def _without(link: Link) -> str:
    """The HTML around a link at the end of a note, without a paragraph that held nothing else."""
    before, after = link.before.rstrip(), link.after.lstrip()
    if before.endswith("<p>") and after.startswith("</p>"):
        return before.removesuffix("<p>").rstrip() + after.removeprefix("</p>")
    return before + after


def _check_ways(desk: Desk, sections: Sequence[Section], parts: Sequence[Part]) -> None:
    leads = {part.anchor: [choice.leads_to or "" for choice in part.choices] for part in parts}
    reached: set[str] = set()
    queue = [parts[0].anchor]
    while queue:
        anchor = queue.pop()
        if anchor not in reached:
            reached.add(anchor)
            queue += leads.get(anchor, [])
    comes_from: dict[str, list[str]] = {}
    for anchor, ways in leads.items():
        for way in ways:
            comes_from.setdefault(way, []).append(anchor)
    ending: set[str] = set()
    queue = [part.anchor for part in parts if not part.choices]
    while queue:
        anchor = queue.pop()
        if anchor not in ending:
            ending.add(anchor)
            queue += comes_from.get(anchor, [])
    for section in sections:
        if section.anchor not in reached:
            desk.error(section.line, 1, "branch-lost", "No choice leads here.")
        elif section.anchor not in ending:
            desk.error(section.line, 1, "branch-endless", "No ending can be reached from here.")
