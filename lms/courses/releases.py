"""Reads of releases: which versions were published when, and what each was for the people before it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.content.earlier import Earlier, earlier_kinds
from lms.courses.models import CourseRelease, CourseVersion
from lms.courses.queries import load_compiled


class ReleaseRow(Struct, frozen=True):
    number: int
    version_id: int
    version_number: int
    release_class: str
    note: str
    at: datetime


def releases(session: Session, course_key: str) -> tuple[ReleaseRow, ...]:
    """Every publishing of a course's versions, the latest first."""
    rows = session.execute(
        select(
            CourseRelease.number, CourseRelease.version_id, CourseVersion.number,
            CourseRelease.release_class, CourseRelease.note, CourseRelease.at,
        )
        .join(CourseVersion, CourseVersion.id == CourseRelease.version_id)
        .where(CourseRelease.course_key == course_key)
        .order_by(CourseRelease.number.desc())
    )  # fmt: skip
    return tuple(ReleaseRow(*row) for row in rows)


def last_release_number(session: Session, course_key: str) -> int:
    """0 for a course that was never published."""
    found = select(func.max(CourseRelease.number)).where(CourseRelease.course_key == course_key)
    return session.scalar(found) or 0


def was_published(session: Session, version_id: int) -> bool:
    found = select(CourseRelease.number).where(CourseRelease.version_id == version_id).limit(1)
    return session.scalar(found) is not None


def published_kinds(session: Session, course_key: str) -> dict[str, Earlier]:
    """What carried each key in versions that were published: people may have answered under it. A draft
    that nobody was offered binds nobody."""
    rows = session.execute(
        select(CourseVersion.number, CourseVersion.id)
        .where(
            CourseVersion.id.in_(
                select(CourseRelease.version_id).where(CourseRelease.course_key == course_key)
            )
        )
        .order_by(CourseVersion.number)
    )
    return earlier_kinds((number, load_compiled(session, version_id)) for number, version_id in rows)
