"""Arrival and departure become credited minutes: true minutes, never above scheduled minus breaks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.rules import Schedule, clean_title, contact_minutes, moment_of, status_of
from lms.kernel.errors import RuleBroken

BOSTON = ZoneInfo("America/New_York")
START = datetime(2026, 11, 12, 21, 0, tzinfo=UTC)  # 4 pm in Boston
SESSION = Schedule(START, 90, 10)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("arrived", "left", "minutes"),
    [
        (0, 90, 80),
        (-20, 120, 80),  # early and late are nobody's credit
        (0, 89.99, 79),  # a minute that was not whole
        (25, 90, 55),
        (0, 5, 0),  # a break may have been all of it
        (90, 100, 0),
        (-30, -10, 0),
    ],
)
def test_minutes_inside_the_session_count(arrived: float, left: float, minutes: int) -> None:
    assert contact_minutes(SESSION, after(arrived), after(left)) == minutes


def test_absent_is_no_minutes() -> None:
    assert contact_minutes(SESSION, None, None) == 0


@pytest.mark.parametrize(
    ("arrived", "left", "code"),
    [(0, None, "left_missing"), (None, 90, "arrived_missing"), (60, 30, "left_before_arrived")],
)
def test_half_a_mark_is_refused(arrived: int | None, left: int | None, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        contact_minutes(
            SESSION, None if arrived is None else after(arrived), None if left is None else after(left)
        )
    assert refused.value.code == code


def test_the_night_the_clocks_go_back_has_its_true_minutes() -> None:
    """1:30 to 1:30 an hour later by the wall clock is sixty minutes, not none."""
    start = datetime(2026, 11, 1, 0, 30, tzinfo=BOSTON)
    session = Schedule(start, 150, 0)
    arrived = datetime(2026, 11, 1, 1, 30, tzinfo=BOSTON)
    left = datetime(2026, 11, 1, 1, 30, tzinfo=BOSTON, fold=1)
    assert contact_minutes(session, arrived, left) == 60


def test_the_night_the_clocks_go_forward_has_its_true_minutes() -> None:
    session = Schedule(datetime(2026, 3, 8, 1, 30, tzinfo=BOSTON), 60, 0)
    left = datetime(2026, 3, 8, 3, 30, tzinfo=BOSTON)
    assert contact_minutes(session, session.starts_at, left) == 60
    assert session.ends_at == left


def test_a_clock_time_after_midnight_means_the_next_day() -> None:
    session = Schedule(datetime(2026, 11, 12, 23, 0, tzinfo=BOSTON), 90, 0)
    left = moment_of(time(0, 20), session, BOSTON)
    arrived = moment_of(time(22, 55), session, BOSTON)
    assert left.astimezone(BOSTON).isoformat() == "2026-11-13T00:20:00-05:00"
    assert contact_minutes(session, arrived, left) == 80


def test_a_time_the_clocks_skipped_is_the_moment_they_jumped() -> None:
    session = Schedule(datetime(2026, 3, 8, 1, 0, tzinfo=BOSTON), 120, 0)
    assert moment_of(time(2, 30), session, BOSTON) in (
        datetime(2026, 3, 8, 6, 30, tzinfo=UTC),
        datetime(2026, 3, 8, 7, 30, tzinfo=UTC),
    )


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda m: m.replace(tzinfo=UTC))
spans = st.integers(-400, 400)


@given(moments, st.integers(1, 600), st.integers(0, 120), spans, st.integers(0, 800))
def test_credit_is_never_negative_and_never_above_scheduled_minus_breaks(
    start: datetime, scheduled: int, breaks: int, early: int, stay: int
) -> None:
    breaks = min(breaks, scheduled - 1)
    session = Schedule(start.astimezone(BOSTON), scheduled, breaks)
    arrived = (start + timedelta(minutes=early)).astimezone(BOSTON)
    left = (arrived.astimezone(UTC) + timedelta(minutes=stay)).astimezone(BOSTON)
    credited = contact_minutes(session, arrived, left)
    assert 0 <= credited <= session.full_minutes
    assert credited <= stay
    longer = contact_minutes(session, arrived, left.astimezone(UTC) + timedelta(minutes=30))
    assert longer >= credited


@given(moments, st.integers(1, 300), st.times())
def test_what_is_read_back_from_the_sheet_is_what_was_written(
    start: datetime, scheduled: int, clock: time
) -> None:
    session = Schedule(start, scheduled, 0)
    clock = clock.replace(second=0, microsecond=0)
    moment = moment_of(clock, session, BOSTON)
    local = moment.astimezone(BOSTON)
    wall = datetime.combine(local.date(), clock, tzinfo=BOSTON)
    skipped = wall.astimezone(UTC).astimezone(BOSTON).time() != clock
    assert local.time() == clock or skipped or abs(local.hour - clock.hour) == 1


@pytest.mark.parametrize(
    ("credited", "made_up", "status"),
    [
        (None, False, "unmarked"),
        (None, True, "unmarked"),
        (80, False, "present"),
        (80, True, "present"),
        (79, False, "partial"),
        (79, True, "made up"),
        (0, False, "absent"),
        (0, True, "made up"),
    ],
)
def test_the_status_follows_from_the_minutes(credited: int | None, made_up: bool, status: str) -> None:
    assert status_of(credited, 80, made_up) == status


def test_a_title_is_one_line_that_every_database_takes() -> None:
    assert clean_title(" Spring\x00 \n 2026\ud800 ") == "Spring 2026"
