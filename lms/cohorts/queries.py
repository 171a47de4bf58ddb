"""Reads of cohorts: who belongs to them, their sessions, and the roster as a matrix of both."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Organization, User
from lms.accounts.permissions import Scopes
from lms.cohorts.models import AttendanceEntry, Cohort, CohortMember, CohortSession
from lms.cohorts.rules import Schedule, Status, status_of
from lms.courses.models import CourseVersion
from lms.enrollments.models import Enrollment
from lms.kernel.paging import Page, PageRequest, fetch_page

_later = aliased(AttendanceEntry, name="later")


class CohortRow(Struct, frozen=True):
    id: int
    public_id: str
    organization_id: int
    organization_name: str
    course_key: str
    version_id: int
    course_title: str
    title: str
    time_zone: str
    starts_on: date
    ends_on: date | None
    join_code: str | None
    required_minutes: int | None
    closed_at: datetime | None
    members: int


class MemberRow(Struct, frozen=True):
    enrollment_id: int
    enrollment_public_id: str
    user_id: int
    name: str
    job: str
    state: str
    joined_at: datetime


class SessionRow(Struct, frozen=True):
    id: int
    cohort_id: int
    session_key: str
    version_id: int
    starts_at: datetime
    scheduled_minutes: int
    break_minutes: int
    place: str

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.starts_at, self.scheduled_minutes, self.break_minutes)


class AttendanceRow(Struct, frozen=True):
    """The entry in force for one person at one session."""

    session_id: int
    enrollment_id: int
    sequence: int
    arrived_at: datetime | None
    left_at: datetime | None
    scheduled_minutes: int
    break_minutes: int
    credited_minutes: int
    method: str
    note_code: str | None
    recorded_by: int
    at: datetime
    reason: str | None

    def status(self, made_up: bool = False) -> Status:
        return status_of(self.credited_minutes, self.scheduled_minutes - self.break_minutes, made_up)


class Sheet(Struct, frozen=True):
    """One session's sheet: everybody who belongs, and what is known of them."""

    session: SessionRow
    members: tuple[MemberRow, ...]
    marks: dict[int, AttendanceRow]
    """By enrollment id."""


class Roster(Struct, frozen=True):
    """Members × sessions."""

    members: tuple[MemberRow, ...]
    sessions: tuple[SessionRow, ...]
    marks: dict[tuple[int, int], AttendanceRow]
    """By (enrollment id, session id)."""

    def minutes(self, enrollment_id: int) -> int:
        """Attended minutes of one member, make-ups apart."""
        return sum(mark.credited_minutes for (who, _), mark in self.marks.items() if who == enrollment_id)


# ── Cohorts ──────────────────────────────────────────────────────────────────────────────────────


def cohort(session: Session, public_id: str) -> CohortRow | None:
    return _one(session, Cohort.public_id == public_id)


def cohort_by_id(session: Session, cohort_id: int) -> CohortRow | None:
    return _one(session, Cohort.id == cohort_id)


def cohort_by_code(session: Session, typed: str) -> CohortRow | None:
    """The open cohort with this join code; case, spaces and hyphens do not matter."""
    code = re.sub(r"[\s\-\u2010-\u2015]+", "", typed).upper()
    return _one(session, Cohort.join_code == code) if code else None


def cohorts_in(session: Session, scopes: Scopes, request: PageRequest) -> Page[CohortRow]:
    """The cohorts that somebody may see, open ones first, then the latest; in two queries."""
    return fetch_page(session, _cohorts_in(scopes), request, lambda row: CohortRow(*row))


def open_cohorts(session: Session, scopes: Scopes) -> tuple[CohortRow, ...]:
    """Those of them that take people."""
    rows = session.execute(_cohorts_in(scopes).where(Cohort.closed_at.is_(None)))
    return tuple(CohortRow(*row) for row in rows)


def _cohorts_in(scopes: Scopes) -> Select[Any]:
    inside = or_(
        true() if scopes.everywhere else false(),
        Cohort.organization_id.in_(scopes.organization_ids) if scopes.organization_ids else false(),
        Cohort.id.in_(scopes.cohort_ids) if scopes.cohort_ids else false(),
    )
    return (
        _cohorts()
        .where(inside)
        .order_by(Cohort.closed_at.is_not(None), Cohort.starts_on.desc(), Cohort.title, Cohort.id)
    )


def _one(session: Session, condition: ColumnElement[bool]) -> CohortRow | None:
    row = session.execute(_cohorts().where(condition)).one_or_none()
    return None if row is None else CohortRow(*row)


def _cohorts() -> Select[Any]:
    members = (
        select(func.count())
        .select_from(CohortMember)
        .join(Enrollment, Enrollment.id == CohortMember.enrollment_id)
        .where(
            CohortMember.cohort_id == Cohort.id, CohortMember.left_at.is_(None), Enrollment.state != "left"
        )
        .correlate(Cohort)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Cohort.id, Cohort.public_id, Cohort.organization_id, Organization.name, Cohort.course_key,
        Cohort.version_id, CourseVersion.title, Cohort.title, Cohort.time_zone, Cohort.starts_on,
        Cohort.ends_on, Cohort.join_code, Cohort.required_minutes, Cohort.closed_at, members,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Organization, Organization.id == Cohort.organization_id)
        .join(CourseVersion, CourseVersion.id == Cohort.version_id)
    )


