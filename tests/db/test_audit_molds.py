"""Certificates of many who went the same way are read whole once. A forgery among the others is found as if
each were read whole, and no check that serves for this is idle."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest
import sqlalchemy as sa

from lms.credit import cases, checking, molds, posted
from lms.credit.posted import DECIDING
from lms.credit.services import settle
from lms.kernel.db import transaction
from tests import builders as b
from tests.db.conftest import Database
from tests.db.forgeries import FORGERIES, REGISTERED, TEN_HOURS, Forgeries, World, missed, sound, world_of

Planting = Callable[[pytest.MonkeyPatch], None]


def test_a_forgery_among_many_who_went_the_same_way_is_found(database: Database) -> None:
    world = world_of(database)
    sound(world, world.before[:1])
    assert missed(world, FORGERIES) == set()


def test_minutes_that_count_later_are_found_among_them(database: Database) -> None:
    world = world_of(database, lesson=270)
    sound(world, world.before[:1])
    assert missed(world, TEN_HOURS) == set()


def test_who_finished_after_the_registration_is_found_among_those_before(database: Database) -> None:
    world = world_of(database, lesson=270, registered=True)
    sound(world, (world.before[0], world.last))
    assert missed(world, REGISTERED) == set()


# ── No check is idle ─────────────────────────────────────────────────────────────────────────────


def _without(check: Any) -> Planting:
    return lambda patch: patch.setattr(molds, "CHECKS", tuple(c for c in molds.CHECKS if c is not check))


def _undecided(name: str) -> Planting:
    """As if this value of a fact decided nothing."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        fewer = attrgetter(*(each for each in DECIDING if each != name))
        patch.setattr(posted, "deciding", fewer)
        patch.setattr(cases, "deciding", fewer)

    return plant


def _anybody(patch: pytest.MonkeyPatch) -> None:
    """As if gates took everybody alike."""
    right = cases._said
    patch.setattr(cases, "_said", lambda text: right(text)._replace(takes=()))  # type: ignore[union-attr]


def _current_or_not(patch: pytest.MonkeyPatch) -> None:
    """As if certificates that are current were of one kind with those that are not."""
    right = cases.case_of
    patch.setattr(
        checking, "case_of", lambda *given: (case := right(*given)) and case._replace(kind=case.kind[:-1])
    )


DROPPED: dict[Any, str] = {
    molds._same_person: "another person",
    molds._same_minutes: "minutes on the row",
    molds._same_awards: "units of the award's row",
    molds._completed_on_the_day: "a day of completion that facts do not give",
    molds._in_the_same_order: "a sitting after the day of completion",
    molds._no_other_review: "an earlier review that nobody counted",
    molds._same_on_the_topic: "other work on the topic that no gate knows of",
    molds._same_text: "the day something was assessed",
}
"""A check, and the forgery that is hidden without it."""
ELSEWHERE = {
    molds._same_first_day, molds._added_up_in_the_same_order, molds._nothing_later_on_the_ledger,
    molds._registered_then,
}  # fmt: skip
"""Those that need another world: see below."""
PLANTED: dict[str, Planting] = {
    "a quiz that was not passed": _undecided("passed"),
    "a review taken back": _undecided("verdict"),
    "attendance made shorter": _undecided("minutes"),
    "a lesson of another version": _undecided("version_id"),
    "a license that nobody stated": _anybody,
    "an acceptance that older certificates left out": _current_or_not,
}
"""A forgery, and a mistake in the kinds of rows that hides it."""


def _hidden(world: World, forgeries: Forgeries, planting: Planting) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        planting(patch)
        return missed(world, forgeries) != set()


def test_a_planted_mistake_hides_a_forgery(alone: Database) -> None:
    world = world_of(alone)
    sound(world, world.before[:1])
    plantings = PLANTED | {forgery: _without(check) for check, forgery in DROPPED.items()}
    idle = [
        name for name, planting in plantings.items() if not _hidden(world, {name: FORGERIES[name]}, planting)
    ]
    assert idle == []
    assert set(molds.CHECKS) == DROPPED.keys() | ELSEWHERE


def test_without_a_look_at_the_day_a_later_one_is_hidden(alone: Database) -> None:
    world = world_of(alone, lesson=270)
    sound(world, world.before[:1])
    assert _hidden(world, TEN_HOURS, _without(molds._nothing_later_on_the_ledger))


def test_without_a_look_at_the_registration_its_end_is_hidden(alone: Database) -> None:
    world = world_of(alone, lesson=270, registered=True)
    sound(world, (world.before[0], world.last))
    assert _hidden(world, REGISTERED, _without(molds._registered_then))


def _added_up_otherwise(world: World) -> None:
    """The sessions that came first for others."""
    sessions = [
        f"attendance_entries:{number}:{world.last}:1"
        for number in world.session.scalars(
            sa.text(
                "SELECT a.session_id FROM attendance_entries a JOIN cohort_sessions s ON s.id = a.session_id"
                " WHERE a.enrollment_id = :last AND s.session_key IN ('s-1', 's-2')"
            ),
            {"last": world.last},
        )
    ]
    world.reissue(lambda frozen: frozen.update(used=sorted([f"lesson_progress:{world.last}:c-1", *sessions])))


