"""All facts of some enrollments, in two statements, as completion's rules take them.

Here, and in `credit.evidence`, tables of other packages are read directly: settling has to know everything
about a person in a fixed number of statements, whatever the number of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.cohorts.models import AttendanceEntry, CohortSession
from lms.completion.models import LessonProgress
from lms.completion.rules import Fact
from lms.kernel.among import among_parameter
from lms.kernel.clock import Days, days_in
from lms.kernel.db import UTCDateTime, table
from lms.responses.models import (
    ActivityAttempt,
    PaperStatement,
    QuizAttempt,
    Review,
    Submission,
    WorksheetCompletion,
)

ZERO = sa.literal_column("0", sa.Integer)
NOTHING = sa.literal_column("''", sa.Text)
NEVER = sa.cast(sa.null(), UTCDateTime())


LESSONS, ACTIVITIES, QUIZZES = table(LessonProgress), table(ActivityAttempt), table(QuizAttempt)
SHEETS, PAPERS = table(WorksheetCompletion), table(PaperStatement)
SUBMISSIONS, REVIEWS = table(Submission), table(Review)
ATTENDANCE, SESSIONS = table(AttendanceEntry), table(CohortSession)


def facts_of(session: Session, time_zones: Mapping[int, str]) -> dict[int, list[Fact]]:
    """Facts by enrollment. `time_zones`: enrollment -> zone in which its days are told.

    Attempts that were not finished and lessons only opened are no facts. Every attendance entry is one;
    which is in force, the rules decide. No column with words is read.
    """
    found: dict[int, list[Fact]] = {enrollment_id: [] for enrollment_id in time_zones}
    if not time_zones:
        return found
    zones = {enrollment_id: days_in(name) for enrollment_id, name in time_zones.items()}
    connection, ids = session.connection(), {"ids": sorted(time_zones)}
    for enrollment_id, lessons in groupby(connection.execute(LESSONS_DONE, ids).all(), key=itemgetter(0)):
        day_of, name = zones[enrollment_id].of, f"lesson_progress:{enrollment_id}:"
        found[enrollment_id] += [
            Fact("lesson", enrollment_id, key, version_id, at, day_of(at), name + key)
            for _, key, version_id, at in lessons
        ]
    for row in connection.execute(_others(), ids).all():
        enrollment_id = row[1]
        found[enrollment_id].append(_fact(row, zones[enrollment_id]))
    return found


LESSONS_DONE = sa.select(
    LESSONS.c.enrollment_id, LESSONS.c.key, LESSONS.c.version_id, LESSONS.c.completed_at
).where(among_parameter(LESSONS.c.enrollment_id, "ids"), LESSONS.c.completed_at.is_not(None))
"""Four facts of five: they are read without the others' columns."""


@cache
def _others() -> sa.CompoundSelect[Any]:
    selects = (
        _select("activity", ACTIVITIES, ACTIVITIES.c.at, first=ACTIVITIES.c.number).where(
            ACTIVITIES.c.checked_all
        ),
        _select(
            "quiz", QUIZZES, QUIZZES.c.at, first=QUIZZES.c.number,
            numbers=(sa.cast(QUIZZES.c.passed, sa.Integer), QUIZZES.c.points, QUIZZES.c.out_of),
        ),
        _select("sheet", SHEETS, SHEETS.c.at, word=SHEETS.c.sitting),
        _select("paper", PAPERS, PAPERS.c.stated_at),
        _select("hand_in", SUBMISSIONS, SUBMISSIONS.c.at, first=SUBMISSIONS.c.number),
        _select(
            "review", REVIEWS, REVIEWS.c.at, version=SUBMISSIONS.c.version_id, first=REVIEWS.c.number,
            second=REVIEWS.c.review, word=REVIEWS.c.verdict, other_word=REVIEWS.c.reviewer_kind,
        ).join(
            SUBMISSIONS,
            sa.and_(
                SUBMISSIONS.c.enrollment_id == REVIEWS.c.enrollment_id,
                SUBMISSIONS.c.key == REVIEWS.c.key,
                SUBMISSIONS.c.number == REVIEWS.c.number,
            ),
        ),
        _select(
            "attendance", ATTENDANCE, SESSIONS.c.starts_at, key=SESSIONS.c.session_key,
            version=SESSIONS.c.version_id, first=ATTENDANCE.c.session_id,
            second=ATTENDANCE.c.sequence, word=SESSIONS.c.place,
            numbers=(
                ATTENDANCE.c.credited_minutes,
                ATTENDANCE.c.scheduled_minutes - ATTENDANCE.c.break_minutes,
                ATTENDANCE.c.break_minutes,
            ),
            moments=(ATTENDANCE.c.arrived_at, ATTENDANCE.c.left_at),
        ).join(SESSIONS, SESSIONS.c.id == ATTENDANCE.c.session_id),
    )  # fmt: skip
    return sa.union_all(*selects)


