"""Writes about lessons: opened, looked at, marked complete."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lms.completion.models import LessonProgress

IDLE = timedelta(minutes=5)
"""A longer silence is not reading: of it only this much counts as active time."""


def open_lesson(session: Session, *, enrollment_id: int, key: str, version_id: int, now: datetime) -> None:
    """The lesson is on somebody's screen: the first time makes the row, later ones add active seconds."""
    row = session.get(LessonProgress, (enrollment_id, key))
    if row is None:
        session.add(
            LessonProgress(
                enrollment_id=enrollment_id, key=key, version_id=version_id, opened_at=now, seen_at=now
            )
        )
        session.flush()
        return
    if row.completed_at is None:
        row.active_seconds += int(min(max(now - row.seen_at, timedelta(0)), IDLE).total_seconds())
    row.seen_at = max(now, row.seen_at)
    session.flush()


def complete_lesson(
    session: Session, *, enrollment_id: int, key: str, version_id: int, now: datetime
) -> bool:
    """Mark it done, once and for good, in the version shown. False when it was done before."""
    open_lesson(session, enrollment_id=enrollment_id, key=key, version_id=version_id, now=now)
    row = session.get_one(LessonProgress, (enrollment_id, key))
    if row.completed_at is not None:
        return False
    row.completed_at = now
    row.version_id = version_id
    session.flush()
    return True
