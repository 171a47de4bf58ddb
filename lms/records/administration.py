"""What an administrator sees at a glance: who holds which role, which trainings are on offer."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.accounts.models import Organization, RoleGrant, User
from lms.cohorts.models import Cohort
from lms.courses.models import Course, CourseVersion
from lms.kernel.paging import Page, PageRequest, fetch_page


class GrantRow(Struct, frozen=True):
    name: str
    email: str
    role: str
    scope_kind: str
    organization: str | None
    organization_public_id: str | None
    cohort: str | None


class OfferRow(Struct, frozen=True):
    title: str
    number: int
    version_id: int
    digest: str
    published_at: datetime


def grants(session: Session, request: PageRequest) -> Page[GrantRow]:
    """Who holds which role, in two queries."""
    statement = (
        select(
            User.name, User.email, RoleGrant.role, RoleGrant.scope_kind, Organization.name,
            Organization.public_id, Cohort.title,
        )
        .join(User, User.id == RoleGrant.user_id)
        .outerjoin(
            Organization,
            and_(RoleGrant.scope_kind == "organization", Organization.id == RoleGrant.scope_id),
        )
        .outerjoin(Cohort, and_(RoleGrant.scope_kind == "cohort", Cohort.id == RoleGrant.scope_id))
        .where(User.closed_at.is_(None))
        .order_by(RoleGrant.role, User.name, User.id, RoleGrant.scope_kind, RoleGrant.scope_id)
    )  # fmt: skip
    return fetch_page(session, statement, request, lambda row: GrantRow(*row))


def offers(session: Session) -> tuple[OfferRow, ...]:
    """Courses on offer, with the version that is current."""
    rows = session.execute(
        select(
            CourseVersion.title, CourseVersion.number, CourseVersion.id, CourseVersion.digest,
            Course.published_at,
        )
        .join(Course, Course.current_version_id == CourseVersion.id)
        .order_by(CourseVersion.title)
    )  # fmt: skip
    return tuple(
        OfferRow(title, number, version_id, digest, published_at)
        for title, number, version_id, digest, published_at in rows
        if published_at is not None
    )
