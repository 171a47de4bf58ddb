"""`database`: every test that asks for it runs on SQLite and on PostgreSQL, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from lms.accounts import models as accounts_models
from lms.cohorts import models as cohorts_models
from lms.completion import models as completion_models
from lms.courses import models as courses_models
from lms.courses.queries import forget_compiled
from lms.credit import models as credit_models
from lms.credit.services import register_rule_sets
from lms.enrollments import models as enrollments_models
from lms.kernel import append_only, audit
from lms.kernel.db import Base, engine_options
from lms.responses import models as responses_models
from tests import builders
from tests.db import postgres

ALL_TABLES = (
    accounts_models, cohorts_models, completion_models, courses_models, credit_models, enrollments_models,
    responses_models, audit, append_only,
)  # fmt: skip
"""Named here so that their tables are known and their triggers are made."""


@dataclass(slots=True)
class Statements:
    """What was sent to the database while counting."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Database:
    """`session` commits into savepoints that the end of the test rolls back."""

    name: str
    session: Session
    connection: Connection

    @contextmanager
    def counted(self) -> Iterator[Statements]:
        """Statements sent while the block runs; a batch is one. Savepoints and BEGIN do not count."""
        seen = Statements()

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")):
                seen.texts.append(statement)

        sa.event.listen(self.connection, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(self.connection, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


def prepare(url: str) -> Engine:
    """An engine with all tables, the site's own row and the rule sets."""
    engine = sa.create_engine(url, **engine_options(url))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        builders.site(session)
        register_rule_sets(session)
        session.commit()
    return engine


@pytest.fixture(scope="session", params=("sqlite", "postgresql"))
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/tests.sqlite"
        else:
            url = stack.enter_context(postgres.new_database(request.getfixturevalue("postgres_server")))
        engine = prepare(url)
        stack.callback(engine.dispose)
        yield engine


@pytest.fixture
def database(prepared: Engine) -> Iterator[Database]:
    """Fast: one connection, one transaction around the test, rolled back at its end."""
    with _rolled_back(prepared) as made:
        yield made


@pytest.fixture(scope="session")
def prepared_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = prepare(f"sqlite:///{tmp_path_factory.mktemp('alone')}/tests.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def alone(prepared_alone: Engine) -> Iterator[Database]:
    """The same on SQLite only, where the database itself is not in question."""
    with _rolled_back(prepared_alone) as made:
        yield made


@contextmanager
def _rolled_back(engine: Engine) -> Iterator[Database]:
    forget_compiled()
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield Database(engine.dialect.name, session, connection)
        outer.rollback()


@pytest.fixture(params=("sqlite", "postgresql"))
def committed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of its own, for tests whose commits other connections and processes must see."""
    forget_compiled()
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path}/tests.sqlite"
        else:
            url = stack.enter_context(postgres.new_database(request.getfixturevalue("postgres_server")))
        engine = prepare(url)
        stack.callback(engine.dispose)
        yield engine
