"""Writes about enrollments. `completed` is not written here: `settle` is the only door to completion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.enrollments.models import Enrollment, EnrollmentMove
from lms.enrollments.rules import after
from lms.kernel.among import among
from lms.kernel.errors import Conflict, NotFound, RuleBroken

REASON_LIMIT = 300
"""Characters of the reason for a move."""


def enroll(
    session: Session,
    *,
    user_id: int,
    course_key: str,
    version_id: int,
    time_zone: str,
    now: datetime,
    cohort_id: int | None = None,
) -> Enrollment:
    """A new time through a course. Conflict when one is active already, decided by the constraint.

    `time_zone`: of the person's district, or the person's own; the days of all facts are told in it.
    """
    enrollment = Enrollment(
        user_id=user_id,
        course_key=course_key,
        version_id=version_id,
        cohort_id=cohort_id,
        time_zone=time_zone,
        enrolled_at=now,
    )
    try:
        with session.begin_nested():
            session.add(enrollment)
            session.flush()
    except IntegrityError as error:
        if _active(session, user_id, course_key) is None:
            raise NotFound from error
        raise Conflict("already enrolled") from error
    return enrollment


def _active(session: Session, user_id: int, course_key: str) -> int | None:
    return session.scalar(
        select(Enrollment.id).where(
            Enrollment.user_id == user_id,
            Enrollment.course_key == course_key,
            Enrollment.state == "active",
        )
    )


def leave(session: Session, enrollment_id: int, now: datetime) -> Enrollment:
    """End an enrollment; what was done stays. Leaving twice changes nothing."""
    enrollment = locked(session, enrollment_id)
    state = after(enrollment.state, "leave")
    if enrollment.state != state:
        enrollment.state, enrollment.left_at = state, now
        session.flush()
    return enrollment


def move_many(
    session: Session,
    enrollment_ids: Iterable[int],
    *,
    to_version_id: int,
    actor_id: int | None,
    reason: str,
    now: datetime,
) -> tuple[int, ...]:
    """Pin another version for many at once, their people locked by the caller; gives those that moved.

    Who is not active, or pinned to it already, stays. The caller has found that the version is of the same
    course, and that nobody loses what was done.
    """
    rows = session.execute(
        select(Enrollment.id, Enrollment.version_id, func.coalesce(func.max(EnrollmentMove.number), 0))
        .outerjoin(EnrollmentMove, EnrollmentMove.enrollment_id == Enrollment.id)
        .where(
            among(Enrollment.id, enrollment_ids),
            Enrollment.state == "active",
            Enrollment.version_id != to_version_id,
        )
        .group_by(Enrollment.id, Enrollment.version_id)
        .order_by(Enrollment.id)
    ).all()
    if not rows:
        return ()
    session.execute(
        insert(EnrollmentMove),
        [
            {"enrollment_id": enrollment_id, "number": last + 1, "from_version_id": pinned,
             "to_version_id": to_version_id, "at": now, "actor_id": actor_id, "reason": reason}
            for enrollment_id, pinned, last in rows
        ],
    )  # fmt: skip
    moved = tuple(enrollment_id for enrollment_id, _, _ in rows)
    session.execute(
        update(Enrollment)
        .where(among(Enrollment.id, moved))
        .values(version_id=to_version_id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return moved


def place_in_cohort(session: Session, *, enrollment_id: int, cohort_id: int) -> Enrollment:
    """The cohort that this enrollment learns with from now on. RuleBroken('other_cohort')."""
    enrollment = locked(session, enrollment_id)
    after(enrollment.state, "move")
    if enrollment.cohort_id not in (None, cohort_id):
        raise RuleBroken("other_cohort")
    enrollment.cohort_id = cohort_id
    session.flush()
    return enrollment


def locked(session: Session, enrollment_id: int) -> Enrollment:
    """The enrollment as it stands now, its person locked as `settle` locks people: nobody completes it
    meanwhile. NotFound."""
    owner = session.scalar(select(Enrollment.user_id).where(Enrollment.id == enrollment_id))
    if owner is None:
        raise NotFound
    session.execute(select(User.id).where(User.id == owner).with_for_update(key_share=True))
    enrollment = session.get(Enrollment, enrollment_id, populate_existing=True)
    if enrollment is None:
        raise NotFound
    return enrollment
