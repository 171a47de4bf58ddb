"""What a facilitator does for a cohort: its sessions, its join code, its attendance. One commit each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor, Permission, Target, may
from lms.cohorts import services
from lms.cohorts.attendance import Mark, record_attendance
from lms.cohorts.queries import CohortRow, cohort, cohort_session
from lms.courses.queries import load_compiled
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotAllowed, NotFound


def target_of(row: CohortRow) -> Target:
    return Target(organization_id=row.organization_id, cohort_id=row.id)


def find_cohort(session: Session, actor: Actor, public_id: str, permission: Permission) -> CohortRow:
    """Within an action: the cohort in which the actor holds this permission. NotFound, NotAllowed."""
    row = cohort(session, public_id)
    if row is None or not may(actor, Permission.COHORT_VIEW, target_of(row)):
        raise NotFound
    if not may(actor, permission, target_of(row)):
        raise NotAllowed
    return row


def schedule_session(
    actor: Actor,
    *,
    cohort_id: str,
    session_key: str,
    starts_at: datetime,
    minutes: int,
    break_minutes: int,
    place: str,
) -> None:
    """Give a session guide of the cohort's version a date. Conflict when it has one; RuleBroken: day_far,
    breaks_long, cohort_closed."""
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.COHORT_EDIT)
        course = load_compiled(session, row.version_id)
        guide = next((guide for guide in course.sessions if guide.key == session_key), None)
        if guide is None:
            raise NotFound
        services.schedule_session(
            session, cohort_id=row.id, guide=guide, starts_at=starts_at, scheduled_minutes=minutes,
            break_minutes=break_minutes, place=place, now=now(), by=actor.user_id,
        )  # fmt: skip


def change_session(
    actor: Actor,
    *,
    cohort_id: str,
    session_id: int,
    starts_at: datetime,
    minutes: int,
    break_minutes: int,
    place: str,
) -> None:
    """Another time or place. RuleBroken: attendance_recorded (somebody was marked), day_far, breaks_long,
    place_long, cohort_closed."""
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.COHORT_EDIT)
        planned = cohort_session(session, session_id)
        if planned is None or planned.cohort_id != row.id:
            raise NotFound
        services.change_session(
            session, session_id, starts_at=starts_at, scheduled_minutes=minutes, break_minutes=break_minutes,
            place=place, now=now(), by=actor.user_id,
        )  # fmt: skip


def renew_join_code(actor: Actor, *, cohort_id: str) -> str:
    """The new code; the old one opens nothing any more. RuleBroken: cohort_closed."""
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.COHORT_EDIT)
        return services.renew_join_code(session, row.id, now=now(), by=actor.user_id)


def save_attendance(
    actor: Actor, *, cohort_id: str, session_id: int, marks: Sequence[Mark], reason: str
) -> int:
    """Keep the changed lines, and let the ledger follow; gives their number.

    Conflict: somebody changed the sheet meanwhile. RuleBroken: not_begun, left_before_arrived,
    reason_missing, reason_long.
    """
    moment = now()
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.ATTENDANCE_RECORD)
        planned = cohort_session(session, session_id)
        if planned is None or planned.cohort_id != row.id:
            raise NotFound
        changed = record_attendance(
            session, session_id=session_id, marks=marks, recorded_by=actor.user_id, reason=reason, now=moment
        )
        settle(session, changed, moment, actor.user_id, reason.strip() or "attendance was recorded")
        return len(changed)


def close_cohort(actor: Actor, *, cohort_id: str) -> None:
    """No more joining; sessions attended after a certificate was issued come onto its successor."""
    moment = now()
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.COHORT_CLOSE)
        members = services.close_cohort(session, row.id, now=moment, by=actor.user_id)
        changes = settle(session, members, moment, actor.user_id, "the cohort was closed")
        due = [enrollment_id for enrollment_id in changes.ready if enrollment_id in members]
        settle(session, due, moment, actor.user_id, "the cohort was closed", amend=due)
