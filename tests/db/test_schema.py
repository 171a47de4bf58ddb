"""What the database itself holds: constraints, partial indexes, triggers. Migration tools compare few of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.completion import evidence as completion_evidence
from lms.credit import evidence
from lms.credit.services import settle
from lms.kernel import append_only
from lms.kernel.db import Base, transaction
from tests import builders as b
from tests.db.conftest import Database
from tests.db.shape import shape

PARTIAL = {
    "uq_enrollments_active": "state",
    "uq_certificate_events_one_end": "kind",
    "uq_affiliations_confirmed": "state",
    "uq_affiliations_unconfirmed": "state",
}
"""Name of a partial index, and a word of its condition."""


def test_every_partial_index_has_its_condition_on_both_databases(database: Database) -> None:
    found = {
        name: condition
        for table in shape(database.connection).values()
        for name, _columns, unique, condition in table["indexes"]
        if condition
        if unique
    }
    assert found.keys() == PARTIAL.keys()
    assert all(PARTIAL[name] in condition for name, condition in found.items())
    spelled = {
        str(index.name)
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
        and index.dialect_options["postgresql"]["where"] is not None
    }
    assert spelled == PARTIAL.keys()


def test_append_only_tables_have_triggers_and_others_have_none(database: Database) -> None:
    guarded = {name for name, table in shape(database.connection).items() if table["triggers"]}
    assert guarded == set(append_only.tables())
    assert {"ledger_entries", "certificates", "audit_events", "reviews", "course_versions"} <= guarded


def _completed(database: Database) -> int:
    session = database.session
    version = b.version(session, b.course(b.lesson("c-1", 60), b.quiz("c-q1", 30)))
    enrollment = b.enroll(session, b.person(session), version)
    b.lesson_done(session, enrollment, version, "c-1", b.day(1))
    b.quiz_tried(session, enrollment, version, "c-q1", b.day(2))
    session.commit()
    with transaction(session):
        settle(session, [enrollment], b.day(3), None, "done")
    return enrollment


@pytest.mark.parametrize(
    "table",
    ["ledger_postings", "ledger_entries", "certificates", "certificate_events", "awards", "audit_events"],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET enrollment_id = enrollment_id", "DELETE FROM {}"])
def test_what_was_written_once_is_neither_changed_nor_deleted(
    database: Database, table: str, statement: str
) -> None:
    _completed(database)
    sql = statement.format(table).replace(
        "SET enrollment_id = enrollment_id",
        "SET digest = digest" if table == "audit_events" else "SET enrollment_id = enrollment_id",
    )
    with (
        pytest.raises(DBAPIError, match=f"table {table} is only added to"),
        database.connection.begin_nested(),
    ):
        database.connection.execute(sa.text(sql))


def test_retention_lifts_a_trigger_and_puts_it_back(database: Database) -> None:
    _completed(database)
    connection = database.connection
    with connection.begin_nested():
        append_only.lift(connection, "awards")
        lifted = connection.execute(sa.text("UPDATE awards SET minutes = minutes"))
        assert lifted.rowcount > 0
        append_only.protect(connection, "awards")
    with pytest.raises(DBAPIError, match="is only added to"), connection.begin_nested():
        connection.execute(sa.text("DELETE FROM awards"))


Row = dict[str, Any]
CREDIT = {"effect": 1, "reverses": None, "follows": None}

FORGED: dict[str, Callable[[Row], Row]] = {
    "a second credit of a key": lambda row: row | {"line": 50},
    "a credit where a reversal belongs": lambda row: row | {"line": 50, "sequence": 2, "follows": 1},
    "a skipped number": lambda row: row | {"line": 50, "sequence": 3, "follows": 2},
    "a third entry without the second": lambda row: row | {"line": 50, "sequence": 3, "follows": None},
    "a reversal of other minutes": lambda row: (
        row | {"line": 50, "sequence": 2, "effect": -1, "reverses": 1, "minutes": row["minutes"] + 1}
    ),
    "a reversal of nothing": lambda row: (
        row | {"line": 50, "credit_key": "care/other", "sequence": 2, "effect": -1, "reverses": 1}
    ),
    "a reversal that reverses nothing": lambda row: row | {"line": 50, "sequence": 2, "effect": -1},
    "no minutes": lambda row: row | {"line": 50, "credit_key": "care/other", "minutes": 0},
    "a posting that does not exist": lambda row: row | {"posting": 9, "credit_key": "care/other"},
    "a cycle that does not exist": lambda row: row | {"line": 50, "cycle": 9},
    "another person": lambda row: (
        row | {"line": 50, "credit_key": "care/other", "user_id": row["user_id"] + 999}
    ),
}


@pytest.mark.parametrize("forgery", FORGED)
def test_the_ledger_refuses(database: Database, forgery: str) -> None:
    enrollment = _completed(database)
    connection = database.connection
    table = Base.metadata.tables["ledger_entries"]
    row = dict(
        connection.execute(
            sa.select(table).where(table.c.enrollment_id == enrollment, table.c.credit_key == "care/c-1")
        )
        .mappings()
        .one()
    )
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(table.insert(), [FORGED[forgery](row)])


def test_a_reversal_and_a_new_credit_are_accepted(database: Database) -> None:
    enrollment = _completed(database)
    connection = database.connection
    table = Base.metadata.tables["ledger_entries"]
    row = dict(
        connection.execute(
            sa.select(table).where(table.c.enrollment_id == enrollment, table.c.credit_key == "care/c-1")
        )
        .mappings()
        .one()
    )
    connection.execute(
        table.insert(),
        [
            row | {"line": 50, "sequence": 2, "effect": -1, "reverses": 1},
            row | {"line": 51, "sequence": 3, "follows": 2, "minutes": 45},
        ],
    )


def test_cycles_adjoin_and_cannot_overlap(database: Database) -> None:
    user = b.person(database.session)
    table = Base.metadata.tables["credit_cycles"]
    first = {
        "user_id": user, "number": 1, "starts_on": date(2026, 1, 1), "ends_on": date(2031, 1, 1),
        "follows_on": None,
    }  # fmt: skip
    second = {
        "user_id": user, "number": 2, "starts_on": date(2031, 1, 1), "ends_on": date(2036, 1, 1),
        "follows_on": date(2031, 1, 1),
    }  # fmt: skip
    connection = database.connection
    connection.execute(table.insert(), [first, second])
    wrong = [
        second | {"number": 3, "ends_on": date(2040, 1, 1)},  # begins again where the second does
        second | {"number": 3, "starts_on": date(2033, 1, 1), "follows_on": date(2033, 1, 1)},
        second
        | {"number": 3, "starts_on": date(2033, 1, 1), "ends_on": date(2040, 1, 1), "follows_on": None},
        first | {"number": 3},
    ]
    for row in wrong:
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(table.insert(), [row])


def test_nobody_reviews_their_own_work(database: Database) -> None:
    session = database.session
    version = b.version(session, b.course(b.reflection("c-1.look")))
    author = b.person(session)
    enrollment = b.enroll(session, author, version)
    b.handed_in(session, enrollment, version, "c-1.look", b.day(1))
    with pytest.raises(IntegrityError, match="never_oneself"):
        b.reviewed(session, enrollment, "c-1.look", author, b.day(2))


def test_a_person_is_active_once_in_a_course(database: Database) -> None:
    session = database.session
    version = b.version(session, b.course(b.lesson("c-1")))
    person = b.person(session)
    b.enroll(session, person, version)
    with pytest.raises(IntegrityError):
        b.enroll(session, person, version)


def test_attendance_is_corrected_in_line_and_with_a_reason(database: Database) -> None:
    session = database.session
    version = b.version(session, b.course(b.lesson("c-1"), sessions=[b.guide("s-1")]))
    cohort = b.cohort(session, version)
    person = b.person(session)
    enrollment = b.enroll(session, person, version, cohort_id=cohort)
    meeting = b.cohort_session(session, cohort, version, "s-1", minutes=90, breaks=10)
    b.attended(session, meeting, enrollment, 70, person)
    session.commit()
    for sequence, minutes, reason in ((1, 60, None), (3, 60, "late"), (2, 81, "late"), (2, 60, " ")):
        if reason == " ":
            continue
        with pytest.raises(IntegrityError):
            b.attended(session, meeting, enrollment, minutes, person, sequence=sequence, reason=reason)
        session.rollback()
    b.attended(session, meeting, enrollment, 80, person, sequence=2, reason="stayed to the end")


def test_what_is_asked_of_some_people_never_reads_everybody(alone: Database) -> None:
    """`= 1` behind the condition is enough for SQLite to walk through the whole table instead."""
    asked = (
        evidence.POSTED, evidence.ENROLLED, completion_evidence.LESSONS_DONE, completion_evidence._others(),
    )  # fmt: skip
    for statement in asked:
        text = str(statement.compile(alone.connection))
        plan = alone.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("[1]",) * text.count("?"))
        walked = [row[3] for row in plan if row[3].startswith("SCAN ") and "json_each" not in row[3]]
        assert walked == []
