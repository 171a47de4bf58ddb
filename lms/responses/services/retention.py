"""Clearing words whose time is over. Facts, scores, verdicts and digests stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.kernel.among import among
from lms.responses.models import (
    Answer,
    Draft,
    DraftConflict,
    QuizAttempt,
    ReviewComment,
    SubmissionText,
    WorksheetText,
)

WORDS = (SubmissionText, ReviewComment, WorksheetText, DraftConflict, Draft)
"""In an order in which no row is left pointing at one that went."""


def clear_answers(session: Session, before: datetime) -> int:
    """Answers of quiz attempts made before this moment; how many went."""
    old = sa.exists().where(
        QuizAttempt.enrollment_id == Answer.enrollment_id,
        QuizAttempt.key == Answer.key,
        QuizAttempt.number == Answer.number,
        QuizAttempt.at < before,
    )
    gone = session.execute(sa.delete(Answer).where(old).returning(Answer.question_key))
    return len(gone.all())


def clear_words(session: Session, enrollment_ids: Iterable[int]) -> int:
    """Everything written in these enrollments, and what reviewers wrote to it; how many texts went."""
    ids = tuple(enrollment_ids)
    return sum(
        len(
            session.execute(
                sa.delete(table).where(among(table.enrollment_id, ids)).returning(table.key)
            ).all()
        )
        for table in WORDS
    )
