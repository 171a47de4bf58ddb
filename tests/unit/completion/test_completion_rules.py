"""What makes a course complete, as plain values: facts in any order, the earliest decides, reasons for the rest."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from lms.completion.rules import Attendance, CompletionStatus, Fact, Unmet, contacts, evaluate
from lms.content.nodes import Requirement
from tests import builders as b

FIRST = b.MONDAY


def fact(kind: Any, key: str, day: int, number: int = 1, **more: Any) -> Fact:
    at = FIRST + timedelta(days=day)
    ref = f"{kind}:{more.get('enrollment_id', 1)}:{key}:{number}:{more.get('sitting', '')}{more.get('review', '')}"
    more.pop("review", None)
    return Fact(
        kind=kind, enrollment_id=more.pop("enrollment_id", 1), key=key, version_id=1, at=at, on=at.date(),
        ref=ref, number=number, **more,
    )  # fmt: skip


def status(requirement: Requirement, *facts: Fact) -> CompletionStatus:
    return evaluate([requirement], facts)


def reason(requirement: Requirement, *facts: Fact) -> str:
    (unmet,) = status(requirement, *facts).unmet
    assert unmet.key == requirement.key
    return unmet.reason


def day(number: int) -> date:
    return (FIRST + timedelta(days=number)).date()


def test_nobody_is_complete_without_requirements() -> None:
    assert evaluate([], [fact("lesson", "c-1", 1)]) == CompletionStatus(False, 0, 0, (), None, (), {})


def test_what_is_left_stands_in_the_order_of_the_course() -> None:
    parts = [b.lesson("c-1"), b.quiz("c-q1"), b.reflection("c-1.look"), b.try_out("c-t1")]
    found = evaluate(parts, [fact("lesson", "c-1", 1)])
    assert found.unmet == (
        Unmet("c-q1", "not_tried"), Unmet("c-1.look", "not_handed_in"), Unmet("c-t1", "not_done"),
    )  # fmt: skip
    assert (found.done, found.needed, found.complete, found.completed_on) == (1, 4, False, None)


def test_a_quiz_says_whether_it_was_tried() -> None:
    assert reason(b.quiz("c-q1")) == "not_tried"
    assert reason(b.quiz("c-q1"), fact("quiz", "c-q1", 1, passed=False)) == "below_pass"
    passing = [fact("quiz", "c-q1", 1, passed=False), fact("quiz", "c-q1", 3, 2), fact("quiz", "c-q1", 5, 3)]
    assert status(b.quiz("c-q1"), *passing).completed_on == day(3)


def test_a_reflection_says_who_is_to_act() -> None:
    look = b.reflection("c-1.look")
    handed_in = fact("hand_in", "c-1.look", 1)
    not_yet = fact("review", "c-1.look", 2, verdict="not_yet", reviewer="facilitator")
    assert reason(look) == "not_handed_in"
    assert reason(look, handed_in) == "awaiting_review"
    assert reason(look, handed_in, not_yet) == "not_yet"
    again = fact("hand_in", "c-1.look", 3, 2)
    assert reason(look, handed_in, not_yet, again) == "awaiting_review"
    meets = fact("review", "c-1.look", 4, 2, verdict="meets", reviewer="organization")
    later = fact("review", "c-1.look", 6, 2, verdict="not_yet", reviewer="facilitator", review="2")
    assert status(look, handed_in, not_yet, again, meets, later).completed_on == day(4)


def test_a_peer_counts_where_the_course_allows_one() -> None:
    facts = [fact("hand_in", "c-1.look", 1), fact("review", "c-1.look", 2, verdict="strong", reviewer="peer")]
    assert reason(b.reflection("c-1.look"), *facts) == "awaiting_review"
    assert status(b.reflection("c-1.look", peers=True), *facts).complete


def test_a_capstone_may_ask_for_more_than_meets() -> None:
    facts = [fact("hand_in", "c-cap", 1), fact("review", "c-cap", 2, verdict="meets", reviewer="facilitator")]
    assert status(b.capstone("c-cap"), *facts).complete
    assert reason(b.capstone("c-cap", level="strong"), *facts) == "not_yet"


def test_an_activity_needs_all_its_parts_and_an_alternative_is_as_good() -> None:
    scenes = Requirement("activity", "c-1.scenes", "c-1", "Scenes", 0, also=("c-1.text",))
    assert reason(scenes, fact("activity", "c-1.scenes", 1, passed=False)) == "not_done"
    assert status(scenes, fact("activity", "c-1.text", 1)).complete


def test_facts_of_another_kind_with_the_same_key_do_not_count() -> None:
    assert reason(b.lesson("c-1"), fact("activity", "c-1", 1)) == "not_done"
    assert reason(b.try_out("c-t1"), fact("lesson", "c-t1", 1)) == "not_done"


def test_every_sitting_is_needed_and_named() -> None:
    twice = b.try_out("c-t1", sittings=("before", "after"))
    before, after = (fact("sheet", "c-t1", n, sitting=name) for n, name in ((1, "before"), (9, "after")))
    assert reason(twice, before) == "not_done"
    done = status(twice, before, after)
    assert (done.completed_on, done.used) == (day(9), tuple(sorted((before.ref, after.ref))))


def test_paper_counts_whatever_the_form_is_now() -> None:
    assert status(b.try_out("c-t1"), fact("paper", "c-t1", 1)).complete
    assert status(b.try_out("c-t1", paper=True), fact("sheet", "c-t1", 1)).complete


# ── Live sessions ────────────────────────────────────────────────────────────────────────────────


def attended(session: int, key: str, day: int, minutes: int, full: int = 90, number: int = 1) -> Fact:
    return fact("attendance", key, day, number, session_id=session, minutes=minutes, full=full)


def _met(*facts: Fact, make_up: str | None = "c-m") -> list[tuple[str, str, int]]:
    course = b.course(sessions=[b.guide("s-1", 90, make_up), b.guide("s-2", 60)])
    return [(c.key, c.kind, c.minutes) for c in contacts(facts, {1: course})]


def test_the_highest_entry_is_in_force() -> None:
    assert _met(attended(5, "s-1", 1, 90), attended(5, "s-1", 1, 40, number=2)) == [("s-1", "live", 40)]
    assert _met(attended(5, "s-1", 1, 90), attended(5, "s-1", 1, 0, number=2)) == []


@pytest.mark.parametrize(
    ("minutes", "made_up", "expected"),
    [
        (0, False, []),
        (0, True, [("s-1", "make_up", 90)]),
        (50, True, [("s-1", "make_up", 90)]),
        (90, True, [("s-1", "live", 90)]),
        (50, False, [("s-1", "live", 50)]),
    ],
)
def test_the_longer_of_attended_and_made_up_counts(
    minutes: int, made_up: bool, expected: list[tuple[str, str, int]]
) -> None:
    piece = [fact("lesson", "c-m", 9)] if made_up else []
    assert _met(attended(5, "s-1", 1, minutes), *piece) == expected


def test_a_make_up_needs_somebody_who_was_missed_and_a_guide_that_names_it() -> None:
    assert _met(fact("lesson", "c-m", 9)) == []
    assert _met(attended(5, "s-1", 1, 0), fact("lesson", "c-m", 9), make_up=None) == []
    assert _met(attended(5, "s-2", 1, 0, 60), fact("lesson", "c-m", 9)) == []


@pytest.mark.parametrize(("minutes", "full"), [(74, 75), (0, 75), (0, 45)])
def test_a_session_made_up_pays_no_more_than_one_attended(minutes: int, full: int) -> None:
    piece = fact("lesson", "c-m", 9)
    assert _met(attended(5, "s-1", 1, minutes, full), piece) == [("s-1", "make_up", full)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (0, 0, [("s-1", "make_up", 90)]),
        (50, 0, [("s-1", "make_up", 90)]),
        (90, 0, [("s-1", "live", 90), ("s-2", "make_up", 90)]),
        (0, 60, [("s-1", "make_up", 90), ("s-2", "live", 60)]),
    ],
)
def test_one_piece_makes_up_for_one_session(
    first: int, second: int, expected: list[tuple[str, str, int]]
) -> None:
    course = b.course(sessions=[b.guide("s-1", 90, "c-m"), b.guide("s-2", 90, "c-m")])
    facts = [attended(5, "s-1", 1, first), attended(6, "s-2", 8, second), fact("lesson", "c-m", 0)]
    for some in (facts, facts[::-1]):
        found = contacts(some, {1: course})
        assert sorted((c.key, c.kind, c.minutes) for c in found) == expected


def _rule(required: int, *facts: Fact) -> CompletionStatus:
    course = b.course(b.lesson("c-1"), sessions=[b.guide("s-1", 90, "c-m"), b.guide("s-2", 60)])
    met = contacts(facts, {1: course})
    return evaluate(course.requirements, [fact("lesson", "c-1", 1), *facts], Attendance(required, met))


def test_the_attendance_rule_is_met_on_the_day_the_sum_suffices() -> None:
    one, two = attended(5, "s-1", 3, 80), attended(6, "s-2", 8, 60, 60)
    assert _rule(80, one, two).completed_on == day(3)
    found = _rule(81, one, two)
    assert found.completed_on == day(8)
    assert {one.ref, two.ref} <= set(found.used)
    short = _rule(141, one, two)
    assert (short.unmet, short.done, short.needed) == ((Unmet("attendance", "attendance_short", 1),), 1, 2)


def test_a_made_up_session_counts_for_the_rule_and_names_who_was_missed() -> None:
    missed, piece = attended(5, "s-1", 3, 0), fact("lesson", "c-m", 20)
    found = _rule(90, missed, piece)
    assert found.completed_on == day(20)
    assert {missed.ref, piece.ref} <= set(found.used)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_facts_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    parts: Sequence[Requirement] = [
        b.lesson("c-1"),
        b.quiz("c-q1"),
        b.reflection("c-1.look"),
        b.activity("c-1.a"),
    ]
    facts = [
        fact("lesson", "c-1", 4), fact("quiz", "c-q1", 1, passed=False), fact("quiz", "c-q1", 2, 2),
        fact("quiz", "c-q1", 3, 3), fact("hand_in", "c-1.look", 1), fact("hand_in", "c-1.look", 5, 2),
        fact("review", "c-1.look", 6, 2, verdict="meets", reviewer="facilitator"),
        fact("activity", "c-1.a", 2), fact("activity", "c-1.a", 1, 2),
    ]  # fmt: skip
    some = chance.sample(facts, k=chance.randrange(len(facts) + 1))
    mixed = chance.sample(some, k=len(some))
    assert evaluate(parts, mixed) == evaluate(parts, some)
    assert evaluate(parts, some).done <= len(parts)
