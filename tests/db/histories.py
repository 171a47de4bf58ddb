"""Stories that settle must tell right. Each is a generator: at every `yield` other lanes may go on.

The first part of a story sets the scene, then facts arrive, and the assertions at its end say what must
have come of it, however often it was settled on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from lms.cohorts.models import Cohort
from lms.responses.models import Draft, ReviewClaim, SubmissionText
from tests import builders as b
from tests.db.lane import Lane

Story = Callable[[Lane], Iterator[None]]


def _massachusetts(lane: Lane, minutes: int) -> tuple[int, int]:
    """A licensed person in a cohort that a district signs for; a course of these minutes, quiz included."""
    version = lane.version(b.lesson("c-1", minutes - 30), b.quiz("c-q1", 30))
    cohort = lane.cohort(version)
    lane.body(cohort)
    return lane.enroll(lane.person(license="MA"), version, cohort=cohort), version


def ten_hours_less_a_minute_is_no_point(lane: Lane) -> Iterator[None]:
    enrollment, _ = _massachusetts(lane, 599)
    yield
    lane.lesson(enrollment, "c-1", 1)
    yield
    lane.quiz(enrollment, "c-q1", 2)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert (row.minutes, lane.units(enrollment), lane.units(enrollment, "contact-hours")) == (599, 0, 975)
    assert not lane.gate(enrollment, "topic_minutes")


def ten_hours_are_ten_points(lane: Lane) -> Iterator[None]:
    enrollment, _ = _massachusetts(lane, 600)
    yield
    lane.quiz(enrollment, "c-q1", 2)
    yield
    lane.lesson(enrollment, "c-1", 5)
    lane.settle()
    assert lane.units(enrollment) == 1000
    assert lane.snapshot(enrollment).completed_on == b.day(5).date()


def who_fails_and_passes_is_complete_on_the_day_of_passing(lane: Lane) -> Iterator[None]:
    enrollment, _ = _massachusetts(lane, 660)
    lane.lesson(enrollment, "c-1", 1)
    yield
    lane.quiz(enrollment, "c-q1", 2, passed=False)
    yield
    lane.quiz(enrollment, "c-q1", 4, number=2)
    yield
    lane.quiz(enrollment, "c-q1", 6, number=3)
    lane.quiz(enrollment, "c-q1", 8, number=4, passed=False)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert row.completed_on == b.day(4).date()
    assert row.current
    assert row.frozen["mastery"][0]["fact"].endswith(":c-q1:2")


def _with_session(
    lane: Lane, required: int | None = None, make_up: bool = False
) -> tuple[int, int, int, int]:
    guide = b.guide("s-1", 90, "c-m" if make_up else None)
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30), sessions=[guide])
    cohort = lane.cohort(version, required)
    meeting = lane.meeting(cohort, version, "s-1", 3)
    return lane.enroll(lane.person(), version, cohort=cohort), version, cohort, meeting


def _core(lane: Lane, enrollment: int, day: int) -> None:
    lane.lesson(enrollment, "c-1", day)
    lane.quiz(enrollment, "c-q1", day)


def minutes_attended_after_the_issue_wait_for_a_person(lane: Lane) -> Iterator[None]:
    enrollment, _, _, meeting = _with_session(lane)
    _core(lane, enrollment, 1)
    lane.settle()
    yield
    lane.attend(enrollment, meeting, 90, 3)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert (row.minutes, row.current) == (90, False)
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30, "s-1": 90}
    yield
    lane.amend(enrollment, 9)
    first, second = lane.certificates(enrollment)
    assert (first.state, second.state, second.minutes, second.current) == ("corrected", "valid", 180, True)
    assert first.replaced_by == second.number
    assert second.first_award_on == first.first_award_on == b.day(1).date()
    assert (second.frozen["issued_on"], second.completed_on) == (
        b.day(9).date().isoformat(), first.completed_on,
    )  # fmt: skip


def attendance_corrected_twice(lane: Lane) -> Iterator[None]:
    enrollment, _, _, meeting = _with_session(lane)
    lane.attend(enrollment, meeting, 90, 3)
    _core(lane, enrollment, 4)
    lane.settle()
    yield
    lane.attend(enrollment, meeting, 60, 5, sequence=2)
    lane.settle()
    assert lane.paid(enrollment)["s-1"] == 60
    assert not lane.certificates(enrollment)[-1].current
    lane.amend(enrollment, 6)
    yield
    lane.attend(enrollment, meeting, 90, 7, sequence=3)
    lane.amend(enrollment, 8)
    rows = lane.certificates(enrollment)
    assert [row.minutes for row in rows] == [180, 150, 180]
    assert [row.state for row in rows] == ["corrected", "corrected", "valid"]
    assert lane.entries(enrollment) == 3 + 2 + 2
    assert rows[0].frozen["lines"] != rows[2].frozen["lines"]  # the same minutes on another row


def the_line_of_a_session_follows_the_entry_in_force(lane: Lane) -> Iterator[None]:
    enrollment, _, _, meeting = _with_session(lane)
    lane.attend(enrollment, meeting, 60, 3)
    _core(lane, enrollment, 4)
    lane.settle()
    yield
    lane.attend(enrollment, meeting, 60, 5, sequence=2, late=30)  # other times, the same minutes
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert not row.current
    assert lane.entries(enrollment) == 3 + 2
    yield
    lane.amend(enrollment, 6)
    before, after = (
        next(line for line in row.frozen["lines"] if line["kind"] == "live")
        for row in lane.certificates(enrollment)
    )
    assert (before["fact"][-2:], after["fact"][-2:]) == (":1", ":2")
    assert before["detail"] != after["detail"]


def words_may_go(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.reflection("c-1.look", 30))
    enrollment = lane.enroll(lane.person(), version)
    lane.lesson(enrollment, "c-1", 1)
    lane.hand_in(enrollment, "c-1.look", 2)
    lane.session.add(
        SubmissionText(enrollment_id=enrollment, key="c-1.look", number=1, salt=b"salt", body="Dayo waited.")
    )
    lane.session.commit()
    yield
    lane.review(enrollment, "c-1.look", 3, verdict="not_yet")
    lane.hand_in(enrollment, "c-1.look", 4, number=2)
    yield
    lane.review(enrollment, "c-1.look", 5, number=2)
    lane.settle()
    digest = lane.certificates(enrollment)[0].digest
    lane.session.execute(sa.delete(SubmissionText).where(SubmissionText.enrollment_id == enrollment))
    lane.session.commit()
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert (row.digest, row.current, row.minutes) == (digest, True, 90)
    assert row.completed_on == b.day(5).date()


def a_key_pays_the_minutes_of_the_version_it_was_done_in(lane: Lane) -> Iterator[None]:
    old = lane.version(b.lesson("c-1", 60), b.lesson("c-2", 40), b.lesson("c-9", 10), b.quiz("c-q1", 30))
    enrollment = lane.enroll(lane.person(), old)
    lane.lesson(enrollment, "c-1", 1)
    lane.lesson(enrollment, "c-2", 1)
    lane.quiz(enrollment, "c-q1", 2)
    yield
    new = lane.version(b.lesson("c-1", 45), b.lesson("c-3", 20), b.quiz("c-q1", 35))
    lane.move(enrollment, new, 3)
    yield
    assert lane.lazy or lane.snapshot(enrollment).done == 2
    lane.lesson(enrollment, "c-3", 4)
    lane.settle()
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30, "c-3": 20}
    (row,) = lane.certificates(enrollment)
    assert (row.frozen["course"]["version"], row.minutes) == (2, 110)


def a_grown_course_unfinishes_nobody(lane: Lane) -> Iterator[None]:
    small = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30))
    user = lane.person()
    first = lane.enroll(user, small)
    _core(lane, first, 1)
    lane.settle()
    yield
    grown = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30), b.lesson("c-2", 50))
    lane.settle()
    assert lane.snapshot(first).complete
    yield
    again = lane.enroll(user, grown, 10)
    lane.settle()
    assert (lane.snapshot(again).done, lane.snapshot(again).needed) == (2, 3)
    lane.lesson(again, "c-2", 11)
    lane.settle()
    assert lane.paid(again) == {"c-2": 50}
    assert [row.minutes for row in lane.certificates(again)] == [50]
    assert lane.certificates(first)[0].current


FIVE_YEARS = 5 * 365 + 30


def in_a_new_cycle_a_key_is_paid_again(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30))
    user = lane.person()
    first = lane.enroll(user, version)
    _core(lane, first, 1)
    lane.settle()
    yield
    soon = lane.enroll(user, version, 30)
    lane.settle()
    assert lane.snapshot(soon).complete
    assert lane.certificates(soon) == []
    yield
    later = lane.enroll(user, version, FIVE_YEARS)
    lane.settle()
    assert lane.snapshot(later).done == 0
    _core(lane, later, FIVE_YEARS + 1)
    lane.settle()
    assert lane.paid(later) == {"c-1": 60, "c-q1": 30}
    assert len(lane.certificates(later)) == 1
    assert lane.certificates(first)[0].current


def a_missed_session_is_never_paid_twice(lane: Lane) -> Iterator[None]:
    enrollment, _, _, meeting = _with_session(lane, make_up=True)
    lane.attend(enrollment, meeting, 0, 3)
    yield
    lane.lesson(enrollment, "c-m", 5)
    _core(lane, enrollment, 6)
    lane.settle()
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30, "s-1": 90}
    line = next(li for li in lane.certificates(enrollment)[0].frozen["lines"] if li["kind"] == "make_up")
    assert (line["credit_key"], line["source_key"]) == (f"{lane.key}/s-1", "c-m")
    yield
    lane.attend(enrollment, meeting, 90, 7, sequence=2)
    lane.amend(enrollment, 8)
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30, "s-1": 90}
    assert [row.minutes for row in lane.certificates(enrollment)] == [180, 180]


def the_longer_of_attended_and_made_up_is_paid(lane: Lane) -> Iterator[None]:
    enrollment, _, _, meeting = _with_session(lane, make_up=True)
    lane.lesson(enrollment, "c-m", 2)
    yield
    assert lane.lazy or lane.paid(enrollment) == {}  # nobody was missed
    lane.attend(enrollment, meeting, 50, 3)
    lane.settle()
    assert lane.paid(enrollment) == {"s-1": 90}


def a_session_made_up_pays_what_was_planned(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30), sessions=[b.guide("s-1", 90, "c-m")])
    cohort = lane.cohort(version)
    meeting = lane.meeting(cohort, version, "s-1", 3, minutes=90, breaks=15)
    here, short = (lane.enroll(lane.person(), version, cohort=cohort) for _ in range(2))
    lane.attend(here, meeting, 75, 3)
    lane.attend(short, meeting, 74, 3)
    yield
    lane.lesson(short, "c-m", 5)
    for enrollment in (here, short):
        _core(lane, enrollment, 6)
    lane.settle()
    assert lane.paid(here) == lane.paid(short) == {"c-1": 60, "c-q1": 30, "s-1": 75}


def one_piece_makes_up_for_one_session(lane: Lane) -> Iterator[None]:
    guides = [b.guide("s-1", 90, "c-m"), b.guide("s-2", 90, "c-m")]
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30), sessions=guides)
    cohort = lane.cohort(version)
    one, two = lane.meeting(cohort, version, "s-1", 3), lane.meeting(cohort, version, "s-2", 4)
    enrollment = lane.enroll(lane.person(), version, cohort=cohort)
    lane.lesson(enrollment, "c-m", 2)
    lane.attend(enrollment, two, 0, 4)
    yield
    lane.attend(enrollment, one, 0, 5)
    _core(lane, enrollment, 6)
    lane.settle()
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30, "s-1": 90}
    yield
    lane.attend(enrollment, one, 90, 7, sequence=2)  # was there after all: the piece makes up for the other
    lane.amend(enrollment, 8)
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30, "s-1": 90, "s-2": 90}


def a_peers_word_is_not_enough_everywhere(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 600), b.reflection("c-1.look", 30, peers=True))
    cohort = lane.cohort(version)
    lane.body(cohort)
    enrollment = lane.enroll(lane.person(license="MA"), version, cohort=cohort)
    peer = lane.person()
    lane.lesson(enrollment, "c-1", 1)
    lane.hand_in(enrollment, "c-1.look", 2)
    yield
    lane.review(enrollment, "c-1.look", 3, kind="peer", by=peer)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert (row.completed_on, lane.units(enrollment)) == (b.day(3).date(), 0)
    assert not lane.gate(enrollment, "reviewer")
    yield
    lane.review(enrollment, "c-1.look", 9, review=2)
    lane.settle()
    assert not lane.certificates(enrollment)[0].current
    lane.amend(enrollment, 10)
    row = lane.certificates(enrollment)[-1]
    award = next(a for a in row.frozen["awards"] if a["rule_set"]["key"] == "us-ma-pdp")
    assert (row.completed_on, award["met_on"]) == (b.day(3).date(), b.day(9).date().isoformat())
    assert lane.units(enrollment) == 1050


def _provider(lane: Lane, last: int) -> int:
    version = lane.version(b.lesson("c-1", 600), b.quiz("c-q1", 30))
    cohort = lane.cohort(version)
    lane.body(cohort, "registered_provider", (-300, last))
    return lane.enroll(lane.person(license="MA"), version, cohort=cohort)


def a_registration_that_ended_the_day_before_awards_nothing(lane: Lane) -> Iterator[None]:
    late, in_time = _provider(lane, 4), _provider(lane, 5)
    for enrollment in (late, in_time):
        lane.lesson(enrollment, "c-1", 1)
        yield
        lane.quiz(enrollment, "c-q1", 5)
    lane.settle()
    assert (lane.units(late), lane.gate(late, "registration")) == (0, False)
    assert (lane.units(in_time), lane.gate(in_time, "registration")) == (1050, True)
    explanation = lane.certificates(late)[0].frozen["awards"][1]["explanation"]
    assert any("ended on 2026-03-06" in sentence for sentence in explanation)


def a_corrected_name_is_a_corrected_certificate(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30))
    user = lane.person("Rosa Delgdo")
    enrollment = lane.enroll(user, version)
    _core(lane, enrollment, 1)
    lane.settle()
    yield
    lane.rename(user, "Rosa Delgado", 2)
    lane.settle()
    assert [row.current for row in lane.certificates(enrollment)] == [False]
    yield
    lane.amend(enrollment, 3)
    first, second = lane.certificates(enrollment)
    assert (first.frozen["person"]["name"], second.frozen["person"]["name"]) == (
        "Rosa Delgdo",
        "Rosa Delgado",
    )
    assert lane.entries(enrollment) == 2
    assert lane.amend(enrollment, 4).certificates == ()  # it is current


def what_was_revoked_stays_revoked(lane: Lane) -> Iterator[None]:
    enrollment, version, _, meeting = _with_session(lane)
    lane.attend(enrollment, meeting, 90, 3)
    _core(lane, enrollment, 4)
    lane.settle()
    yield
    lane.revoke(enrollment, 5)
    assert lane.paid(enrollment) == {"s-1": 90}
    assert [row.state for row in lane.certificates(enrollment)] == ["revoked"]
    yield
    lane.quiz(enrollment, "c-q1", 6, number=2)
    lane.settle()
    assert len(lane.certificates(enrollment)) == 1
    assert lane.paid(enrollment) == {"s-1": 90}
    user = lane.people[-1]
    again = lane.enroll(user, version, 7)
    lane.settle()
    assert lane.snapshot(again).done == 0  # nothing of a revoked enrollment counts as done
    _core(lane, again, 8)
    lane.settle()
    assert lane.paid(again) == {"c-1": 60, "c-q1": 30}
    assert [row.minutes for row in lane.certificates(again)] == [90]


def a_cohorts_attendance_rule_is_a_sum(lane: Lane) -> Iterator[None]:
    guides = [b.guide("s-1", 90, "c-m1"), b.guide("s-2", 90, "c-m2"), b.guide("s-3", 90)]
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30), sessions=guides)
    cohort = lane.cohort(version, required=200)
    one, two, three = (lane.meeting(cohort, version, f"s-{n}", n * 7) for n in (1, 2, 3))
    enrollment = lane.enroll(lane.person(), version, cohort=cohort)
    _core(lane, enrollment, 1)
    lane.attend(enrollment, one, 70, 7)
    yield
    lane.attend(enrollment, two, 0, 14)
    lane.attend(enrollment, three, 50, 21)
    lane.settle()
    assert [(u.key, u.reason, u.missing) for u in lane.snapshot(enrollment).unmet] == [
        ("attendance", "attendance_short", 200 - 70 - 50)
    ]
    assert (lane.snapshot(enrollment).done, lane.snapshot(enrollment).needed) == (2, 3)
    yield
    lane.lesson(enrollment, "c-m2", 30)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert (row.completed_on, row.minutes) == (b.day(30).date(), 60 + 30 + 70 + 90 + 50)
    named = [name for name in row.frozen["used"] if name.startswith("attendance_entries")]
    assert len(named) == 3  # every summand, and the entry that says who was missed
    yield
    lane.lesson(enrollment, "c-m1", 31)  # s-1 was cut short: made up too, and longer
    lane.amend(enrollment, 40)
    assert lane.paid(enrollment)["s-1"] == 90


def a_broken_attendance_rule_leaves_contact_time(lane: Lane) -> Iterator[None]:
    enrollment, _, _, meeting = _with_session(lane, required=80)
    lane.attend(enrollment, meeting, 90, 3)
    _core(lane, enrollment, 4)
    lane.settle()
    assert lane.snapshot(enrollment).complete
    yield
    lane.attend(enrollment, meeting, 30, 5, sequence=2)
    lane.settle()
    assert lane.paid(enrollment) == {"s-1": 30}
    assert [row.current for row in lane.certificates(enrollment)] == [False]
    yield
    lane.attend(enrollment, meeting, 85, 6, sequence=3)
    lane.amend(enrollment, 7)
    assert [row.minutes for row in lane.certificates(enrollment)] == [180, 175]


def an_activity_is_done_when_all_its_parts_were_checked(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.activity("c-1.scenes"))
    enrollment = lane.enroll(lane.person(), version)
    lane.activity(enrollment, "c-1.scenes", 1, whole=False)
    yield
    lane.lesson(enrollment, "c-1", 2)
    lane.settle()
    assert [(u.key, u.reason) for u in lane.snapshot(enrollment).unmet] == [("c-1.scenes", "not_done")]
    yield
    lane.activity(enrollment, "c-1.scenes", 4, number=2)
    lane.activity(enrollment, "c-1.scenes", 6, number=3)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert (row.completed_on, lane.paid(enrollment)) == (b.day(4).date(), {"c-1": 60})


def a_piece_on_paper_is_done_by_a_statement(lane: Lane) -> Iterator[None]:
    version = lane.version(b.try_out("c-t1", 20, paper=True), b.lesson("c-1", 60))
    enrollment = lane.enroll(lane.person(), version)
    lane.lesson(enrollment, "c-1", 1)
    yield
    lane.paper(enrollment, "c-t1", 3)
    lane.settle()
    assert lane.paid(enrollment) == {"c-t1": 20, "c-1": 60}


def every_sitting_of_a_sheet_counts(lane: Lane) -> Iterator[None]:
    version = lane.version(b.try_out("c-t2", 20, sittings=("Week 1", "Week 6: again")), b.lesson("c-1", 60))
    enrollment = lane.enroll(lane.person(), version)
    lane.lesson(enrollment, "c-1", 1)
    lane.sheet(enrollment, "c-t2", 2, "Week 1")
    yield
    lane.sheet(enrollment, "c-t2", 3)
    lane.settle()
    assert [u.reason for u in lane.snapshot(enrollment).unmet] == ["not_done"]
    yield
    lane.sheet(enrollment, "c-t2", 40, "Week 6: again")
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert row.completed_on == b.day(40).date()
    assert sum(name.startswith("worksheet_completions") for name in row.frozen["used"]) == 2


def drafts_and_claims_are_no_facts(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.reflection("c-1.look", 30))
    enrollment = lane.enroll(lane.person(), version)
    lane.lesson(enrollment, "c-1", 1)
    lane.hand_in(enrollment, "c-1.look", 2)
    lane.settle()
    lane.session.add_all(
        [
            Draft(
                enrollment_id=enrollment, key="c-1.look", sitting="", entry=0, revision=1, body="…",
                saved_at=b.day(3),
            ),
            ReviewClaim(
                enrollment_id=enrollment, key="c-1.look", number=1, reviewer_id=lane.staff, until=b.day(4)
            ),
        ]
    )  # fmt: skip
    lane.session.commit()
    yield
    lane.check()
    assert [u.reason for u in lane.snapshot(enrollment).unmet] == ["awaiting_review"]
    assert lane.certificates(enrollment) == []


def where_somebody_works_is_frozen_at_the_issue(lane: Lane) -> Iterator[None]:
    session = lane.session
    here = b.school(session, b.district(session, "Harbor Valley"), "Elm Street School")
    session.commit()
    version = lane.version(b.lesson("c-1", 600), b.quiz("c-q1", 30))
    user, unconfirmed = lane.person(license="US-MA"), lane.person()
    b.affiliate(session, user, here)
    b.affiliate(session, unconfirmed, here, "unconfirmed")
    session.commit()
    enrollment, other = lane.enroll(user, version), lane.enroll(unconfirmed, version)
    yield
    for one in (enrollment, other):
        lane.lesson(one, "c-1", 1)
        lane.quiz(one, "c-q1", 1)
    lane.settle()
    (row,) = lane.certificates(enrollment)
    assert row.organization_id == here
    assert row.frozen["person"]["organization"]["district"] == "Harbor Valley"
    assert lane.certificates(other)[0].organization_id == 0
    yield
    session.execute(
        sa.text("UPDATE affiliations SET state = 'ended', to_on = from_on WHERE user_id = :user"),
        {"user": user},
    )
    session.execute(sa.text("UPDATE users SET job = 'administrator' WHERE id = :user"), {"user": user})
    session.commit()
    lane.settle()
    assert lane.certificates(enrollment)[0].current  # a move or a new job makes nothing due


def short_courses_on_one_topic_add_up(lane: Lane) -> Iterator[None]:
    first = lane.version(b.lesson("c-1", 270), b.quiz("c-q1", 30), topic=f"topic {lane.key}")
    cohort = lane.cohort(first)
    lane.body(cohort)
    user = lane.person(license="MA")
    one = lane.enroll(user, first, cohort=cohort)
    _core(lane, one, 1)
    lane.settle()
    assert lane.units(one) == 0
    yield
    other_key = f"{lane.key}-b"
    second = lane.version(b.lesson("d-1", 270), b.quiz("d-q1", 30), topic=f"topic {lane.key}", key=other_key)
    strange = lane.version(b.lesson("e-1", 600), topic=f"elsewhere {lane.key}", key=f"{lane.key}-c")
    lane.lesson(lane.enroll(user, strange), "e-1", 2)
    lane.settle()
    assert lane.certificates(one)[0].current  # another topic
    two = lane.enroll(user, second)
    lane.lesson(two, "d-1", 3)
    yield
    lane.quiz(two, "d-q1", 4)
    lane.settle()
    assert not lane.certificates(one)[0].current
    lane.amend(one, 5)
    assert lane.units(one) == 500  # its own minutes only
    award = next(
        a for a in lane.certificates(one)[-1].frozen["awards"] if a["rule_set"]["key"] == "us-ma-pdp"
    )
    assert (award["topic_minutes"], award["met_on"]) == (600, b.day(4).date().isoformat())
    assert lane.certificates(one)[-1].completed_on == b.day(1).date()


def hours_without_an_assessment_do_not_add_up(lane: Lane) -> Iterator[None]:
    topic = f"topic {lane.key}"
    first = lane.version(b.lesson("c-1", 270), b.quiz("c-q1", 30), topic=topic)
    cohort = lane.cohort(first)
    lane.body(cohort)
    user = lane.person(license="MA")
    one = lane.enroll(user, first, cohort=cohort)
    _core(lane, one, 1)
    yield
    bare = lane.version(b.lesson("d-1", 300), topic=topic, key=f"{lane.key}-b")
    lane.lesson(lane.enroll(user, bare), "d-1", 2)
    lane.settle()
    assert lane.certificates(one)[0].current and lane.units(one) == 0
    yield
    judged = lane.version(b.lesson("e-1", 270), b.reflection("e-1.look", 30, peers=True), topic=topic,
                          key=f"{lane.key}-c")  # fmt: skip
    other = lane.enroll(user, judged)
    lane.lesson(other, "e-1", 3)
    lane.hand_in(other, "e-1.look", 3)
    lane.review(other, "e-1.look", 4, kind="peer", by=lane.person())
    lane.settle()
    assert lane.certificates(one)[0].current  # Massachusetts does not take a peer's word
    yield
    lane.review(other, "e-1.look", 9, review=2)
    lane.amend(one, 10)
    award = next(
        a for a in lane.certificates(one)[-1].frozen["awards"] if a["rule_set"]["key"] == "us-ma-pdp"
    )
    assert (award["units_hundredths"], award["met_on"]) == (500, b.day(9).date().isoformat())
    assert {other_id for other_id, *_ in award["topic"]["others"]} == {other}


def a_late_review_completes_who_has_left(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.reflection("c-1.look", 30))
    enrollment = lane.enroll(lane.person(), version)
    lane.lesson(enrollment, "c-1", 1)
    lane.hand_in(enrollment, "c-1.look", 2)
    lane.leave(enrollment, 3)
    yield
    lane.review(enrollment, "c-1.look", 9)
    lane.settle()
    assert lane.snapshot(enrollment).complete
    assert len(lane.certificates(enrollment)) == 1


def who_returns_keeps_what_was_done(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.quiz("c-q1", 30))
    user = lane.person()
    first = lane.enroll(user, version)
    lane.lesson(first, "c-1", 1)
    lane.leave(first, 2)
    yield
    again = lane.enroll(user, version, 20)
    lane.quiz(again, "c-q1", 21)
    lane.settle()
    assert lane.snapshot(again).complete
    assert (lane.paid(first), lane.paid(again)) == ({}, {"c-1": 60, "c-q1": 30})
    assert lane.certificates(again)[0].frozen["started_on"] == b.day(1).date().isoformat()
    yield
    lane.quiz(first, "c-q1", 30)  # a stale page of the first: complete now, after the second
    lane.settle()
    assert lane.snapshot(first).complete
    assert lane.certificates(first) == []
    assert lane.certificates(again)[0].current  # an issued certificate loses nothing to a later completion


def a_course_that_asks_for_less_takes_nothing_from_a_certificate(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60), b.reflection("c-1.look", 30))
    user = lane.person()
    first = lane.enroll(user, version)
    lane.lesson(first, "c-1", 1)
    lane.hand_in(first, "c-1.look", 2)
    yield
    lane.review(first, "c-1.look", 9)
    lane.settle()
    yield
    again = lane.enroll(user, lane.version(b.lesson("c-1", 60)), 9)
    lane.settle()
    assert lane.snapshot(again).complete  # by what the first brings along, on a day before the first was
    assert lane.paid(first) == {"c-1": 60, "c-1.look": 30}
    assert lane.certificates(first)[0].current
    assert lane.certificates(again) == []


def an_alternative_pays_under_the_key_it_replaces(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 60, also=["c-1-text"]), b.quiz("c-q1", 30))
    enrollment = lane.enroll(lane.person(), version)
    lane.lesson(enrollment, "c-1-text", 1)
    lane.quiz(enrollment, "c-q1", 2)
    yield
    lane.lesson(enrollment, "c-1", 3)
    lane.settle()
    assert lane.paid(enrollment) == {"c-1": 60, "c-q1": 30}
    line = lane.certificates(enrollment)[0].frozen["lines"][0]
    assert (line["credit_key"], line["source_key"]) == (f"{lane.key}/c-1", "c-1-text")


def a_license_stated_later_makes_the_certificate_due(lane: Lane) -> Iterator[None]:
    version = lane.version(b.lesson("c-1", 600), b.quiz("c-q1", 30))
    cohort = lane.cohort(version)
    lane.body(cohort)
    user = lane.person()
    enrollment = lane.enroll(user, version, cohort=cohort)
    _core(lane, enrollment, 1)
    lane.settle()
    assert lane.units(enrollment) is None
    yield
    b.license(lane.session, user, "MA")
    lane.session.commit()
    lane.amend(enrollment, 5)
    assert lane.units(enrollment) == 1050


def session_minutes_stand_without_completion(lane: Lane) -> Iterator[None]:
    enrollment, _, cohort, meeting = _with_session(lane)
    lane.attend(enrollment, meeting, 75, 3)
    yield
    lane.leave(enrollment, 4)
    lane.settle()
    assert lane.paid(enrollment) == {"s-1": 75}
    assert lane.certificates(enrollment) == []
    assert lane.session.get_one(Cohort, cohort).closed_at is None


STORIES: tuple[Story, ...] = (
    ten_hours_less_a_minute_is_no_point,
    ten_hours_are_ten_points,
    who_fails_and_passes_is_complete_on_the_day_of_passing,
    minutes_attended_after_the_issue_wait_for_a_person,
    attendance_corrected_twice,
    the_line_of_a_session_follows_the_entry_in_force,
    words_may_go,
    a_key_pays_the_minutes_of_the_version_it_was_done_in,
    a_grown_course_unfinishes_nobody,
    in_a_new_cycle_a_key_is_paid_again,
    a_missed_session_is_never_paid_twice,
    the_longer_of_attended_and_made_up_is_paid,
    a_session_made_up_pays_what_was_planned,
    one_piece_makes_up_for_one_session,
    a_peers_word_is_not_enough_everywhere,
    a_registration_that_ended_the_day_before_awards_nothing,
    a_corrected_name_is_a_corrected_certificate,
    what_was_revoked_stays_revoked,
    a_cohorts_attendance_rule_is_a_sum,
    a_broken_attendance_rule_leaves_contact_time,
    an_activity_is_done_when_all_its_parts_were_checked,
    a_piece_on_paper_is_done_by_a_statement,
    every_sitting_of_a_sheet_counts,
    drafts_and_claims_are_no_facts,
    where_somebody_works_is_frozen_at_the_issue,
    short_courses_on_one_topic_add_up,
    hours_without_an_assessment_do_not_add_up,
    a_late_review_completes_who_has_left,
    who_returns_keeps_what_was_done,
    a_course_that_asks_for_less_takes_nothing_from_a_certificate,
    an_alternative_pays_under_the_key_it_replaces,
    a_license_stated_later_makes_the_certificate_due,
    session_minutes_stand_without_completion,
)
