"""The audit finds what was tampered with, and nothing where nothing was."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lms.credit import audit as audit_module
from lms.credit import checking
from lms.credit.audit import audit
from lms.credit.models import Certificate
from lms.credit.services import revoke, settle
from lms.kernel import append_only
from lms.kernel.audit import AuditChain, AuditDetail, AuditEntry, AuditEvent, record
from lms.kernel.canonical import canonical, digest
from lms.kernel.db import transaction
from lms.kernel.sealing import cut, seal, verify
from tests import builders as b
from tests.db.conftest import Database

KEYS = {"key-1": b"a key of the operator's"}


def _issued(database: Database, people: int = 1) -> list[int]:
    """Finished enrollments: a lesson, a quiz, a reviewed reflection, a session; certificates with points."""
    session = database.session
    version = b.version(
        session,
        b.course(
            b.lesson("c-1", 600), b.quiz("c-q1", 30), b.reflection("c-1.look", 30), sessions=[b.guide("s-1")]
        ),
    )
    cohort = b.cohort(session, version)
    b.assign(session, b.body(session), "cohort", cohort)
    meeting = b.cohort_session(session, cohort, version, "s-1")
    staff = b.person(session)
    found = []
    for _ in range(people):
        user = b.person(session)
        b.license(session, user)
        enrollment = b.enroll(session, user, version, cohort_id=cohort)
        b.lesson_done(session, enrollment, version, "c-1", b.day(1))
        b.quiz_tried(session, enrollment, version, "c-q1", b.day(2))
        b.handed_in(session, enrollment, version, "c-1.look", b.day(3))
        b.reviewed(session, enrollment, "c-1.look", staff, b.day(4))
        b.attended(session, meeting, enrollment, 90, staff)
        found.append(enrollment)
    session.commit()
    with transaction(session):
        settle(session, found, b.day(5), None, "done")
    return found


def _codes(session: Session) -> set[str]:
    return {fault.code for fault in audit(session, KEYS)}


TAMPERED = {
    "ledger_entries": ("UPDATE ledger_entries SET minutes = 45 WHERE credit_key = 'care/c-1'", "digest"),
    "a fact that is gone": ("DELETE FROM lesson_progress", "fact"),
    "a quiz that was not passed": ("UPDATE quiz_attempts SET passed = false", "completion"),
    "a review taken back": ("UPDATE reviews SET verdict = 'not_yet'", "review"),
    "another reviewer": ("UPDATE reviews SET reviewer_kind = 'organization'", "review"),
    "attendance made shorter": ("UPDATE attendance_entries SET credited_minutes = 60", "minutes"),
    "a certificate's words": (
        "UPDATE certificates SET frozen = replace(frozen, 'Person', 'Madam')",
        "digest",
    ),
    "a certificate's minutes": ("UPDATE certificates SET minutes = 9", "ledger"),
    "a certificate's day": ("UPDATE certificates SET first_award_on = '2020-01-01'", "days"),
    "a certificate's digest": ("UPDATE certificates SET digest = 'x'", "trail"),
    "an award's units": ("UPDATE awards SET units_hundredths = units_hundredths + 100", "awards"),
    "an award that is gone": ("DELETE FROM awards WHERE rule_key = 'us-ma-pdp'", "awards"),
    "a posting's digest": ("UPDATE ledger_postings SET digest = 'x'", "digest"),
    "a rule set": ("UPDATE rule_sets SET data = replace(data, '600', '540')", "rule_set"),
    "a course version": ("UPDATE course_versions SET digest = 'x'", "course"),
    "a quiz's points": ("UPDATE quiz_attempts SET points = 10", "mastery"),
    "when somebody left a session": (
        "UPDATE attendance_entries SET left_at = arrived_at WHERE left_at IS NOT NULL",
        "lines",
    ),
    "a certificate that is gone": (
        "DELETE FROM awards; DELETE FROM certificate_events; DELETE FROM certificates",
        "trail",
    ),
    "a posting that is gone": (
        "DELETE FROM ledger_entries; DELETE FROM awards; DELETE FROM certificate_events;"
        " DELETE FROM certificates; DELETE FROM ledger_postings",
        "trail",
    ),
    "a certificate's number": ("UPDATE certificates SET number = 'RIA-2222-2222-2222'", "trail"),
    "the day of issue": ("UPDATE certificates SET issued_at = '2020-01-01 00:00:00.000000+00:00'", "trail"),
    "a posting's reason": ("UPDATE ledger_postings SET reason = 'none'", "trail"),
    "a review that counts as earlier": (
        "UPDATE reviews SET at = '2026-03-05 15:00:00.000000+00:00'",
        "review",
    ),
    "the trail": ("UPDATE audit_events SET actor_id = 1", "chain"),
    "an event that is gone": ("DELETE FROM audit_events WHERE action = 'certificate.issued'", "trail"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found(database: Database, name: str) -> None:
    _issued(database)
    session = database.session
    assert _codes(session) == set()
    statement, code = TAMPERED[name]
    connection = session.connection()
    for table in append_only.tables():
        append_only.lift(connection, table)
    for each in statement.split("; "):
        connection.execute(sa.text(each))
    assert code in _codes(session)


def test_entries_that_were_given_to_another_person_are_found(database: Database) -> None:
    (enrollment,) = _issued(database)
    session = database.session
    connection = session.connection()
    append_only.lift(connection, "ledger_entries")
    sqlite = connection.dialect.name == "sqlite"
    unchecked = "PRAGMA defer_foreign_keys = ON" if sqlite else "SET session_replication_role = replica"
    connection.exec_driver_sql(unchecked)
    connection.execute(sa.text("UPDATE ledger_entries SET user_id = (SELECT min(id) FROM users)"))
    found = {(fault.subject, fault.code) for fault in audit(session, KEYS)}
    connection.exec_driver_sql(
        "PRAGMA defer_foreign_keys = OFF" if sqlite else "RESET session_replication_role"
    )
    session.rollback()
    assert (f"enrollments:{enrollment}", "person") in found


def test_a_revocation_that_was_wiped_out_is_found(database: Database) -> None:
    (enrollment,) = _issued(database)
    session = database.session
    staff = session.scalar(sa.text("SELECT max(id) FROM users")) or 0
    with transaction(session):
        revoke(session, enrollment, b.day(6), staff, "another person")
    assert _codes(session) == set()
    connection = session.connection()
    append_only.lift(connection, "certificate_events")
    connection.execute(sa.text("UPDATE certificate_events SET reason = 'none' WHERE kind = 'revoked'"))
    assert "trail" in _codes(session)
    connection.execute(sa.text("DELETE FROM certificate_events WHERE kind = 'revoked'"))
    assert "trail" in _codes(session)


def test_a_topic_that_was_made_longer_on_the_certificate_is_found(database: Database) -> None:
    """Even when digest, award row and trail were forged along: the ledger has no such work."""
    (enrollment,) = _issued(database)
    session = database.session
    frozen = json.loads(session.scalar(sa.select(Certificate.frozen)) or "")
    for award in frozen["awards"]:
        award["topic"]["others"] = [[enrollment, "other/c-1", 300, "2026-03-06"]]
    connection = session.connection()
    append_only.lift(connection, "certificates")
    text = canonical(frozen)
    connection.execute(
        sa.text("UPDATE certificates SET frozen = :text, digest = :digest"),
        {"text": text, "digest": digest(text)},
    )
    assert {"topic", "explain", "trail"} <= _codes(session)


def test_people_are_read_some_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _issued(database, people=5)
    monkeypatch.setattr(audit_module, "BATCH", 2)
    done: list[int] = []
    assert list(audit(database.session, KEYS, done.append)) == []
    assert done == [2, 2, 1]


def test_lines_that_stand_as_posted_are_not_read_one_by_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the audit of a large ledger takes half as long again."""
    _issued(database)
    monkeypatch.setattr(checking, "counted_in", lambda _frozen: pytest.fail("the lines were read"))
    assert list(audit(database.session, KEYS)) == []


