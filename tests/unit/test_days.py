"""A day that is remembered by its hour is the day that the zone gives."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.clock import Days, days_in, local_day

ZONES = (
    "America/New_York", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
)  # fmt: skip
"""Offsets of whole, half and quarter hours, a clock that is put back at midnight, a day that was left out."""
moments = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(st.lists(moments, min_size=1), st.sampled_from(ZONES))
def test_the_day_is_the_zones(at: list[datetime], zone: str) -> None:
    assert [days_in(zone).of(moment) for moment in at * 2] == [local_day(moment, zone) for moment in at * 2]


def test_few_are_kept() -> None:
    days = Days("UTC")
    days.KEPT = 10
    for hour in range(40):
        days.of(datetime(2026, 3, 2 + hour // 24, hour % 24, tzinfo=UTC))
    assert len(days) <= 10
