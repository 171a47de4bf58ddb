"""Session guides and the capstone, toolkit pieces and modules: pages with a header of their own kind."""

from __future__ import annotations

import re

from lms.content.blocks import Around, build_plain
from lms.content.desk import Desk, Known
from lms.content.nodes import (
    NOTHING,
    AgendaItem,
    Block,
    Capstone,
    Field,
    Log,
    PageBreak,
    Reviewers,
    Rubric,
    SafeHtml,
    SeenBy,
    SessionGuide,
    Toolkit,
)  # fmt: skip
from lms.content.render import count_words
from lms.content.rubrics import build_criteria
from lms.content.settings import Tag
from lms.content.tree import Cells, FieldLine, Section
from lms.content.worksheets import build_blocks, read_field

_AGENDA = re.compile(r"(\d{1,3}) min: (?=\S)")
CARD_WORDS = 250
CARD_LINES = 40
"""What fits one page: words, and lines to write on."""


# ── Session guides ───────────────────────────────────────────────────────────────────────────────


def build_session(desk: Desk, number: int) -> SessionGuide:
    page, header = desk.page, desk.page.header
    title = desk.html(page.title, cites=False)
    around = Around("session")
    blocks: list[Block] = []
    agenda: list[AgendaItem] = []
    well_formed = True
    for place, child in enumerate(page.children):
        if isinstance(child, Section):
            item = _agenda_item(desk, child)
            well_formed = well_formed and item is not None
            if item:
                agenda.append(item)
        elif isinstance(child, FieldLine):
            read_field(desk, child, page.children, place, around)
        elif block := build_plain(desk, child, around):
            blocks.append(block)
    minutes = header.number("minutes") or 0
    total = sum(item.minutes for item in agenda)
    if minutes and well_formed and total != minutes:
        message = f"The parts add up to {total}, the header says {minutes}."
        desk.error(*header.at("minutes"), "agenda-sum", message)
    return SessionGuide(
        key=desk.key,
        number=number,
        title=title,
        title_text=desk.words(page.title) if page.title else "",
        minutes=minutes,
        when=header.text("when"),
        group=header.text("group"),
        bring=header.items("bring"),
        needs=header.text("needs"),
        make_up=header.text("make-up") or None,
        blocks=tuple(blocks),
        agenda=tuple(agenda),
        citations=desk.links.citations,
        read_before_release=header.items("read-before-release"),
    )


def _agenda_item(desk: Desk, section: Section) -> AgendaItem | None:
    title = desk.html(section.title, cites=False)
    found = _AGENDA.match(title)
    blocks = build_blocks(desk, section.children, Around("session"))
    if found is None:
        message = "Start with the minutes: '## 10 min: Arrive'."
        desk.error(section.line, section.title.column, "agenda-minutes", message)
        return None
    return AgendaItem(int(found[1]), SafeHtml(title[found.end() :]), section.anchor, tuple(blocks))


# ── Capstone ─────────────────────────────────────────────────────────────────────────────────────


def build_capstone(desk: Desk, course_reviewers: Reviewers) -> Capstone:
    page, header = desk.page, desk.page.header
    content_note = desk.header_html("content-note")
    title = desk.html(page.title, cites=False)
    around = Around("worksheet", "reviewer")
    blocks: list[Block] = []
    rubric: Rubric | None = None
    skip: set[int] = set()
    for place, child in enumerate(page.children):
        if place in skip:
            continue
        if isinstance(child, Section) and child.tag is not None and child.tag.kind == "rubric":
            rubric = _rubric(desk, child, child.tag, around, blocks, rubric)
        elif isinstance(child, FieldLine):
            field, used = read_field(desk, child, page.children, place, around)
            skip.update(range(place + 1, place + 1 + used))
            blocks += [field] if field else []
        else:
            blocks += build_blocks(desk, [child], around)
    if rubric is None and desk.page.title is not None:
        levels = ", ".join(desk.language.levels)
        message = f"Add a section with the tag 'rubric', and a table whose last heads are {levels}."
        desk.error(desk.page.title.line, 1, "rubric", message)
    return Capstone(
        key=desk.key,
        title=title,
        title_text=desk.words(page.title) if page.title else "",
        minutes=header.number("minutes") or 0,
        blocks=tuple(blocks),
        rubric=rubric or Rubric("", ()),
        reviewers=reviewers_of(header.text("reviewers")) or course_reviewers,
        citations=desk.links.citations,
        content_note=content_note,
        read_before_release=header.items("read-before-release"),
    )


