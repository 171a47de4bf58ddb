"""Hand-ins for who reviews them and for their author: the queue, one case, the whole history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Affiliation, Organization, RoleGrant, User
from lms.accounts.permissions import Scopes
from lms.content.nodes import Reviewers
from lms.enrollments.models import Enrollment
from lms.kernel.paging import Page, PageRequest, fetch_page
from lms.responses.models import (
    PeerInvitation,
    Review,
    ReviewClaim,
    ReviewComment,
    ReviewCriterion,
    Submission,
    SubmissionText,
)
from lms.responses.reviewing import ReviewCase, Reviewer

# ── The queue ────────────────────────────────────────────────────────────────────────────────────


class QueueRow(Struct, frozen=True):
    """A hand-in that waits. `claimed_*`: who reads it now, None when nobody does."""

    enrollment_id: int
    enrollment_public_id: str
    key: str
    number: int
    """From 1; above 1 it is one more try."""
    at: datetime
    words: int
    version_id: int
    course_key: str
    cohort_id: int | None
    author_id: int
    author_name: str
    claimed_by: int | None
    claimed_name: str | None
    claimed_until: datetime | None


_claimer = aliased(User, name="claimer")
_holder = aliased(User, name="holder")
_later = aliased(Submission, name="later")


def review_queue(
    session: Session,
    *,
    reviewer_id: int,
    scopes: Scopes,
    now: datetime,
    request: PageRequest,
    cohort_id: int | None = None,
) -> Page[QueueRow]:
    """What waits for this reviewer, oldest first, in two queries. `scopes`: where they may review.
    `cohort_id`: only what comes from this cohort.

    The same order as `reviewing.may_review`: hand-ins of a cohort with facilitators wait for them alone;
    the others for the organization's queue; and for the peer who took an invitation up.
    """
    facilitated = _held_by_somebody_else(_facilitates())
    mine = or_(
        Enrollment.cohort_id.in_(scopes.cohort_ids) if scopes.cohort_ids else false(),
        and_(~facilitated, _within(scopes)),
        and_(~facilitated, ~_held_by_somebody_else(_queues()), _peer_of_it(reviewer_id)),
    )
    statement = _waiting(now).where(
        mine,
        Submission.author_id != reviewer_id,
        true() if cohort_id is None else Enrollment.cohort_id == cohort_id,
    )
    return fetch_page(session, statement, request, lambda row: QueueRow(*row))


def _waiting(now: datetime) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Submission.enrollment_id, Enrollment.public_id, Submission.key, Submission.number, Submission.at,
        Submission.words, Submission.version_id, Enrollment.course_key, Enrollment.cohort_id,
        Submission.author_id, User.name, ReviewClaim.reviewer_id, _claimer.name.label("claimed_name"),
        ReviewClaim.until,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Enrollment, Enrollment.id == Submission.enrollment_id)
        .join(User, User.id == Submission.author_id)
        .outerjoin(ReviewClaim, and_(_same(ReviewClaim, Submission), ReviewClaim.until > now))
        .outerjoin(_claimer, _claimer.id == ReviewClaim.reviewer_id)
        .where(
            ~exists().where(_same(Review, Submission)),
            ~exists().where(
                _later.enrollment_id == Submission.enrollment_id, _later.key == Submission.key,
                _later.number > Submission.number,
            ),
        )
        .order_by(Submission.at, Submission.enrollment_id, Submission.key)
    )  # fmt: skip


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.enrollment_id == other.enrollment_id, one.key == other.key, one.number == other.number)


def _held_by_somebody_else(where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Nobody waits for who cannot sign in any more."""
    return (
        exists()
        .where(
            where, RoleGrant.user_id != Enrollment.user_id, _holder.id == RoleGrant.user_id,
            _holder.closed_at.is_(None),
        )
        .correlate(Enrollment)
    )  # fmt: skip


def _facilitates() -> ColumnElement[bool]:
    return and_(
        RoleGrant.role == "facilitator",
        RoleGrant.scope_kind == "cohort",
        RoleGrant.scope_id == Enrollment.cohort_id,
    )


def _queues() -> ColumnElement[bool]:
    """A reviewer of the whole site, of the author's district, or of the author's school."""
    place = aliased(Organization)
    home = (
        exists()
        .where(
            Affiliation.user_id == Enrollment.user_id,
            Affiliation.state == "confirmed",
            place.id == Affiliation.organization_id,
            or_(RoleGrant.scope_id == place.id, RoleGrant.scope_id == place.parent_id),
        )
        .correlate(Enrollment, RoleGrant)
    )
    return and_(
        RoleGrant.role == "reviewer",
        or_(RoleGrant.scope_kind == "site", and_(RoleGrant.scope_kind == "organization", home)),
    )


def _within(scopes: Scopes) -> ColumnElement[bool]:
    if scopes.everywhere:
        return true()
    if not scopes.organization_ids:
        return false()
    return (
        exists()
        .where(
            Affiliation.user_id == Enrollment.user_id,
            Affiliation.state == "confirmed",
            Affiliation.organization_id.in_(scopes.organization_ids),
        )
        .correlate(Enrollment)
    )


