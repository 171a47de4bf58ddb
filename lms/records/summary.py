"""Staff and hours without a name, by school, job and school year; small groups are not told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from lms.kernel.tabular import Column
from lms.records.columns import hours
from lms.records.queries import Record

FEWEST = 5
"""Of fewer people neither their number nor their hours are told: somebody could be known by them."""


class SummaryRow(Struct, frozen=True):
    """`staff` and `minutes` are None where the group is too small to be told."""

    district: str
    school: str
    job: str
    period: str
    staff: int | None
    minutes: int | None


def summarize(records: Iterable[Record]) -> tuple[SummaryRow, ...]:
    """Distinct people and contact minutes of certificates in force, as they were when they were issued.

    No sums over groups: from a sum and its other parts a small group could be reckoned.
    """
    people: dict[tuple[str, str, str, str], set[int]] = {}
    minutes: dict[tuple[str, str, str, str], int] = {}
    for record in records:
        if record.status not in ("valid", "due"):
            continue
        person = record.frozen["person"]
        group = (record.district, record.school, person["job"], school_year(record.completed_on))
        people.setdefault(group, set()).add(person["id"])
        minutes[group] = minutes.get(group, 0) + record.minutes
    return tuple(
        SummaryRow(*group, *((len(who), minutes[group]) if len(who) >= FEWEST else (None, None)))
        for group, who in sorted(people.items())
    )


def school_year(day: date) -> str:
    """'2026-27': from July 1 on the next one."""
    first = day.year if day.month >= 7 else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def _hours(row: SummaryRow) -> Decimal | None:
    return None if row.minutes is None else hours(row.minutes)


SUMMARY_COLUMNS: tuple[Column[SummaryRow], ...] = (
    Column("district", "District", "text", lambda r: r.district),
    Column("school", "School", "text", lambda r: r.school),
    Column("job", "Job", "text", lambda r: r.job),
    Column("period", "School year", "text", lambda r: r.period),
    Column(
        "staff", "Staff", "text",
        lambda r: f"fewer than {FEWEST}" if r.staff is None else str(r.staff),
    ),
    Column("contact_hours", "Contact hours", "decimal", _hours),
)  # fmt: skip
