"""Registrations and assignments of one day follow one another, so that an ended one can begin anew"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.kernel.append_only import lift, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEYS = {
    "registrations": ["body_id", "jurisdiction", "valid_from"],
    "awarding_body_assignments": ["scope_kind", "scope_id", "from_on"],
}


def upgrade() -> None:
    for table, key in KEYS.items():
        lift(op.get_bind(), table)
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("entry", sa.Integer(), nullable=False, server_default="1"))
            batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch.create_primary_key(op.f(f"pk_{table}"), [*key, "entry"])
        with op.batch_alter_table(table) as batch:
            batch.alter_column("entry", server_default=None)
        protect(op.get_bind(), table)


def downgrade() -> None:
    for table, key in KEYS.items():
        lift(op.get_bind(), table)
        same = " AND ".join(f"later.{column} = {table}.{column}" for column in key)
        op.execute(  # of one day the last one counts
            f"DELETE FROM {table} WHERE EXISTS "  # noqa: S608
            f"(SELECT 1 FROM {table} AS later WHERE {same} AND later.entry > {table}.entry)"
        )
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch.create_primary_key(op.f(f"pk_{table}"), key)
            batch.drop_column("entry")
        protect(op.get_bind(), table)
