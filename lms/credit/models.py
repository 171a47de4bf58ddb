"""Cycles, awarding bodies, rule sets, the ledger, certificates.

What is credited is never changed: a correction is a new entry, and a certificate a frozen row. That a key
is live once at most for a person in a cycle is a matter of constraints here, not of the code that writes.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import AppendOnly, Record, one_of, partial
from lms.kernel.keys import public_id


class CreditCycle(Record):
    """A person's credit period. Cycles adjoin, so they cannot overlap: each starts where one ended."""

    __tablename__ = "credit_cycles"
    __table_args__ = (
        UniqueConstraint("user_id", "ends_on"),
        UniqueConstraint("user_id", "follows_on"),
        ForeignKeyConstraint(["user_id", "follows_on"], ["credit_cycles.user_id", "credit_cycles.ends_on"]),
        CheckConstraint("starts_on < ends_on", name="dates"),
        CheckConstraint(
            "(number = 1 AND follows_on IS NULL) OR "
            "(number > 1 AND follows_on IS NOT NULL AND follows_on = starts_on)",
            name="adjoins",
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The first day that is outside."""
    follows_on: Mapped[date | None] = mapped_column(default=None)


class OutsideLearning(Record):
    """Learning from elsewhere that a person added to her own transcript. Nobody here has checked it."""

    __tablename__ = "outside_learning"
    __table_args__ = (
        CheckConstraint("started_on <= ended_on", name="dates"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("units_hundredths >= 0", name="units"),
        CheckConstraint("(rule_key = '') = (units_hundredths = 0)", name="units_have_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[str] = mapped_column(unique=True, default_factory=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    provider: Mapped[str]
    topic: Mapped[str]
    activity: Mapped[str]
    """The type of activity, in the person's words."""
    started_on: Mapped[date]
    ended_on: Mapped[date]
    minutes: Mapped[int]
    rule_key: Mapped[str] = mapped_column(default="")
    """Of which rule set the units are; '' for contact time alone."""
    units_hundredths: Mapped[int] = mapped_column(default=0)
    category: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class AwardingBody(Record):
    """Who signs: a district, a collaborative, a registered provider, a state department."""

    __tablename__ = "awarding_bodies"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str]
    """As registered."""
    type: Mapped[str]
    """A word of the rule sets' `awarding_body_types`."""
    jurisdictions: Mapped[list[str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    signatory_name: Mapped[str] = mapped_column(default="")
    signatory_title: Mapped[str] = mapped_column(default="")


class Registration(AppendOnly):
    """A body's registration in a jurisdiction. On any day the row that began last counts, of one day that
    with the highest `entry`; an early end is a new row whose term is empty."""

    __tablename__ = "registrations"

    body_id: Mapped[int] = mapped_column(ForeignKey("awarding_bodies.id"), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, default=1)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    """The last day on which it is valid."""
    number: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")


class AwardingBodyAssignment(AppendOnly):
    """Who signs for whom, from a day on. The nearest scope wins, in it the row that began last, of one day
    that with the highest `entry`; an early end is a new row whose term is empty."""

    __tablename__ = "awarding_body_assignments"
    __table_args__ = (
        one_of("scope_kind", ("cohort", "organization", "site")),
        CheckConstraint("(scope_kind = 'site') = (scope_id = 0)", name="site"),
    )

    scope_kind: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, default=1)
    to_on: Mapped[date | None] = mapped_column(default=None)
    """The last day."""
    body_id: Mapped[int] = mapped_column(ForeignKey("awarding_bodies.id"))


class CategoryChoice(AppendOnly):
    """Under which heading of a rule set a body counts a course, from a day on. The last row wins."""

    __tablename__ = "category_choices"
    __table_args__ = (CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),)

    body_id: Mapped[int] = mapped_column(ForeignKey("awarding_bodies.id"), primary_key=True)
    rule_key: Mapped[str] = mapped_column(primary_key=True)
    course_key: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int | None] = mapped_column(default=None)
    """How many minutes count under it too; None for a heading that takes the whole."""


class CertificateFile(AppendOnly):
    """The bytes that a release printed of a certificate: the same words must give them again."""

    __tablename__ = "certificate_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["enrollment_id", "sequence"], ["certificates.enrollment_id", "certificates.sequence"]
        ),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column(primary_key=True)
    """Of the site and of the typesetter."""
    said: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of all that was to be printed: another state or address is another file."""
    digest: Mapped[str]
    """SHA-256 of the file."""
    at: Mapped[datetime]


class RuleSetRow(AppendOnly):
    """A rule set as a start of the site first saw it; its file may not change after that."""

    __tablename__ = "rule_sets"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None] = mapped_column(default=None)
    data: Mapped[str]
    """Canonical JSON, as text."""
    digest: Mapped[str]


class LedgerPosting(AppendOnly):
    """One change of one enrollment's ledger: when, who, why."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        ForeignKeyConstraint(["enrollment_id", "user_id"], ["enrollments.id", "enrollments.user_id"]),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    reason: Mapped[str]
    digest: Mapped[str]
    """SHA-256 over its entries."""


