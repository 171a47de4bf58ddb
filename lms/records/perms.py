"""Hours to report to a state's system, row by row, and who is left out of the file and why.

Pennsylvania's PERMS refuses a row without a valid PPID, one whose PPID is somebody else's, a second one for
the same person and activity, and one that begins before the person's first compliance period. No layout of
its upload file is published: columns are ours, and to be checked against the template in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from lms.kernel.tabular import Column
from lms.records.columns import AwardRow
from lms.records.names import last_and_first

ADAPTER = "perms"
"""The word by which a rule set's `report` asks for this file."""
CHECK = "Check against your PERMS template"


class Reported(Struct, frozen=True):
    """Days are those on which the first and the last thing was earned. `units`: of the rule set, hours."""

    learner_id: str
    last: str
    first: str
    code: str
    title: str
    starts_on: date
    ends_on: date
    units: Decimal


class LeftOut(Struct, frozen=True):
    number: str
    person: str
    why: str


class Report(Struct, frozen=True):
    rows: tuple[Reported, ...]
    left_out: tuple[LeftOut, ...]


def asks_for_report(row: AwardRow) -> bool:
    """Whether the rule set that made the units has them reported so; only of certificates in force."""
    asked: dict[str, Any] = row.rule_set.get("report", {})
    return asked.get("adapter") == ADAPTER and row.record.status in ("valid", "due")


def report(rows: Iterable[AwardRow], periods: Mapping[int, date]) -> Report:
    """What can be reported of `rows`, and who is left out. `periods`: person -> first day of the first credit
    period. The order is by day and number, so that of two for one activity the earlier one stays.
    """
    asked = sorted(
        (row for row in rows if asks_for_report(row)),
        key=lambda row: (row.record.completed_on, row.record.number),
    )
    owners: dict[str, set[int]] = {}
    for row in asked:
        owners.setdefault(_learner_id(row), set()).add(_person(row)["id"])
    seen: set[tuple[str, str]] = set()
    found: list[Reported] = []
    left_out: list[LeftOut] = []
    for row in asked:
        person, taken = _person(row), (_learner_id(row), row.record.course_key)
        why = _refused(row, owners, taken in seen, periods.get(person["id"]))
        if why:
            left_out.append(LeftOut(row.record.number, person["name"], why))
        else:
            seen.add(taken)
            found.append(_reported(row))
    return Report(tuple(found), tuple(left_out))


def _refused(row: AwardRow, owners: Mapping[str, set[int]], again: bool, period_from: date | None) -> str:
    """Why a row would be refused, or must not be reported; '' for one that is good."""
    person, learner_id = _person(row), row.state_id
    if person["job"] in row.rule_set["report"].get("exclude_jobs", ()):
        return f"A {person['job']} is not reported: the hours stay in the district"
    if learner_id is None or not learner_id.value:
        return "No PPID is stated in the profile"
    if learner_id.remark:
        return f"The PPID {learner_id.value} is {learner_id.remark}, seven digits"
    if len(owners[learner_id.value]) > 1:
        return f"The PPID {learner_id.value} is stated by more than one person"
    if again or row.record.frozen["enrollment"]["repeats"]:
        return "This training was completed before in the same credit period"
    if period_from is not None and _starts_on(row) < period_from:
        return f"It begins before the person’s first credit period, {period_from.isoformat()}"
    return ""


def _person(row: AwardRow) -> dict[str, Any]:
    person: dict[str, Any] = row.record.frozen["person"]
    return person


def _learner_id(row: AwardRow) -> str:
    return row.state_id.value if row.state_id else ""


def _starts_on(row: AwardRow) -> date:
    return date.fromisoformat(min(line["earned_on"] for line in row.record.frozen["lines"]))


def _reported(row: AwardRow) -> Reported:
    last, first = last_and_first(_person(row)["name"])
    hundredths = row.award["units_hundredths"] if row.award else 0
    return Reported(
        _learner_id(row), last, first, row.record.course_key, row.record.frozen["course"]["title"],
        _starts_on(row), row.record.completed_on, Decimal(hundredths) / 100,
    )  # fmt: skip


PERMS_COLUMNS: tuple[Column[Reported], ...] = (
    Column("ppid", "PPID", "text", lambda r: r.learner_id),
    Column("last_name", "Last name", "text", lambda r: r.last),
    Column("first_name", "First name", "text", lambda r: r.first),
    Column("activity_code", "Activity code", "text", lambda r: r.code),
    Column("activity_title", "Activity title", "text", lambda r: r.title),
    Column("start", "Start", "date", lambda r: r.starts_on),
    Column("end", "End", "date", lambda r: r.ends_on),
    Column("hours", "Hours", "decimal", lambda r: r.units),
)
