"""Completion records: one select behind the page and every export. Reads any table, writes none.

A record is a certificate as it was frozen, with what has happened to it since. It belongs to the school or
district that it names, whoever the person works for today.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, exists, func, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Organization, User
from lms.accounts.permissions import Scopes
from lms.cohorts.models import Cohort
from lms.completion.models import CompletionSnapshot
from lms.courses.models import Course
from lms.credit.expiring import unnoticed
from lms.credit.models import Certificate, CertificateEvent
from lms.credit.queries import is_over
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.clock import now
from lms.kernel.paging import Page, PageRequest, fetch_page
from lms.records.rules import Order, RecordFilter

STREAM_ROWS = 500
"""Rows fetched at once by an export: memory stays the same at any size."""


class Record(Struct, frozen=True):
    """`frozen` is the certificate's own row; `status` is valid, due, corrected, revoked or expired: the last
    also where the day of its end has come, and nobody has written that down."""

    number: str
    frozen: dict[str, Any]
    minutes: int
    completed_on: date
    first_award_on: date
    issued_at: datetime
    status: str
    status_at: datetime | None
    status_reason: str
    """Why it was corrected or revoked, in the words of who did it; '' while it is in force."""
    replaces: str | None
    replaced_by: str | None
    course_key: str
    course: str
    organization: str
    district: str
    cohort: str
    email: str
    job: str
    enrollment_public_id: str
    sequence: int
    changed: bool
    """What it stands on says something else today. Only of the last one of an enrollment."""

    @property
    def expires_on(self) -> date | None:
        """The first day on which it is no longer valid; None: it does not end by itself."""
        day = self.frozen["expires_on"]
        return date.fromisoformat(day) if day else None

    @property
    def school(self) -> str:
        """'' for somebody of the district office."""
        return "" if self.organization == self.district else self.organization


class Totals(Struct, frozen=True):
    certificates: int
    people: int
    minutes: int


_end = aliased(CertificateEvent, name="end")
_later = aliased(CertificateEvent, name="later")
_before = aliased(Certificate, name="before")
_after = aliased(Certificate, name="after")
_district = aliased(Organization, name="district")


def _statement(session: Session, within: Scopes, wanted: RecordFilter) -> Select[*tuple[Any, ...]]:
    """Every record in scope that passes the filter, in no order."""
    return (
        select(
            Certificate.number, Certificate.frozen, Certificate.minutes, Certificate.completed_on,
            Certificate.first_award_on, Certificate.issued_at, _end.kind, _end.at, _end.reason,
            CompletionSnapshot.certificate_current, _before.number, _after.number,
            Enrollment.course_key, Course.title, Organization.name, _district.name,
            Cohort.title, User.email, User.job, Enrollment.public_id, Certificate.sequence,
            Enrollment.time_zone,
        )
        .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .join(Course, Course.key == Enrollment.course_key)
        .join(Organization, Organization.id == Certificate.organization_id)
        .outerjoin(_district, _district.id == Organization.parent_id)
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
        .outerjoin(CompletionSnapshot, CompletionSnapshot.enrollment_id == Certificate.enrollment_id)
        .outerjoin(
            _end,
            and_(
                _end.enrollment_id == Certificate.enrollment_id,
                _end.sequence == Certificate.sequence,
                _end.kind != "issued",
                ~exists().where(
                    _later.enrollment_id == _end.enrollment_id,
                    _later.sequence == _end.sequence,
                    _later.event > _end.event,
                ),
            ),
        )
        .outerjoin(
            _before,
            and_(
                _before.enrollment_id == Certificate.enrollment_id, _before.sequence == Certificate.replaces
            ),
        )
        .outerjoin(
            _after,
            and_(
                _after.enrollment_id == Certificate.enrollment_id, _after.replaces == Certificate.sequence
            ),
        )
        .where(_in_scope(within), *_conditions(session, wanted))
    )  # fmt: skip


_LATEST = Certificate.completed_on.desc(), Certificate.enrollment_id.desc(), Certificate.sequence.desc()
_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    "finished": _LATEST,
    "name": (func.lower(User.name), *_LATEST),
    "school": (Organization.parent_id.is_not(None), func.lower(Organization.name), *_LATEST),
}
"""A name is sorted as the person's account has it now. Within one name or school: the latest first."""


