"""Groups and cards of `sort` and `match`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lms.content.answers import Answers, feedback_of
from lms.content.blocks import Around, build_plain, refuse_stray
from lms.content.desk import Desk
from lms.content.nodes import Card, Prose, SafeHtml
from lms.content.settings import Tag
from lms.content.tree import Boxed, Child, FieldLine, Item, Items, Lone, Run, Section
from lms.content.worksheets import read_field

_BOLD = re.compile(r"^ *\*\*([^*\n]+)\*\*:?[ ]*\Z", re.MULTILINE)
IN_A_GROUP = "A group holds cards, a list of - items: move this above the first group."


def bold_group(children: Sequence[Child]) -> str:
    """The first line in bold right above a list: a group that was not made a heading. '' without one."""
    for above, child in pairwise(children):
        if isinstance(above, Run) and isinstance(child, Items):
            found = _BOLD.search(above.text.piece.text)
            if found:
                return found[1].strip(" .:")
    return ""


def build_groups(desk: Desk, sections: list[Section], tag: Tag, around: Around, parts: Answers) -> None:
    """Fills `groups`, `cards` and `after`."""
    kind = "Sorting" if tag.kind == "sort" else "Matching"
    if len(sections) < 2:
        desk.error(tag.line, tag.column, "groups-few", f"{kind} needs at least two groups.")
    names: dict[str, int] = {}
    titles = []
    for place, section in enumerate(sections):
        if section.tag is not None and section.tag.kind:
            message = f"A group of '{tag.kind}' has no tag of its own."
            desk.error(section.tag.line, section.tag.column, "tag-place", message)
        if section.words in names:
            message = f"A second group is called '{section.words}': nobody can tell them apart."
            desk.warning(section.line, section.title.column, "group-twice", message)
        names[section.words] = place
        titles.append(desk.html(section.title, cites=False))
    cards: list[Card] = []
    spoilt = False
    for place, section in enumerate(sections):
        before = len(cards)
        taken: set[int] = set()
        for at, child in enumerate(section.children):
            if at in taken:
                continue
            if isinstance(child, Items):
                cards += [_card(desk, item, place, names) for item in child.items]
                spoilt = spoilt or any(item.spoilt for item in child.items)
                second = child.items[1] if len(child.items) > 1 else child.items[0]
                if tag.kind == "match" and len(cards) - before > 1:
                    message = "'match' takes one card a group: make it 'sort', or give this card a group."
                    desk.error(second.line, second.column, "choice-two-right", message)
            elif isinstance(child, FieldLine):
                field, used = read_field(desk, child, section.children, at, around)
                taken.update(range(at + 1, at + 1 + used))
                if field:
                    parts.after.append(field)
            elif isinstance(child, Boxed | Lone):
                block = build_plain(desk, child, around)
                if isinstance(block, Prose):
                    refuse_stray(desk, child, IN_A_GROUP)
                elif block:
                    parts.after.append(block)
            else:
                refuse_stray(desk, child, IN_A_GROUP)
    if len(cards) < 2 and len(sections) >= 2 and not spoilt:
        desk.error(tag.line, tag.column, "choices-few", f"{kind} needs at least two cards.")
    parts.groups, parts.cards = tuple(titles), tuple(cards)


def _card(desk: Desk, item: Item, group: int, names: dict[str, int]) -> Card:
    html = desk.html(item.text)
    if item.mark and not item.spoilt:
        message = "A card has no check box: its group says where it belongs."
        desk.error(item.line, item.column, "choice-mark", message)
        item.spoilt = True
    plain = [note for note in item.notes if not note.group]
    wrong: list[tuple[int, SafeHtml]] = []
    if item.notes and item.notes[0].group and not item.spoilt:
        message = "Begin with a note for everybody; those for one group follow it."
        desk.error(item.notes[0].text.line, item.notes[0].text.column, "feedback-missing", message)
    elif not item.notes:
        feedback_of(desk, item, "card")
    for note in item.notes:
        if note.group and note.group not in names:
            hint = desk.links.suggest(note.group, names)
            line = note.text.line
            column = desk.page.lines[line - 1].index("**") + 1
            desk.error(line, column, "group-unknown", f"There is no group '{note.group}'.{hint}")
        elif note.group:
            wrong.append((names[note.group], desk.html(note.text)))
    feedback = SafeHtml("".join(desk.html(note.text) for note in plain))
    return Card(html, group, feedback, tuple(wrong))
