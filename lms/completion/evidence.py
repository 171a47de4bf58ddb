"""All facts of some enrollments, in one statement, as completion's rules take them.

Here, and in `credit.evidence`, tables of other packages are read directly: settling has to know everything
about a person in a fixed number of statements, whatever the number of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.cohorts.models import AttendanceEntry, CohortSession
from lms.completion.models import LessonProgress
from lms.completion.rules import Fact
from lms.kernel.among import among_parameter
from lms.kernel.clock import local_day
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


def facts_of(session: Session, time_zones: Mapping[int, str]) -> dict[int, list[Fact]]:
    """Facts by enrollment. `time_zones`: enrollment -> zone in which its days are told.

    Attempts that were not finished and lessons only opened are no facts. Every attendance entry is one;
    which is in force, the rules decide. No column with words is read.
    """
    found: dict[int, list[Fact]] = {enrollment_id: [] for enrollment_id in time_zones}
    if not time_zones:
        return found
    for row in session.execute(_statement(), {"ids": sorted(time_zones)}):
        found[row.enrollment_id].append(_fact(row, time_zones[row.enrollment_id]))
    return found


@cache
def _statement() -> sa.CompoundSelect[Any]:
    selects = (
        _select("lesson", LessonProgress, LessonProgress.completed_at).where(
            LessonProgress.completed_at.is_not(None)
        ),
        _select("activity", ActivityAttempt, ActivityAttempt.at, first=ActivityAttempt.number).where(
            ActivityAttempt.checked_all
        ),
        _select(
            "quiz", QuizAttempt, QuizAttempt.at, first=QuizAttempt.number,
            numbers=(sa.cast(QuizAttempt.passed, sa.Integer), QuizAttempt.points, QuizAttempt.out_of),
        ),
        _select("sheet", WorksheetCompletion, WorksheetCompletion.at, word=WorksheetCompletion.sitting),
        _select("paper", PaperStatement, PaperStatement.stated_at),
        _select("hand_in", Submission, Submission.at, first=Submission.number),
        _select(
            "review", Review, Review.at, version=Submission.version_id, first=Review.number,
            second=Review.review, word=Review.verdict, other_word=Review.reviewer_kind,
        ).join(
            Submission,
            sa.and_(
                Submission.enrollment_id == Review.enrollment_id,
                Submission.key == Review.key,
                Submission.number == Review.number,
            ),
        ),
        _select(
            "attendance", AttendanceEntry, CohortSession.starts_at, key=CohortSession.session_key,
            version=CohortSession.version_id, first=AttendanceEntry.session_id,
            second=AttendanceEntry.sequence, word=CohortSession.place,
            numbers=(
                AttendanceEntry.credited_minutes,
                AttendanceEntry.scheduled_minutes - AttendanceEntry.break_minutes,
                ZERO,
            ),
        ).join(CohortSession, CohortSession.id == AttendanceEntry.session_id),
    )  # fmt: skip
    return sa.union_all(*selects)


def _select(
    kind: str,
    model: Any,
    at: Any,
    *,
    key: Any = None,
    version: Any = None,
    first: Any = ZERO,
    second: Any = ZERO,
    numbers: tuple[Any, Any, Any] = (ZERO, ZERO, ZERO),
    word: Any = NOTHING,
    other_word: Any = NOTHING,
) -> sa.Select[Any]:
    return (
        sa.select(
            sa.literal_column(f"'{kind}'", sa.Text).label("kind"),
            model.enrollment_id.label("enrollment_id"),
            (model.key if key is None else key).label("key"),
            (model.version_id if version is None else version).label("version_id"),
            at.label("at"),
            first.label("first"),
            second.label("second"),
            numbers[0].label("number_a"),
            numbers[1].label("number_b"),
            numbers[2].label("number_c"),
            word.label("word"),
            other_word.label("other_word"),
        )
        .select_from(model)
        .where(among_parameter(model.enrollment_id, "ids"))
    )


def ref(table: str, *parts: object) -> str:
    """The name of a fact's row: `quiz_attempts:7:cc-q1:2`. A sitting, which may hold anything, is last."""
    return ":".join((table, *map(str, parts)))


def _fact(row: Any, time_zone: str) -> Fact:
    kind, enrollment_id, key, version_id, at, first, second, a, b, c, word, other_word = row
    moment: datetime = at
    own: dict[str, Any] = {}
    match kind:
        case "lesson":
            name = ref("lesson_progress", enrollment_id, key)
        case "activity":
            name = ref("activity_attempts", enrollment_id, key, first)
        case "quiz":
            name = ref("quiz_attempts", enrollment_id, key, first)
            own = {"passed": bool(a), "points": b, "out_of": c, "number": first}
        case "sheet":
            name = ref("worksheet_completions", enrollment_id, key, word)
            own = {"sitting": word}
        case "paper":
            name = ref("paper_statements", enrollment_id, key)
        case "hand_in":
            name = ref("submissions", enrollment_id, key, first)
            own = {"number": first}
        case "review":
            name = ref("reviews", enrollment_id, key, first, second)
            own = {"number": first, "verdict": word, "reviewer": other_word}
        case _:
            name = ref("attendance_entries", first, enrollment_id, second)
            own = {"session_id": first, "number": second, "minutes": a, "full": b, "place": word}
    return Fact(
        kind=kind,
        enrollment_id=enrollment_id,
        key=key,
        version_id=version_id,
        at=moment,
        on=local_day(moment, time_zone),
        ref=name,
        **own,
    )
