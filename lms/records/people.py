"""Staff of a district as its coordinator sees them, and what a list of staff is checked against."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.accounts.models import Affiliation, Organization, User
from lms.accounts.permissions import Scopes
from lms.cohorts.models import Cohort
from lms.enrollments.models import Enrollment
from lms.enrollments.roster import Known, Learns
from lms.kernel.paging import Page, PageRequest, fetch_page


class StaffRow(Struct, frozen=True):
    public_id: str
    name: str
    email: str
    job: str
    organization: str


def _confirmed_within(within: Scopes) -> ColumnElement[bool]:
    confirmed = Affiliation.state == "confirmed"
    if within.everywhere:
        return confirmed
    return confirmed & Affiliation.organization_id.in_(sorted(within.organization_ids))


def staff(session: Session, within: Scopes, request: PageRequest) -> Page[StaffRow]:
    """Confirmed people, by name, in two queries."""
    statement = (
        select(User.public_id, User.name, User.email, User.job, Organization.name)
        .join(Affiliation, Affiliation.user_id == User.id)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(_confirmed_within(within), User.closed_at.is_(None))
        .order_by(User.name, User.id)
    )
    return fetch_page(session, statement, request, lambda row: StaffRow(*tuple(row)))


def roster_facts(
    session: Session, within: Scopes, district_id: int, course_key: str, cohort_id: int | None
) -> Known:
    """What a list for this district and course, or a cohort of it, is checked against, in three queries."""
    schools: dict[str, int] = {
        name: school_id
        for name, school_id in session.execute(
            select(Organization.name, Organization.id).where(Organization.parent_id == district_id)
        )
        if school_id is not None
    }
    own = select(User.email, User.id).join(Affiliation, Affiliation.user_id == User.id)
    own_people = dict(session.execute(own.where(_confirmed_within(within), User.closed_at.is_(None))).all())
    enrolled = {
        user_id: Learns(cohort, title if within.everywhere or place in within.organization_ids else "")
        for user_id, cohort, title, place in session.execute(
            select(Enrollment.user_id, Enrollment.cohort_id, Cohort.title, Cohort.organization_id)
            .join(Affiliation, Affiliation.user_id == Enrollment.user_id)
            .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
            .where(
                _confirmed_within(within), Enrollment.course_key == course_key, Enrollment.state == "active"
            )
        )
    }
    return Known(schools, own_people, enrolled, cohort_id)