def test_a_course_version_that_no_certificate_can_have_is_found(database: Database) -> None:
    _issued(database)
    session = database.session
    frozen = json.loads(session.scalar(sa.select(Certificate.frozen)) or "")
    frozen["course"]["version_id"] = 9_999
    connection = session.connection()
    append_only.lift(connection, "certificates")
    text = canonical(frozen)
    connection.execute(
        sa.text("UPDATE certificates SET frozen = :text, digest = :digest"),
        {"text": text, "digest": digest(text)},
    )
    assert {"course", "trail"} <= _codes(session)


def test_the_audit_reads_no_words(database: Database) -> None:
    _issued(database)
    with database.counted() as seen:
        assert list(audit(database.session, KEYS)) == []
    words = ("submission_texts", "worksheet_texts", "review_comments", "drafts", "answers", "kept_posts")
    assert not [text for text in seen.texts if any(table in text for table in words)]


# ── Chains and seals ─────────────────────────────────────────────────────────────────────────────


def _entry(organization: int, subject: str, **details: object) -> AuditEntry:
    return AuditEntry(
        organization_id=organization, stream="access", actor_id=1, action="role.granted", subject=subject,
        **details,
    )  # fmt: skip


def test_each_organization_and_stream_has_a_chain_of_its_own(database: Database) -> None:
    session = database.session
    with transaction(session):
        for number in range(3):
            record(session, _entry(4, f"users:{number}"), b.day(1))
            record(session, _entry(0, f"users:{number}", after={"role": "author"}), b.day(1))
    heads = {
        (head.organization_id, head.stream): head.last_sequence
        for head in session.scalars(sa.select(AuditChain))
    }
    assert heads == {(0, "access"): 3, (4, "access"): 3}
    assert list(verify(session, KEYS)) == []


