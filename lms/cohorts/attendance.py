"""Writes of attendance: who was there, from when to when. A correction is a new entry with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.cohorts.models import AttendanceEntry, CohortMember, CohortSession
from lms.cohorts.queries import in_force
from lms.cohorts.rules import Method, Schedule, check_note, clean_reason, contact_minutes
from lms.kernel.errors import Conflict, NotFound, RuleBroken


class Mark(Struct, frozen=True):
    """One line of the sheet as it was sent. `sequence`: the entry that the page showed, 0 for none.

    Absent: neither arrival nor departure.
    """

    enrollment_id: int
    sequence: int
    arrived_at: datetime | None
    left_at: datetime | None
    note_code: str | None = None
    method: Method = "roster"


def record_attendance(
    session: Session,
    *,
    session_id: int,
    marks: Sequence[Mark],
    recorded_by: int,
    reason: str,
    now: datetime,
) -> tuple[int, ...]:
    """Keep the lines that say something new; gives the enrollments they are about, sorted, for `settle`.

    `reason`: why marks that stand already are corrected; RuleBroken('reason_missing') without one.
    RuleBroken('not_begun'): presence at a session to come; who is excused may be known before it.
    Conflict: somebody changed a line meanwhile. NotFound: a line about nobody of this cohort.
    """
    # nobody changes the plan meanwhile: a mark carries the minutes of the plan that it is made under
    planned = session.get(CohortSession, session_id, with_for_update={"read": True}, populate_existing=True)
    if planned is None:
        raise NotFound
    for _ in range(2):
        entries = _entries(session, planned, marks, recorded_by, reason, now)
        try:
            with session.begin_nested():
                session.add_all(entries)
                session.flush()
        except IntegrityError:
            continue  # somebody was faster: what they wrote decides whether these lines say anything new
        return tuple(entry.enrollment_id for entry in entries)
    raise Conflict("the sheet was changed meanwhile")


def _entries(
    session: Session,
    planned: CohortSession,
    marks: Sequence[Mark],
    recorded_by: int,
    reason: str,
    now: datetime,
) -> list[AttendanceEntry]:
    schedule = Schedule(planned.starts_at, planned.scheduled_minutes, planned.break_minutes)
    standing = {
        entry.enrollment_id: entry
        for entry in session.scalars(
            select(AttendanceEntry).where(AttendanceEntry.session_id == planned.id, in_force())
        )
    }
    members = set(
        session.scalars(select(CohortMember.enrollment_id).where(CohortMember.cohort_id == planned.cohort_id))
    )
    entries = []
    for mark in sorted(marks, key=lambda mark: mark.enrollment_id):
        if mark.enrollment_id not in members:
            raise NotFound
        before = standing.get(mark.enrollment_id)
        if before is not None and _says_the_same(mark, before):
            continue
        if mark.sequence != (0 if before is None else before.sequence):
            raise Conflict("the sheet was changed meanwhile")
        entries.append(_entry(planned, schedule, mark, before, recorded_by, reason, now))
    return entries


def _entry(
    planned: CohortSession,
    schedule: Schedule,
    mark: Mark,
    before: AttendanceEntry | None,
    recorded_by: int,
    reason: str,
    now: datetime,
) -> AttendanceEntry:
    if mark.arrived_at is not None and now < schedule.starts_at:
        raise RuleBroken("not_begun")
    why = clean_reason(reason)
    if before is not None and not why:
        raise RuleBroken("reason_missing", "reason")
    return AttendanceEntry(
        session_id=planned.id,
        enrollment_id=mark.enrollment_id,
        sequence=1 if before is None else before.sequence + 1,
        corrects=None if before is None else before.sequence,
        arrived_at=mark.arrived_at,
        left_at=mark.left_at,
        scheduled_minutes=schedule.scheduled_minutes,
        break_minutes=schedule.break_minutes,
        credited_minutes=contact_minutes(schedule, mark.arrived_at, mark.left_at),
        method=mark.method,
        note_code=check_note(mark.note_code),
        recorded_by=recorded_by,
        at=now,
        reason=why if before is not None else None,
    )


def _says_the_same(mark: Mark, entry: AttendanceEntry) -> bool:
    return (mark.arrived_at, mark.left_at, mark.note_code or None) == (
        entry.arrived_at, entry.left_at, entry.note_code,
    )  # fmt: skip
