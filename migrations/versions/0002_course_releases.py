"""When each version of a course was published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.kernel.append_only import protect
from lms.kernel.db import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_releases",
        sa.Column("course_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("release_class", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_course_releases_number")),
        sa.CheckConstraint(
            "release_class IN ('editorial', 'minor', 'substantive')",
            name=op.f("ck_course_releases_release_class"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_course_releases_actor_id")),
        sa.ForeignKeyConstraint(
            ["version_id", "course_key"],
            ["course_versions.id", "course_versions.course_key"],
            name=op.f("fk_course_releases_version_id_course_key"),
        ),
        sa.PrimaryKeyConstraint("course_key", "number", name=op.f("pk_course_releases")),
    )
    # What people were ever offered: they are pinned to it, or it is offered now.
    op.execute(
        """
        INSERT INTO course_releases (course_key, number, version_id, release_class, note, at)
        SELECT v.course_key,
               ROW_NUMBER() OVER (
                 PARTITION BY v.course_key ORDER BY (v.id = c.current_version_id), v.number
               ),
               v.id, v.release_class, '', v.imported_at
        FROM course_versions v JOIN courses c ON c.key = v.course_key
        WHERE v.id = c.current_version_id
           OR v.id IN (SELECT version_id FROM enrollments)
           OR v.id IN (SELECT version_id FROM cohorts)
           OR v.id IN (SELECT from_version_id FROM enrollment_moves)
        """
    )
    protect(op.get_bind(), "course_releases")


def downgrade() -> None:
    op.drop_table("course_releases")
