"""Reading what somebody handed in: hold it, put it back, answer it. Each function is one commit.

Who may is decided by `reviewing.may_review`: the cohort's facilitators, else the organization's queue,
else one invited peer; never the author. Everybody else is told that there is nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor, Permission, scopes
from lms.accounts.queries import person_by_id
from lms.content.review import ReviewPiece, review_piece
from lms.courses.queries import load_compiled
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound
from lms.responses.queries.reviews import CaseRow, SubmissionRow, review_case, submission_history
from lms.responses.reviewing import ReviewerKind, may_review
from lms.responses.services import peers, reviews
from lms.responses.services.reviews import HandIn, Reviewed


class Case(Struct, frozen=True):
    """One hand-in as this reviewer may see it. `history` holds every try, the newest first."""

    row: CaseRow
    piece: ReviewPiece
    submission: SubmissionRow
    history: tuple[SubmissionRow, ...]
    kind: ReviewerKind

    def hand_in(self, key: str) -> HandIn:
        return HandIn(self.row.enrollment_id, key, self.submission.number)


class Answered(Struct, frozen=True):
    """A verdict, and whom to tell. `email` is '' where the author's account is closed."""

    reviewed: Reviewed
    name: str
    email: str
    course_key: str
    version_id: int


def find_case(session: Session, actor: Actor, *, enrollment: str, key: str, number: int) -> Case:
    """Raises NotFound for what is not there, and for who may not read it."""
    row = review_case(session, enrollment, key)
    if row is None:
        raise NotFound
    history = submission_history(session, row.enrollment_id, key, now())
    submission = next((each for each in history if each.number == number), None)
    if submission is None:
        raise NotFound
    piece = review_piece(load_compiled(session, submission.version_id), key)
    if piece is None:
        raise NotFound
    reviewer = row.reviewer(actor.user_id, scopes(actor, Permission.REFLECTION_REVIEW))
    kind = may_review(row.case(piece.reviewers), reviewer)
    if kind is None:
        raise NotFound
    return Case(row, piece, submission, history, kind)


def hold(actor: Actor, *, enrollment: str, key: str, number: int) -> None:
    """Keep it for this reviewer while it is read. Conflict when somebody else does, or has answered."""
    with transaction() as session:
        case = find_case(session, actor, enrollment=enrollment, key=key, number=number)
        reviews.claim(session, case.hand_in(key), reviewer_id=actor.user_id, now=now())


def put_back(actor: Actor, *, enrollment: str, key: str, number: int) -> None:
    with transaction() as session:
        case = find_case(session, actor, enrollment=enrollment, key=key, number=number)
        reviews.release(session, case.hand_in(key), reviewer_id=actor.user_id)


def answer(
    actor: Actor, *, enrollment: str, key: str, number: int, criteria: Mapping[int, str], comment: str
) -> Answered:
    """A verdict with its note, and what follows from it for the author.

    RuleBroken: criterion_open, criterion_unknown, comment_missing, comment_long. Conflict: answered
    meanwhile, or held by somebody else.
    """
    moment = now()
    with transaction() as session:
        case = find_case(session, actor, enrollment=enrollment, key=key, number=number)
        reviewed = reviews.review(
            session, case.hand_in(key), reviewer_id=actor.user_id, kind=case.kind, rubric=case.piece.rubric,
            criteria=criteria, comment=comment, now=moment,
        )  # fmt: skip
        settle(session, [case.row.enrollment_id], moment, actor.user_id, "a hand-in was reviewed")
        author = person_by_id(session, case.row.author_id)
        return Answered(
            reviewed, case.row.author_name, author.email if author else "", case.row.course_key,
            case.submission.version_id,
        )  # fmt: skip


def take_up(actor: Actor, token: str) -> tuple[str, HandIn]:
    """Become the peer of a hand-in by its invitation link: (public id of the enrollment, the hand-in)."""
    with transaction() as session:
        hand_in = peers.accept_invitation(session, token=token, user_id=actor.user_id, now=now())
        public_id = peers.enrollment_public_id(session, hand_in)
        return public_id, hand_in
