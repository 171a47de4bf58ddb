"""Cohorts, their live sessions, and who was there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import AppendOnly, Record, one_of
from lms.kernel.keys import public_id


class Cohort(Record):
    """A group that takes one version of a course together."""

    __tablename__ = "cohorts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "course_key"], ["course_versions.id", "course_versions.course_key"]
        ),
        CheckConstraint("required_minutes IS NULL OR required_minutes > 0", name="required_minutes"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[str] = mapped_column(unique=True, default_factory=public_id)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    course_key: Mapped[str] = mapped_column(ForeignKey("courses.key"))
    version_id: Mapped[int]
    title: Mapped[str]
    time_zone: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    join_code: Mapped[str | None] = mapped_column(unique=True, default=None)
    required_minutes: Mapped[int | None] = mapped_column(default=None)
    """The attendance rule, if there is one: minutes, attended or made up, that a member needs."""
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class CohortMember(Record):
    """An enrollment that belongs, or belonged, to a cohort."""

    __tablename__ = "cohort_members"
    __table_args__ = (
        Index("ix_cohort_members_enrollment_id", "enrollment_id"),
        one_of("basis", ("join_code", "coordinator", "facilitator")),
    )

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    basis: Mapped[str]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)


class CohortSession(Record):
    """One live session of a cohort: a session guide with a date."""

    __tablename__ = "cohort_sessions"
    __table_args__ = (
        UniqueConstraint("cohort_id", "session_key"),
        CheckConstraint("break_minutes >= 0 AND scheduled_minutes > break_minutes", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    session_key: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    starts_at: Mapped[datetime]
    scheduled_minutes: Mapped[int]
    break_minutes: Mapped[int] = mapped_column(default=0)
    place: Mapped[str] = mapped_column(default="online")


class AttendanceEntry(AppendOnly):
    """What is known of one person at one session. A correction is the next sequence, with a reason.

    The highest sequence is in force. Absence is an entry without arrival and with no credited minutes.
    """

    __tablename__ = "attendance_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "enrollment_id", "corrects"],
            [
                "attendance_entries.session_id",
                "attendance_entries.enrollment_id",
                "attendance_entries.sequence",
            ],
        ),
        CheckConstraint(
            "(sequence = 1 AND corrects IS NULL) OR (sequence > 1 AND corrects IS NOT NULL AND "
            "corrects = sequence - 1)",
            name="corrects",
        ),
        CheckConstraint("corrects IS NULL OR (reason IS NOT NULL AND reason <> '')", name="reason"),
        CheckConstraint(
            "break_minutes >= 0 AND credited_minutes >= 0 "
            "AND credited_minutes <= scheduled_minutes - break_minutes",
            name="credited_minutes",
        ),
        CheckConstraint("(arrived_at IS NULL) = (left_at IS NULL)", name="arrived_and_left"),
        CheckConstraint("arrived_at IS NOT NULL OR credited_minutes = 0", name="absent_earns_nothing"),
        CheckConstraint("arrived_at IS NULL OR left_at >= arrived_at", name="left_after_arrival"),
        one_of("method", ("roster", "sign_in", "code", "platform_log")),
        Index("ix_attendance_entries_enrollment_id", "enrollment_id"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_sessions.id"), primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    corrects: Mapped[int | None] = mapped_column(default=None)
    arrived_at: Mapped[datetime | None] = mapped_column(default=None)
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    scheduled_minutes: Mapped[int]
    break_minutes: Mapped[int]
    credited_minutes: Mapped[int]
    method: Mapped[str] = mapped_column(default="roster")
    note_code: Mapped[str | None] = mapped_column(default=None)
    """'excused' explains an absence; no note earns anything."""
    recorded_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(default=None)