class LedgerEntry(AppendOnly):
    """One credit key, credited (odd sequence) or taken back (even)."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("user_id", "cycle", "credit_key", "sequence", name="uq_ledger_entries_paid_once"),
        UniqueConstraint(
            "enrollment_id", "user_id", "cycle", "credit_key", "sequence", "minutes",
            name="uq_ledger_entries_reversible",
        ),
        ForeignKeyConstraint(
            ["enrollment_id", "posting"], ["ledger_postings.enrollment_id", "ledger_postings.number"]
        ),
        ForeignKeyConstraint(["enrollment_id", "user_id"], ["enrollments.id", "enrollments.user_id"]),
        ForeignKeyConstraint(["user_id", "cycle"], ["credit_cycles.user_id", "credit_cycles.number"]),
        ForeignKeyConstraint(
            ["user_id", "cycle", "credit_key", "follows"],
            [f"ledger_entries.{column}" for column in ("user_id", "cycle", "credit_key", "sequence")],
            name="fk_ledger_entries_follows",
        ),
        ForeignKeyConstraint(
            ["enrollment_id", "user_id", "cycle", "credit_key", "reverses", "minutes"],
            [
                f"ledger_entries.{column}"
                for column in ("enrollment_id", "user_id", "cycle", "credit_key", "sequence", "minutes")
            ],
            name="fk_ledger_entries_reverses",
        ),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("sequence > 0", name="sequence"),
        CheckConstraint(
            "(effect = 1 AND sequence % 2 = 1) OR (effect = -1 AND sequence % 2 = 0)", name="effect"
        ),
        CheckConstraint("(effect = -1) = (reverses IS NOT NULL)", name="reverses_something"),
        CheckConstraint("reverses = sequence - 1", name="reverses_the_one_before"),
        CheckConstraint("(effect = 1 AND sequence > 1) = (follows IS NOT NULL)", name="follows_something"),
        CheckConstraint("follows = sequence - 1", name="follows_the_one_before"),
        one_of("kind", ("live", "make_up", "self_paced", "assessment", "product")),
    )  # fmt: skip

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    posting: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    cycle: Mapped[int]
    credit_key: Mapped[str]
    """`course_key/key` of what it stands for: the session's key for its make-up as well."""
    sequence: Mapped[int]
    effect: Mapped[int]
    minutes: Mapped[int]
    reverses: Mapped[int | None] = mapped_column(default=None)
    follows: Mapped[int | None] = mapped_column(default=None)
    source_key: Mapped[str]
    """What was done."""
    kind: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    """The version in which it was done."""
    earned_on: Mapped[date]
    topic: Mapped[str]
    fact: Mapped[str]
    """The row it rests on: table and key, `quiz_attempts:7:cc-q1:2`."""


class Certificate(AppendOnly):
    """A frozen statement that stands on all postings of its enrollment up to `through_posting`."""

    __tablename__ = "certificates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["enrollment_id", "through_posting"], ["ledger_postings.enrollment_id", "ledger_postings.number"]
        ),
        ForeignKeyConstraint(
            ["enrollment_id", "replaces"], ["certificates.enrollment_id", "certificates.sequence"]
        ),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint(
            "(sequence = 1 AND replaces IS NULL) OR "
            "(sequence > 1 AND replaces IS NOT NULL AND replaces = sequence - 1)",
            name="replaces",
        ),
    )

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True, default=0)
    """The school or district of the person at issue (0: none), whose coordinators may see the record."""
    completed_on: Mapped[date]
    """As frozen, for filters and order."""
    through_posting: Mapped[int]
    minutes: Mapped[int]
    first_award_on: Mapped[date]
    issued_at: Mapped[datetime]
    replaces: Mapped[int | None] = mapped_column(default=None)
    frozen: Mapped[str]
    """Canonical JSON, as text: its bytes are the digest's."""
    digest: Mapped[str]


class CertificateEvent(AppendOnly):
    """What happened to a certificate. It ends once at most: corrected or revoked."""

    __tablename__ = "certificate_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["enrollment_id", "sequence"], ["certificates.enrollment_id", "certificates.sequence"]
        ),
        Index(
            "uq_certificate_events_one_end", "enrollment_id", "sequence", unique=True,
            **partial("kind IN ('corrected', 'revoked')"),
        ),
        one_of("kind", ("issued", "corrected", "expired", "revoked")),
    )  # fmt: skip

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    reason: Mapped[str]
    at: Mapped[datetime]


class Award(AppendOnly):
    """What one rule set made of a certificate's minutes; units are hundredths, 0 when a gate failed."""

    __tablename__ = "awards"
    __table_args__ = (
        ForeignKeyConstraint(
            ["enrollment_id", "certificate_sequence"], ["certificates.enrollment_id", "certificates.sequence"]
        ),
        ForeignKeyConstraint(["rule_key", "rule_version"], ["rule_sets.key", "rule_sets.version"]),
        CheckConstraint("units_hundredths >= 0", name="units"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True)
    certificate_sequence: Mapped[int] = mapped_column(primary_key=True)
    rule_key: Mapped[str] = mapped_column(primary_key=True)
    rule_version: Mapped[int]
    minutes: Mapped[int]
    units_hundredths: Mapped[int]
    met_on: Mapped[date]
    gates: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("awarding_bodies.id"), default=None)
    registration: Mapped[str | None] = mapped_column(default=None)
