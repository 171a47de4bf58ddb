"""Triggers that refuse UPDATE and DELETE on tables that are only added to, on both databases.

Retention lifts them inside its own transaction (`lift`, delete, `protect`): triggers are transactional on
SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, event
from sqlalchemy.engine import Connection

from lms.kernel.db import AppendOnly, Base

# The driver reads a single % as the start of a parameter.
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table %% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def tables() -> tuple[str, ...]:
    """The names of every append-only table whose model is loaded, sorted."""
    mappers = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, AppendOnly)]
    return tuple(sorted(str(mapper.class_.__tablename__) for mapper in mappers))


def protect(connection: Connection, table: str) -> None:
    """Refuse UPDATE and DELETE on the table from now on."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'table {table} is only added to'); END"
            )
    else:
        connection.exec_driver_sql(FUNCTION)
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def lift(connection: Connection, table: str) -> None:
    """Allow changes again, until `protect` in the same transaction."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_change ON {table}")


@event.listens_for(Base.metadata, "after_create")
def _protect_created(target: MetaData, connection: Connection, **kw: Any) -> None:
    created = {table.name for table in kw.get("tables") or ()}
    for name in tables():
        if name in created:
            protect(connection, name)
