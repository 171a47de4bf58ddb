"""The shape of a database as it really is, to compare what migrations made with what the models say."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def shape(connection: Connection) -> dict[str, Any]:
    """Columns, keys, checks, indexes with their conditions, triggers: by table, in no order."""
    inspector = sa.inspect(connection)
    triggers = _triggers(connection)
    found = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], str(column["default"]))
                for column in inspector.get_columns(table)
            },
            "primary": tuple(inspector.get_pk_constraint(table)["constrained_columns"]),
            "foreign": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(
                (str(unique["name"]), unique["column_names"])
                for unique in inspector.get_unique_constraints(table)
            ),
            "checks": sorted(
                (str(check["name"]), _words(check["sqltext"]))
                for check in inspector.get_check_constraints(table)
            ),
            "indexes": sorted(
                (str(index["name"]), index["column_names"], bool(index["unique"]), partial(index))
                for index in inspector.get_indexes(table)
            ),
            "triggers": triggers.get(table, []),
        }
    return found


def partial(index: Any) -> str:
    """The condition of a partial index; '' when it has none."""
    options = index.get("dialect_options", {})
    return _words(options.get("sqlite_where", options.get("postgresql_where", "")))


def _words(sql: object) -> str:
    return " ".join(str(sql).split())


def _triggers(connection: Connection) -> dict[str, list[str]]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    else:
        rows = connection.exec_driver_sql(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        )
    found: dict[str, list[str]] = {}
    for table, text in rows:
        found.setdefault(table, []).append(_words(text))
    return {table: sorted(texts) for table, texts in found.items()}
