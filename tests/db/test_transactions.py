"""How a write begins and ends: one commit, no nesting, nothing lost in silence, writers in line."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.kernel.db import UTCDateTime, database_url, db, transaction
from lms.kernel.turns import Line
from tests import builders as b
from tests.db.conftest import Database


def test_an_error_undoes_everything(database: Database) -> None:
    session = database.session
    with pytest.raises(ZeroDivisionError), transaction(session):
        b.person(session)
        raise ZeroDivisionError
    assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_transactions_do_not_nest(database: Database) -> None:
    session = database.session
    with pytest.raises(RuntimeError, match="open already"), transaction(session), transaction(session):
        raise AssertionError
    with transaction(session):  # and the session is usable after that
        b.person(session)


def test_changes_made_before_it_began_are_not_dropped_in_silence(database: Database) -> None:
    session = database.session
    b.person(session)
    with pytest.raises(RuntimeError, match="before the transaction began"), transaction(session):
        raise AssertionError
    session.rollback()
    session.add(User(email="a@example.org", name="A", created_at=b.MONDAY))
    with pytest.raises(RuntimeError, match="before the transaction began"), transaction(session):
        raise AssertionError


def test_what_was_read_before_is_read_again(committed: Engine) -> None:
    with Session(committed) as session, Session(committed) as other:
        with transaction(session):
            user = b.person(session, "Rosa")
        row = session.get_one(User, user)
        assert row.name == "Rosa"
        with transaction(other):
            other.get_one(User, user).name = "Rosa Delgado"
        with transaction(session):
            assert row.name == "Rosa Delgado"


def test_moments_are_aware_and_utc(database: Database) -> None:
    session = database.session
    user = session.get_one(User, b.person(session))
    user.created_at = datetime.fromisoformat("2026-03-08T01:59:59.123456-05:00")
    session.flush()
    session.expire_all()
    assert user.created_at == datetime(2026, 3, 8, 6, 59, 59, 123456, tzinfo=UTC)
    assert user.created_at.tzinfo is UTC
    with pytest.raises(StatementError, match="needs a time zone"):
        session.execute(sa.select(sa.literal(datetime(2026, 3, 8), UTCDateTime())))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x.sqlite", "sqlite:////tmp/x.sqlite"),
    ],
)
def test_addresses_mean_the_driver_that_comes_with_the_site(given: str, used: str) -> None:
    assert database_url(given) == used


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/x.sqlite")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas["journal_mode"] == "wal"
    assert (pragmas["synchronous"], pragmas["foreign_keys"]) == (2, 1)
    assert int(str(pragmas["busy_timeout"])) >= 5000


def test_the_application_context_has_one_session(tmp_path: Path) -> None:
    app = Flask("one")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/x.sqlite"
    db.init_app(app)
    with app.app_context():
        db.create_all()
        with transaction() as session:
            b.site(session)
            user = b.person(session, "Rosa")
        assert db.session.get_one(User, user).name == "Rosa"
        db.session.remove()
        db.engine.dispose()


def test_writers_that_read_first_never_meet_a_locked_database(committed: Engine) -> None:
    with Session(committed) as session, transaction(session):
        user = b.person(session, "0")
    errors: list[BaseException] = []

    def count() -> None:
        try:
            with Session(committed) as session:
                for _ in range(15):
                    with transaction(session):
                        row = session.scalars(sa.select(User).where(User.id == user).with_for_update()).one()
                        row.name = str(int(row.name) + 1)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Session(committed) as session:
        assert session.get_one(User, user).name == "90"


def test_a_reader_is_not_kept_waiting_by_a_writer(committed: Engine) -> None:
    with Session(committed) as writer, Session(committed) as reader, transaction(writer):
        b.person(writer, "not yet there")
        assert reader.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_who_came_first_goes_first() -> None:
    line, order = Line(), []
    line.enter()

    def wait(number: int) -> None:
        line.enter()
        order.append(number)
        line.leave()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(8)]
    for thread in threads:
        waiting = len(line._waiting)
        thread.start()
        while len(line._waiting) == waiting:
            time.sleep(0.001)
    line.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(8))