def _select(
    kind: str,
    source: sa.Table,
    at: Any,
    *,
    key: Any = None,
    version: Any = None,
    first: Any = ZERO,
    second: Any = ZERO,
    numbers: tuple[Any, Any, Any] = (ZERO, ZERO, ZERO),
    word: Any = NOTHING,
    other_word: Any = NOTHING,
    moments: tuple[Any, Any] = (NEVER, NEVER),
) -> sa.Select[Any]:
    return (
        sa.select(
            sa.literal_column(f"'{kind}'", sa.Text).label("kind"),
            source.c.enrollment_id.label("enrollment_id"),
            (source.c.key if key is None else key).label("key"),
            (source.c.version_id if version is None else version).label("version_id"),
            at.label("at"),
            first.label("first"),
            second.label("second"),
            numbers[0].label("number_a"),
            numbers[1].label("number_b"),
            numbers[2].label("number_c"),
            word.label("word"),
            other_word.label("other_word"),
            moments[0].label("arrived_at"),
            moments[1].label("left_at"),
        )
        .select_from(source)
        .where(among_parameter(source.c.enrollment_id, "ids"))
    )


def _fact(row: Any, days: Days) -> Fact:
    """`ref` names the row, `quiz_attempts:7:cc-q1:2`; a sitting, which may hold anything, is last."""
    kind, enrollment_id, key, version_id, at, first, second, a, b, c, word, other_word, arrived, left = row
    on = days.of(at)
    if kind == "activity":
        name = f"activity_attempts:{enrollment_id}:{key}:{first}"
        return Fact(kind, enrollment_id, key, version_id, at, on, name)
    if kind == "quiz":
        name = f"quiz_attempts:{enrollment_id}:{key}:{first}"
        return Fact(kind, enrollment_id, key, version_id, at, on, name, bool(a), b, c, number=first)
    if kind == "sheet":
        name = f"worksheet_completions:{enrollment_id}:{key}:{word}"
        return Fact(kind, enrollment_id, key, version_id, at, on, name, sitting=word)
    if kind == "paper":
        return Fact(kind, enrollment_id, key, version_id, at, on, f"paper_statements:{enrollment_id}:{key}")
    if kind == "hand_in":
        name = f"submissions:{enrollment_id}:{key}:{first}"
        return Fact(kind, enrollment_id, key, version_id, at, on, name, number=first)
    if kind == "review":
        name = f"reviews:{enrollment_id}:{key}:{first}:{second}"
        return Fact(
            kind, enrollment_id, key, version_id, at, on, name, number=first, verdict=word,
            reviewer=other_word,
        )  # fmt: skip
    return Fact(
        kind, enrollment_id, key, version_id, at, on, f"attendance_entries:{first}:{enrollment_id}:{second}",
        number=second, session_id=first, minutes=a, full=b, place=word,
        hours=_hours(arrived, left, days.zone), breaks=c,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _hours(arrived: datetime | None, left: datetime | None, zone: ZoneInfo) -> str:
    """'09:02–10:31' as the clock at the place showed; '' for somebody who did not come."""
    if arrived is None or left is None:
        return ""
    return f"{arrived.astimezone(zone):%H:%M}–{left.astimezone(zone):%H:%M}"