def reviewers_of(words: str) -> Reviewers | None:
    if words == "facilitator":
        return "facilitator"
    return "facilitator, or self and one peer" if words else None


def _rubric(
    desk: Desk, section: Section, tag: Tag, around: Around, blocks: list[Block], known: Rubric | None
) -> Rubric:
    key = desk.key_of(tag, Known("rubric", desk.key, tag.line, "reviewer"))
    if known is not None:
        desk.error(tag.line, tag.column, "rubric", "A capstone has one rubric.")
    found: Rubric | None = None
    own: list[Block] = []
    for child in section.children:
        if isinstance(child, Cells) and found is None:
            found = Rubric(key, build_criteria(desk, child))
            own.append(found)
        else:
            own += build_blocks(desk, [child], around)
    if found is None:
        levels = ", ".join(desk.language.levels)
        desk.error(tag.line, tag.column, "rubric", f"Add a table whose last heads are {levels}.")
    section.tag = None
    blocks += build_blocks(desk, [section_heading(section)], around)
    blocks += own
    return found or Rubric(key, ())


def section_heading(section: Section) -> Section:
    """The heading alone."""
    return Section(section.level, section.line, section.title, None, [], section.anchor, section.words)


# ── Toolkit pieces ───────────────────────────────────────────────────────────────────────────────


def build_toolkit(desk: Desk, seen_by: SeenBy) -> Toolkit:
    page, header = desk.page, desk.page.header
    content_note = desk.header_html("content-note")
    title = desk.html(page.title, cites=False)
    around = Around("worksheet", seen_by)
    blocks = build_blocks(desk, page.children, around)
    form = header.text("form") or "worksheet"
    minutes = header.number("minutes") or 0
    sittings = header.items("sittings")
    _check_sittings(desk)
    if minutes and form != "paper" and not sittings and not any(_says_when_done(block) for block in blocks):
        message = (
            "This counted sheet has no needed field, log or sitting and is not on paper: "
            "nobody can tell when it is done."
        )
        desk.error(*header.at("minutes"), "done-unclear", message)
    if form == "card":
        _check_card(desk, blocks)
    return Toolkit(
        key=desk.key,
        title=title,
        title_text=desk.words(page.title) if page.title else "",
        who=header.text("who"),
        minutes=minutes,
        form="card" if form == "card" else "paper" if form == "paper" else "worksheet",
        seen_by=seen_by,
        sittings=sittings,
        blocks=tuple(blocks),
        citations=desk.links.citations,
        content_note=content_note,
        read_before_release=desk.page.header.items("read-before-release"),
        privacy_line=desk.header_html("privacy-line") or NOTHING,
    )


def _check_sittings(desk: Desk) -> None:
    """Evidence names the sitting, so no two may have one name."""
    seen: set[str] = set()
    sittings = desk.page.header.lists.get("sittings", ())
    if len(sittings) == 1:
        message = "One sitting is what every sheet has: name each of them, such as [Week 1, Week 4]."
        desk.warning(sittings[0].line, sittings[0].column, "sittings-few", message)
    for item in sittings:
        if item.text in seen:
            message = f"Two sittings are called '{item.text}'."
            desk.error(item.line, item.column, "header-value", message)
        seen.add(item.text)


def _says_when_done(block: Block) -> bool:
    if isinstance(block, Field):
        return block.needed or any(column.field and column.field.needed for column in block.columns)
    return isinstance(block, Log)


def _check_card(desk: Desk, blocks: list[Block]) -> None:
    words = sum(count_words(text.shown) for text in desk.page.texts)
    lines = sum(_lines(block) for block in blocks)
    breaks = PageBreak() in blocks
    if (words > CARD_WORDS or lines > CARD_LINES or breaks) and desk.page.title is not None:
        desk.warning(desk.page.title.line, 1, "card-long", "Does not fit one page.")


def _lines(block: Block) -> int:
    """Ruled lines that a field takes on paper, its label included."""
    if isinstance(block, Log):
        return block.entries
    if not isinstance(block, Field):
        return 0
    if block.kind == "table":
        return 1 + (len(block.rows) or block.start_rows)
    return 1 + (block.lines or (3 if block.kind == "long" else 1))
