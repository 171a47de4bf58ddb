"""Headings that awarding bodies choose, and the digests of printed certificates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.kernel.append_only import protect
from lms.kernel.db import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_choices",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("course_key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_category_choices_minutes")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["awarding_bodies.id"], name=op.f("fk_category_choices_body_id")
        ),
        sa.PrimaryKeyConstraint(
            "body_id", "rule_key", "course_key", "code", "from_on", name=op.f("pk_category_choices")
        ),
    )
    op.create_table(
        "certificate_files",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id", "sequence"],
            ["certificates.enrollment_id", "certificates.sequence"],
            name=op.f("fk_certificate_files_enrollment_id_sequence"),
        ),
        sa.PrimaryKeyConstraint(
            "enrollment_id", "sequence", "release", "said", name=op.f("pk_certificate_files")
        ),
    )
    for name in ("category_choices", "certificate_files"):
        protect(op.get_bind(), name)


def downgrade() -> None:
    op.drop_table("certificate_files")
    op.drop_table("category_choices")