def test_what_is_rolled_back_was_never_recorded(database: Database) -> None:
    session = database.session
    with pytest.raises(ZeroDivisionError), transaction(session):
        record(session, _entry(0, "users:1"), b.day(1))
        raise ZeroDivisionError
    with transaction(session):
        record(session, _entry(0, "users:2"), b.day(1))
    assert session.scalars(sa.select(AuditEvent.subject)).all() == ["users:2"]


def test_details_can_be_erased_and_not_changed(database: Database) -> None:
    session = database.session
    with transaction(session):
        record(session, _entry(0, "users:1", before={"name": "R"}, after={"name": "Rosa"}), b.day(1))
    session.execute(sa.text("UPDATE audit_details SET why = 'because'"))
    assert [fault for fault in verify(session, KEYS) if "details" in fault]
    session.execute(sa.text("DELETE FROM audit_details"))
    assert list(verify(session, KEYS)) == []


def _sealed(session: Session) -> None:
    for number in range(4):
        with transaction(session):
            record(session, _entry(0, f"users:{number}"), b.day(number))
        with transaction(session):
            assert seal(session, b.day(number), KEYS["key-1"], "key-1") == 1


def test_a_seal_is_made_once_for_a_head(database: Database) -> None:
    _sealed(database.session)
    with transaction(database.session):
        assert seal(database.session, b.day(9), KEYS["key-1"], "key-1") == 0
    assert list(verify(database.session, KEYS)) == []
    assert any("unknown key" in fault for fault in verify(database.session, {}))
    assert any("signature" in fault for fault in verify(database.session, {"key-1": b"another"}))


