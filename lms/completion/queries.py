"""Reads of progress: lessons, snapshots, and a fresh answer to 'what is left, and why'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from lms.completion.models import CompletionSnapshot, LessonProgress
from lms.completion.rules import Unmet
from lms.kernel.among import among_parameter
from lms.kernel.db import table


class LessonRow(Struct, frozen=True):
    key: str
    version_id: int
    opened_at: datetime
    seen_at: datetime
    completed_at: datetime | None


class SnapshotRow(Struct, frozen=True):
    """What settle last wrote. `certificate_current` is None without a certificate in force."""

    enrollment_id: int
    complete: bool
    done: int
    needed: int
    unmet: tuple[Unmet, ...]
    completed_on: date | None
    minutes: int
    certificate_current: bool | None


SNAPSHOTS = table(CompletionSnapshot)
SNAPSHOTS_OF = sa.select(
    SNAPSHOTS.c.enrollment_id, SNAPSHOTS.c.complete, SNAPSHOTS.c.done, SNAPSHOTS.c.needed, SNAPSHOTS.c.unmet,
    SNAPSHOTS.c.completed_on, SNAPSHOTS.c.minutes, SNAPSHOTS.c.certificate_current,
).where(among_parameter(SNAPSHOTS.c.enrollment_id, "enrollments"))  # fmt: skip


# Built once: every page of a course asks it.
_LESSONS = sa.select(
    LessonProgress.key, LessonProgress.version_id, LessonProgress.opened_at, LessonProgress.seen_at,
    LessonProgress.completed_at,
).where(LessonProgress.enrollment_id == sa.bindparam("enrollment_id"))  # fmt: skip


def lessons(session: Session, enrollment_id: int) -> dict[str, LessonRow]:
    """Every lesson of the enrollment that was opened, by key."""
    rows = session.execute(_LESSONS, {"enrollment_id": enrollment_id})
    return {row.key: LessonRow(*row) for row in rows}


def snapshot(session: Session, enrollment_id: int) -> SnapshotRow | None:
    """The snapshot of an enrollment; None before its first settle."""
    return snapshots(session, [enrollment_id]).get(enrollment_id)


def snapshots(session: Session, enrollment_ids: Iterable[int]) -> dict[int, SnapshotRow]:
    rows = session.connection().execute(SNAPSHOTS_OF, {"enrollments": sorted(enrollment_ids)})
    return {
        row.enrollment_id: SnapshotRow(
            row.enrollment_id, row.complete, row.done, row.needed,
            tuple(Unmet(*each) for each in row.unmet),
            row.completed_on, row.minutes, row.certificate_current,
        )
        for row in rows
    }  # fmt: skip
