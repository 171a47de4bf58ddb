"""What the facilitator's templates are handed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from lms.content.nodes import SafeHtml
from lms.kernel.paging import Page
from lms.web.facilitate.waiting import WaitingLine
from lms.web.lists import Lines


class Fault(Struct, frozen=True):
    anchor: str
    words: str


class QueuePage(Struct, frozen=True):
    rows: tuple[WaitingLine, ...]
    pages: Page[Any]
    page_href: Callable[[int], str]


class Level(Struct, frozen=True):
    value: str
    name: str
    words: SafeHtml
    chosen: bool


class Criterion(Struct, frozen=True):
    number: int
    words: SafeHtml
    needs_strong: bool
    levels: tuple[Level, ...]


class PastTry(Struct, frozen=True):
    heading: str
    paragraphs: tuple[str, ...]
    comment: str
    reviewed_at: datetime


class ReviewPage(Struct, frozen=True):
    """`held`: this reviewer holds the text; only then, or once it is answered, the words are shown."""

    person: str
    first_name: str
    piece: str
    crumbs: tuple[tuple[str, str], ...]
    href: str
    put_back_href: str
    hold_href: str
    held: bool
    held_by_other: bool
    answered: bool
    at: datetime
    words: int
    number: int
    try_words: str
    paragraphs: tuple[str, ...]
    prompt: tuple[Any, ...]
    earlier: tuple[PastTry, ...]
    job: str
    school: str
    done: int
    needed: int
    course: str
    criteria: tuple[Criterion, ...]
    comment: str
    errors: tuple[Fault, ...]


class CohortLine(Struct, frozen=True):
    name: str
    course: str
    people: int
    state: str
    href: str


class CohortsPage(Struct, frozen=True):
    waiting: int
    queue: tuple[WaitingLine, ...]
    cohorts: Lines[CohortLine]


class HandLine(Struct, frozen=True):
    person: str
    email: str
    why: str


class ModuleHead(Struct, frozen=True):
    number: int


class SessionLine(Struct, frozen=True):
    title: str
    short_day: str
    starts_at: datetime
    minutes: int
    break_minutes: int
    marked: int
    change_href: str
    attendance_href: str
    guide_href: str


class Cell(Struct, frozen=True):
    """`seat` names the sign, `words` say the same."""

    seat: str
    words: str
    starts_group: bool = False


class MemberLine(Struct, frozen=True):
    person: str
    school: str
    cells: tuple[Cell, ...]
    left: str
    left_href: str


class CohortPage(Struct, frozen=True):
    name: str
    course: str
    join_code: str
    join_href: str
    facilitators: tuple[str, ...]
    facilitates: bool
    closed_at: datetime | None
    close_href: str
    closes: bool
    queue: Lines[WaitingLine] | None
    """None for who may not read what is handed in."""
    need_a_hand: tuple[HandLine, ...]
    modules: tuple[ModuleHead, ...]
    sessions: tuple[SessionLine, ...]
    rows: tuple[MemberLine, ...]
    csv_href: str
    ids_href: str
    """'' for who may not export records."""
    records_attendance: bool
    edits: bool
    guides: bool
    renew_code_href: str
    add_session_href: str
    session_form: Any
    time_zone: str


class SessionPage(Struct, frozen=True):
    """`fixed`: somebody is marked, so that nothing changes any more."""

    title: str
    cohort: str
    cohort_href: str
    href: str
    fixed: bool
    attendance_href: str
    """Empty for who may not record it."""
    starts_at: datetime
    time_zone: str
    minutes: int
    break_minutes: int
    place: str
    form: Any


class Option(Struct, frozen=True):
    value: str
    words: str
    chosen: bool


class AttendanceLine(Struct, frozen=True):
    """`arrived` and `left` are clock times (HH:MM) in the cohort's zone; `sequence` is the mark that was
    in force when the sheet was shown, '' for none; `shown` what the line says without anybody's typing."""

    id: str
    person: str
    sequence: str
    shown: str
    options: tuple[Option, ...]
    arrived: str
    left: str
    credited: str
    arithmetic: str
    """How the credited minutes follow from arrival and departure."""
    recorded: str
    """What somebody else has recorded since the sheet was shown, '' for nothing."""


class AttendancePage(Struct, frozen=True):
    title: str
    cohort: str
    cohort_href: str
    href: str
    starts_at: datetime
    ends_time: str
    time_zone: str
    creditable: int
    break_minutes: int
    corrects: bool
    reason: str
    rows: tuple[AttendanceLine, ...]
    errors: tuple[Fault, ...]


class GuidePage(Struct, frozen=True):
    title: SafeHtml
    minutes: int
    crumbs: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    intro: tuple[Any, ...]
    agenda: tuple[tuple[int, SafeHtml, str, tuple[Any, ...]], ...]
    sources: tuple[tuple[int, SafeHtml], ...]
