"""What learners do and write: attempts, sheets, hand-ins and their reviews; the words in rows of their own.

Facts are only added. Rows of words point at their fact, never the other way, and may be deleted.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import AppendOnly, Record, one_of

ATTEMPT = ("enrollment_id", "key", "number")
SHEET = ("enrollment_id", "key", "sitting", "entry")
REVIEW = ("enrollment_id", "key", "number", "review")


def points_at(table: str, columns: tuple[str, ...]) -> ForeignKeyConstraint:
    """A foreign key to the columns of the same names."""
    return ForeignKeyConstraint(columns, [f"{table}.{column}" for column in columns])


# ── Activities, quizzes, sheets ──────────────────────────────────────────────────────────────────


class ActivityAttempt(AppendOnly):
    """An activity was checked. Done means all its parts were, never that they were right."""

    __tablename__ = "activity_attempts"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    at: Mapped[datetime]
    checked_all: Mapped[bool]


class QuizAttempt(AppendOnly):
    """A whole attempt, graded under the version it was made in. One submit token makes one attempt."""

    __tablename__ = "quiz_attempts"
    __table_args__ = (CheckConstraint("points >= 0 AND points <= out_of", name="points"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    at: Mapped[datetime]
    points: Mapped[int]
    out_of: Mapped[int]
    passed: Mapped[bool]
    seed: Mapped[str]
    drawn: Mapped[list[str]] = mapped_column(JSON)
    """Full keys of the questions shown, in the order shown."""
    submit_token: Mapped[str] = mapped_column(unique=True)


class Answer(Record):
    """What was answered to one question; deleted a year after the verdict."""

    __tablename__ = "answers"
    __table_args__ = (points_at("quiz_attempts", ATTEMPT),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    question_key: Mapped[str] = mapped_column(primary_key=True)
    places: Mapped[list[int] | None] = mapped_column(JSON, default=None)
    """Places of the choices, groups or steps in the version of the attempt."""
    text: Mapped[str | None] = mapped_column(default=None)


class WorksheetEntry(AppendOnly):
    """One row of a log, or one sheet, was begun. `sitting` is '' where the sheet is filled in once."""

    __tablename__ = "worksheet_entries"
    __table_args__ = (CheckConstraint("filled >= 0", name="filled"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sitting: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    recorded_at: Mapped[datetime]
    happened_on: Mapped[date | None] = mapped_column(default=None)
    filled: Mapped[int]


class WorksheetText(Record):
    """The words of a sheet or log row, with the salt of their digest: both go together."""

    __tablename__ = "worksheet_texts"
    __table_args__ = (points_at("worksheet_entries", SHEET),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sitting: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[str]


class WorksheetCompletion(AppendOnly):
    """'Finish' was pressed with every needed field filled."""

    __tablename__ = "worksheet_completions"
    __table_args__ = (CheckConstraint("needed >= 0 AND filled >= needed", name="filled"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sitting: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    at: Mapped[datetime]
    needed: Mapped[int]
    filled: Mapped[int]


class PaperStatement(AppendOnly):
    """The learner states, dated, that a piece that is never stored was done on paper."""

    __tablename__ = "paper_statements"

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    stated_at: Mapped[datetime]
    wording_digest: Mapped[str]
    """SHA-256 of the sentence that the learner agreed to."""


# ── Hand-ins and reviews ─────────────────────────────────────────────────────────────────────────


class Submission(AppendOnly):
    """A text was handed in. Its words may go; that it was handed in, and how long it was, stays."""

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(["enrollment_id", "author_id"], ["enrollments.id", "enrollments.user_id"]),
        UniqueConstraint("enrollment_id", "key", "number", "author_id"),
        CheckConstraint("words >= 0", name="words"),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    at: Mapped[datetime]
    words: Mapped[int]
    text_digest: Mapped[str]
    """SHA-256 of salt and words; the salt is erased with the words, so that nobody can guess them."""


class SubmissionText(Record):
    __tablename__ = "submission_texts"
    __table_args__ = (points_at("submissions", ATTEMPT),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[str]


class Review(AppendOnly):
    """A verdict on a hand-in, never by its author."""

    __tablename__ = "reviews"
    __table_args__ = (
        points_at("submissions", (*ATTEMPT, "author_id")),
        CheckConstraint("reviewer_id <> author_id", name="never_oneself"),
        one_of("reviewer_kind", ("facilitator", "organization", "peer")),
        one_of("verdict", ("not_yet", "meets", "strong")),
        Index("ix_reviews_reviewer_id", "reviewer_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    review: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reviewer_kind: Mapped[str]
    verdict: Mapped[str]
    at: Mapped[datetime]


class ReviewCriterion(AppendOnly):
    """The verdict on one row of the rubric."""

    __tablename__ = "review_criteria"
    __table_args__ = (
        points_at("reviews", REVIEW),
        one_of("verdict", ("not_yet", "meets", "strong")),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    review: Mapped[int] = mapped_column(primary_key=True)
    criterion: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str]


class ReviewComment(Record):
    __tablename__ = "review_comments"
    __table_args__ = (points_at("reviews", REVIEW),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    review: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]


class ReviewClaim(Record):
    """Who reads a hand-in now: one at a time, taken over by UPDATE … WHERE until < now."""

    __tablename__ = "review_claims"
    __table_args__ = (points_at("submissions", ATTEMPT),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    until: Mapped[datetime]


class PeerInvitation(Record):
    """A link by which the author asks one peer of the same course to review."""

    __tablename__ = "peer_invitations"
    __table_args__ = (points_at("submissions", ATTEMPT),)

    token_digest: Mapped[str] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int]
    key: Mapped[str]
    number: Mapped[int]
    invited_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime]


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────


class Draft(Record):
    """Words not handed in yet. Saved by UPDATE … WHERE revision = the one I read; no row: it was stale."""

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint("revision > 0", name="revision"),)

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sitting: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]
    body: Mapped[str]
    saved_at: Mapped[datetime]


class DraftConflict(Record):
    """A text that came from a stale page, kept beside the draft until its author has chosen."""

    __tablename__ = "draft_conflicts"
    __table_args__ = (points_at("drafts", SHEET),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sitting: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    base_revision: Mapped[int]
    body: Mapped[str]
    saved_at: Mapped[datetime]
