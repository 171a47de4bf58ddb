"""What the coordinator's templates are handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lms.kernel.paging import Page
from lms.web.facilitate.pages import CohortLine


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    name: str
    email: str
    organization: str
    job: str
    confirm_href: str


@dataclass(frozen=True, slots=True)
class StaffLine:
    name: str
    email: str
    organization: str
    job: str
    link_href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    place: str
    unconfirmed: tuple[WaitingPerson, ...]
    cohorts: tuple[CohortLine, ...]
    people: tuple[StaffLine, ...]
    pages: Page[Any]
    page_href: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class LinkLine:
    name: str
    email: str
    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinksPage:
    title: str
    lead: str
    links: tuple[LinkLine, ...]
    back_href: str
    back_words: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """`column` is where the fault stands; `result` says what would happen to a row without one."""

    line: int
    name: str
    email: str
    school: str
    job: str
    fault: str = ""
    column: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class EnrollPage:
    step: int
    choices: tuple[Choice, ...]
    into: str = ""
    training: str = ""
    file_name: str = ""
    text: str = ""
    fault: str = ""
    rows: tuple[ListLine, ...] = ()
    bad: tuple[ListLine, ...] = ()
    good: int = 0
    ready_words: str = ""


@dataclass(frozen=True, slots=True)
class EnrolledPage:
    enrolled: int
    invited: int
    skipped: int
    training: str
    links: tuple[LinkLine, ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    person: str
    school: str
    course: str
    completed_on: date
    minutes: int
    units: str
    number: str
    href: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class Fault:
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class RecordsPage:
    rows: tuple[RecordLine, ...]
    pages: Page[Any]
    page_href: Callable[[int], str]
    trainings: tuple[Choice, ...]
    schools: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    from_text: str
    to_text: str
    filtered: bool
    faults: tuple[Fault, ...]
    total: int
    people: int
    total_minutes: int
    csv_href: str
    json_href: str
