"""What the facilitator's templates are handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.content.nodes import SafeHtml
from lms.kernel.paging import Page
from lms.web.facilitate.waiting import WaitingLine


@dataclass(frozen=True, slots=True)
class Fault:
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: tuple[WaitingLine, ...]
    pages: Page[Any]
    page_href: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Level:
    value: str
    name: str
    words: SafeHtml
    chosen: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    number: int
    words: SafeHtml
    needs_strong: bool
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class PastTry:
    heading: str
    paragraphs: tuple[str, ...]
    comment: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
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


@dataclass(frozen=True, slots=True)
class CohortLine:
    name: str
    course: str
    people: int
    state: str
    href: str


@dataclass(frozen=True, slots=True)
class CohortsPage:
    waiting: int
    queue: tuple[WaitingLine, ...]
    cohorts: tuple[CohortLine, ...]


@dataclass(frozen=True, slots=True)
class HandLine:
    person: str
    email: str
    why: str


@dataclass(frozen=True, slots=True)
class ModuleHead:
    number: int


@dataclass(frozen=True, slots=True)
class SessionLine:
    title: str
    short_day: str
    starts_at: datetime
    minutes: int
    break_minutes: int
    marked: int
    change_href: str
    attendance_href: str
    guide_href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """`seat` names the sign, `words` say the same."""

    seat: str
    words: str
    starts_group: bool = False


@dataclass(frozen=True, slots=True)
class MemberLine:
    person: str
    school: str
    cells: tuple[Cell, ...]
    left: str
    left_href: str


@dataclass(frozen=True, slots=True)
class CohortPage:
    name: str
    course: str
    join_code: str
    join_href: str
    facilitators: tuple[str, ...]
    facilitates: bool
    closed_at: datetime | None
    close_href: str
    closes: bool
    queue: tuple[WaitingLine, ...]
    need_a_hand: tuple[HandLine, ...]
    modules: tuple[ModuleHead, ...]
    sessions: tuple[SessionLine, ...]
    rows: tuple[MemberLine, ...]
    csv_href: str
    reviews: bool
    records_attendance: bool
    edits: bool
    guides: bool
    renew_code_href: str
    add_session_href: str
    session_form: Any
    time_zone: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`fixed`: somebody is marked, so that the place alone may change."""

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
    form: Any


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """`arrived` and `left` are clock times (HH:MM) in the cohort's zone; `sequence` is the mark that was
    in force when the sheet was shown, '' for none."""

    id: str
    person: str
    sequence: str
    options: tuple[Option, ...]
    arrived: str
    left: str
    credited: str
    arithmetic: str
    """How the credited minutes follow from arrival and departure."""


@dataclass(frozen=True, slots=True)
class AttendancePage:
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


@dataclass(frozen=True, slots=True)
class GuidePage:
    title: SafeHtml
    minutes: int
    crumbs: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    intro: tuple[Any, ...]
    agenda: tuple[tuple[int, SafeHtml, str, tuple[Any, ...]], ...]
    sources: tuple[tuple[int, SafeHtml], ...]
