"""Staff of a district as its coordinator sees them, and what a list of staff is checked against."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.accounts.models import Affiliation, Organization, User
from lms.accounts.permissions import Scopes
from lms.cohorts.models import Cohort
from lms.completion.models import CompletionSnapshot
from lms.courses.models import CourseVersion
from lms.enrollments.models import Enrollment
from lms.enrollments.roster import Known, Learns
from lms.kernel.among import among
from lms.kernel.paging import Page, PageRequest, fetch_page


class TrainingRow(Struct, frozen=True):
    """A course that somebody is in. `needed` is 0 before the first step."""

    enrollment_public_id: str
    title: str
    done: int
    needed: int


class StaffRow(Struct, frozen=True):
    public_id: str
    name: str
    email: str
    job: str
    organization: str
    trainings: tuple[TrainingRow, ...]
    """Those in progress, the latest first."""


def _confirmed_within(within: Scopes) -> ColumnElement[bool]:
    confirmed = Affiliation.state == "confirmed"
    if within.everywhere:
        return confirmed
    return confirmed & Affiliation.organization_id.in_(sorted(within.organization_ids))


def staff(session: Session, within: Scopes, request: PageRequest) -> Page[StaffRow]:
    """Confirmed people, by name, with what they are in the middle of; in three queries."""
    statement = (
        select(User.id, User.public_id, User.name, User.email, User.job, Organization.name)
        .join(Affiliation, Affiliation.user_id == User.id)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(_confirmed_within(within), User.closed_at.is_(None))
        .order_by(User.name, User.id)
    )
    found = fetch_page(session, statement, request, tuple)
    trainings = _in_progress(session, [row[0] for row in found.rows])
    rows = tuple(
        StaffRow(public_id, name, email, job, place, trainings.get(user_id, ()))
        for user_id, public_id, name, email, job, place in found.rows
    )
    return Page(rows, found.number, found.size, found.total)


def _in_progress(session: Session, user_ids: list[int]) -> dict[int, tuple[TrainingRow, ...]]:
    rows = session.execute(
        select(
            Enrollment.user_id, Enrollment.public_id, CourseVersion.title,
            func.coalesce(CompletionSnapshot.done, 0), func.coalesce(CompletionSnapshot.needed, 0),
        )
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .outerjoin(CompletionSnapshot, CompletionSnapshot.enrollment_id == Enrollment.id)
        .where(among(Enrollment.user_id, user_ids), Enrollment.state == "active")
        .order_by(Enrollment.id.desc())
    )  # fmt: skip
    found: dict[int, tuple[TrainingRow, ...]] = {}
    for user_id, public_id, title, done, needed in rows:
        found[user_id] = (*found.get(user_id, ()), TrainingRow(public_id, title, done, needed))
    return found


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
