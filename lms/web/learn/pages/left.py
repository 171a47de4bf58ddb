"""'What is left, and why': the truth that the engine has, in words, with the way to each thing."""

from __future__ import annotations

from msgspec import Struct

from lms.completion.queries import SnapshotRow
from lms.completion.rules import ATTENDANCE, Unmet
from lms.web.learn.pages.course_map import CourseMap
from lms.web.learn.sentences import why_unmet
from lms.web.words import quoted

SEATS = {"awaiting_review": ("review", "With your reviewer"), "not_yet": ("part", "One more try")}


class LeftLine(Struct, frozen=True):
    title: str
    page_key: str
    anchor: str
    why: str
    seat: str
    words: str


class LeftGroup(Struct, frozen=True):
    title: str
    lines: tuple[LeftLine, ...]


class LeftPage(Struct, frozen=True):
    course_key: str
    course_title: str
    complete: bool
    done: int
    needed: int
    left: int
    minutes: int
    groups: tuple[LeftGroup, ...]


def left_page(where: CourseMap, found: SnapshotRow | None) -> LeftPage:
    unmet = (
        found.unmet
        if found is not None
        else tuple(Unmet(requirement.key, "not_done") for requirement in where.course.requirements)
    )
    needed = found.needed if found is not None else len(where.course.requirements)
    groups: dict[str, list[LeftLine]] = {}
    for one in unmet:
        title, line = _line(where, one)
        groups.setdefault(title, []).append(line)
    return LeftPage(
        course_key=where.course.key,
        course_title=where.course.title_text,
        complete=found is not None and found.complete,
        done=found.done if found is not None else 0,
        needed=needed,
        left=len(unmet),
        minutes=found.minutes if found is not None else 0,
        groups=tuple(LeftGroup(title, tuple(lines)) for title, lines in groups.items()),
    )


def _line(where: CourseMap, unmet: Unmet) -> tuple[str, LeftLine]:
    seat, words = SEATS.get(unmet.reason, ("empty", "To do"))
    if unmet.key == ATTENDANCE:
        return "Live sessions", LeftLine("Live sessions", "", "", f"{why_unmet(unmet)}.", seat, words)
    requirement = where.requirements[unmet.key]
    stop = where.by_key[requirement.page_key]
    group = (
        f"Module {stop.module.number}: {stop.module.title_text}" if stop.module is not None else "Capstone"
    )
    kind = {
        "activity": "Activity: ",
        "reflection": "Reflection: ",
        "try-out": "Worksheet: ",
        "quiz": "Quiz: ",
    }
    title = f"{kind.get(requirement.kind, '')}{requirement.title}"
    why = why_unmet(unmet)
    if requirement.kind == "activity":
        why = f"{why}. It is in the lesson {quoted(stop.title_text)}"
    elif requirement.sittings:
        why = f"{why}. It is filled in {len(requirement.sittings)} times"
    anchor = where.anchors.get(unmet.key, "")
    return group, LeftLine(title, requirement.page_key, anchor, f"{why}.", seat, words)