def test_the_sessions_that_an_attendance_rule_adds_up_are_each_persons_own(alone: Database) -> None:
    session = alone.session
    sessions = [b.guide(f"s-{number}") for number in (1, 2, 3)]
    version = b.version(session, b.course(b.lesson("c-1", 60), sessions=sessions))
    staff, found = b.person(session), []
    for keys in (("s-1", "s-2", "s-3"), ("s-1", "s-2", "s-3"), ("s-3", "s-1", "s-2")):
        cohort = b.cohort(session, version, required_minutes=100)
        enrollment = b.enroll(session, b.person(session), version, cohort_id=cohort)
        b.lesson_done(session, enrollment, version, "c-1", b.day(2))
        for number, key in enumerate(keys):
            meeting = b.cohort_session(session, cohort, version, key, b.day(number))
            b.attended(session, meeting, enrollment, 90, staff)
        found.append(enrollment)
    session.commit()
    with transaction(session):
        settle(session, found, b.day(9), None, "done")
    world = World(session, alone.connection, found[-1], tuple(found[:-1]), version)
    sound(world, (found[0], found[2]))
    forgery: Forgeries = {"sessions that came later": (_added_up_otherwise, "used")}
    assert missed(world, forgery) == set()
    assert _hidden(world, forgery, _without(molds._added_up_in_the_same_order))


def test_the_first_session_that_a_piece_makes_up_for_is_each_persons_own(alone: Database) -> None:
    session = alone.session
    sessions = [b.guide(key, make_up="c-m") for key in ("s-1", "s-2")]
    version = b.version(session, b.course(b.lesson("c-1", 60), sessions=sessions))
    staff, found = b.person(session), []
    for _ in range(3):
        cohort = b.cohort(session, version)
        enrollment = b.enroll(session, b.person(session), version, cohort_id=cohort)
        for number, (key, minutes) in enumerate((("s-1", 0), ("s-2", 60)), start=1):
            meeting = b.cohort_session(session, cohort, version, key, b.day(number))
            b.attended(session, meeting, enrollment, minutes, staff)
        b.lesson_done(session, enrollment, version, "c-m", b.day(2))
        b.lesson_done(session, enrollment, version, "c-1", b.day(3))
        found.append(enrollment)
    session.commit()
    with transaction(session):
        settle(session, found, b.day(9), None, "done")
    world = sound(World(session, alone.connection, found[-1], tuple(found[:-1]), version), found[:1])
    earlier = (
        "UPDATE cohort_sessions SET starts_at = '2026-03-02 14:00:00.000000'"
        " WHERE session_key = 's-2' AND cohort_id = (SELECT cohort_id FROM enrollments WHERE id = :last)"
    )
    forgery: Forgeries = {"the other session came first": (lambda world: world.run(earlier), "minutes")}
    assert missed(world, forgery) == set()
    assert _hidden(world, forgery, _without(molds._in_the_same_order))


def test_a_corrected_certificate_keeps_its_first_day_among_many(alone: Database) -> None:
    world = world_of(alone)
    session = world.session
    everybody = [*world.before, world.last]
    for enrollment in everybody:
        (meeting,) = session.scalars(
            sa.text("SELECT min(session_id) FROM attendance_entries WHERE enrollment_id = :id"),
            {"id": enrollment},
        )
        b.attended(session, meeting, enrollment, 60, b.person(session), b.day(10), sequence=2)
    session.commit()
    with transaction(session):
        settle(session, everybody, b.day(11), None, "left early", amend=everybody)
    sound(world, world.before[:1] * 2)
    forgery: Forgeries = {
        "another first day": (
            lambda world: (
                world.run(
                    "UPDATE certificates SET first_award_on = '2026-03-20'"
                    " WHERE enrollment_id = :last AND sequence = 2"
                ),
                world.reissue(lambda frozen: frozen.update(first_award_on="2026-03-20"), sequence=2),
            ),
            "days",
        )
    }
    assert missed(world, forgery) == set()
    assert _hidden(world, forgery, _without(molds._same_first_day))


def test_a_review_that_counts_need_not_be_the_one_that_completes(alone: Database) -> None:
    """A peer's completes the course, a facilitator's of the same day is the one that a rule set accepts."""
    session = alone.session
    version = b.version(session, b.course(b.lesson("c-1", 600), b.reflection("c-1.look", peers=True)))
    cohort = b.cohort(session, version)
    b.assign(session, b.body(session), "cohort", cohort)
    staff, found = b.person(session), []
    for _ in range(2):
        user = b.person(session)
        b.license(session, user)
        enrollment = b.enroll(session, user, version, cohort_id=cohort)
        b.lesson_done(session, enrollment, version, "c-1", b.day(1))
        b.handed_in(session, enrollment, version, "c-1.look", b.day(2))
        b.reviewed(session, enrollment, "c-1.look", staff, b.day(3), kind="peer")
        b.reviewed(session, enrollment, "c-1.look", staff, b.day(3, 1), review=2)
        found.append(enrollment)
    session.commit()
    with transaction(session):
        settle(session, found, b.day(9), None, "done")
    sound(World(session, alone.connection, found[1], (found[0],), version), found)
