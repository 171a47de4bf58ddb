"""Attempts at a quiz, with the answers as they were given while they are kept."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.nodes import Quiz
from lms.responses.fields import Values
from lms.responses.grading import Shown, lay_out, leaves, restored
from lms.responses.models import Answer, QuizAttempt


class AttemptRow(Struct, frozen=True):
    number: int
    version_id: int
    """The quiz is to be read from this version: places mean nothing in another."""
    at: datetime
    points: int
    out_of: int
    passed: bool
    seed: str
    drawn: tuple[str, ...]


def attempts(session: Session, enrollment_id: int, key: str) -> tuple[AttemptRow, ...]:
    """All attempts, the newest first."""
    rows = session.scalars(
        select(QuizAttempt)
        .where(QuizAttempt.enrollment_id == enrollment_id, QuizAttempt.key == key)
        .order_by(QuizAttempt.number.desc())
    )
    return tuple(
        AttemptRow(a.number, a.version_id, a.at, a.points, a.out_of, a.passed, a.seed, tuple(a.drawn))
        for a in rows
    )


def layout(quiz: Quiz, attempt: AttemptRow) -> tuple[Shown, ...]:
    """An attempt as it was shown. `quiz` is that of the attempt's own version."""
    return lay_out(quiz.questions, attempt.seed, quiz.shuffle)


def answers(session: Session, enrollment_id: int, quiz: Quiz, attempt: AttemptRow) -> Values | None:
    """What was answered; None when it has been erased and only the verdict is left."""
    rows = session.scalars(
        select(Answer).where(
            Answer.enrollment_id == enrollment_id, Answer.key == quiz.key, Answer.number == attempt.number
        )
    )
    kept = {row.question_key: row for row in rows}
    if not kept:
        return None
    found: Values = {}
    for question in leaves(layout(quiz, attempt)):
        row = kept.get(question.key)
        if row is not None:
            found[question.key] = restored(question, row.places, row.text)
    return found
