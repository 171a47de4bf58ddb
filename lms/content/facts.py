"""`sources.md` and `local.md`: what pages cite, and facts that change."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping

from lms.content.desk import Desk
from lms.content.nodes import NOTHING, Insert, SafeHtml, Source
from lms.content.problems import Problem, warning
from lms.content.settings import KEY, Tag
from lms.content.tree import Page, Run, Section

_SOURCE_KEY = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_LOOSE = re.compile(rf"(?:\(@|\[)({_SOURCE_KEY.pattern})[)\]](?!\()")
DAYS = 366


def build_sources(desk: Desk) -> dict[str, Source]:
    """By key. A source with a problem is there all the same, so that citing it is not a second one."""
    sources: dict[str, Source] = {}
    says = "letters and digits joined by hyphens"
    for section in _sections(desk, _SOURCE_KEY, says):
        key, tag = section.title.piece.text, section.tag
        runs = [child for child in section.children if isinstance(child, Run)]
        if tag is None:
            message = "Say what kind of study this is: `source, review, checked 2026-11-22`."
            desk.error(section.line, 1, "source-kind", message)
        elif tag.kind:
            if not tag.studies:
                desk.error(tag.line, tag.column, "source-kind", "Say what kind of study this is.")
            _check_age(desk, tag)
            if not runs:
                message = "Write below the tag what learners see: who, when, what, where."
                desk.error(section.line, 1, "source-kind", message)
        first, *more = [desk.html(run.text) for run in runs] or [NOTHING]
        studies = tag.studies if tag else ()
        second_hand = tag.second_hand if tag else False
        sources[key] = Source(key, studies, second_hand, _checked(tag), first, SafeHtml("".join(more)))
    return sources


def build_inserts(desk: Desk) -> dict[str, Insert]:
    """By key, those with a problem too."""
    inserts: dict[str, Insert] = {}
    for section in _sections(desk, KEY, "lower-case words joined by hyphens"):
        key, tag = section.title.piece.text, section.tag
        runs = [child for child in section.children if isinstance(child, Run)]
        if tag is None:
            message = "Put the tag below this heading: `insert, checked 2026-11-22`."
            desk.error(section.line, 1, "part-tag", message)
        elif tag.kind:
            _check_age(desk, tag)
            if len(runs) != 1 or len(section.children) != 1:
                message = "A local fact is one phrase or paragraph below its tag."
                desk.error(section.line, 1, "part-tag", message)
        html = desk.html(runs[0].text, cites=False) if runs else NOTHING
        inserts[key] = Insert(key, _checked(tag), html)
    return inserts


def _sections(desk: Desk, form: re.Pattern[str], says: str) -> Iterator[Section]:
    """The sections of the file whose names are well formed and new."""
    seen: dict[str, int] = {}
    for child in desk.page.children:
        if isinstance(child, Section) and _well_named(desk, child, form, says, seen):
            yield child


def _checked(tag: Tag | None) -> str:
    return tag.checked.isoformat() if tag and tag.checked else ""


def _well_named(desk: Desk, section: Section, form: re.Pattern[str], says: str, seen: dict[str, int]) -> bool:
    key = section.title.piece.text
    at = section.title.column
    if form.fullmatch(key) is None:
        desk.error(section.line, at, "key-form", f"A key here is {says}.")
        return False
    if key in seen:
        desk.error(section.line, at, "key-twice", f"'{key}' is already used on line {seen[key]}.")
        return False
    seen[key] = section.line
    return True


def _check_age(desk: Desk, tag: Tag) -> None:
    if tag.checked is None:
        desk.warning(tag.line, tag.column, "checked-old", "Say when this was last checked.")
    elif (desk.shelf.today - tag.checked).days > DAYS:
        desk.warning(tag.line, tag.at("checked"), "checked-old", "Last checked over a year ago.")


def check_unused(page: Page, sources: Mapping[str, Source], used: Container[str]) -> list[Problem]:
    return [
        warning(page.file, child.line, child.title.column, "source-unused", f"Nothing cites '{key}'.")
        for child in page.children
        if isinstance(child, Section) and (key := child.title.piece.text) in sources and key not in used
    ]


def check_brackets(pages: Iterable[Page], sources: Container[str], problems: list[Problem]) -> None:
    """Keys of sources in other brackets than a citation's, which learners would read as they stand."""
    if not sources:
        return
    for page in pages:
        if page.kind == "sources":
            continue
        text = "\n".join(page.lines)
        for found in _LOOSE.finditer(text):
            if found[1] in sources:
                at = found.start()
                line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                problems.append(warning(page.file, line, column, "cite-loose", f"Write [@{found[1]}]."))
