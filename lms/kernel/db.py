"""The database: one base for every table, moments in UTC, and how a write begins on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast, dataclass_transform

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from lms.kernel.turns import write_turn

BUSY_TIMEOUT_MS = 10_000
"""Only for writers outside `transaction()` (a backup, a shell): ours wait in line instead."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is refused when written."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite's text is read in one step: settling and the audit read moments by the million."""
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)


NO_ZONE = len("2026-03-02 15:00:00.000000")


def _from_text(text: str | None) -> datetime | None:
    if text is None:
        return None
    if len(text) == NO_ZONE:
        return datetime.fromisoformat(text + "+00:00")
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


CONSTRAINT_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    # A registry of its own: Flask-SQLAlchemy copies this class and refuses a copied type_annotation_map.
    registry = registry(
        metadata=sa.MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={datetime: UTCDateTime(), str: sa.Text()},
    )


db = SQLAlchemy(model_class=Base)


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(mapped_column,))
class Record(MappedAsDataclass, Base, kw_only=True, eq=False):
    """A row. Made with keywords; two rows are the same when they are the same object."""

    __abstract__ = True


class AppendOnly(Record):
    """A row that is written once: triggers refuse UPDATE and DELETE (`append_only.py`)."""

    __abstract__ = True


def table(model: type[Record]) -> sa.Table:
    """A model's table, for statements made once and run often: without the ORM they cost a third."""
    return cast(sa.Table, model.__table__)


def partial(condition: str) -> dict[str, Any]:
    """The condition of a partial index, spelled for both databases (migrations do not compare it)."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def one_of(column: str, values: tuple[str, ...], name: str | None = None) -> sa.CheckConstraint:
    """A named check: the column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=name or column)


def database_url(text: str) -> str:
    """The address as SQLAlchemy needs it: `postgres://` and `postgresql://` mean the psycopg driver."""
    for scheme in ("postgres://", "postgresql://"):
        if text.startswith(scheme):
            return "postgresql+psycopg://" + text.removeprefix(scheme)
    return text


def engine_options(url: str) -> dict[str, Any]:
    """What Flask-SQLAlchemy passes to `create_engine` for this address."""
    if url.startswith("postgresql"):
        # A settle reads after it has waited for its lock, so each statement must see what is committed.
        return {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}
    return {}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: Any) -> None:
    session.info["flushed"] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget_flush(session: Session) -> None:
    session.info["flushed"] = False


@contextmanager
def transaction(session: Session | None = None) -> Iterator[Session]:
    """One action's writes: committed together at the end, or not at all.

    Without `session`, that of the application context. What the session has read before belongs to an
    ended transaction: nothing read outside is current inside. On SQLite writers stand in line (a deferred
    transaction that reads and then writes fails at once when another wrote in between). Does not nest.
    """
    session = db.session() if session is None else session
    if session.info.get("writing"):
        raise RuntimeError("a transaction is open already")
    if session.info.get("flushed") or session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before the transaction began")
    session.rollback()
    with write_turn(session.get_bind()):
        session.info["writing"] = True
        try:
            session.connection(execution_options={"writing": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False