# ── Members and sessions ─────────────────────────────────────────────────────────────────────────


def members(session: Session, cohort_id: int) -> tuple[MemberRow, ...]:
    """Who belongs now, by name. Who left the course has left the cohort."""
    return _members(
        session,
        (CohortMember.cohort_id == cohort_id) & CohortMember.left_at.is_(None) & (Enrollment.state != "left"),
    )


def past_member(session: Session, cohort_id: int, enrollment: str) -> MemberRow | None:
    """Who belongs or belonged, by the enrollment's public id."""
    found = _members(session, (CohortMember.cohort_id == cohort_id) & (Enrollment.public_id == enrollment))
    return found[0] if found else None


def _members(session: Session, condition: ColumnElement[bool]) -> tuple[MemberRow, ...]:
    rows = session.execute(
        select(
            Enrollment.id, Enrollment.public_id, User.id, User.name, User.job, Enrollment.state,
            CohortMember.joined_at,
        )
        .join_from(CohortMember, Enrollment, Enrollment.id == CohortMember.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(condition)
        .order_by(func.lower(User.name), Enrollment.id)
    )  # fmt: skip
    return tuple(MemberRow(*row) for row in rows)


def sessions(session: Session, cohort_id: int) -> tuple[SessionRow, ...]:
    """Its live sessions in the order of their dates."""
    return _sessions(session, CohortSession.cohort_id == cohort_id)


def cohort_session(session: Session, session_id: int) -> SessionRow | None:
    found = _sessions(session, CohortSession.id == session_id)
    return found[0] if found else None


def sessions_of(session: Session, enrollment_id: int) -> tuple[SessionRow, ...]:
    """The live sessions of the cohort that an enrollment learns with."""
    return _sessions(
        session,
        exists().where(
            CohortMember.cohort_id == CohortSession.cohort_id,
            CohortMember.enrollment_id == enrollment_id,
            CohortMember.left_at.is_(None),
        ),
    )


def _sessions(session: Session, condition: ColumnElement[bool]) -> tuple[SessionRow, ...]:
    rows = session.execute(
        select(
            CohortSession.id, CohortSession.cohort_id, CohortSession.session_key, CohortSession.version_id,
            CohortSession.starts_at, CohortSession.scheduled_minutes, CohortSession.break_minutes,
            CohortSession.place,
        )
        .where(condition)
        .order_by(CohortSession.starts_at, CohortSession.id)
    )  # fmt: skip
    return tuple(SessionRow(*row) for row in rows)


# ── Attendance ───────────────────────────────────────────────────────────────────────────────────


def in_force() -> ColumnElement[bool]:
    """The highest sequence for a person at a session."""
    return ~exists().where(
        _later.session_id == AttendanceEntry.session_id,
        _later.enrollment_id == AttendanceEntry.enrollment_id,
        _later.sequence == AttendanceEntry.sequence + 1,
    )


def attendance_sheet(session: Session, session_id: int) -> Sheet | None:
    """One session's sheet in three queries, at any size of the cohort."""
    planned = cohort_session(session, session_id)
    if planned is None:
        return None
    marks = _marks(session, AttendanceEntry.session_id == session_id)
    return Sheet(planned, members(session, planned.cohort_id), {mark.enrollment_id: mark for mark in marks})


def roster(session: Session, cohort_id: int) -> Roster:
    """The whole matrix in three queries, whatever the number of members and sessions."""
    planned = select(CohortSession.id).where(CohortSession.cohort_id == cohort_id)
    marks = _marks(session, AttendanceEntry.session_id.in_(planned))
    return Roster(
        members(session, cohort_id),
        sessions(session, cohort_id),
        {(mark.enrollment_id, mark.session_id): mark for mark in marks},
    )


def attendance_of(session: Session, enrollment_id: int) -> dict[int, AttendanceRow]:
    """One person's entries in force, by session id."""
    return {mark.session_id: mark for mark in _marks(session, AttendanceEntry.enrollment_id == enrollment_id)}


def attendance_history(session: Session, session_id: int, enrollment_id: int) -> tuple[AttendanceRow, ...]:
    """Every entry for one person at one session, the first one first."""
    return _entries(
        session,
        (AttendanceEntry.session_id == session_id) & (AttendanceEntry.enrollment_id == enrollment_id),
    )


def _marks(session: Session, condition: ColumnElement[bool]) -> tuple[AttendanceRow, ...]:
    return _entries(session, condition & in_force())


def _entries(session: Session, condition: ColumnElement[bool]) -> tuple[AttendanceRow, ...]:
    columns: tuple[Any, ...] = (
        AttendanceEntry.session_id, AttendanceEntry.enrollment_id, AttendanceEntry.sequence,
        AttendanceEntry.arrived_at, AttendanceEntry.left_at, AttendanceEntry.scheduled_minutes,
        AttendanceEntry.break_minutes, AttendanceEntry.credited_minutes, AttendanceEntry.method,
        AttendanceEntry.note_code, AttendanceEntry.recorded_by, AttendanceEntry.at, AttendanceEntry.reason,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(condition).order_by(AttendanceEntry.sequence))
    return tuple(AttendanceRow(*row) for row in rows)
