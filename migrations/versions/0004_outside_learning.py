"""Learning from elsewhere that people add to their transcripts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.kernel.db import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_learning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("units_hundredths", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("started_on <= ended_on", name=op.f("ck_outside_learning_dates")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_outside_learning_minutes")),
        sa.CheckConstraint("units_hundredths >= 0", name=op.f("ck_outside_learning_units")),
        sa.CheckConstraint(
            "(rule_key = '') = (units_hundredths = 0)", name=op.f("ck_outside_learning_units_have_a_name")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outside_learning_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_learning")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outside_learning_public_id")),
    )
    op.create_index(op.f("ix_outside_learning_user_id"), "outside_learning", ["user_id"])


def downgrade() -> None:
    op.drop_table("outside_learning")
