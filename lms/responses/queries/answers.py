"""What reviewers have said lately to one learner: 'your reflection was answered'."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import User
from lms.enrollments.models import Enrollment
from lms.responses.models import Review, ReviewComment, Submission

_later = aliased(Submission, name="later")


class AnswerRow(Struct, frozen=True):
    enrollment_id: int
    course_key: str
    version_id: int
    """The enrollment's, in which the reflection is found by its key."""
    key: str
    number: int
    verdict: str
    at: datetime
    reviewer_name: str
    comment: str | None


def answers_since(session: Session, user_id: int, since: datetime) -> tuple[AnswerRow, ...]:
    """The answers to a person's latest hand-ins given since then, the newest first. A text that was handed
    in again meanwhile has no answer yet."""
    same = and_(
        Review.enrollment_id == Submission.enrollment_id,
        Review.key == Submission.key,
        Review.number == Submission.number,
    )
    rows = session.execute(
        select(
            Submission.enrollment_id, Enrollment.course_key, Enrollment.version_id, Submission.key,
            Submission.number, Review.verdict, Review.at, User.name, ReviewComment.body,
        )
        .join(Enrollment, Enrollment.id == Submission.enrollment_id)
        .join(Review, same)
        .join(User, User.id == Review.reviewer_id)
        .outerjoin(
            ReviewComment,
            and_(
                ReviewComment.enrollment_id == Review.enrollment_id, ReviewComment.key == Review.key,
                ReviewComment.number == Review.number, ReviewComment.review == Review.review,
            ),
        )
        .where(
            Enrollment.user_id == user_id,
            Enrollment.state != "left",
            Review.at >= since,
            ~exists().where(
                _later.enrollment_id == Submission.enrollment_id, _later.key == Submission.key,
                _later.number > Submission.number,
            ),
        )
        .order_by(Review.at.desc())
        .limit(5)
    )  # fmt: skip
    return tuple(AnswerRow(*row) for row in rows)
