"""Courses, their versions, and when each version was published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import AppendOnly, Record, one_of


class CourseVersion(AppendOnly):
    """One text of a course, exactly as it was compiled. Evidence names it for ever."""

    __tablename__ = "course_versions"
    __table_args__ = (
        UniqueConstraint("course_key", "number"),
        UniqueConstraint("course_key", "digest"),
        UniqueConstraint("id", "course_key"),
        CheckConstraint("number > 0", name="number"),
        one_of("release_class", ("editorial", "minor", "substantive")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    course_key: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    digest: Mapped[str]
    """SHA-256 over the source files and the format's version, hexadecimal."""
    release_class: Mapped[str]
    notes: Mapped[str]
    sources: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The source files as a zip."""
    compiled: Mapped[str] = mapped_column(deferred=True)
    """`content.codec`'s canonical JSON."""
    imported_at: Mapped[datetime]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)


class Course(Record):
    """Which version of a course is offered now; none while it is only a draft."""

    __tablename__ = "courses"

    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("course_versions.id"), default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)


class CourseRelease(AppendOnly):
    """One publishing of a version. To publish an earlier version again is another row."""

    __tablename__ = "course_releases"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "course_key"], ["course_versions.id", "course_versions.course_key"]
        ),
        CheckConstraint("number > 0", name="number"),
        one_of("release_class", ("editorial", "minor", "substantive")),
    )

    course_key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    release_class: Mapped[str]
    """What it was for people in the version before; for an earlier version published again, what the way
    back changes."""
    note: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
