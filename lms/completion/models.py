"""Lessons opened and done, and the rebuildable answer to 'how far am I?'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import Record


class LessonProgress(Record):
    """One lesson of one enrollment. `completed_at` is set once and stays, the version is that of then."""

    __tablename__ = "lesson_progress"
    __table_args__ = (CheckConstraint("active_seconds >= 0", name="active_seconds"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    active_seconds: Mapped[int] = mapped_column(default=0)
    """Observed, idle time left out; advisory, earns nothing."""


class CompletionSnapshot(Record):
    """What `evaluate` last said of an enrollment, written by settle alone. Holds no 'computed at'."""

    __tablename__ = "completion_snapshots"
    __table_args__ = (CheckConstraint("done >= 0 AND done <= needed", name="done"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    complete: Mapped[bool]
    done: Mapped[int]
    needed: Mapped[int]
    unmet: Mapped[list[list[Any]]] = mapped_column(JSON)
    """(key, reason) in the order of the requirements; of attendance, the missing minutes as a third."""
    completed_on: Mapped[date | None] = mapped_column(default=None)
    minutes: Mapped[int]
    """Credited to this enrollment on the ledger."""
    certificate_current: Mapped[bool | None] = mapped_column(default=None)
    """Whether the certificate in force says what would be printed today; None without one."""
