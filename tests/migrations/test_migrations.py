"""Migrations: forward and back on both databases, with rows in the tables, to exactly what the models say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lms.courses.queries import forget_compiled
from lms.credit.audit import audit
from lms.credit.services import register_rule_sets, settle
from lms.kernel.db import Base, engine_options, transaction
from lms.kernel.migration import DIRECTORY, check_database, downgrade, steps_of_this_release, upgrade
from tests import builders as b
from tests.db import postgres
from tests.db.conftest import ALL_TABLES
from tests.db.shape import shape


@pytest.fixture(params=("sqlite", "postgresql"))
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    assert ALL_TABLES
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path}/tests.sqlite"
        else:
            url = stack.enter_context(postgres.new_database(request.getfixturevalue("postgres_server")))
        engine = sa.create_engine(url, **engine_options(url))
        stack.callback(engine.dispose)
        yield engine


def _fill(engine: Engine) -> int:
    """A finished course with a certificate; returns the enrollment."""
    forget_compiled()
    with Session(engine) as session, transaction(session):
        b.site(session)
        register_rule_sets(session)
        version = b.version(session, b.course(b.lesson("c-1", 60), b.quiz("c-q1", 30)))
        body = b.body(session, "registered_provider")
        b.register(session, body)
        b.assign(session, body)
        enrollment = b.enroll(session, b.person(session), version)
        b.lesson_done(session, enrollment, version, "c-1", b.day(1))
        b.quiz_tried(session, enrollment, version, "c-q1", b.day(2))
        settle(session, [enrollment], b.day(3), None, "done")
    return enrollment


def test_the_newest_step_is_what_the_models_say(empty: Engine, tmp_path: Path) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        migrated = shape(connection)
    downgrade(empty, "base")
    Base.metadata.create_all(empty)
    with empty.connect() as connection:
        made = shape(connection)
    assert migrated.keys() == made.keys()
    for table in made:
        assert migrated[table] == made[table], table


def test_going_back_leaves_nothing_and_going_forward_again_works(empty: Engine) -> None:
    upgrade(empty)
    _fill(empty)
    downgrade(empty, "base")
    assert check_database(empty) == "empty"
    upgrade(empty)
    enrollment = _fill(empty)
    with Session(empty) as session:
        assert list(audit(session)) == []
        with transaction(session):
            assert settle(session, [enrollment], b.day(9), None, "again").postings == 0


def test_each_step_back_and_forward_keeps_every_row_that_it_does_not_own(empty: Engine) -> None:
    upgrade(empty)
    enrollment = _fill(empty)
    lived_in = _rows(empty)
    order = list(reversed(list(ScriptDirectory(str(DIRECTORY)).walk_revisions())))
    for step in reversed(order[1:]):
        downgrade(empty, str(step.down_revision))
        kept = _rows(empty)
        assert kept == {table: lived_in[table] for table in kept}, step.revision
    upgrade(empty)
    again = _rows(empty)
    assert {table: count for table, count in again.items() if table in kept} == kept
    with Session(empty) as session:
        assert list(audit(session)) == []
        with transaction(session):
            assert settle(session, [enrollment], b.day(9), None, "again").postings == 0


def _rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    names = [name for name in sa.inspect(engine).get_table_names() if name != "alembic_version"]
    with engine.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in names
        }


def test_a_migrated_database_guards_its_facts(empty: Engine) -> None:
    upgrade(empty)
    _fill(empty)
    with empty.connect() as connection, pytest.raises(DBAPIError, match="is only added to"):
        connection.execute(sa.text("UPDATE ledger_entries SET minutes = 1"))


def test_the_steps_named_in_the_files_are_those_that_alembic_runs() -> None:
    script = ScriptDirectory(str(DIRECTORY))
    assert steps_of_this_release() == {step.revision: step.down_revision for step in script.walk_revisions()}


def test_the_start_knows_where_a_database_stands(empty: Engine) -> None:
    assert check_database(empty) == "empty"
    upgrade(empty)
    assert check_database(empty) == "current"
    with empty.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'f00d'"))
    assert check_database(empty) == "newer"
    with empty.begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    assert check_database(empty) == "half_migrated"
    with empty.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    assert check_database(empty) == "half_migrated"


def test_a_missing_table_and_a_leftover_one_are_a_migration_cut_short(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(sa.text("DROP TABLE kept_posts"))
    assert check_database(empty) == "half_migrated"
    downgrade_needs_it = "CREATE TABLE kept_posts (id INTEGER)"
    with empty.begin() as connection:
        connection.execute(sa.text(downgrade_needs_it))
        connection.execute(sa.text("CREATE TABLE _alembic_tmp_users (id INTEGER)"))
    assert check_database(empty) == "half_migrated"


def test_somebody_elses_tables_are_left_alone(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(sa.text("CREATE TABLE wp_posts (id INTEGER)"))
    assert check_database(empty) == "foreign"


def test_a_step_that_fails_leaves_the_database_as_it_was(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("lms.kernel.append_only.protect", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(empty)
    monkeypatch.undo()
    assert check_database(empty) == "empty"
    upgrade(empty)
    assert check_database(empty) == "current"
