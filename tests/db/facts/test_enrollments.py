"""One live enrollment for a person in a course, a pinned version, and every move a row."""

from __future__ import annotations

import pytest

from lms.enrollments.models import Enrollment
from lms.enrollments.queries import current_enrollment, enrollment, enrollments_of, moves_of
from lms.enrollments.services import enroll, leave, move_many
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from tests.db.facts.world import NOW, ZONE, World, course, later


def test_a_second_live_enrollment_is_a_conflict(world: World) -> None:
    ana = world.person()
    world.enrolled(ana)
    with pytest.raises(Conflict):
        world.enrolled(ana)
    assert len(world.all(Enrollment)) == 1


def test_who_left_may_come_again(world: World) -> None:
    ana = world.person()
    first = world.enrolled(ana)
    leave(world.session, first.id, later(1))
    leave(world.session, first.id, later(2))
    assert current_enrollment(world.session, ana.id, "cc") is None
    second = world.enrolled(ana)
    found = current_enrollment(world.session, ana.id, "cc")
    assert found is not None and found.id == second.id
    assert [row.state for row in enrollments_of(world.session, ana.id)] == ["active", "left"]
    assert enrollments_of(world.session, ana.id)[1].left_at == later(1)


def test_a_completed_enrollment_is_current_until_a_new_one_begins(world: World) -> None:
    ana = world.person()
    first = world.enrolled(ana)
    first.state = "completed"
    world.session.flush()
    found = current_enrollment(world.session, ana.id, "cc")
    assert found is not None and found.state == "completed"
    with pytest.raises(RuleBroken) as refused:
        leave(world.session, first.id, later(1))
    assert refused.value.code == "enrollment_completed"
    second = world.enrolled(ana)
    found = current_enrollment(world.session, ana.id, "cc")
    assert found is not None and found.id == second.id


def test_a_move_pins_another_version_and_says_why(world: World) -> None:
    one = world.enrolled()
    newer = world.version(course(digest="d2"))
    for moved in ((one.id,), ()):  # the second click changes nothing
        assert moved == move_many(
            world.session, [one.id], to_version_id=newer.id, actor_id=None, reason="a typo", now=later(1)
        )
    (move,) = moves_of(world.session, one.id)
    assert (move.to_version_id, move.reason) == (newer.id, "a typo")
    row = enrollment(world.session, one.public_id)
    assert row is not None and row.version_id == newer.id


def test_who_has_completed_is_not_moved(world: World) -> None:
    one = world.enrolled()
    newer = world.version(course(digest="d2"))
    one.state = "completed"
    world.session.flush()
    moved = move_many(
        world.session, [one.id], to_version_id=newer.id, actor_id=None, reason="why", now=later(1)
    )
    assert moved == () and moves_of(world.session, one.id) == ()


def test_a_version_of_another_course_is_refused(world: World) -> None:
    version, ana = world.version(), world.person()
    world.version(course("ht", "d3"))
    with pytest.raises(NotFound):
        enroll(world.session, user_id=ana.id, course_key="ht", version_id=version.id, time_zone=ZONE, now=NOW)
