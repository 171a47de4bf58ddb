"""Reading a hand-in: one reviewer holds it at a time, gives a verdict for each criterion, and a note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.nodes import Rubric
from lms.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from lms.responses.fields import storable
from lms.responses.models import Review, ReviewClaim, ReviewComment, ReviewCriterion, Submission
from lms.responses.reviewing import (
    CLAIM,
    COMMENT_LIMIT,
    ReviewerKind,
    Verdict,
    claim_is_over,
    read_criteria,
    verdict_of,
)


class HandIn(Struct, frozen=True):
    """Which hand-in is meant."""

    enrollment_id: int
    key: str
    number: int


class Reviewed(Struct, frozen=True):
    verdict: Verdict
    again: bool
    """The same form came a second time: this is the review that the first one made."""


def claim(session: Session, hand_in: HandIn, *, reviewer_id: int, now: datetime) -> datetime:
    """Hold a text while reading it; gives the moment until when. Conflict while somebody else does.

    The primary key lets one hold it; a claim that ran out is taken over by UPDATE … WHERE until <= now.
    """
    submission = waiting(session, hand_in)
    if submission.author_id == reviewer_id:
        raise NotAllowed("nobody reviews themselves")
    until = now + CLAIM
    done = session.execute(
        update(ReviewClaim)
        .where(_claimed(hand_in), (ReviewClaim.until <= now) | (ReviewClaim.reviewer_id == reviewer_id))
        .values(reviewer_id=reviewer_id, until=until)
        .execution_options(synchronize_session=False)
    )
    if isinstance(done, CursorResult) and done.rowcount == 1:
        return until
    try:
        with session.begin_nested():
            session.add(
                ReviewClaim(
                    enrollment_id=hand_in.enrollment_id, key=hand_in.key, number=hand_in.number,
                    reviewer_id=reviewer_id, until=until,
                )
            )  # fmt: skip
            session.flush()
    except IntegrityError as error:
        raise Conflict("somebody else is reading it") from error
    return until


def release(session: Session, hand_in: HandIn, *, reviewer_id: int) -> None:
    """Put a text back into the queue. Nothing happens when somebody else holds it by now."""
    session.execute(delete(ReviewClaim).where(_claimed(hand_in), ReviewClaim.reviewer_id == reviewer_id))


def review(
    session: Session,
    hand_in: HandIn,
    *,
    reviewer_id: int,
    kind: ReviewerKind,
    rubric: Rubric,
    criteria: Mapping[int, str],
    comment: str,
    now: datetime,
) -> Reviewed:
    """Answer a hand-in. `kind` is what `reviewing.may_review` said of this reviewer.

    Conflict while somebody else holds it, or when it was answered meanwhile. RuleBroken:
    'criterion_open', 'comment_missing' (who is asked for one more try is told why), 'comment_long'.
    """
    read = read_criteria(rubric, criteria)
    verdict = verdict_of(rubric, read)
    note = storable(comment).strip()
    if verdict == "not_yet" and not note:
        raise RuleBroken("comment_missing", "comment")
    if len(note) > COMMENT_LIMIT:
        raise RuleBroken("comment_long", "comment")
    if _answer(session, hand_in) is not None:
        return _again(session, hand_in, reviewer_id, verdict)
    submission = waiting(session, hand_in)
    if submission.author_id == reviewer_id:
        raise NotAllowed("nobody reviews themselves")
    held = session.get(
        ReviewClaim, (hand_in.enrollment_id, hand_in.key, hand_in.number), populate_existing=True
    )
    if held is not None and held.reviewer_id != reviewer_id and not claim_is_over(held.until, now):
        raise Conflict("somebody else is reading it")
    place: dict[str, Any] = {**asdict(hand_in), "review": 1}
    try:
        with session.begin_nested():
            session.add(
                Review(
                    **place, author_id=submission.author_id, reviewer_id=reviewer_id, reviewer_kind=kind,
                    verdict=verdict, at=now,
                )
            )  # fmt: skip
            session.flush()
    except IntegrityError:
        return _again(session, hand_in, reviewer_id, verdict)
    session.add_all(ReviewCriterion(**place, criterion=number, verdict=read[number]) for number in read)
    if note:
        session.add(ReviewComment(**place, body=note))
    session.flush()
    session.execute(delete(ReviewClaim).where(_claimed(hand_in)))
    return Reviewed(verdict, again=False)


def _again(session: Session, hand_in: HandIn, reviewer_id: int, verdict: Verdict) -> Reviewed:
    """The answer is there already: this reviewer's own, sent twice, or somebody else's."""
    answered = _answer(session, hand_in)
    if answered is not None and (answered.reviewer_id, answered.verdict) == (reviewer_id, verdict):
        return Reviewed(verdict, again=True)
    raise Conflict("it was answered meanwhile")


def waiting(session: Session, hand_in: HandIn) -> Submission:
    """The hand-in, if it is the latest of its kind and not answered. NotFound, Conflict."""
    submission = session.get(Submission, (hand_in.enrollment_id, hand_in.key, hand_in.number))
    if submission is None:
        raise NotFound
    latest = session.scalar(
        select(func.max(Submission.number)).where(
            Submission.enrollment_id == hand_in.enrollment_id, Submission.key == hand_in.key
        )
    )
    if latest != hand_in.number or _answer(session, hand_in) is not None:
        raise Conflict("it was answered meanwhile")
    return submission


def _answer(session: Session, hand_in: HandIn) -> Review | None:
    return session.get(Review, (hand_in.enrollment_id, hand_in.key, hand_in.number, 1))


def _claimed(hand_in: HandIn) -> ColumnElement[bool]:
    return (
        (ReviewClaim.enrollment_id == hand_in.enrollment_id)
        & (ReviewClaim.key == hand_in.key)
        & (ReviewClaim.number == hand_in.number)
    )