def _in_scope(within: Scopes) -> ColumnElement[bool]:
    if within.everywhere:
        return true()
    return Certificate.organization_id.in_(sorted(within.organization_ids))


def _conditions(session: Session, wanted: RecordFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.course_key:
        conditions.append(Enrollment.course_key == wanted.course_key)
    if wanted.organization:
        conditions.append(
            or_(Organization.public_id == wanted.organization, _district.public_id == wanted.organization)
        )
    if wanted.from_on:
        conditions.append(Certificate.completed_on >= wanted.from_on)
    if wanted.to_on:
        conditions.append(Certificate.completed_on <= wanted.to_on)
    match wanted.status:
        case "valid":
            conditions.append(_stands(session))
        case "due":
            conditions += [_stands(session), CompletionSnapshot.certificate_current.is_(False)]
        case "expired":
            conditions.append(or_(_end.kind == "expired", and_(_end.kind.is_(None), not_(_stands(session)))))
        case "corrected" | "revoked":
            conditions.append(_end.kind == wanted.status)
    return conditions


def _stands(session: Session) -> ColumnElement[bool]:
    """Nothing has ended it, and neither has its own day come."""
    over = unnoticed(session, now())
    return and_(_end.kind.is_(None), not_(among(Certificate.enrollment_id, over)) if over else true())


def _record(row: Row[*tuple[Any, ...]] | tuple[Any, ...]) -> Record:
    (
        number, frozen, minutes, completed_on, first_award_on, issued_at, ended, ended_at, why, current,
        before, after, course_key, course, organization, district, cohort, email, job, enrollment, sequence,
        time_zone,
    ) = tuple(row)  # fmt: skip
    said: dict[str, Any] = json.loads(frozen)
    over = "expired" if is_over(said["expires_on"], time_zone) else None
    status = ended or over or ("due" if current is False else "valid")
    # An end by itself has a day of its own, and the moment in which somebody noticed says nothing.
    ended_at = None if status == "expired" else ended_at
    why = "" if status == "expired" else why
    return Record(
        number, said, minutes, completed_on, first_award_on, issued_at, status, ended_at,
        why or "", before, after, course_key, course, organization, district or organization, cohort or "",
        email, job, enrollment, sequence, current is False,
    )  # fmt: skip


def completion_records(
    session: Session, within: Scopes, wanted: RecordFilter, request: PageRequest, order: Order = "finished"
) -> Page[Record]:
    """A page of records, in two queries."""
    return fetch_page(
        session, _statement(session, within, wanted).order_by(*_ORDERS[order]), request, _record
    )


def stream_records(
    session: Session, within: Scopes, wanted: RecordFilter, order: Order = "finished"
) -> Iterator[Record]:
    """All of them, in constant memory. The session must stay open until the last one is read."""
    ordered = _statement(session, within, wanted).order_by(*_ORDERS[order])
    rows = session.execute(ordered.execution_options(yield_per=STREAM_ROWS))
    for row in rows:
        yield _record(row)


def count_records(session: Session, within: Scopes, wanted: RecordFilter) -> int:
    rows = _statement(session, within, wanted).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def in_force(session: Session, within: Scopes, wanted: RecordFilter) -> Subquery:
    """The records that count: replaced, revoked and expired certificates would count for nothing."""
    return _statement(session, within, wanted).where(_stands(session)).subquery()


def totals(session: Session, within: Scopes, wanted: RecordFilter) -> Totals:
    """Sums over certificates in force."""
    rows = in_force(session, within, wanted)
    people = (
        select(func.count(func.distinct(Enrollment.user_id)))
        .select_from(rows)
        .join(Enrollment, Enrollment.public_id == rows.c.public_id)
        .scalar_subquery()
    )
    row = session.execute(
        select(func.count(), people, func.coalesce(func.sum(rows.c.minutes), 0)).select_from(rows)
    )
    return Totals(*row.one())


def record(session: Session, number: str) -> tuple[Record, int] | None:
    """One record with the id of the organization it belongs to."""
    found = session.execute(
        _statement(session, Scopes(everywhere=True), RecordFilter())
        .add_columns(Certificate.organization_id)
        .where(Certificate.number == number)
    ).one_or_none()
    return (_record(tuple(found)[:-1]), found[-1]) if found else None
