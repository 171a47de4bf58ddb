"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.kernel.append_only import protect
from lms.kernel.db import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_chains",
    "audit_checkpoints",
    "audit_events",
    "awarding_bodies",
    "organizations",
    "rule_sets",
    "sign_in_failures",
    "users",
    "affiliations",
    "audit_details",
    "awarding_body_assignments",
    "course_versions",
    "credit_cycles",
    "kept_posts",
    "licenses",
    "one_use_links",
    "registrations",
    "role_grants",
    "courses",
    "cohorts",
    "cohort_sessions",
    "enrollments",
    "invitations",
    "activity_attempts",
    "attendance_entries",
    "cohort_members",
    "completion_snapshots",
    "drafts",
    "enrollment_moves",
    "ledger_postings",
    "lesson_progress",
    "paper_statements",
    "quiz_attempts",
    "submissions",
    "worksheet_completions",
    "worksheet_entries",
    "answers",
    "certificates",
    "draft_conflicts",
    "ledger_entries",
    "peer_invitations",
    "review_claims",
    "reviews",
    "submission_texts",
    "worksheet_texts",
    "awards",
    "certificate_events",
    "review_comments",
    "review_criteria",
)
"""In the order in which they are made."""
APPEND_ONLY = (
    "activity_attempts",
    "attendance_entries",
    "audit_checkpoints",
    "audit_events",
    "awarding_body_assignments",
    "awards",
    "certificate_events",
    "certificates",
    "course_versions",
    "enrollment_moves",
    "ledger_entries",
    "ledger_postings",
    "paper_statements",
    "quiz_attempts",
    "registrations",
    "review_criteria",
    "reviews",
    "rule_sets",
    "submissions",
    "worksheet_completions",
    "worksheet_entries",
)


