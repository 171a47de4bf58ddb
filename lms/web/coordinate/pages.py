"""What the coordinator's templates are handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from lms.kernel.paging import Page
from lms.records.rules import Order
from lms.web.coordinate.charts import MonthsChart, SchoolBar
from lms.web.facilitate.pages import CohortLine
from lms.web.lists import Lines


class Choice(Struct, frozen=True):
    value: str
    words: str
    chosen: bool = False


class WaitingPerson(Struct, frozen=True):
    name: str
    email: str
    organization: str
    job: str
    confirm_href: str


class TrainingLine(Struct, frozen=True):
    title: str
    standing: str
    href: str


class StaffLine(Struct, frozen=True):
    name: str
    email: str
    organization: str
    job: str
    trainings: tuple[TrainingLine, ...]
    link_href: str


class HomePage(Struct, frozen=True):
    place: str
    unconfirmed: Lines[WaitingPerson]
    cohorts: Lines[CohortLine]
    people: Lines[StaffLine]


class LinkLine(Struct, frozen=True):
    name: str
    email: str
    link: str
    expires_at: datetime


class LinksPage(Struct, frozen=True):
    title: str
    lead: str
    links: tuple[LinkLine, ...]
    back_href: str
    back_words: str


class ListLine(Struct, frozen=True):
    """`column` is where the fault stands; `result` says what would happen to a row without one."""

    line: int
    name: str
    email: str
    school: str
    job: str
    fault: str = ""
    column: str = ""
    result: str = ""


class EnrollPage(Struct, frozen=True):
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


class EnrolledPage(Struct, frozen=True):
    enrolled: int
    invited: int
    skipped: int
    training: str
    links: tuple[LinkLine, ...]


class RecordLine(Struct, frozen=True):
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


class Fault(Struct, frozen=True):
    anchor: str
    words: str


class RecordsPage(Struct, frozen=True):
    rows: tuple[RecordLine, ...]
    pages: Page[Any]
    page_href: Callable[[int], str]
    sort_href: Mapping[Order, str]
    order: Order
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
    months: MonthsChart | None
    schools_finished: tuple[SchoolBar, ...]
    csv_href: str
    json_href: str
    summary_href: str
    perms_href: str
