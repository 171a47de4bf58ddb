"""Writes about lessons: opened, looked at, marked complete."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.completion.models import LessonProgress

IDLE = timedelta(minutes=5)
"""A longer silence is not reading: of it only this much counts as active time."""


def open_lesson(session: Session, *, enrollment_id: int, key: str, version_id: int, now: datetime) -> None:
    """The lesson is on somebody's screen: the first time makes the row, later ones add active seconds."""
    row = _locked(session, enrollment_id, key)
    if row is None:
        first = LessonProgress(
            enrollment_id=enrollment_id, key=key, version_id=version_id, opened_at=now, seen_at=now
        )
        try:
            with session.begin_nested():
                session.add(first)
                session.flush()
        except IntegrityError:  # a second click at the same moment
            row = _locked(session, enrollment_id, key)
            if row is None:
                raise
        else:
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


def _locked(session: Session, enrollment_id: int, key: str) -> LessonProgress | None:
    """The row as it stands now, held until the commit: of two who complete a lesson the first one's moment
    stays."""
    return session.get(LessonProgress, (enrollment_id, key), with_for_update=True, populate_existing=True)