CHAIN_TAMPERING: dict[str, tuple[str, str]] = {
    "an event in the middle": ("DELETE FROM audit_events WHERE sequence = 2", "is followed by 3"),
    "the last event, and the head with it": (
        "DELETE FROM audit_events WHERE sequence = 4; "
        "UPDATE audit_chains SET last_sequence = 3, last_hash = (SELECT hash FROM audit_events WHERE sequence = 3)",
        "event 4 was sealed and is missing",
    ),
    "a whole chain": ("DELETE FROM audit_events; UPDATE audit_checkpoints SET sequence = 9 WHERE sequence = 4",
                      "its events are missing"),
    "a word": ("UPDATE audit_events SET subject = 'users:9' WHERE sequence = 1", "event 1 was changed"),
    "the head": ("UPDATE audit_chains SET last_hash = 'x'", "its head is not its last event"),
    "a seal forged with another key": ("UPDATE audit_checkpoints SET key_id = 'key-2'", "unknown key"),
    "a seal": ("UPDATE audit_checkpoints SET hash = 'x' WHERE sequence = 2", "the signature is wrong"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHAIN_TAMPERING)
def test_a_chain_tells_of_tampering(database: Database, name: str) -> None:
    session = database.session
    _sealed(session)
    connection = session.connection()
    for table in append_only.tables():
        append_only.lift(connection, table)
    statements, message = CHAIN_TAMPERING[name]
    for statement in statements.split("; "):
        connection.execute(sa.text(statement))
    assert any(message in fault for fault in verify(session, KEYS))


def test_a_chain_may_be_cut_at_a_seal(database: Database) -> None:
    session = database.session
    _sealed(session)
    connection = session.connection()
    append_only.lift(connection, "audit_events")
    connection.execute(sa.text("DELETE FROM audit_events WHERE sequence <= 2"))
    append_only.protect(connection, "audit_events")
    assert list(verify(session, KEYS)) == []


def test_the_trail_of_looks_is_cut_at_a_seal_of_its_time_and_credit_never(database: Database) -> None:
    session = database.session
    _sealed(session)
    credit = AuditEntry(0, "credit", None, "certificate.issued", "certificates:1:1", digest="d")
    with transaction(session):
        record(session, credit, b.day(0))
    with transaction(session):
        seal(session, b.day(4), KEYS["key-1"], "key-1")
    assert cut(session, "access", b.day(0)) == 0
    assert cut(session, "access", b.day(2)) == 2  # those that were sealed on days 0 and 1
    assert list(verify(session, KEYS)) == []
    assert cut(session, "access", b.day(9)) == 2
    left = session.execute(sa.select(AuditEvent.stream, AuditEvent.sequence)).all()
    assert left == [("credit", 1)]
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditDetail)) == 0
    assert list(verify(session, KEYS)) == []
    with transaction(session):
        record(session, _entry(0, "users:9"), b.day(10))
    assert list(verify(session, KEYS)) == []
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text("DELETE FROM audit_events"))


MISSHAPEN = {
    "no JSON at all": "certificate",
    "a list": "[]",
    "nothing in it": "{}",
    "a course that is a text": {"course": "care"},
    "lines that are a number": {"lines": 3},
    "a day that is none": {"completed_on": "someday"},
    "nobody": {"person": None},
    "awards that are none": {"awards": [1]},
    "assessments that are none": {"mastery": "met"},
}


@pytest.mark.parametrize("forged", MISSHAPEN.values(), ids=MISSHAPEN.keys())
def test_a_forged_row_of_another_shape_is_a_fault_and_stops_no_audit(
    database: Database, forged: str | dict[str, object]
) -> None:
    first, second = _issued(database, people=2)
    session = database.session
    issued = json.loads(
        session.scalar(sa.select(Certificate.frozen).where(Certificate.enrollment_id == first)) or ""
    )
    text = forged if isinstance(forged, str) else canonical(issued | forged)
    connection = session.connection()
    append_only.lift(connection, "certificates")
    connection.execute(
        sa.text("UPDATE certificates SET frozen = :text, digest = :digest WHERE enrollment_id = :id"),
        {"text": text, "digest": digest(text), "id": first},
    )
    found = list(audit(session, KEYS))
    assert "shape" in {fault.code for fault in found}
    assert {fault.code for fault in found if fault.subject == f"certificates:{second}:1"} == set()
