"""Who learns with a cohort: taken in, whatever the way, and taken out again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor, Permission
from lms.actions.facilitate import find_cohort
from lms.cohorts import services
from lms.cohorts.queries import MemberRow, cohort_by_id, past_member
from lms.credit.moves import move_who_may
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound


def follow_cohort(
    session: Session, joined: Collection[int], *, cohort_id: int, moment: datetime, by: int
) -> None:
    """Within an action, after `join_cohort`: these enrollments learn with the cohort's version, but for
    those that would lose a step by it; they stay with theirs. Settling is the caller's next step.
    """
    cohort = cohort_by_id(session, cohort_id)
    if cohort is None:
        raise NotFound
    move_who_may(
        session,
        joined,
        version_id=cohort.version_id,
        actor_id=by,
        reason=f"joined {cohort.title}",
        now=moment,
    )


def take_out(actor: Actor, *, cohort_id: str, enrollment: str) -> MemberRow:
    """Have somebody learn on without the cohort; all that was done, attendance too, stays theirs.

    Who is out already stays out. RuleBroken: enrollment_completed.
    """
    moment = now()
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.COHORT_EDIT)
        member = past_member(session, row.id, enrollment)
        if member is None:
            raise NotFound
        services.leave_cohort(
            session, cohort_id=row.id, enrollment_id=member.enrollment_id, now=moment, by=actor.user_id
        )
        settle(session, [member.enrollment_id], moment, actor.user_id, f"left {row.title}")
        return member
