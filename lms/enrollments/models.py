"""A person in a course: state, pinned version, and every move from one version to another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import AppendOnly, Record, one_of, partial
from lms.kernel.keys import public_id


class Enrollment(Record):
    """One time through a course. A person may have several over the years, one of them active.

    `completed` pins the version for good and is written by settle alone; it may come after somebody left,
    when a late review was the last thing missing. `time_zone` (of the district, or
    of the person without one) is fixed here: every day that facts of this enrollment fall on is told in it.
    """

    __tablename__ = "enrollments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "course_key"], ["course_versions.id", "course_versions.course_key"]
        ),
        UniqueConstraint("id", "user_id"),
        Index("uq_enrollments_active", "user_id", "course_key", unique=True, **partial("state = 'active'")),
        Index("ix_enrollments_cohort_id", "cohort_id"),
        one_of("state", ("active", "completed", "left")),
        CheckConstraint("state <> 'left' OR left_at IS NOT NULL", name="left_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[str] = mapped_column(unique=True, default_factory=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    course_key: Mapped[str] = mapped_column(ForeignKey("courses.key"))
    version_id: Mapped[int]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), default=None)
    state: Mapped[str] = mapped_column(default="active")
    time_zone: Mapped[str]
    enrolled_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)


class EnrollmentMove(AppendOnly):
    """An active enrollment went from one version to another."""

    __tablename__ = "enrollment_moves"
    __table_args__ = (CheckConstraint("from_version_id <> to_version_id", name="versions"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    reason: Mapped[str]