def _peer_of_it(user_id: int) -> ColumnElement[bool]:
    return exists().where(
        PeerInvitation.enrollment_id == Submission.enrollment_id,
        PeerInvitation.key == Submission.key,
        PeerInvitation.invited_user_id == user_id,
    )


# ── One case ─────────────────────────────────────────────────────────────────────────────────────


class CaseRow(Struct, frozen=True):
    """Whose hand-in it is and who is there to read it."""

    enrollment_id: int
    enrollment_public_id: str
    course_key: str
    cohort_id: int | None
    author_id: int
    author_name: str
    organization_id: int | None
    """Of the confirmed affiliation."""
    facilitated: bool
    queued: bool
    peer_id: int | None

    def case(self, reviewers: Reviewers) -> ReviewCase:
        """`reviewers`: what the course of the hand-in's version allows."""
        return ReviewCase(self.author_id, self.facilitated, self.queued, reviewers)

    def reviewer(self, user_id: int, scopes: Scopes) -> Reviewer:
        """`scopes`: where this person may review."""
        return Reviewer(
            user_id,
            facilitates=self.cohort_id in scopes.cohort_ids,
            holds_queue=scopes.everywhere or self.organization_id in scopes.organization_ids,
            invited_peer=user_id == self.peer_id,
        )


def review_case(session: Session, enrollment_public_id: str, key: str) -> CaseRow | None:
    """Who may read the hand-ins of one reflection or capstone of an enrollment, in one query."""
    peer = (
        select(PeerInvitation.invited_user_id)
        .where(
            PeerInvitation.enrollment_id == Enrollment.id,
            PeerInvitation.key == key,
            PeerInvitation.invited_user_id.is_not(None),
        )
        .order_by(PeerInvitation.accepted_at)
        .limit(1)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Enrollment.id, Enrollment.public_id, Enrollment.course_key, Enrollment.cohort_id, Enrollment.user_id,
        User.name, Affiliation.organization_id, _held_by_somebody_else(_facilitates()),
        _held_by_somebody_else(_queues()), peer,
    )  # fmt: skip
    row = session.execute(
        select(*columns)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(
            Affiliation, and_(Affiliation.user_id == Enrollment.user_id, Affiliation.state == "confirmed")
        )
        .where(Enrollment.public_id == enrollment_public_id)
    ).one_or_none()
    return None if row is None else CaseRow(*row)


# ── The history ──────────────────────────────────────────────────────────────────────────────────


class ReviewRow(Struct, frozen=True):
    reviewer_id: int
    reviewer_name: str
    kind: str
    """facilitator, organization or peer."""
    verdict: str
    at: datetime
    criteria: dict[int, str]
    comment: str | None


class SubmissionRow(Struct, frozen=True):
    number: int
    at: datetime
    words: int
    version_id: int
    text: str | None
    """None when its author erased it, or retention did."""
    review: ReviewRow | None
    claimed_by: int | None
    """Who reads it now."""


def submission_history(
    session: Session, enrollment_id: int, key: str, now: datetime
) -> tuple[SubmissionRow, ...]:
    """Every hand-in of a reflection or the capstone with its answer, the newest first; two queries."""
    columns: tuple[Any, ...] = (
        Submission.number, Submission.at, Submission.words, Submission.version_id, SubmissionText.body,
        Review.reviewer_id, User.name, Review.reviewer_kind, Review.verdict, Review.at.label("answered_at"),
        ReviewComment.body.label("comment"), ReviewClaim.reviewer_id.label("claimed_by"),
    )  # fmt: skip
    rows = session.execute(
        select(*columns)
        .outerjoin(SubmissionText, _same(SubmissionText, Submission))
        .outerjoin(Review, _same(Review, Submission))
        .outerjoin(User, User.id == Review.reviewer_id)
        .outerjoin(
            ReviewComment, and_(_same(ReviewComment, Submission), ReviewComment.review == Review.review)
        )
        .outerjoin(ReviewClaim, and_(_same(ReviewClaim, Submission), ReviewClaim.until > now))
        .where(Submission.enrollment_id == enrollment_id, Submission.key == key)
        .order_by(Submission.number.desc())
    ).all()
    criteria: dict[int, dict[int, str]] = {}
    if rows:
        for number, criterion, verdict in session.execute(
            select(ReviewCriterion.number, ReviewCriterion.criterion, ReviewCriterion.verdict)
            .where(ReviewCriterion.enrollment_id == enrollment_id, ReviewCriterion.key == key)
            .order_by(ReviewCriterion.criterion)
        ):
            criteria.setdefault(number, {})[criterion] = verdict
    return tuple(_submission(row, criteria.get(row.number, {})) for row in rows)


def _submission(row: Row[Any], criteria: dict[int, str]) -> SubmissionRow:
    review = None
    if row.reviewer_id is not None:
        review = ReviewRow(
            row.reviewer_id, row.name, row.reviewer_kind, row.verdict, row.answered_at, criteria, row.comment
        )
    return SubmissionRow(row.number, row.at, row.words, row.version_id, row.body, review, row.claimed_by)
