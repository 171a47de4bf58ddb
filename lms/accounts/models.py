"""People, the places they work at, and what they may do there.

Every row here is mutable and audited; links and invitations are found by the SHA-256 of their token,
never by the token itself. Moments are UTC; `*_on` is a date in the district's time zone.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.accounts.rules import JOBS
from lms.kernel.db import Record, one_of, partial
from lms.kernel.keys import public_id

SITE_ID = 0
"""The organization that stands for the site itself: people without affiliation, site-wide roles."""


class User(Record):
    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        one_of("job", JOBS),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[str] = mapped_column(unique=True, default_factory=public_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    """As on the license: this is what a certificate prints."""
    job: Mapped[str] = mapped_column(default="teacher")
    time_zone: Mapped[str] = mapped_column(default="America/New_York")
    password_hash: Mapped[str | None] = mapped_column(default=None)
    """None until the person has chosen one through a one-use link."""
    session_number: Mapped[int] = mapped_column(default=1)
    """Part of the sign-in cookie; raising it ends every session of the person."""
    mail_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class Organization(Record):
    __tablename__ = "organizations"
    __table_args__ = (
        one_of("kind", ("site", "district", "school")),
        CheckConstraint("(kind = 'site') = (id = 0)", name="one_site"),
        CheckConstraint("(kind = 'school') = (parent_id is not null)", name="school_has_district"),
        Index("ix_organizations_parent_id", "parent_id"),
        UniqueConstraint("kind", "parent_id", "name", name="uq_organizations_name"),
    )

    id: Mapped[int | None] = mapped_column(primary_key=True, nullable=False, default=None)
    public_id: Mapped[str] = mapped_column(unique=True, default_factory=public_id)
    kind: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), default=None)
    time_zone: Mapped[str] = mapped_column(default="America/New_York")
    mail_domains: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """Lower-case domains whose confirmed addresses belong to the district's staff."""
    created_at: Mapped[datetime]


class RoleGrant(Record):
    """A role in a scope. Taking it away deletes the row; the audit trail keeps both moments."""

    __tablename__ = "role_grants"
    __table_args__ = (
        one_of("role", ("admin", "author", "coordinator", "reviewer", "facilitator")),
        one_of("scope_kind", ("site", "organization", "cohort")),
        CheckConstraint("(scope_kind = 'site') = (scope_id = 0)", name="site_scope"),
        CheckConstraint("role not in ('admin', 'author') or scope_kind = 'site'", name="site_role"),
        CheckConstraint("role <> 'facilitator' or scope_kind = 'cohort'", name="cohort_role"),
        Index("ix_role_grants_scope", "scope_kind", "scope_id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    scope_kind: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    """None: the operator at the command line."""


class Affiliation(Record):
    __tablename__ = "affiliations"
    __table_args__ = (
        one_of("state", ("unconfirmed", "confirmed", "ended")),
        one_of("basis", ("stated", "invitation", "join_code", "mail_domain", "coordinator")),
        CheckConstraint("(state = 'ended') = (to_on is not null)", name="ended_has_date"),
        Index("ix_affiliations_organization_id", "organization_id", "state"),
        Index("uq_affiliations_confirmed", "user_id", unique=True, **partial("state = 'confirmed'")),
        Index("uq_affiliations_unconfirmed", "user_id", unique=True, **partial("state = 'unconfirmed'")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    basis: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(default=None)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)


class License(Record):
    __tablename__ = "licenses"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    """Postal abbreviation of the state."""
    number: Mapped[str] = mapped_column(primary_key=True, default="")
    stated_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    renews_on: Mapped[date | None] = mapped_column(default=None)


class Invitation(Record):
    """An offer to one address: to join an organization and, where given, a course and its cohort."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("cohort_id is null or course_key is not null", name="cohort_has_course"),
        Index("ix_invitations_organization_id", "organization_id"),
        Index("ix_invitations_email", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    public_id: Mapped[str] = mapped_column(unique=True, default_factory=public_id)
    token_digest: Mapped[str] = mapped_column(unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    course_key: Mapped[str | None] = mapped_column(default=None)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), default=None)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class OneUseLink(Record):
    __tablename__ = "one_use_links"
    __table_args__ = (
        one_of("purpose", ("password", "mail_address")),
        Index("ix_one_use_links_user_id", "user_id"),
    )

    token_digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInFailure(Record):
    """One try to sign in, or to look up a certificate number, that did not succeed.

    Both digests are keyed: the table names neither a person nor a place.
    """

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account", "account_digest", "at"),
        Index("ix_sign_in_failures_address", "address_digest", "at"),
        Index("ix_sign_in_failures_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_digest: Mapped[str]
    address_digest: Mapped[str]
    at: Mapped[datetime]


class KeptPost(Record):
    """What somebody sent after the session had ended, until that somebody fetches it."""

    __tablename__ = "kept_posts"
    __table_args__ = (Index("ix_kept_posts_user_id", "user_id"),)

    public_id: Mapped[str] = mapped_column(primary_key=True, default_factory=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    path: Mapped[str]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    """Pairs of name and value, in the order sent."""
    kept_at: Mapped[datetime]
