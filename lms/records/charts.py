"""What the completion records add up to, by month and by school. Reads any table, writes none."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from sqlalchemy import ColumnElement, extract, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lms.accounts.models import Affiliation, Organization, User
from lms.accounts.permissions import Scopes
from lms.enrollments.models import Enrollment
from lms.records.queries import in_force
from lms.records.rules import RecordFilter

FEWEST, MOST = 7, 10
"""Months that are shown: half a year and this month, and up to a school year when there is that much."""
SCHOOLS = 12
"""With the most people who have finished."""


class MonthCount(Struct, frozen=True):
    """`first_on`: the first day of the month."""

    first_on: date
    completions: int


class SchoolCount(Struct, frozen=True):
    """People who are confirmed there now, and how many of them hold a certificate that the filter finds.

    `office`: it is a district itself, and counts who works for no school of it.
    """

    name: str
    office: bool
    finished: int
    staff: int


def by_month(session: Session, within: Scopes, wanted: RecordFilter, today: date) -> tuple[MonthCount, ...]:
    """Certificates in force by the month they were completed in, months without any in between.

    The latest, up to today's unless the filter ends before, and none before the filter begins. Two queries.
    """
    rows = in_force(session, within, wanted)
    year, month = extract("year", rows.c.completed_on), extract("month", rows.c.completed_on)
    counts = {
        _month(int(in_year), int(in_month)): count
        for in_year, in_month, count in session.execute(
            select(year, month, func.count())
            .group_by(year, month)
            .order_by(year.desc(), month.desc())
            .limit(MOST)
        )
    }
    if not counts:
        return ()
    last = max(counts) if wanted.to_on else max(*counts, _month(today.year, today.month))
    first = max(min(*counts, last - FEWEST + 1), last - MOST + 1)
    if wanted.from_on:
        first = max(first, _month(wanted.from_on.year, wanted.from_on.month))
    return tuple(MonthCount(_first_day(each), counts.get(each, 0)) for each in range(first, last + 1))


def _month(year: int, month: int) -> int:
    """Months since year 0, so that they can be counted with."""
    return year * 12 + month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def by_school(session: Session, within: Scopes, wanted: RecordFilter) -> tuple[SchoolCount, ...]:
    """Schools (and district offices) with staff, those with the most who have finished first. Two queries."""
    rows = in_force(session, within, wanted)
    holders = (
        select(Enrollment.user_id)
        .join(rows, rows.c.public_id == Enrollment.public_id)
        .distinct()
        .subquery("holders")
    )
    district = aliased(Organization, name="district")
    finished, staff = func.count(holders.c.user_id), func.count()
    found = session.execute(
        select(Organization.name, Organization.parent_id.is_(None), finished, staff)
        .select_from(Affiliation)
        .join(User, User.id == Affiliation.user_id)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .outerjoin(district, district.id == Organization.parent_id)
        .outerjoin(holders, holders.c.user_id == Affiliation.user_id)
        .where(
            Affiliation.state == "confirmed",
            User.closed_at.is_(None),
            _in_scope(within),
            _asked_for(wanted, district.public_id),
        )
        .group_by(Organization.id, Organization.name, Organization.parent_id)
        .order_by(finished.desc(), staff.desc(), Organization.name, Organization.id)
        .limit(SCHOOLS)
    )
    return tuple(SchoolCount(*row) for row in found)


def _in_scope(within: Scopes) -> ColumnElement[bool]:
    return true() if within.everywhere else Organization.id.in_(sorted(within.organization_ids))


def _asked_for(wanted: RecordFilter, district: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    if not wanted.organization:
        return true()
    return or_(Organization.public_id == wanted.organization, district == wanted.organization)
