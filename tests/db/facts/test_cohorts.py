"""Cohorts: a code to join, one version for all, sessions with dates, and attendance that is corrected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lms.accounts.models import User
from lms.accounts.permissions import Scopes
from lms.cohorts.attendance import Mark, record_attendance
from lms.cohorts.models import AttendanceEntry, Cohort, CohortMember, CohortSession
from lms.cohorts.queries import (
    CohortRow,
    attendance_history,
    attendance_of,
    attendance_sheet,
    cohort,
    cohort_by_code,
    cohorts_in,
    members,
    roster,
    sessions_of,
)
from lms.cohorts.services import (
    change_session,
    close_cohort,
    create_cohort,
    join_cohort,
    leave_cohort,
    renew_join_code,
    schedule_session,
)
from lms.enrollments.models import Enrollment
from lms.enrollments.queries import moves_of
from lms.enrollments.services import leave
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.kernel.paging import PageRequest
from tests.db.facts.world import GUIDE, NOW, ZONE, World, course, later


@pytest.fixture
def marcus(world: World) -> User:
    return world.person("Marcus")


@pytest.fixture
def spring(world: World, marcus: User) -> Cohort:
    return create_cohort(
        world.session, organization_id=world.district().id or 0, version_id=world.version().id,
        title="  Spring  2026 ", time_zone=ZONE, starts_on=date(2026, 3, 2), ends_on=date(2026, 6, 1),
        now=NOW, by=marcus.id, required_minutes=60,
    )  # fmt: skip


@pytest.fixture
def planned(world: World, spring: Cohort, marcus: User) -> CohortSession:
    return schedule_session(
        world.session, cohort_id=spring.id, guide=GUIDE, starts_at=later(), scheduled_minutes=75,
        break_minutes=5, place="", now=NOW, by=marcus.id,
    )  # fmt: skip


def join(world: World, spring: Cohort, user: User) -> int:
    return join_cohort(
        world.session, cohort_id=spring.id, user_id=user.id, time_zone=ZONE, basis="join_code",
        now=later(1), by=user.id,
    )  # fmt: skip


def mark(
    who: int, sequence: int = 0, arrived: float | None = 0, left: float | None = 75, **more: Any
) -> Mark:
    return Mark(
        who,
        sequence,
        None if arrived is None else later(arrived),
        None if left is None else later(left),
        **more,
    )


def record(
    world: World, planned: CohortSession, marcus: User, *marks: Mark, reason: str = ""
) -> tuple[int, ...]:
    return record_attendance(
        world.session, session_id=planned.id, marks=marks, recorded_by=marcus.id, reason=reason,
        now=later(80),
    )  # fmt: skip


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────


def test_a_code_opens_the_cohort_however_it_is_typed(world: World, spring: Cohort, marcus: User) -> None:
    code = spring.join_code or ""
    assert spring.title == "Spring 2026"
    found = cohort_by_code(world.session, f" {code[:4].lower()}-{code[4:]} ")
    assert found is not None and found.id == spring.id
    assert cohort_by_code(world.session, " ") is None
    fresh = renew_join_code(world.session, spring.id, now=later(1), by=marcus.id)
    assert cohort_by_code(world.session, code) is None
    assert cohort_by_code(world.session, fresh) is not None


def test_joining_enrolls_and_joining_twice_changes_nothing(world: World, spring: Cohort) -> None:
    ana = world.person("Ana")
    assert join(world, spring, ana) == join(world, spring, ana)
    (enrollment,) = world.all(Enrollment)
    assert (enrollment.cohort_id, enrollment.version_id) == (spring.id, spring.version_id)
    assert len(world.all(CohortMember)) == 1


def test_who_learns_already_goes_on_with_the_cohort(world: World, spring: Cohort) -> None:
    ana = world.person("Ana")
    one = world.enrolled(ana, world.version(course(digest="d2")))
    assert join(world, spring, ana) == one.id
    assert (one.cohort_id, moves_of(world.session, one.id)) == (spring.id, ())


def test_who_left_the_course_is_no_longer_counted_in_the_cohort(world: World, spring: Cohort) -> None:
    one = join(world, spring, world.person("Ana"))
    join(world, spring, world.person("Ben"))
    leave(world.session, one, later(2))
    row = cohort(world.session, spring.public_id)
    assert row is not None and row.members == len(members(world.session, spring.id)) == 1


def test_nobody_is_in_two_cohorts_of_a_course(world: World, spring: Cohort, marcus: User) -> None:
    ana = world.person("Ana")
    one = join(world, spring, ana)
    other = create_cohort(
        world.session, organization_id=spring.organization_id, version_id=spring.version_id, title="Fall",
        time_zone=ZONE, starts_on=date(2026, 9, 1), ends_on=None, now=NOW, by=marcus.id,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="other_cohort"):
        join(world, other, ana)
    for minute in (2, 3):  # the second click changes nothing, and neither does another cohort's page
        leave_cohort(world.session, cohort_id=spring.id, enrollment_id=one, now=later(minute), by=marcus.id)
        leave_cohort(world.session, cohort_id=other.id, enrollment_id=one, now=later(minute), by=marcus.id)
    assert join(world, other, ana) == one
    assert members(world.session, spring.id) == ()


def test_who_finished_with_a_cohort_stays_in_it(world: World, spring: Cohort, marcus: User) -> None:
    one = join(world, spring, world.person("Ana"))
    world.session.get_one(Enrollment, one).state = "completed"
    world.session.flush()
    with pytest.raises(RuleBroken, match="enrollment_completed"):
        leave_cohort(world.session, cohort_id=spring.id, enrollment_id=one, now=later(2), by=marcus.id)


def test_who_comes_back_is_a_member_as_of_that_day(world: World, spring: Cohort, marcus: User) -> None:
    ana = world.person("Ana")
    one = join(world, spring, ana)
    leave_cohort(world.session, cohort_id=spring.id, enrollment_id=one, now=later(2), by=marcus.id)
    again = join_cohort(
        world.session, cohort_id=spring.id, user_id=ana.id, time_zone=ZONE, basis="coordinator",
        now=later(days=3), by=marcus.id,
    )  # fmt: skip
    (member,) = members(world.session, spring.id)
    assert (again, member.joined_at) == (one, later(days=3))


def test_a_closed_cohort_takes_nobody(world: World, spring: Cohort, marcus: User) -> None:
    one = join(world, spring, world.person("Ana"))
    assert close_cohort(world.session, spring.id, now=later(9), by=marcus.id) == (one,)
    with pytest.raises(RuleBroken) as refused:
        join(world, spring, world.person("Ben"))
    assert refused.value.code == "cohort_closed"


def test_who_leaves_the_course_is_off_the_list(world: World, spring: Cohort) -> None:
    one = join(world, spring, world.person("Ana"))
    join(world, spring, world.person("ben"))
    assert [row.name for row in members(world.session, spring.id)] == ["Ana", "ben"]
    leave(world.session, one, later(3))
    assert [row.name for row in members(world.session, spring.id)] == ["ben"]


def test_a_coordinator_sees_the_cohorts_of_the_own_district(world: World, spring: Cohort) -> None:
    theirs = world.district("Theirs")
    here = frozenset({spring.organization_id})

    def found(scopes: Scopes) -> tuple[CohortRow, ...]:
        return cohorts_in(world.session, scopes, PageRequest()).rows

    assert [c.id for c in found(Scopes(organization_ids=here))] == [spring.id]
    assert found(Scopes(organization_ids=frozenset({theirs.id or 0}))) == ()
    assert [c.id for c in found(Scopes(cohort_ids=frozenset({spring.id})))] == [spring.id]
    assert found(Scopes()) == ()
    assert len(found(Scopes(everywhere=True))) == 1
    row = cohort(world.session, spring.public_id)
    assert row is not None and (row.organization_name, row.members) == ("Bridgeway", 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"title": " "}, "title_missing"), ({"title": "x" * 121}, "title_long"),
     ({"ends_on": date(2026, 1, 1)}, "dates_crossed"), ({"required_minutes": 0}, "required_minutes")],
)  # fmt: skip
def test_a_cohort_that_makes_no_sense_is_refused(
    world: World, marcus: User, change: dict[str, Any], code: str
) -> None:
    asked: dict[str, Any] = {
        "organization_id": world.district().id, "version_id": world.version().id, "title": "Spring",
        "time_zone": ZONE, "starts_on": date(2026, 3, 2), "ends_on": None, "now": NOW, "by": marcus.id,
    }  # fmt: skip
    with pytest.raises(RuleBroken) as refused:
        create_cohort(world.session, **(asked | change))
    assert refused.value.code == code
    with pytest.raises(NotFound):
        create_cohort(world.session, **(asked | {"version_id": 99}))


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────


def test_a_session_has_one_date(world: World, spring: Cohort, planned: CohortSession, marcus: User) -> None:
    assert planned.place == "online"
    with pytest.raises(Conflict):
        schedule_session(
            world.session, cohort_id=spring.id, guide=GUIDE, starts_at=later(), scheduled_minutes=75,
            break_minutes=0, place="", now=NOW, by=marcus.id,
        )  # fmt: skip


@pytest.mark.parametrize(("scheduled", "breaks"), [(0, 0), (75, 75), (75, -1), (2000, 0)])
def test_a_plan_without_minutes_is_refused(
    world: World, spring: Cohort, marcus: User, scheduled: int, breaks: int
) -> None:
    with pytest.raises(RuleBroken):
        schedule_session(
            world.session, cohort_id=spring.id, guide=GUIDE, starts_at=later(), scheduled_minutes=scheduled,
            break_minutes=breaks, place="", now=NOW, by=marcus.id,
        )  # fmt: skip


def test_time_and_place_are_fixed_once_somebody_was_marked(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    def change(starts_at: Any, place: str) -> None:
        change_session(
            world.session, planned.id, starts_at=starts_at, scheduled_minutes=75, break_minutes=5,
            place=place, now=later(1), by=marcus.id,
        )  # fmt: skip

    change(later(days=1), "Library")
    change(later(), "Library")
    record(world, planned, marcus, mark(join(world, spring, world.person("Ana"))))
    change(later(), "Library")  # sent twice
    for starts_at, place in ((later(days=1), "Library"), (later(), "Room 4")):
        with pytest.raises(RuleBroken) as refused:
            change(starts_at, place)
        assert refused.value.code == "attendance_recorded"


# ── Attendance ───────────────────────────────────────────────────────────────────────────────────


def test_arrival_and_departure_become_minutes(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    ana, ben, cleo = (join(world, spring, world.person(name)) for name in ("Ana", "Ben", "Cleo"))
    changed = record(
        world, planned, marcus, mark(cleo, arrived=None, left=None, note_code="excused"), mark(ana),
        mark(ben, arrived=30),
    )  # fmt: skip
    assert changed == (ana, ben, cleo)
    sheet = attendance_sheet(world.session, planned.id)
    assert sheet is not None
    assert {who: (m.credited_minutes, m.status()) for who, m in sheet.marks.items()} == {
        ana: (70, "present"), ben: (40, "partial"), cleo: (0, "absent"),
    }  # fmt: skip
    assert sheet.marks[ben].status(made_up=True) == "made up"
    assert sheet.marks[cleo].note_code == "excused"


def test_only_what_changed_is_written(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    ana, ben = (join(world, spring, world.person(name)) for name in ("Ana", "Ben"))
    record(world, planned, marcus, mark(ana), mark(ben))
    assert record(world, planned, marcus, mark(ana), mark(ben)) == ()  # sent twice
    changed = record(world, planned, marcus, mark(ana, 1), mark(ben, 1, left=60), reason="left early")
    assert changed == (ben,)
    first, second = attendance_history(world.session, planned.id, ben)
    assert (first.sequence, first.credited_minutes, first.reason) == (1, 70, None)
    assert (second.sequence, second.credited_minutes, second.reason) == (2, 55, "left early")
    assert attendance_of(world.session, ben)[planned.id].sequence == 2


def test_a_correction_says_why(world: World, spring: Cohort, planned: CohortSession, marcus: User) -> None:
    ana = join(world, spring, world.person("Ana"))
    record(world, planned, marcus, mark(ana))
    with pytest.raises(RuleBroken) as refused:
        record(world, planned, marcus, mark(ana, 1, left=50), reason=" ")
    assert refused.value.code == "reason_missing"


def test_two_who_correct_at_once_do_not_overwrite_each_other(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    ana = join(world, spring, world.person("Ana"))
    record(world, planned, marcus, mark(ana))
    record(world, planned, marcus, mark(ana, 1, left=50), reason="bus")
    with pytest.raises(Conflict):
        record(world, planned, marcus, mark(ana, 1, left=40), reason="train")
    assert len(world.all(AttendanceEntry)) == 2


def test_a_sheet_knows_nobody_from_elsewhere(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    other = world.enrolled(world.person("Zoe"), world.version())
    with pytest.raises(NotFound):
        record(world, planned, marcus, mark(other.id))
    with pytest.raises(NotFound):
        record_attendance(world.session, session_id=99, marks=(), recorded_by=marcus.id, reason="", now=NOW)
    with pytest.raises(RuleBroken):
        record(world, planned, marcus, mark(join(world, spring, world.person("Ana")), note_code="sick"))


def test_entries_are_only_added_to(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    record(world, planned, marcus, mark(join(world, spring, world.person("Ana"))))
    for statement in ("UPDATE attendance_entries SET credited_minutes = 1", "DELETE FROM attendance_entries"):
        with pytest.raises(DBAPIError), world.session.begin_nested():
            world.session.execute(text(statement))


def test_the_roster_takes_as_many_queries_for_one_as_for_many(
    world: World, spring: Cohort, planned: CohortSession, marcus: User
) -> None:
    def statements() -> int:
        with world.database.counted() as sent:
            roster(world.session, spring.id)
            attendance_sheet(world.session, planned.id)
        return len(sent)

    record(world, planned, marcus, mark(join(world, spring, world.person())))
    first = statements()
    for _ in range(8):
        record(world, planned, marcus, mark(join(world, spring, world.person())))
    assert statements() == first == 6
    matrix = roster(world.session, spring.id)
    assert len(matrix.members) == len(matrix.marks) == 9
    assert matrix.minutes(matrix.members[0].enrollment_id) == 70


def test_a_member_sees_the_sessions_of_the_own_cohort(
    world: World, spring: Cohort, planned: CohortSession
) -> None:
    one = join(world, spring, world.person("Ana"))
    assert [row.id for row in sessions_of(world.session, one)] == [planned.id]
    assert sessions_of(world.session, one)[0].schedule.ends_at == planned.starts_at + timedelta(minutes=75)
    assert sessions_of(world.session, 99) == ()
