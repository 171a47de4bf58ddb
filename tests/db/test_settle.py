"""Settling itself: how much it asks of the database, what it refuses, what it tells."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from lms.cohorts.models import AttendanceEntry
from lms.completion.models import CompletionSnapshot
from lms.completion.queries import snapshot
from lms.credit.models import Certificate, RuleSetRow
from lms.credit.queries import certificate, due_for_correction, ledger_of, verification
from lms.credit.rulebook import shipped
from lms.credit.ruleset import rule_set
from lms.credit.services import register_rule_sets, revoke, settle
from lms.kernel.audit import AuditEvent
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken
from tests import builders as b
from tests.db.conftest import Database


def _class(
    database: Database, people: int, done: bool = True, required_minutes: int | None = None
) -> list[int]:
    """Enrollments of so many people in one cohort of a district, with everything done and nothing settled."""
    session = database.session
    requirements = [b.lesson(f"c-{n}", 60) for n in range(1, 11)]
    version = b.version(session, b.course(*requirements, b.quiz("c-q1", 30), sessions=[b.guide("s-1")]))
    cohort = b.cohort(session, version, required_minutes=required_minutes)
    b.assign(session, b.body(session), "cohort", cohort)
    meeting = b.cohort_session(session, cohort, version, "s-1")
    school = b.school(session, b.district(session))
    staff = b.person(session)
    found = []
    for _ in range(people):
        user = b.person(session)
        b.license(session, user)
        b.affiliate(session, user, school)
        enrollment = b.enroll(session, user, version, cohort_id=cohort)
        b.attended(session, meeting, enrollment, 90, staff)
        if done:
            for requirement in requirements:
                b.lesson_done(session, enrollment, version, requirement.key, b.day(1))
            b.quiz_tried(session, enrollment, version, "c-q1", b.day(2))
        found.append(enrollment)
    session.commit()
    return found


def _statements(database: Database, enrollments: list[int]) -> int:
    with database.counted() as seen, transaction(database.session):
        settle(database.session, enrollments, b.day(3), None, "done")
    return len(seen)


def test_the_number_of_statements_does_not_depend_on_the_number_of_people(database: Database) -> None:
    few, many = _class(database, 2), _class(database, 30)
    with transaction(database.session):
        settle(database.session, few[:1], b.day(3), None, "versions are read once a process")
        settle(database.session, many[:1], b.day(3), None, "as above")
    some, all_of_them = _statements(database, few[1:]), _statements(database, many[1:])
    assert some == all_of_them
    assert all_of_them <= 34
    assert _statements(database, few) == _statements(database, many) <= 20


def test_one_more_lesson_asks_little(database: Database) -> None:
    (enrollment,) = _class(database, 1, done=False)
    with transaction(database.session):
        settle(database.session, [enrollment], b.day(1), None, "attended")
    version = database.session.scalar(sa.text("SELECT max(id) FROM course_versions"))
    with transaction(database.session):
        b.lesson_done(database.session, enrollment, version, "c-1", b.day(2))
        with database.counted() as seen:
            settle(database.session, [enrollment], b.day(2), None, "lesson")
    assert len(seen) <= 10


def test_a_certificate_says_all_that_is_printed(database: Database) -> None:
    (enrollment,) = _class(database, 1)
    session = database.session
    with transaction(session):
        (issued,) = settle(session, [enrollment], b.day(3), None, "done").certificates
    row = certificate(session, issued.number.lower().replace("-", " "))
    assert row is not None
    frozen = row.frozen
    assert (row.state, row.current, row.minutes) == ("valid", True, 720)
    assert frozen["course"] | {"digest": ""} == {
        "key": "care", "title": "Course care", "version": 1, "digest": "", "language": "en",
        "version_id": frozen["course"]["version_id"], "topic": "healing and trauma-informed care",
        "content_areas": ["pedagogy"], "objectives": ["Listen before acting."], "clock_hours": 10,
        "design_minutes": 630,
    }  # fmt: skip
    assert (frozen["started_on"], frozen["completed_on"], frozen["issued_on"]) == (
        "2026-03-02", "2026-03-04", "2026-03-05",
    )  # fmt: skip
    assert frozen["signed_by"]["name"] == "Harbor Valley Public Schools"
    assert frozen["person"]["licenses"] == [{"jurisdiction": "US-MA", "number": "123456"}]
    hours, points = frozen["awards"]
    assert (hours["rule_set"]["key"], hours["units_hundredths"]) == ("contact-hours", 1200)
    assert (points["rule_set"]["key"], points["units_hundredths"]) == ("us-ma-pdp", 1200)
    assert frozen["lines"][0]["place"] == "online"
    assert {line["kind"] for line in frozen["lines"]} == {"live", "self_paced", "assessment"}
    text = session.scalar(sa.select(Certificate.frozen).where(Certificate.enrollment_id == enrollment))
    assert json.loads(str(text)) == frozen


def test_a_stranger_learns_only_what_the_number_is_for(database: Database) -> None:
    (enrollment,) = _class(database, 1)
    session = database.session
    with transaction(session):
        (issued,) = settle(session, [enrollment], b.day(3), None, "done").certificates
    seen = verification(session, issued.number)
    assert seen is not None
    assert (seen.minutes, seen.state) == (720, "valid")
    assert ("MA PDP", 1200) in [(award.label, award.units_hundredths) for award in seen.awards]
    assert "123456" not in repr(seen)
    assert verification(session, "RIA-2222-2222-2222") is None
    assert verification(session, "nonsense") is None


def test_all_of_a_certificate_stands_in_the_districts_trail(alone: Database) -> None:
    session = alone.session
    (enrollment,) = _class(alone, 1, required_minutes=80)
    with transaction(session):
        settle(session, [enrollment], b.day(3), None, "done")
    meeting, staff = session.execute(sa.select(AttendanceEntry.session_id, AttendanceEntry.recorded_by)).one()
    with transaction(session):
        b.attended(session, meeting, enrollment, 30, staff, b.day(4), sequence=2)
        assert not settle(session, [enrollment], b.day(4), staff, "left early").ready
        revoke(session, enrollment, b.day(5), staff, "no longer complete")
    chains = session.execute(
        sa.select(AuditEvent.action, AuditEvent.organization_id).where(AuditEvent.stream == "credit")
    ).all()
    assert {"certificate.issued", "certificate.revoked", "ledger.posted"} <= {row.action for row in chains}
    assert len({row.organization_id for row in chains}) == 1 and chains[0].organization_id


def test_snapshots_can_be_thrown_away(database: Database) -> None:
    done, begun = _class(database, 2), _class(database, 2, done=False)
    session = database.session
    with transaction(session):
        settle(session, done + begun, b.day(3), None, "done")
    before = [snapshot(session, enrollment) for enrollment in done + begun]
    events = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    with transaction(session):
        session.execute(sa.delete(CompletionSnapshot))
    with transaction(session):
        changes = settle(session, done + begun, b.day(9), None, "rebuilt")
    assert [snapshot(session, enrollment) for enrollment in done + begun] == before
    assert (changes.postings, changes.certificates) == (0, ())
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == events


def test_enrolling_before_there_are_rules_completes_nobody(database: Database) -> None:
    session = database.session
    version = b.version(session, b.course())
    enrollment = b.enroll(session, b.person(session), version)
    session.commit()
    with transaction(session):
        changes = settle(session, [enrollment], b.day(1), None, "enrolled")
    assert (changes.completed, changes.certificates) == ((), ())
    status = changes.statuses[enrollment]
    assert (status.complete, status.done, status.needed) == (False, 0, 0)


def test_what_is_due_is_listed_by_organization(database: Database) -> None:
    (enrollment,) = _class(database, 1)
    session = database.session
    with transaction(session):
        settle(session, [enrollment], b.day(3), None, "done")
    assert due_for_correction(session) == ()
    school = session.scalar(sa.select(Certificate.organization_id))
    assert school
    with transaction(session):
        session.execute(sa.text("UPDATE users SET name = 'Another Name'"))
        settle(session, [enrollment], b.day(4), None, "name")
    assert [row.enrollment_id for row in due_for_correction(session)] == [enrollment]
    assert [row.enrollment_id for row in due_for_correction(session, [school])] == [enrollment]
    assert due_for_correction(session, [school + 1]) == ()


def test_a_transcript_shows_what_stands(database: Database) -> None:
    (enrollment,) = _class(database, 1)
    session = database.session
    user = session.scalar(sa.text("SELECT max(user_id) FROM enrollments"))
    with transaction(session):
        settle(session, [enrollment], b.day(3), None, "done")
    assert sum(row.minutes for row in ledger_of(session, user)) == 720
    with transaction(session):
        revoke(session, enrollment, b.day(4), user, "wrong person")
    assert [row.kind for row in ledger_of(session, user)] == ["live"]


def test_refusals_name_their_reason(database: Database) -> None:
    done, begun = _class(database, 1), _class(database, 1, done=False)
    session = database.session

    def refused(amend: list[int], reason: str = "asked") -> str:
        with pytest.raises(RuleBroken) as refusal, transaction(session):
            settle(session, amend, b.day(4), None, reason, amend)
        return refusal.value.code

    with transaction(session):
        settle(session, done + begun, b.day(3), None, "done")
    assert refused(begun) == "no_certificate"
    assert refused(done, " ") == "reason_missing"
    with pytest.raises(RuleBroken) as refusal, transaction(session):
        revoke(session, begun[0], b.day(4), 1, "mistake")
    assert refusal.value.code == "no_certificate"
    with pytest.raises(NotFound), transaction(session):
        settle(session, [999_999], b.day(4), None, "nobody")
    user = session.scalar(sa.text("SELECT max(id) FROM users"))
    with transaction(session):
        revoke(session, done[0], b.day(5), user, "mistake")
    assert refused(done) == "no_certificate"


def test_a_certificate_without_its_completion_can_only_be_revoked(database: Database) -> None:
    (enrollment,) = _class(database, 1)
    session = database.session
    with transaction(session):
        session.execute(sa.text("UPDATE cohorts SET required_minutes = 80"))
        settle(session, [enrollment], b.day(3), None, "done")
    meeting = session.scalar(sa.text("SELECT max(id) FROM cohort_sessions"))
    user = session.scalar(sa.text("SELECT max(id) FROM users"))
    with transaction(session):
        b.attended(session, meeting, enrollment, 20, user, sequence=2)
        changes = settle(session, [enrollment], b.day(4), user, "corrected")
    assert (changes.due, changes.ready) == ((enrollment,), ())
    with pytest.raises(RuleBroken, match="not_complete"), transaction(session):
        settle(session, [enrollment], b.day(5), user, "asked", amend=[enrollment])
    with transaction(session):
        b.attended(session, meeting, enrollment, 85, user, sequence=3)
        changes = settle(session, [enrollment], b.day(6), user, "corrected")
    assert (changes.due, changes.ready) == ((enrollment,), (enrollment,))


def test_settling_nothing_does_nothing(database: Database) -> None:
    with database.counted() as seen, transaction(database.session):
        settle(database.session, [], b.day(1), None, "nobody")
    assert len(seen) == 0


def test_a_rule_set_that_was_seen_is_never_edited(database: Database) -> None:
    session = database.session
    assert register_rule_sets(session) is None
    points = next(rules for rules in shipped() if rules.key == "us-ma-pdp")
    edited = rule_set(dict(points.data) | {"min_topic_minutes": 540})
    with pytest.raises(RuleBroken) as refusal:
        register_rule_sets(session, [edited])
    assert (refusal.value.code, refusal.value.field) == ("rule_set_changed", "us-ma-pdp 1")
    kept = session.scalar(sa.select(RuleSetRow.digest).where(RuleSetRow.key == "us-ma-pdp"))
    assert kept


def test_awards_use_the_rule_set_in_force_on_completion(database: Database) -> None:
    session = database.session
    (early,) = _class(database, 1)
    with transaction(session):
        settle(session, [early], b.day(3), None, "done")
    points = next(rules for rules in shipped() if rules.key == "us-ma-pdp")
    second = dict(points.data) | {
        "version": 2, "effective_from": b.day(10).date().isoformat(),
        "rounding": {"mode": "floor", "quantum": "1"},
    }  # fmt: skip
    with transaction(session):
        session.execute(
            sa.text("UPDATE users SET job = job")  # rule sets come with a release, people go on working
        )
        register_rule_sets(session, [rule_set(second)])
    version = session.scalar(sa.text("SELECT max(id) FROM course_versions"))
    late = b.enroll(session, b.person(session), version, cohort_id=_cohort(database))
    user = session.scalar(sa.text("SELECT max(id) FROM users"))
    b.license(session, user)
    for number in range(1, 11):
        b.lesson_done(session, late, version, f"c-{number}", b.day(11))
    b.quiz_tried(session, late, version, "c-q1", b.day(11))
    session.commit()
    with transaction(session):
        changes = settle(session, [early, late], b.day(12), None, "done")
    assert changes.due == ()  # nothing already issued changes
    (issued,) = changes.certificates
    row = certificate(session, issued.number)
    assert row is not None
    award = row.frozen["awards"][1]
    assert (award["rule_set"]["version"], award["units_hundredths"], row.minutes) == (2, 1000, 630)


def _cohort(database: Database) -> int:
    found = database.session.scalar(sa.text("SELECT max(id) FROM cohorts"))
    assert isinstance(found, int)
    return found
