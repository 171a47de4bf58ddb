"""Writes about cohorts and their live sessions. Each change is noted in the audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.accounts.models import Organization
from lms.cohorts.models import AttendanceEntry, Cohort, CohortMember, CohortSession
from lms.cohorts.rules import Basis, check_dates, check_schedule, clean_place, clean_title
from lms.content.nodes import SessionGuide
from lms.courses.models import CourseVersion
from lms.enrollments.models import Enrollment
from lms.enrollments.services import enroll, locked, place_in_cohort
from lms.kernel.audit import AuditEntry, record
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.kernel.keys import ALPHABET

CODE_SIGNS = 8
"""31 to the power of 8: too many to guess against a page that counts failures."""


# ── Cohorts ──────────────────────────────────────────────────────────────────────────────────────


def create_cohort(
    session: Session,
    *,
    organization_id: int,
    version_id: int,
    title: str,
    time_zone: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
    by: int,
    required_minutes: int | None = None,
) -> Cohort:
    """A group that takes this version together; it pins the version and gets a join code."""
    course_key = session.scalar(select(CourseVersion.course_key).where(CourseVersion.id == version_id))
    if course_key is None:
        raise NotFound
    check_dates(starts_on, ends_on, required_minutes)
    cohort = Cohort(
        organization_id=organization_id,
        course_key=course_key,
        version_id=version_id,
        title=clean_title(title),
        time_zone=time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        join_code=_fresh_code(session),
        required_minutes=required_minutes,
    )
    session.add(cohort)
    session.flush()
    told = {"title": cohort.title, "version_id": version_id, "required_minutes": required_minutes}
    _note(session, cohort, "cohort:create", f"cohorts:{cohort.id}", by, now, after=told)
    return cohort


def renew_join_code(session: Session, cohort_id: int, *, now: datetime, by: int) -> str:
    """A new code; the old one opens nothing any more."""
    cohort = _open(session, cohort_id)
    code = _fresh_code(session)
    cohort.join_code = code
    session.flush()
    _note(session, cohort, "cohort:renew_join_code", f"cohorts:{cohort.id}", by, now)
    return code


def close_cohort(session: Session, cohort_id: int, *, now: datetime, by: int) -> tuple[int, ...]:
    """No more joining. Gives the enrollments of its members, whose certificates the action amends."""
    cohort = _open(session, cohort_id)
    cohort.closed_at, cohort.join_code = now, None
    session.flush()
    _note(session, cohort, "cohort:close", f"cohorts:{cohort.id}", by, now)
    members = select(CohortMember.enrollment_id).where(
        CohortMember.cohort_id == cohort_id, CohortMember.left_at.is_(None)
    )
    return tuple(session.scalars(members.order_by(CohortMember.enrollment_id)))


def pin_version(
    session: Session,
    *,
    course_key: str,
    version_id: int,
    only: Iterable[str] | None,
    now: datetime,
    by: int | None,
) -> int:
    """Have the open cohorts of a course (`only`: public ids; None: all) learn with this version from now on;
    gives how many. Their sessions that have a date keep the guide they were planned with."""
    wanted = true() if only is None else Cohort.public_id.in_(sorted(only))
    cohorts = session.scalars(
        select(Cohort)
        .where(
            Cohort.course_key == course_key,
            Cohort.version_id != version_id,
            Cohort.closed_at.is_(None),
            wanted,
        )
        .order_by(Cohort.id)
        .with_for_update(key_share=True)
    ).all()
    for cohort in cohorts:
        before, cohort.version_id = cohort.version_id, version_id
        _note(
            session, cohort, "cohort:pin_version", f"cohorts:{cohort.id}", by, now,
            before={"version_id": before}, after={"version_id": version_id},
        )  # fmt: skip
    session.flush()
    return len(cohorts)


def _fresh_code(session: Session) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))
        if not session.scalar(select(exists().where(Cohort.join_code == code))):
            return code


def _open(session: Session, cohort_id: int) -> Cohort:
    cohort = session.get(Cohort, cohort_id, with_for_update={"key_share": True}, populate_existing=True)
    if cohort is None:
        raise NotFound
    if cohort.closed_at is not None:
        raise RuleBroken("cohort_closed")
    return cohort


# ── Members ──────────────────────────────────────────────────────────────────────────────────────


def join_cohort(
    session: Session, *, cohort_id: int, user_id: int, time_zone: str, basis: Basis, now: datetime, by: int
) -> int:
    """Make somebody a member, enrolling them if they are not; gives the enrollment's id.

    Who is active in the course already keeps the version that is pinned: moving it is the action's next step.
    Joining twice changes nothing. RuleBroken: other_cohort (of this course, until they are out of it),
    cohort_closed.
    """
    cohort = _open(session, cohort_id)
    active = session.scalar(
        select(Enrollment).where(
            Enrollment.user_id == user_id,
            Enrollment.course_key == cohort.course_key,
            Enrollment.state == "active",
        )
    )
    if active is None:
        active = enroll(
            session, user_id=user_id, course_key=cohort.course_key, version_id=cohort.version_id,
            time_zone=time_zone, now=now, cohort_id=cohort_id,
        )  # fmt: skip
    else:
        place_in_cohort(session, enrollment_id=active.id, cohort_id=cohort_id)
    member = session.get(CohortMember, (cohort_id, active.id))
    if member is not None and member.left_at is None:
        return active.id
    if member is None:
        session.add(CohortMember(cohort_id=cohort_id, enrollment_id=active.id, basis=basis, joined_at=now))
    else:
        member.basis, member.joined_at, member.left_at = basis, now, None
    session.flush()
    _note(session, cohort, "cohort:join", f"enrollments:{active.id}", by, now, after={"basis": basis})
    return active.id


def leave_cohort(session: Session, *, cohort_id: int, enrollment_id: int, now: datetime, by: int) -> None:
    """Learn on without the cohort; attendance stays. Nothing happens to who is not in it.

    RuleBroken('enrollment_completed'): what a certificate stands on names the cohort for good.
    """
    enrollment = locked(session, enrollment_id)
    if enrollment.cohort_id != cohort_id:
        return
    if enrollment.state == "completed":
        raise RuleBroken("enrollment_completed")
    cohort = session.get_one(Cohort, cohort_id)
    member = session.get(CohortMember, (cohort_id, enrollment_id))
    enrollment.cohort_id = None
    if member is not None:
        member.left_at = now
    session.flush()
    _note(session, cohort, "cohort:leave", f"enrollments:{enrollment_id}", by, now)


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────


def schedule_session(
    session: Session,
    *,
    cohort_id: int,
    guide: SessionGuide,
    starts_at: datetime,
    scheduled_minutes: int,
    break_minutes: int,
    place: str,
    now: datetime,
    by: int,
) -> CohortSession:
    """Give a session guide of the cohort's version a date. Conflict when it has one."""
    cohort = _open(session, cohort_id)
    check_schedule(starts_at, scheduled_minutes, break_minutes)
    planned = CohortSession(
        cohort_id=cohort_id,
        session_key=guide.key,
        version_id=cohort.version_id,
        starts_at=starts_at,
        scheduled_minutes=scheduled_minutes,
        break_minutes=break_minutes,
        place=clean_place(place),
    )
    try:
        with session.begin_nested():
            session.add(planned)
            session.flush()
    except IntegrityError as error:
        raise Conflict("this session has a date") from error
    _note(session, cohort, "session:schedule", f"cohort_sessions:{planned.id}", by, now, after=_told(planned))
    return planned


