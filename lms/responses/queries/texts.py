"""A person's own words, for the download: everything that is kept, with what its digest was made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, null, select
from sqlalchemy.orm import Session

from lms.enrollments.models import Enrollment
from lms.responses.models import (
    Answer,
    Draft,
    DraftConflict,
    QuizAttempt,
    ReviewComment,
    Submission,
    SubmissionText,
    WorksheetEntry,
    WorksheetText,
)

Source = Literal["hand in", "comment", "worksheet", "draft", "draft beside", "quiz answer"]


class OwnText(Struct, frozen=True):
    """`number`: of the hand-in, log entry or attempt. `body`: the words, or JSON of a sheet's values.

    `salt` (hexadecimal) and `digest` let the author prove that this is the text that was handed in.
    """

    source: Source
    course_key: str
    enrollment_public_id: str
    key: str
    sitting: str
    number: int
    at: datetime
    body: str
    salt: str = ""
    digest: str = ""


def own_texts(session: Session, user_id: int) -> Iterator[OwnText]:
    """Source by source, the oldest enrollment first. A stream: a busy decade takes no more memory."""
    for source, statement in _BY_SOURCE.items():
        whole = statement.where(Enrollment.user_id == user_id).execution_options(yield_per=100)
        for course_key, public_id, key, sitting, number, at, body, salt, digest in session.execute(whole):
            yield OwnText(
                source, course_key, public_id, key, sitting, number, at, body,
                salt.hex() if salt else "", digest or "",
            )  # fmt: skip


def _words(*columns: Any) -> Select[Any]:
    """Of every table the same columns: key, sitting, number, at, body, salt, digest."""
    return select(Enrollment.course_key, Enrollment.public_id, *columns)


def _hand_in(other: type[SubmissionText] | type[ReviewComment]) -> ColumnElement[bool]:
    return and_(
        other.enrollment_id == Submission.enrollment_id,
        other.key == Submission.key,
        other.number == Submission.number,
    )


_NONE = literal("")
_BY_SOURCE: dict[Source, Select[Any]] = {
    "hand in": _words(
        Submission.key, _NONE, Submission.number, Submission.at, SubmissionText.body, SubmissionText.salt,
        Submission.text_digest,
    )
    .join(Submission, Submission.enrollment_id == Enrollment.id)
    .join(SubmissionText, _hand_in(SubmissionText))
    .order_by(Enrollment.id, Submission.key, Submission.number),
    "comment": _words(
        Submission.key, _NONE, Submission.number, Submission.at, ReviewComment.body, null(), _NONE
    )
    .join(Submission, Submission.enrollment_id == Enrollment.id)
    .join(ReviewComment, _hand_in(ReviewComment))
    .order_by(Enrollment.id, Submission.key, Submission.number),
    "worksheet": _words(
        WorksheetEntry.key, WorksheetEntry.sitting, WorksheetEntry.entry, WorksheetEntry.recorded_at,
        WorksheetText.body, null(), _NONE,
    )
    .join(WorksheetEntry, WorksheetEntry.enrollment_id == Enrollment.id)
    .join(
        WorksheetText,
        and_(
            WorksheetText.enrollment_id == WorksheetEntry.enrollment_id,
            WorksheetText.key == WorksheetEntry.key,
            WorksheetText.sitting == WorksheetEntry.sitting,
            WorksheetText.entry == WorksheetEntry.entry,
        ),
    )
    .order_by(Enrollment.id, WorksheetEntry.key, WorksheetEntry.sitting, WorksheetEntry.entry),
    "draft": _words(Draft.key, Draft.sitting, Draft.entry, Draft.saved_at, Draft.body, null(), _NONE)
    .join(Draft, Draft.enrollment_id == Enrollment.id)
    .order_by(Enrollment.id, Draft.key, Draft.sitting, Draft.entry),
    "draft beside": _words(
        DraftConflict.key, DraftConflict.sitting, DraftConflict.entry, DraftConflict.saved_at,
        DraftConflict.body, null(), _NONE,
    )
    .join(DraftConflict, DraftConflict.enrollment_id == Enrollment.id)
    .order_by(Enrollment.id, DraftConflict.key, DraftConflict.number),
    "quiz answer": _words(
        Answer.question_key, _NONE, Answer.number, QuizAttempt.at,
        func.coalesce(Answer.text, cast(Answer.places, Text)), null(), _NONE,
    )
    .join(QuizAttempt, QuizAttempt.enrollment_id == Enrollment.id)
    .join(
        Answer,
        and_(
            Answer.enrollment_id == QuizAttempt.enrollment_id,
            Answer.key == QuizAttempt.key,
            Answer.number == QuizAttempt.number,
        ),
    )
    .order_by(Enrollment.id, Answer.key, Answer.number, Answer.question_key),
}  # fmt: skip
