"""Where a database stands in relation to this release's migrations, and bringing it there.

Alembic is imported only to migrate: a start that finds the database current reads the steps' names from
their files, at a hundredth of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from lms.kernel.db import Base

DIRECTORY = Path(__file__).resolve().parents[2] / "migrations"
VERSION_TABLE = "alembic_version"
_STEP = re.compile(r"""^(revision|down_revision)\b.*?=\s*(?:["']([^"']+)["']|None)\s*$""", re.MULTILINE)
State = Literal["empty", "current", "behind", "newer", "half_migrated", "foreign"]


def check_database(engine: Engine) -> State:
    """Whether this release can serve the database.

    empty: no tables · behind: an older release's · newer: at a step that this release does not know ·
    half_migrated: no step, several, leftovers of one, or tables missing at the last · foreign: other tables,
    none of ours.
    """
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if tables <= {VERSION_TABLE} and not (tables and _steps(connection)):
            return "empty"
        if VERSION_TABLE not in tables:
            return "half_migrated" if tables & set(Base.metadata.tables) else "foreign"
        at = _steps(connection)
    if len(at) != 1 or any(name.startswith("_alembic_tmp") for name in tables):
        return "half_migrated"
    before = steps_of_this_release()
    if at[0] not in before:
        return "newer"
    if at[0] in before.values():
        return "behind"
    return "current" if set(Base.metadata.tables) <= tables else "half_migrated"


def steps_of_this_release() -> dict[str, str | None]:
    """Each step of `migrations/versions` and the one before it; the newest is before none."""
    named = [
        {name: value or None for name, value in _STEP.findall(path.read_text(encoding="utf-8"))}
        for path in (DIRECTORY / "versions").glob("*.py")
    ]
    return {str(names["revision"]): names["down_revision"] for names in named}


def _steps(connection: Connection) -> list[str]:
    return list(connection.scalars(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE))))


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database forward, every step in one transaction: a stop on the way leaves it as it was."""
    from alembic import command

    _migrate(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str) -> None:
    """Take steps back, down to revision `to` (`base`: to nothing), in one transaction."""
    from alembic import command

    _migrate(engine, lambda config: command.downgrade(config, to))


def _migrate(engine: Engine, run: Callable[[Any], None]) -> None:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(DIRECTORY).replace("%", "%%"))
    with engine.connect().execution_options(writing=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, False)
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                run(config)
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise RuntimeError("a migration left rows that point at nothing")
        finally:
            if sqlite:
                _foreign_keys(connection, True)


def _foreign_keys(connection: Connection, on: bool) -> None:
    """SQLite changes a table by making it anew; dropping the old one would count as deleting its rows.

    The pragma is without effect inside a transaction, hence on the driver's own connection.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