def upgrade() -> None:
    op.create_table(
        "audit_chains",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("stream IN ('credit', 'access')", name=op.f("ck_audit_chains_stream")),
        sa.PrimaryKeyConstraint("organization_id", "stream", name=op.f("pk_audit_chains")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "stream", "sequence", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_events",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("stream IN ('credit', 'access')", name=op.f("ck_audit_events_stream")),
        sa.PrimaryKeyConstraint("organization_id", "stream", "sequence", name=op.f("pk_audit_events")),
    )
    op.create_table(
        "awarding_bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("jurisdictions", sa.JSON(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("signatory_name", sa.Text(), nullable=False),
        sa.Column("signatory_title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awarding_bodies")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("mail_domains", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'school') = (parent_id is not null)", name=op.f("ck_organizations_school_has_district")
        ),
        sa.CheckConstraint("(kind = 'site') = (id = 0)", name=op.f("ck_organizations_one_site")),
        sa.CheckConstraint("kind IN ('site', 'district', 'school')", name=op.f("ck_organizations_kind")),
        sa.ForeignKeyConstraint(["parent_id"], ["organizations.id"], name=op.f("fk_organizations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("kind", "parent_id", "name", name="uq_organizations_name"),
        sa.UniqueConstraint("public_id", name=op.f("uq_organizations_public_id")),
    )
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.create_index("ix_organizations_parent_id", ["parent_id"], unique=False)

    op.create_table(
        "rule_sets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_rule_sets")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_digest", sa.Text(), nullable=False),
        sa.Column("address_digest", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_account", ["account_digest", "at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_address", ["address_digest", "at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_at", ["at"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("mail_confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "job IN ('teacher', 'paraprofessional', 'administrator', 'support staff')",
            name=op.f("ck_users_job"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
    )
    op.create_table(
        "affiliations",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ended') = (to_on is not null)", name=op.f("ck_affiliations_ended_has_date")
        ),
        sa.CheckConstraint(
            "basis IN ('stated', 'invitation', 'join_code', 'mail_domain', 'coordinator')",
            name=op.f("ck_affiliations_basis"),
        ),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'confirmed', 'ended')", name=op.f("ck_affiliations_state")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_affiliations_confirmed_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_affiliations_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_affiliations_user_id")),
        sa.PrimaryKeyConstraint("user_id", "organization_id", "sequence", name=op.f("pk_affiliations")),
    )
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.create_index("ix_affiliations_organization_id", ["organization_id", "state"], unique=False)
        batch_op.create_index(
            "uq_affiliations_confirmed",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state = 'confirmed'"),
            postgresql_where=sa.text("state = 'confirmed'"),
        )
        batch_op.create_index(
            "uq_affiliations_unconfirmed",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state = 'unconfirmed'"),
            postgresql_where=sa.text("state = 'unconfirmed'"),
        )

    op.create_table(
        "audit_details",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "stream", "sequence"],
            ["audit_events.organization_id", "audit_events.stream", "audit_events.sequence"],
            name=op.f("fk_audit_details_organization_id_stream_sequence"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "stream", "sequence", name=op.f("pk_audit_details")),
    )
    op.create_table(
        "awarding_body_assignments",
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(scope_kind = 'site') = (scope_id = 0)", name=op.f("ck_awarding_body_assignments_site")
        ),
        sa.CheckConstraint(
            "scope_kind IN ('cohort', 'organization', 'site')",
            name=op.f("ck_awarding_body_assignments_scope_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["awarding_bodies.id"], name=op.f("fk_awarding_body_assignments_body_id")
        ),
        sa.PrimaryKeyConstraint(
            "scope_kind", "scope_id", "from_on", name=op.f("pk_awarding_body_assignments")
        ),
    )
    op.create_table(
        "course_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("release_class", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("sources", sa.LargeBinary(), nullable=False),
        sa.Column("compiled", sa.Text(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "release_class IN ('editorial', 'minor', 'substantive')",
            name=op.f("ck_course_versions_release_class"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_course_versions_number")),
        sa.ForeignKeyConstraint(["imported_by"], ["users.id"], name=op.f("fk_course_versions_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_versions")),
        sa.UniqueConstraint("course_key", "digest", name=op.f("uq_course_versions_course_key_digest")),
        sa.UniqueConstraint("course_key", "number", name=op.f("uq_course_versions_course_key_number")),
        sa.UniqueConstraint("id", "course_key", name=op.f("uq_course_versions_id_course_key")),
    )
    op.create_table(
        "credit_cycles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("follows_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(number = 1 AND follows_on IS NULL) OR (number > 1 AND follows_on IS NOT NULL AND follows_on = starts_on)",
            name=op.f("ck_credit_cycles_adjoins"),
        ),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_credit_cycles_dates")),
        sa.ForeignKeyConstraint(
            ["user_id", "follows_on"],
            ["credit_cycles.user_id", "credit_cycles.ends_on"],
            name=op.f("fk_credit_cycles_user_id_follows_on"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_credit_cycles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_credit_cycles")),
        sa.UniqueConstraint("user_id", "ends_on", name=op.f("uq_credit_cycles_user_id_ends_on")),
        sa.UniqueConstraint("user_id", "follows_on", name=op.f("uq_credit_cycles_user_id_follows_on")),
    )
    op.create_table(
        "kept_posts",
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_kept_posts_user_id")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_kept_posts")),
    )
    with op.batch_alter_table("kept_posts", schema=None) as batch_op:
        batch_op.create_index("ix_kept_posts_user_id", ["user_id"], unique=False)

    op.create_table(
        "licenses",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("stated_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_licenses_user_id")),
        sa.PrimaryKeyConstraint("user_id", "jurisdiction", "number", name=op.f("pk_licenses")),
    )
    op.create_table(
        "one_use_links",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("purpose IN ('password', 'mail_address')", name=op.f("ck_one_use_links_purpose")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_one_use_links_created_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_use_links_user_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_one_use_links")),
    )
    with op.batch_alter_table("one_use_links", schema=None) as batch_op:
        batch_op.create_index("ix_one_use_links_user_id", ["user_id"], unique=False)

    op.create_table(
        "registrations",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["awarding_bodies.id"], name=op.f("fk_registrations_body_id")),
        sa.PrimaryKeyConstraint("body_id", "jurisdiction", "valid_from", name=op.f("pk_registrations")),
    )
    op.create_table(
        "role_grants",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", UTCDateTime(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(scope_kind = 'site') = (scope_id = 0)", name=op.f("ck_role_grants_site_scope")),
        sa.CheckConstraint(
            "role <> 'facilitator' or scope_kind = 'cohort'", name=op.f("ck_role_grants_cohort_role")
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'author', 'coordinator', 'reviewer', 'facilitator')",
            name=op.f("ck_role_grants_role"),
        ),
        sa.CheckConstraint(
            "role not in ('admin', 'author') or scope_kind = 'site'", name=op.f("ck_role_grants_site_role")
        ),
        sa.CheckConstraint(
            "scope_kind IN ('site', 'organization', 'cohort')", name=op.f("ck_role_grants_scope_kind")
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["users.id"], name=op.f("fk_role_grants_granted_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_role_grants_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", "scope_kind", "scope_id", name=op.f("pk_role_grants")),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index("ix_role_grants_scope", ["scope_kind", "scope_id"], unique=False)

    op.create_table(
        "courses",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["current_version_id"], ["course_versions.id"], name=op.f("fk_courses_current_version_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_courses")),
    )
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("join_code", sa.Text(), nullable=True),
        sa.Column("required_minutes", sa.Integer(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_cohorts_dates")),
        sa.CheckConstraint(
            "required_minutes IS NULL OR required_minutes > 0", name=op.f("ck_cohorts_required_minutes")
        ),
        sa.ForeignKeyConstraint(["course_key"], ["courses.key"], name=op.f("fk_cohorts_course_key")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_cohorts_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "course_key"],
            ["course_versions.id", "course_versions.course_key"],
            name=op.f("fk_cohorts_version_id_course_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
        sa.UniqueConstraint("join_code", name=op.f("uq_cohorts_join_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cohorts_public_id")),
    )
    with op.batch_alter_table("cohorts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohorts_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "cohort_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("session_key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("scheduled_minutes", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "break_minutes >= 0 AND scheduled_minutes > break_minutes",
            name=op.f("ck_cohort_sessions_minutes"),
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_cohort_sessions_cohort_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_cohort_sessions_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_sessions")),
        sa.UniqueConstraint(
            "cohort_id", "session_key", name=op.f("uq_cohort_sessions_cohort_id_session_key")
        ),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("enrolled_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state <> 'left' OR left_at IS NOT NULL", name=op.f("ck_enrollments_left_at")),
        sa.CheckConstraint("state IN ('active', 'completed', 'left')", name=op.f("ck_enrollments_state")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_enrollments_cohort_id")),
        sa.ForeignKeyConstraint(["course_key"], ["courses.key"], name=op.f("fk_enrollments_course_key")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_enrollments_user_id")),
        sa.ForeignKeyConstraint(
            ["version_id", "course_key"],
            ["course_versions.id", "course_versions.course_key"],
            name=op.f("fk_enrollments_version_id_course_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("id", "user_id", name=op.f("uq_enrollments_id_user_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrollments_public_id")),
    )
    with op.batch_alter_table("enrollments", schema=None) as batch_op:
        batch_op.create_index("ix_enrollments_cohort_id", ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrollments_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_enrollments_active",
            ["user_id", "course_key"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("course_key", sa.Text(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "cohort_id is null or course_key is not null", name=op.f("ck_invitations_cohort_has_course")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitations_email_lower")),
        sa.ForeignKeyConstraint(["accepted_by"], ["users.id"], name=op.f("fk_invitations_accepted_by")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_invitations_cohort_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_invitations_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitations_public_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitations_token_digest")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index("ix_invitations_email", ["email"], unique=False)
        batch_op.create_index("ix_invitations_organization_id", ["organization_id"], unique=False)

    op.create_table(
        "activity_attempts",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("checked_all", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_activity_attempts_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_activity_attempts_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", name=op.f("pk_activity_attempts")),
    )
    op.create_table(
        "attendance_entries",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("arrived_at", UTCDateTime(), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("scheduled_minutes", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("credited_minutes", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("note_code", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "corrects IS NULL OR (reason IS NOT NULL AND reason <> '')",
            name=op.f("ck_attendance_entries_reason"),
        ),
        sa.CheckConstraint(
            "method IN ('roster', 'sign_in', 'code', 'platform_log')",
            name=op.f("ck_attendance_entries_method"),
        ),
        sa.CheckConstraint(
            "(arrived_at IS NULL) = (left_at IS NULL)", name=op.f("ck_attendance_entries_arrived_and_left")
        ),
        sa.CheckConstraint(
            "(sequence = 1 AND corrects IS NULL) OR (sequence > 1 AND corrects IS NOT NULL AND corrects = sequence - 1)",
            name=op.f("ck_attendance_entries_corrects"),
        ),
        sa.CheckConstraint(
            "arrived_at IS NOT NULL OR credited_minutes = 0",
            name=op.f("ck_attendance_entries_absent_earns_nothing"),
        ),
        sa.CheckConstraint(
            "arrived_at IS NULL OR left_at >= arrived_at",
            name=op.f("ck_attendance_entries_left_after_arrival"),
        ),
        sa.CheckConstraint(
            "break_minutes >= 0 AND credited_minutes >= 0 AND credited_minutes <= scheduled_minutes - break_minutes",
            name=op.f("ck_attendance_entries_credited_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_attendance_entries_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("fk_attendance_entries_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "enrollment_id", "corrects"],
            [
                "attendance_entries.session_id",
                "attendance_entries.enrollment_id",
                "attendance_entries.sequence",
            ],
            name=op.f("fk_attendance_entries_session_id_enrollment_id_corrects"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_sessions.id"], name=op.f("fk_attendance_entries_session_id")
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "enrollment_id", "sequence", name=op.f("pk_attendance_entries")
        ),
    )
    with op.batch_alter_table("attendance_entries", schema=None) as batch_op:
        batch_op.create_index("ix_attendance_entries_enrollment_id", ["enrollment_id"], unique=False)

    op.create_table(
        "cohort_members",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "basis IN ('join_code', 'coordinator', 'facilitator')", name=op.f("ck_cohort_members_basis")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_cohort_members_cohort_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_cohort_members_enrollment_id")
        ),
        sa.PrimaryKeyConstraint("cohort_id", "enrollment_id", name=op.f("pk_cohort_members")),
    )
    with op.batch_alter_table("cohort_members", schema=None) as batch_op:
        batch_op.create_index("ix_cohort_members_enrollment_id", ["enrollment_id"], unique=False)

    op.create_table(
        "completion_snapshots",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("unmet", sa.JSON(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("certificate_current", sa.Boolean(), nullable=True),
        sa.CheckConstraint("done >= 0 AND done <= needed", name=op.f("ck_completion_snapshots_done")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_completion_snapshots_enrollment_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("pk_completion_snapshots")),
    )
    op.create_table(
        "drafts",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sitting", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_drafts_revision")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_drafts_enrollment_id")),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "sitting", "entry", name=op.f("pk_drafts")),
    )
    op.create_table(
        "enrollment_moves",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("from_version_id <> to_version_id", name=op.f("ck_enrollment_moves_versions")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_enrollment_moves_actor_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_enrollment_moves_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["course_versions.id"], name=op.f("fk_enrollment_moves_from_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["course_versions.id"], name=op.f("fk_enrollment_moves_to_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "number", name=op.f("pk_enrollment_moves")),
    )
    op.create_table(
        "ledger_postings",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_ledger_postings_actor_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "user_id"],
            ["enrollments.id", "enrollments.user_id"],
            name=op.f("fk_ledger_postings_enrollment_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "number", name=op.f("pk_ledger_postings")),
    )
    with op.batch_alter_table("ledger_postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_postings_user_id"), ["user_id"], unique=False)

    op.create_table(
        "lesson_progress",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("active_seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("active_seconds >= 0", name=op.f("ck_lesson_progress_active_seconds")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_lesson_progress_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_lesson_progress_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", name=op.f("pk_lesson_progress")),
    )
    op.create_table(
        "paper_statements",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("stated_at", UTCDateTime(), nullable=False),
        sa.Column("wording_digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_paper_statements_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_paper_statements_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", name=op.f("pk_paper_statements")),
    )
    op.create_table(
        "quiz_attempts",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("submit_token", sa.Text(), nullable=False),
        sa.CheckConstraint("points >= 0 AND points <= out_of", name=op.f("ck_quiz_attempts_points")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_quiz_attempts_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_quiz_attempts_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", name=op.f("pk_quiz_attempts")),
        sa.UniqueConstraint("submit_token", name=op.f("uq_quiz_attempts_submit_token")),
    )
    op.create_table(
        "submissions",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.Text(), nullable=False),
        sa.CheckConstraint("words >= 0", name=op.f("ck_submissions_words")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "author_id"],
            ["enrollments.id", "enrollments.user_id"],
            name=op.f("fk_submissions_enrollment_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_submissions_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "enrollment_id",
            "key",
            "number",
            "author_id",
            name=op.f("uq_submissions_enrollment_id_key_number_author_id"),
        ),
    )
    op.create_table(
        "worksheet_completions",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sitting", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.CheckConstraint("needed >= 0 AND filled >= needed", name=op.f("ck_worksheet_completions_filled")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_worksheet_completions_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_worksheet_completions_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "sitting", name=op.f("pk_worksheet_completions")),
    )
    op.create_table(
        "worksheet_entries",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sitting", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.CheckConstraint("filled >= 0", name=op.f("ck_worksheet_entries_filled")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_worksheet_entries_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_worksheet_entries_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "enrollment_id", "key", "sitting", "entry", name=op.f("pk_worksheet_entries")
        ),
    )
    op.create_table(
        "answers",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number"],
            ["quiz_attempts.enrollment_id", "quiz_attempts.key", "quiz_attempts.number"],
            name=op.f("fk_answers_enrollment_id_key_number"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", "question_key", name=op.f("pk_answers")),
    )
    op.create_table(
        "certificates",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("through_posting", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("first_award_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(sequence = 1 AND replaces IS NULL) OR (sequence > 1 AND replaces IS NOT NULL AND replaces = sequence - 1)",
            name=op.f("ck_certificates_replaces"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_certificates_minutes")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "replaces"],
            ["certificates.enrollment_id", "certificates.sequence"],
            name=op.f("fk_certificates_enrollment_id_replaces"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "through_posting"],
            ["ledger_postings.enrollment_id", "ledger_postings.number"],
            name=op.f("fk_certificates_enrollment_id_through_posting"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.id"], name=op.f("fk_certificates_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_certificates_organization_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "sequence", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificates_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "draft_conflicts",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sitting", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "sitting", "entry"],
            ["drafts.enrollment_id", "drafts.key", "drafts.sitting", "drafts.entry"],
            name=op.f("fk_draft_conflicts_enrollment_id_key_sitting_entry"),
        ),
        sa.PrimaryKeyConstraint(
            "enrollment_id", "key", "sitting", "entry", "number", name=op.f("pk_draft_conflicts")
        ),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("posting", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("credit_key", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('live', 'make_up', 'self_paced', 'assessment', 'product')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.CheckConstraint(
            "(effect = -1) = (reverses IS NOT NULL)", name=op.f("ck_ledger_entries_reverses_something")
        ),
        sa.CheckConstraint(
            "(effect = 1 AND sequence % 2 = 1) OR (effect = -1 AND sequence % 2 = 0)",
            name=op.f("ck_ledger_entries_effect"),
        ),
        sa.CheckConstraint(
            "(effect = 1 AND sequence > 1) = (follows IS NOT NULL)",
            name=op.f("ck_ledger_entries_follows_something"),
        ),
        sa.CheckConstraint("follows = sequence - 1", name=op.f("ck_ledger_entries_follows_the_one_before")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_ledger_entries_minutes")),
        sa.CheckConstraint("reverses = sequence - 1", name=op.f("ck_ledger_entries_reverses_the_one_before")),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_ledger_entries_sequence")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "posting"],
            ["ledger_postings.enrollment_id", "ledger_postings.number"],
            name=op.f("fk_ledger_entries_enrollment_id_posting"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "user_id", "cycle", "credit_key", "reverses", "minutes"],
            [
                "ledger_entries.enrollment_id",
                "ledger_entries.user_id",
                "ledger_entries.cycle",
                "ledger_entries.credit_key",
                "ledger_entries.sequence",
                "ledger_entries.minutes",
            ],
            name="fk_ledger_entries_reverses",
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "user_id"],
            ["enrollments.id", "enrollments.user_id"],
            name=op.f("fk_ledger_entries_enrollment_id_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "cycle", "credit_key", "follows"],
            [
                "ledger_entries.user_id",
                "ledger_entries.cycle",
                "ledger_entries.credit_key",
                "ledger_entries.sequence",
            ],
            name="fk_ledger_entries_follows",
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "cycle"],
            ["credit_cycles.user_id", "credit_cycles.number"],
            name=op.f("fk_ledger_entries_user_id_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_ledger_entries_version_id")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "posting", "line", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "enrollment_id",
            "user_id",
            "cycle",
            "credit_key",
            "sequence",
            "minutes",
            name="uq_ledger_entries_reversible",
        ),
        sa.UniqueConstraint("user_id", "cycle", "credit_key", "sequence", name="uq_ledger_entries_paid_once"),
    )
    op.create_table(
        "peer_invitations",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invited_user_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number"],
            ["submissions.enrollment_id", "submissions.key", "submissions.number"],
            name=op.f("fk_peer_invitations_enrollment_id_key_number"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_user_id"], ["users.id"], name=op.f("fk_peer_invitations_invited_user_id")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_peer_invitations")),
    )
    op.create_table(
        "review_claims",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number"],
            ["submissions.enrollment_id", "submissions.key", "submissions.number"],
            name=op.f("fk_review_claims_enrollment_id_key_number"),
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_review_claims_reviewer_id")),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", name=op.f("pk_review_claims")),
    )
    op.create_table(
        "reviews",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "reviewer_kind IN ('facilitator', 'organization', 'peer')", name=op.f("ck_reviews_reviewer_kind")
        ),
        sa.CheckConstraint("verdict IN ('not_yet', 'meets', 'strong')", name=op.f("ck_reviews_verdict")),
        sa.CheckConstraint("reviewer_id <> author_id", name=op.f("ck_reviews_never_oneself")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number", "author_id"],
            ["submissions.enrollment_id", "submissions.key", "submissions.number", "submissions.author_id"],
            name=op.f("fk_reviews_enrollment_id_key_number_author_id"),
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_reviews_reviewer_id")),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", "review", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index("ix_reviews_reviewer_id", ["reviewer_id"], unique=False)

    op.create_table(
        "submission_texts",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number"],
            ["submissions.enrollment_id", "submissions.key", "submissions.number"],
            name=op.f("fk_submission_texts_enrollment_id_key_number"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", name=op.f("pk_submission_texts")),
    )
    op.create_table(
        "worksheet_texts",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sitting", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "sitting", "entry"],
            [
                "worksheet_entries.enrollment_id",
                "worksheet_entries.key",
                "worksheet_entries.sitting",
                "worksheet_entries.entry",
            ],
            name=op.f("fk_worksheet_texts_enrollment_id_key_sitting_entry"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "sitting", "entry", name=op.f("pk_worksheet_texts")),
    )
    op.create_table(
        "awards",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("certificate_sequence", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("units_hundredths", sa.Integer(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("registration", sa.Text(), nullable=True),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_awards_minutes")),
        sa.CheckConstraint("units_hundredths >= 0", name=op.f("ck_awards_units")),
        sa.ForeignKeyConstraint(["body_id"], ["awarding_bodies.id"], name=op.f("fk_awards_body_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "certificate_sequence"],
            ["certificates.enrollment_id", "certificates.sequence"],
            name=op.f("fk_awards_enrollment_id_certificate_sequence"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_key", "rule_version"],
            ["rule_sets.key", "rule_sets.version"],
            name=op.f("fk_awards_rule_key_rule_version"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "certificate_sequence", "rule_key", name=op.f("pk_awards")),
    )
    op.create_table(
        "certificate_events",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('issued', 'corrected', 'expired', 'revoked')", name=op.f("ck_certificate_events_kind")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_certificate_events_actor_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "sequence"],
            ["certificates.enrollment_id", "certificates.sequence"],
            name=op.f("fk_certificate_events_enrollment_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "sequence", "event", name=op.f("pk_certificate_events")),
    )
    with op.batch_alter_table("certificate_events", schema=None) as batch_op:
        batch_op.create_index(
            "uq_certificate_events_one_end",
            ["enrollment_id", "sequence"],
            unique=True,
            sqlite_where=sa.text("kind IN ('corrected', 'revoked')"),
            postgresql_where=sa.text("kind IN ('corrected', 'revoked')"),
        )

    op.create_table(
        "review_comments",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number", "review"],
            ["reviews.enrollment_id", "reviews.key", "reviews.number", "reviews.review"],
            name=op.f("fk_review_comments_enrollment_id_key_number_review"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "key", "number", "review", name=op.f("pk_review_comments")),
    )
    op.create_table(
        "review_criteria",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('not_yet', 'meets', 'strong')", name=op.f("ck_review_criteria_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "key", "number", "review"],
            ["reviews.enrollment_id", "reviews.key", "reviews.number", "reviews.review"],
            name=op.f("fk_review_criteria_enrollment_id_key_number_review"),
        ),
        sa.PrimaryKeyConstraint(
            "enrollment_id", "key", "number", "review", "criterion", name=op.f("pk_review_criteria")
        ),
    )
    for table in APPEND_ONLY:
        protect(op.get_bind(), table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
