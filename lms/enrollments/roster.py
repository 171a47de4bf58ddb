"""Rules: a list of staff as a coordinator uploads it, checked row by row.

Nothing in a result says whether somebody outside the district has an account: an address that is not
the district's own gets an invitation, whoever it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct, field

from lms.accounts.rules import Reason as Refusal
from lms.accounts.rules import clean_email, clean_name
from lms.kernel.errors import RuleBroken

COLUMNS = ("name", "email", "school", "job")
JOBS = ("teacher", "paraprofessional", "administrator", "support staff")
JOB_WORDS = {
    "classroom teacher": "teacher",
    "special education teacher": "teacher",
    "para": "paraprofessional",
    "para professional": "paraprofessional",
    "para educator": "paraprofessional",
    "paraeducator": "paraprofessional",
    "parapro": "paraprofessional",
    "aide": "paraprofessional",
    "teacher aide": "paraprofessional",
    "teacher's aide": "paraprofessional",
    "instructional aide": "paraprofessional",
    "teaching assistant": "paraprofessional",
    "instructional assistant": "paraprofessional",
    "admin": "administrator",
    "school administrator": "administrator",
    "principal": "administrator",
    "assistant principal": "administrator",
    "vice principal": "administrator",
    "superintendent": "administrator",
    "staff": "support staff",
    "support": "support staff",
}
"""By the word alone, in small letters and without a plural's s."""
EMAIL = re.compile(r"[^@\s,:;<>\"]+@[^@\s,:;<>\"]+\.[^@\s,:;<>\"]{2,}")

Reason = Literal[
    "letters_unreadable", "name_empty", "name_long", "name_unprintable", "email_empty", "email_at",
    "email_form", "email_twice", "school_unknown", "job_empty", "job_unknown", "already_enrolled",
    "already_member", "other_cohort",
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


def check_roster(rows: Sequence[RosterRow], known: Known) -> CheckedRoster:
    """Every row with its first fault, or ready. Rows do not depend on each other, but for doubles: of the
    good rows with one address the first is ready."""
    schools = {name.casefold(): (name, place) for name, place in known.schools.items()}
    first_lines: dict[str, int] = {}
    checked = []
    for row in rows:
        result = _check(row, known, schools, first_lines)
        if result.fault is None:
            first_lines[_address(row.email)] = row.line
        checked.append(result)
    return CheckedRoster(
        tuple(checked),
        tuple(row for row in checked if row.fault is None),
        tuple(row for row in checked if row.fault is not None),
    )


def _check(
    row: RosterRow, known: Known, schools: Mapping[str, tuple[str, int]], first_lines: Mapping[str, int]
) -> CheckedRow:
    email = _address(row.email)
    fault: Fault | None = None
    school_id = schools[row.school.casefold()][1] if row.school.casefold() in schools else None
    job = _job(row.job)
    user_id = known.own_people.get(email)
    if (unreadable := _unreadable(row)) is not None:
        fault = Fault("letters_unreadable", unreadable)
    elif not row.name:
        fault = Fault("name_empty", "name")
    elif (refused := _name_refused(row.name)) is not None:
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


def _unreadable(row: RosterRow) -> str | None:
    cells = zip(COLUMNS, (row.name, row.email, row.school, row.job), strict=True)
    return next((column for column, cell in cells if "\ufffd" in cell), None)


def _address(email: str) -> str:
    """As accounts and invitations keep it: two spellings of one address are one."""
    try:
        return clean_email(email)
    except RuleBroken:
        return email


def _job(typed: str) -> str:
    word = " ".join(typed.casefold().replace("-", " ").replace("\u2019", "'").split()).removesuffix("s")
    return JOB_WORDS.get(word, word)


def _standing_in_the_way(into: int | None, learns: Learns | None) -> Fault | None:
    """Who learns alone may come into a cohort; who learns with one stays in it."""
    if learns is None or (into is not None and learns.cohort_id is None):
        return None
    if into is None:
        return Fault("already_enrolled", "email")
    if learns.cohort_id == into:
        return Fault("already_member", "email")
    return Fault("other_cohort", "email", other=learns.cohort)


def _name_refused(name: str) -> str | None:
    """A line break in a name may be a row that ran into the next."""
    return Refusal.NAME_UNPRINTABLE if "\n" in name or "\r" in name else _refusal(clean_name, name)


def _refusal(clean: Callable[[str], str], text: str) -> str | None:
    """Why an account or an invitation would not take this. A row that is called ready must not fail later,
    and take the whole list with it."""
    try:
        clean(text)
    except RuleBroken as broken:
        return broken.code
    return None
