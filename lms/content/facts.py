"""`sources.md` and `local.md`: what pages cite, and facts that change."""

from __future__ import annotations

import re

from lms.content.desk import Desk
from lms.content.nodes import Insert, SafeHtml, Source
from lms.content.settings import KEY, Tag
from lms.content.tree import Run, Section

_SOURCE_KEY = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
DAYS = 366


def build_sources(desk: Desk) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    seen: dict[str, int] = {}
    for child in desk.page.children:
        if not isinstance(child, Section):
            continue
        key = child.title.piece.text
        if not _well_named(desk, child, key, _SOURCE_KEY, "letters and digits joined by hyphens", seen):
            continue
        tag = child.tag
        if tag is None:
            message = "Say what kind of study this is: `source, review, checked 2026-11-22`."
            desk.error(child.line, 1, "source-kind", message)
            continue
        if not tag.kind:
            continue
        if not tag.studies:
            desk.error(tag.line, tag.column, "source-kind", "Say what kind of study this is.")
        _check_age(desk, tag)
        runs = [text for text in child.children if isinstance(text, Run)]
        if not runs:
            message = "Write below the tag what learners see: who, when, what, where."
            desk.error(child.line, 1, "source-kind", message)
            continue
        first = desk.html(runs[0].text)
        notes = "".join(desk.html(run.text) for run in runs[1:])
        checked = tag.checked.isoformat() if tag.checked else ""
        sources[key] = Source(key, tag.studies, tag.second_hand, checked, first, SafeHtml(notes))
    return sources


def build_inserts(desk: Desk) -> dict[str, Insert]:
    inserts: dict[str, Insert] = {}
    seen: dict[str, int] = {}
    for child in desk.page.children:
        if not isinstance(child, Section):
            continue
        key = child.title.piece.text
        if not _well_named(desk, child, key, KEY, "lower-case words joined by hyphens", seen):
            continue
        tag = child.tag
        if tag is None:
            message = "Put the tag below this heading: `insert, checked 2026-11-22`."
            desk.error(child.line, 1, "part-tag", message)
            continue
        if not tag.kind:
            continue
        _check_age(desk, tag)
        runs = [text for text in child.children if isinstance(text, Run)]
        if len(runs) != 1:
            message = "A local fact is one phrase or paragraph below its tag."
            desk.error(child.line, 1, "part-tag", message)
            continue
        html = desk.html(runs[0].text, cites=False)
        inserts[key] = Insert(key, tag.checked.isoformat() if tag.checked else "", html)
    return inserts


def _well_named(
    desk: Desk, section: Section, key: str, form: re.Pattern[str], says: str, seen: dict[str, int]
) -> bool:
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


def check_unused(desk: Desk, sources: dict[str, Source], used: set[str]) -> None:
    for child in desk.page.children:
        if isinstance(child, Section) and child.title.piece.text in sources:
            key = child.title.piece.text
            if key not in used:
                desk.warning(child.line, child.title.column, "source-unused", f"Nothing cites '{key}'.")
