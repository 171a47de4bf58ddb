"""Reads of enrollments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, case, exists, select
from sqlalchemy.orm import Session

from lms.enrollments.models import Enrollment, EnrollmentMove


class EnrollmentRow(Struct, frozen=True):
    id: int
    public_id: str
    user_id: int
    course_key: str
    version_id: int
    cohort_id: int | None
    state: str
    """active, completed or left."""
    time_zone: str
    enrolled_at: datetime
    left_at: datetime | None
    moved: bool
    """It was pinned to another version before: words of that one may have no place in this one."""


class MoveRow(Struct, frozen=True):
    number: int
    from_version_id: int
    to_version_id: int
    at: datetime
    actor_id: int | None
    reason: str


_COLUMNS: tuple[Any, ...] = (
    Enrollment.id, Enrollment.public_id, Enrollment.user_id, Enrollment.course_key, Enrollment.version_id,
    Enrollment.cohort_id, Enrollment.state, Enrollment.time_zone, Enrollment.enrolled_at, Enrollment.left_at,
    exists().where(EnrollmentMove.enrollment_id == Enrollment.id).label("moved"),
)  # fmt: skip


# Built once: every page of a course asks it.
_CURRENT = (
    select(*_COLUMNS)
    .where(
        Enrollment.user_id == bindparam("user_id"),
        Enrollment.course_key == bindparam("course_key"),
        Enrollment.state != "left",
    )
    .order_by(case((Enrollment.state == "active", 0), else_=1), Enrollment.id.desc())
    .limit(1)
)


def current_enrollment(session: Session, user_id: int, course_key: str) -> EnrollmentRow | None:
    """The active enrollment, else the latest completed one; None for who left or never came."""
    row = session.execute(_CURRENT, {"user_id": user_id, "course_key": course_key}).one_or_none()
    return None if row is None else EnrollmentRow(*row)


def enrollment(session: Session, public_id: str) -> EnrollmentRow | None:
    return _one(session, Enrollment.public_id == public_id)


def enrollment_by_id(session: Session, enrollment_id: int) -> EnrollmentRow | None:
    return _one(session, Enrollment.id == enrollment_id)


def _one(session: Session, condition: ColumnElement[bool]) -> EnrollmentRow | None:
    row = session.execute(select(*_COLUMNS).where(condition)).one_or_none()
    return None if row is None else EnrollmentRow(*row)


def enrollments_of(session: Session, user_id: int) -> tuple[EnrollmentRow, ...]:
    """All of a person's, the newest first."""
    rows = session.execute(
        select(*_COLUMNS).where(Enrollment.user_id == user_id).order_by(Enrollment.id.desc())
    )
    return tuple(EnrollmentRow(*row) for row in rows)


def moves_of(session: Session, enrollment_id: int) -> tuple[MoveRow, ...]:
    rows = session.execute(
        select(
            EnrollmentMove.number, EnrollmentMove.from_version_id, EnrollmentMove.to_version_id,
            EnrollmentMove.at, EnrollmentMove.actor_id, EnrollmentMove.reason,
        )
        .where(EnrollmentMove.enrollment_id == enrollment_id)
        .order_by(EnrollmentMove.number)
    )  # fmt: skip
    return tuple(MoveRow(*row) for row in rows)
