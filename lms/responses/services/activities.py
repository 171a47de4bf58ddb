"""Checking an activity of a lesson: the fact that it was checked, and the answers as its draft."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.nodes import Activity
from lms.responses.checking import Checked, all_checked, check, checkable, part_of, read_part
from lms.responses.fields import Values
from lms.responses.models import ActivityAttempt
from lms.responses.services.drafts import Place, put_draft, with_unseen


def record_activity(
    session: Session,
    *,
    enrollment_id: int,
    version_id: int,
    activity: Activity,
    part_key: str,
    values: Values,
    now: datetime,
    revision: int | None = None,
    shown: Collection[str] | None = None,
) -> Checked:
    """Check one part (an activity without parts is its own). Retry is free.

    The answers become the part's draft whether or not it is done. A done check adds an attempt under the
    part's key; the one that completes all parts adds one under the activity's own.
    """
    part = part_of(activity, part_key)
    stored = read_part(part, values)
    checked = check(part, stored)
    place = Place(enrollment_id, part.key)
    kept = with_unseen(session, place, stored, shown)
    put_draft(session, place, revision=revision, values=kept, now=now)
    if not checked.done:
        return checked
    tries = _tries(session, enrollment_id, activity)
    _add(session, enrollment_id, part.key, tries.get(part.key, 0) + 1, version_id, now)
    if part is not activity and activity.key not in tries and all_checked(activity, {*tries, part.key}):
        _add(session, enrollment_id, activity.key, 1, version_id, now)
    return checked


def _tries(session: Session, enrollment_id: int, activity: Activity) -> dict[str, int]:
    keys = {activity.key, *(part.key for part in checkable(activity))}
    rows: dict[str, int] = dict(
        session.execute(
            select(ActivityAttempt.key, func.max(ActivityAttempt.number))
            .where(ActivityAttempt.enrollment_id == enrollment_id, ActivityAttempt.key.in_(keys))
            .group_by(ActivityAttempt.key)
        ).all()
    )
    return rows


def _add(session: Session, enrollment_id: int, key: str, number: int, version_id: int, now: datetime) -> None:
    """A second click at the same moment finds the number taken; it is the same check."""
    try:
        with session.begin_nested():
            session.add(
                ActivityAttempt(
                    enrollment_id=enrollment_id, key=key, number=number, version_id=version_id, at=now,
                    checked_all=True,
                )
            )  # fmt: skip
            session.flush()
    except IntegrityError:
        if session.get(ActivityAttempt, (enrollment_id, key, number)) is None:
            raise
