"""Rules: a list of staff as a coordinator uploads it, read and checked row by row.

Nothing in a result says whether somebody outside the district has an account: an address that is not
the district's own gets an invitation, whoever it belongs to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct, field

from lms.accounts.rules import Reason as Refusal
from lms.accounts.rules import clean_email, clean_name
from lms.kernel.errors import RuleBroken

MAX_BYTES = 500_000
MAX_ROWS = 2_000
COLUMNS = ("name", "email", "school", "job")
JOBS = ("teacher", "paraprofessional", "administrator", "support staff")
JOB_WORDS = {
    "para": "paraprofessional",
    "paraeducator": "paraprofessional",
    "aide": "paraprofessional",
    "admin": "administrator",
    "principal": "administrator",
    "staff": "support staff",
    "support": "support staff",
}
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]{2,}")

Reason = Literal[
    "name_empty", "name_long", "name_unprintable", "email_empty", "email_at", "email_form", "email_twice",
    "school_unknown", "job_empty", "job_unknown", "already_enrolled", "already_member", "other_cohort",
]  # fmt: skip


class RosterRow(Struct, frozen=True):
    """`line` is the row's number in the file as a spreadsheet shows it; the head is row 1."""

    line: int
    name: str
    email: str
    school: str
    job: str


class Learns(Struct, frozen=True):
    """How one of the district's own takes the course now: with a cohort, or with none."""

    cohort_id: int | None = None
    cohort: str = ""
    """Its title; '' for a cohort that is not the coordinator's to see."""


class Known(Struct, frozen=True):
    """What the district knows: its schools by name, its own people by address, who takes the course already.

    `cohort_id`: the cohort that the list is for; None for a list of self-paced learners.
    """

    schools: Mapping[str, int]
    own_people: Mapping[str, int]
    enrolled: Mapping[int, Learns] = field(default_factory=dict)
    cohort_id: int | None = None


class Fault(Struct, frozen=True):
    reason: Reason
    column: str
    suggestion: str = ""
    first_line: int = 0
    other: str = ""
    """Title of the cohort that somebody is in; '' for one that is not the coordinator's to see."""


class CheckedRow(Struct, frozen=True):
    """A row with its fault, or ready: `user_id` of the district's own person, or None for an invitation."""

    row: RosterRow
    fault: Fault | None = None
    user_id: int | None = None
    school_id: int | None = None
    job: str = ""


class CheckedRoster(Struct, frozen=True):
    rows: tuple[CheckedRow, ...]
    ready: tuple[CheckedRow, ...] = ()
    faulty: tuple[CheckedRow, ...] = ()


def decode(data: bytes) -> str:
    """Text of an uploaded file: UTF-8, UTF-16 with its mark, or what older spreadsheets write.

    Raises RuleBroken: file_empty, file_large, file_binary.
    """
    if not data.strip():
        raise RuleBroken("file_empty", "file")
    if len(data) > MAX_BYTES:
        raise RuleBroken("file_large", "file")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data or data[:4] in (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"):
        raise RuleBroken("file_binary", "file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_roster(text: str) -> tuple[RosterRow, ...]:
    """Rows of the list, empty ones left out. Raises RuleBroken: head_missing, no_rows, too_many_rows,
    file_empty, file_large, file_quotes."""
    if not text.strip():
        raise RuleBroken("file_empty", "file")
    if len(text) > MAX_BYTES:
        raise RuleBroken("file_large", "file")
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        lines = [[cell.strip() for cell in cells] for cells in reader]
    except csv.Error as error:
        raise RuleBroken("file_quotes", "file") from error
    places = {name.casefold(): place for place, name in reversed(list(enumerate(lines[0])))}
    if not {"name", "email"} <= places.keys():
        raise RuleBroken("head_missing", "file")

    def cell(cells: Sequence[str], column: str) -> str:
        place = places.get(column)
        return " ".join(cells[place].split()) if place is not None and place < len(cells) else ""

    rows = tuple(
        RosterRow(number, *(cell(cells, column) for column in COLUMNS))
        for number, cells in enumerate(lines[1:], start=2)
        if any(cells)
    )
    if not rows:
        raise RuleBroken("no_rows", "file")
    if len(rows) > MAX_ROWS:
        raise RuleBroken("too_many_rows", "file")
    return rows


def check_roster(rows: Sequence[RosterRow], known: Known) -> CheckedRoster:
    """Every row with its first fault, or ready. Rows do not depend on each other, but for doubles."""
    schools = {name.casefold(): (name, place) for name, place in known.schools.items()}
    first_lines: dict[str, int] = {}
    checked = []
    for row in rows:
        result = _check(row, known, schools, first_lines)
        first_lines.setdefault(row.email.casefold(), row.line)
        checked.append(result)
    return CheckedRoster(
        tuple(checked),
        tuple(row for row in checked if row.fault is None),
        tuple(row for row in checked if row.fault is not None),
    )


def _check(
    row: RosterRow, known: Known, schools: Mapping[str, tuple[str, int]], first_lines: Mapping[str, int]
) -> CheckedRow:
    email = row.email.casefold()
    fault: Fault | None = None
    school_id = schools[row.school.casefold()][1] if row.school.casefold() in schools else None
    job = JOB_WORDS.get(row.job.casefold(), row.job.casefold().removesuffix("s"))
    user_id = known.own_people.get(email)
    if not row.name:
        fault = Fault("name_empty", "name")
    elif (refused := _refusal(clean_name, row.name)) is not None:
        fault = Fault("name_long" if refused == Refusal.NAME_TOO_LONG else "name_unprintable", "name")
    elif not email:
        fault = Fault("email_empty", "email")
    elif "@" not in email:
        fault = Fault("email_at", "email")
    elif EMAIL.fullmatch(email) is None or _refusal(clean_email, email) is not None:
        fault = Fault("email_form", "email")
    elif email in first_lines:
        fault = Fault("email_twice", "email", first_line=first_lines[email])
    elif row.school and school_id is None:
        close = get_close_matches(row.school.casefold(), schools, n=1, cutoff=0.5)
        fault = Fault("school_unknown", "school", schools[close[0]][0] if close else "")
    elif not row.job:
        fault = Fault("job_empty", "job")
    elif job not in JOBS:
        close = get_close_matches(job, JOBS, n=1, cutoff=0.5)
        fault = Fault("job_unknown", "job", close[0] if close else "")
    elif user_id is not None:
        fault = _standing_in_the_way(known.cohort_id, known.enrolled.get(user_id))
    return CheckedRow(row, fault, user_id, school_id, job)


def _standing_in_the_way(into: int | None, learns: Learns | None) -> Fault | None:
    """Who learns alone may come into a cohort; who learns with one stays in it."""
    if learns is None or (into is not None and learns.cohort_id is None):
        return None
    if into is None:
        return Fault("already_enrolled", "email")
    if learns.cohort_id == into:
        return Fault("already_member", "email")
    return Fault("other_cohort", "email", other=learns.cohort)


def _refusal(clean: Callable[[str], str], text: str) -> str | None:
    """Why an account or an invitation would not take this. A row that is called ready must not fail later,
    and take the whole list with it."""
    try:
        clean(text)
    except RuleBroken as broken:
        return broken.code
    return None
