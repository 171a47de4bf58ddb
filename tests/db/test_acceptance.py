"""What the credit rules ask to be tested first (8.9), each line one test, on a ledger that `settle` wrote."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import sqlalchemy as sa

from lms.accounts.permissions import Scopes
from lms.cohorts.rules import Schedule, contact_minutes
from lms.credit.audit import audit
from lms.credit.models import LedgerEntry, LedgerPosting
from lms.credit.rulebook import shipped
from lms.credit.ruleset import rule_set
from lms.credit.services import register_rule_sets
from lms.kernel.db import transaction
from lms.kernel.tabular import Table
from lms.kernel.writers.csv import write
from lms.records.columns import COMPLETION_COLUMNS, award_rows
from lms.records.queries import stream_records
from lms.records.rules import RecordFilter
from lms.records.transcript import transcript_of
from tests import builders as b
from tests.db import histories
from tests.db.conftest import Database
from tests.db.lane import Lane


def _told(story: histories.Story, database: Database) -> None:
    for _ in story(Lane(database)):
        pass
    assert list(audit(database.session)) == []


def _paid(lane: Lane, minutes: int, jurisdiction: str = "MA", number: str = "123456") -> int:
    """Somebody licensed in a state whose body signs, with a finished course of these minutes."""
    version = lane.version(b.lesson("c-1", minutes - 30), b.quiz("c-q1", 30))
    cohort = lane.cohort(version)
    kind = "approved_sponsor" if jurisdiction == "NY" else "district"
    signing = lane.body(cohort, kind, jurisdictions=[f"US-{jurisdiction}"])
    with transaction(lane.session):
        b.register(lane.session, signing, f"US-{jurisdiction}")
    user = lane.person()
    b.license(lane.session, user, jurisdiction, number)
    lane.session.commit()
    enrollment = lane.enroll(user, version, cohort=cohort)
    lane.lesson(enrollment, "c-1", 1)
    lane.quiz(enrollment, "c-q1", 2)
    return enrollment


# ── The ten lines ────────────────────────────────────────────────────────────────────────────────


def test_599_and_600_minutes_stand_on_either_side_of_the_massachusetts_gate(alone: Database) -> None:
    lane = Lane(alone)
    short = _paid(lane, 599)
    assert (lane.units(short), lane.gate(short, "topic_minutes")) == (0, False)
    lane = Lane(alone)
    enough = _paid(lane, 600)
    assert (lane.units(enough), lane.gate(enough, "topic_minutes")) == (1000, True)


def test_two_activities_of_300_minutes_bundle_on_one_topic_and_not_on_two(alone: Database) -> None:
    _told(histories.short_courses_on_one_topic_add_up, alone)


def test_a_registration_that_ended_the_day_before_leaves_contact_hours_and_the_reason(
    alone: Database,
) -> None:
    lane = Lane(alone)
    late = histories._provider(lane, 4)
    lane.lesson(late, "c-1", 1)
    lane.quiz(late, "c-q1", 5)
    frozen = lane.certificates(late)[0].frozen
    assert (lane.units(late), lane.units(late, "contact-hours")) == (0, 1050)
    assert frozen["contact_hours_only"] == "Contact hours only: not every condition for MA PDP was met."
    points = frozen["awards"][1]["explanation"]
    assert points[-1] == "No MA PDP: Registration R-1 ended on 2026-03-06; needed on 2026-03-07."


def test_failed_and_then_passed_is_complete_on_the_day_on_which_all_gates_are_met(alone: Database) -> None:
    _told(histories.who_fails_and_passes_is_complete_on_the_day_of_passing, alone)


def test_attendance_corrected_after_issue_leaves_history_intact_and_a_reversal(alone: Database) -> None:
    lane = Lane(alone)
    enrollment, _, _, meeting = histories._with_session(lane)
    lane.attend(enrollment, meeting, 90, 3)
    lane.lesson(enrollment, "c-1", 4)
    lane.quiz(enrollment, "c-q1", 4)
    before = lane.certificates(enrollment)[0]
    lane.attend(enrollment, meeting, 60, 6, sequence=2)
    lane.amend(enrollment, 7)
    old, new = lane.certificates(enrollment)
    assert (old.state, old.replaced_by, old.frozen) == ("corrected", new.number, before.frozen)
    assert (new.replaces, new.minutes, new.first_award_on) == (old.number, 150, old.first_award_on)
    effects = alone.session.execute(
        sa.select(LedgerEntry.effect, LedgerEntry.minutes)
        .where(LedgerEntry.enrollment_id == enrollment, LedgerEntry.credit_key == f"{lane.key}/s-1")
        .order_by(LedgerEntry.sequence)
    ).all()
    assert [tuple(row) for row in effects] == [(1, 90), (-1, 90), (1, 60)]
    reasons = alone.session.execute(
        sa.select(LedgerPosting.actor_id, LedgerPosting.reason)
        .where(LedgerPosting.enrollment_id == enrollment)
        .order_by(LedgerPosting.number.desc())
    ).first()
    assert reasons is not None
    assert (reasons.actor_id, reasons.reason) == (lane.staff, "told")


def test_minutes_attended_after_the_issue_stand_on_the_transcript_once(alone: Database) -> None:
    lane = Lane(alone)
    enrollment, _, _, meeting = histories._with_session(lane)
    histories._core(lane, enrollment, 1)
    lane.attend(enrollment, meeting, 90, 3)
    for told in ([("certificate", 90), ("contact", 90)], [("certificate", 180)]):
        (record,) = transcript_of(alone.session, lane.people[-1], b.day(6).date())
        assert record.minutes == sum(lane.paid(enrollment).values()) == 180
        assert sorted((line.source, line.minutes) for line in record.lines) == told
        lane.amend(enrollment, 5)


def test_the_same_course_twice_in_a_cycle_is_flagged_and_paid_once(alone: Database) -> None:
    lane = Lane(alone)
    small = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30))
    user = lane.person()
    first = lane.enroll(user, small)
    lane.lesson(first, "c-1", 1)
    lane.quiz(first, "c-q1", 1)
    grown = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30), b.lesson("c-2", 50))
    again = lane.enroll(user, grown, 10)
    lane.lesson(again, "c-2", 11)
    assert lane.paid(again) == {"c-2": 50}
    assert lane.certificates(first)[0].frozen["enrollment"]["repeats"] == []
    assert lane.certificates(again)[0].frozen["enrollment"]["repeats"] == [first]
    flags = {row["certificate"]: row["repeats"] for row in _rows(alone)}
    assert flags[lane.certificates(again)[0].number] == "yes"
    assert flags[lane.certificates(first)[0].number] == "no"


def test_a_second_version_of_a_rule_set_counts_from_its_day_and_changes_nothing_issued(
    alone: Database,
) -> None:
    lane = Lane(alone)
    early = _paid(lane, 630)
    points = next(rules for rules in shipped() if rules.key == "us-ma-pdp")
    second = dict(points.data) | {
        "version": 2, "effective_from": b.day(10).date().isoformat(),
        "rounding": {"mode": "floor", "quantum": "1"},
    }  # fmt: skip
    with transaction(alone.session):
        register_rule_sets(alone.session, [rule_set(second)])
    version = lane._pinned(early)
    user = lane.person(license="MA")
    cohort = alone.session.scalar(sa.text("SELECT max(id) FROM cohorts"))
    late = lane.enroll(user, version, 11, cohort)
    lane.lesson(late, "c-1", 11)
    lane.quiz(late, "c-q1", 12)
    assert (lane.units(early), lane.units(late)) == (1050, 1000)
    assert lane.certificates(early)[0].current
    versions = [made["rule_set"]["version"] for made in lane.certificates(late)[0].frozen["awards"]]
    assert versions == [1, 2]


def _rows(database: Database) -> list[dict[str, str]]:
    """The completion export as a district reads it back from its file."""
    records = stream_records(database.session, Scopes(everywhere=True), RecordFilter())
    table = Table("completion-records", COMPLETION_COLUMNS, award_rows(records))
    text = b"".join(write(table)).decode("utf-8-sig")
    keys = [column.key for column in COMPLETION_COLUMNS]
    return [dict(zip(keys, row, strict=True)) for row in list(csv.reader(io.StringIO(text)))[1:]]


def test_a_teach_id_gets_its_zeros_and_a_mepid_keeps_its_own(alone: Database) -> None:
    new_york = _paid(Lane(alone), 600, "NY", "1234567")
    massachusetts = _paid(Lane(alone), 600, "MA", "01234567")
    assert new_york != massachusetts
    ids = {row["state_id_type"]: (row["state_id"], row["state_id_remark"]) for row in _rows(alone)}
    assert ids["teach_id"] == ("001234567", "")
    assert ids["mepid"] == ("01234567", "")


def test_a_coordinator_sees_her_own_district_and_no_export_has_anybodys_words(alone: Database) -> None:
    lane = Lane(alone)
    _told(histories.words_may_go, alone)
    enrollment = _paid(lane, 600)
    district = b.district(alone.session)
    alone.session.commit()
    other = Scopes(organization_ids=frozenset([district]))
    assert list(stream_records(alone.session, other, RecordFilter())) == []
    assert lane.certificates(enrollment)
    assert "Dayo waited." not in repr(_rows(alone))
    keys = {column.key for column in COMPLETION_COLUMNS}
    assert not {key for key in keys if "text" in key or "reflection" in key or "answer" in key}


def test_a_session_across_midnight_or_a_clock_change_has_its_true_minutes() -> None:
    night = Schedule(datetime(2026, 11, 1, 4, 30, tzinfo=UTC), 120, 10)  # 00:30 to 01:30, an hour told twice
    assert contact_minutes(night, night.starts_at, night.ends_at) == 110
    late = Schedule(datetime(2026, 3, 3, 4, 30, tzinfo=UTC), 90, 0)  # half past eleven at night in Boston
    assert contact_minutes(late, late.starts_at, late.ends_at) == 90
    early, after = datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert contact_minutes(late, early, after) == late.full_minutes


def test_without_a_state_id_there_is_a_certificate_and_the_list_says_that_it_is_missing(
    alone: Database,
) -> None:
    lane = Lane(alone)
    enrollment = _paid(lane, 600, "MA", "")
    assert lane.certificates(enrollment)[0].state == "valid"
    assert [row["state_id_remark"] for row in _rows(alone)] == ["missing id"]


# ── What awards keep apart ───────────────────────────────────────────────────────────────────────


def test_without_an_awarding_body_the_certificate_says_why_there_are_contact_hours_only(
    alone: Database,
) -> None:
    lane = Lane(alone)
    version = lane.version(b.lesson("c-1", 600), b.quiz("c-q1", 30))
    enrollment = lane.enroll(lane.person(license="MA"), version)
    lane.lesson(enrollment, "c-1", 1)
    lane.quiz(enrollment, "c-q1", 1)
    frozen = lane.certificates(enrollment)[0].frozen
    assert [made["rule_set"]["key"] for made in frozen["awards"]] == ["contact-hours"]
    assert frozen["contact_hours_only"] == "Contact hours only: no awarding body signs for this course here."
    unlicensed = _paid(lane, 600, "TX")
    assert unlicensed
    cohort = lane.cohort(version)
    lane.body(cohort)
    nobody = lane.enroll(lane.person(), version, cohort=cohort)
    lane.lesson(nobody, "c-1", 1)
    lane.quiz(nobody, "c-q1", 1)
    assert lane.certificates(nobody)[0].frozen["contact_hours_only"] == (
        "Contact hours only: Harbor Valley Public Schools awards in US-MA, and no license there is stated."
    )


def test_a_registration_in_another_state_counts_from_its_day_and_makes_nothing_due(alone: Database) -> None:
    lane = Lane(alone)
    version = lane.version(b.lesson("c-1", 600), b.quiz("c-q1", 30))
    cohort = lane.cohort(version)
    body = lane.body(cohort, "approved_sponsor")
    early, late = (lane.enroll(lane.person(license="NY"), version, day, cohort=cohort) for day in (0, 11))
    lane.lesson(early, "c-1", 1)
    lane.quiz(early, "c-q1", 2)
    with transaction(alone.session):
        b.register(alone.session, body, "US-NY", b.day(10).date(), number="NY 1")
    lane.lesson(late, "c-1", 11)
    lane.quiz(late, "c-q1", 12)
    lane.amend(early, 13)
    (kept,), (new,) = lane.certificates(early), lane.certificates(late)
    assert kept.current and lane.units(early, "us-ny-ctle") is None
    assert lane.units(late, "us-ny-ctle") == 1050 and new.frozen["signed_by"]["registrations"]


def test_every_line_tells_its_evidence(alone: Database) -> None:
    lane = Lane(alone)
    version = lane.version(
        b.lesson("c-1", 60), b.quiz("c-q1", 30), b.reflection("c-1.look", 30), sessions=[b.guide("s-1", 90)]
    )
    cohort = lane.cohort(version)
    meeting = lane.meeting(cohort, version, "s-1", 3, breaks=10)
    enrollment = lane.enroll(lane.person(), version, cohort=cohort)
    lane.lesson(enrollment, "c-1", 1)
    lane.quiz(enrollment, "c-q1", 2)
    lane.hand_in(enrollment, "c-1.look", 2)
    lane.review(enrollment, "c-1.look", 3)
    lane.attend(enrollment, meeting, 80, 4)
    lane.amend(enrollment, 5)
    details = {
        line["credit_key"].partition("/")[2]: (line["where"], line["detail"], line["minutes"])
        for line in lane.certificates(enrollment)[-1].frozen["lines"]
    }
    assert details == {
        "c-1": ("", "", 60),
        "c-q1": ("", "passed at 90 %", 30),
        "c-1.look": ("", "met, reviewed by a facilitator", 30),
        "s-1": ("Session 1", "10:00–11:20, 10 min break", 80),
    }


def test_four_numbers_are_kept_apart(alone: Database) -> None:
    """What the author claims, what was observed, what was attended, what was awarded."""
    lane = Lane(alone)
    enrollment, _, _, meeting = histories._with_session(lane)
    lane.attend(enrollment, meeting, 75, 3)
    lane.lesson(enrollment, "c-1", 4)
    lane.quiz(enrollment, "c-q1", 4)
    (row,) = lane.certificates(enrollment)
    attended = sum(line["minutes"] for line in row.frozen["lines"] if line["kind"] == "live")
    awarded = lane.units(enrollment, "contact-hours")
    assert (row.frozen["course"]["design_minutes"], attended, row.minutes, awarded) == (90, 75, 165, 275)
    alone.session.execute(sa.text("UPDATE lesson_progress SET active_seconds = 99999"))
    alone.session.commit()
    lane.settle()
    assert lane.certificates(enrollment)[0].current  # active time is advice and earns nothing