def change_session(
    session: Session,
    session_id: int,
    *,
    starts_at: datetime,
    scheduled_minutes: int,
    break_minutes: int,
    place: str,
    now: datetime,
    by: int,
) -> CohortSession:
    """Another time or place. RuleBroken('attendance_recorded') once somebody was marked: marks carry the
    minutes of the plan they were made under, and certificates the place."""
    planned = session.get(
        CohortSession, session_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if planned is None:
        raise NotFound
    cohort = _open(session, planned.cohort_id)
    check_schedule(starts_at, scheduled_minutes, break_minutes)
    place = clean_place(place)
    same = (planned.starts_at, planned.scheduled_minutes, planned.break_minutes, planned.place) == (
        starts_at, scheduled_minutes, break_minutes, place,
    )  # fmt: skip
    marks = select(func.count()).select_from(AttendanceEntry).where(AttendanceEntry.session_id == session_id)
    if not same and session.scalar(marks):
        raise RuleBroken("attendance_recorded")
    before = _told(planned)
    planned.starts_at, planned.place = starts_at, place
    planned.scheduled_minutes, planned.break_minutes = scheduled_minutes, break_minutes
    session.flush()
    after = _told(planned)
    if after != before:
        subject = f"cohort_sessions:{planned.id}"
        _note(session, cohort, "session:change", subject, by, now, before=before, after=after)
    return planned


def _told(planned: CohortSession) -> dict[str, Any]:
    return {
        "session_key": planned.session_key, "starts_at": planned.starts_at.isoformat(),
        "scheduled_minutes": planned.scheduled_minutes, "break_minutes": planned.break_minutes,
        "place": planned.place,
    }  # fmt: skip


def _note(
    session: Session, cohort: Cohort, action: str, subject: str, by: int | None, now: datetime, **details: Any
) -> None:
    """In the chain of the cohort's district."""
    district = session.scalar(
        select(func.coalesce(Organization.parent_id, Organization.id)).where(
            Organization.id == cohort.organization_id
        )
    )
    entry = AuditEntry(
        organization_id=district or 0, stream="access", actor_id=by, action=action, subject=subject, **details
    )
    record(session, entry, now)
