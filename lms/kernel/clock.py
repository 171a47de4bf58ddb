"""The one source of `now`. Rules never ask it: they are given the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The moment, aware and in UTC."""
    return _source()


def local_day(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment in a named zone ('America/New_York')."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


class Days(dict[int, date | None]):
    """The days of one time zone, for whoever reads moments by the million: hour -> its day, if it has one.

    Nowhere does a day begin and end within an hour, so two ends of one day hold no other.
    """

    KEPT = 100_000
    """Hours: eleven years."""

    def __init__(self, time_zone: str) -> None:
        super().__init__()
        self.zone = ZoneInfo(time_zone)

    def of(self, moment: datetime) -> date:
        """`moment` is in UTC."""
        return self[moment.toordinal() * 24 + moment.hour] or moment.astimezone(self.zone).date()

    def __missing__(self, hour: int) -> date | None:
        if len(self) >= self.KEPT:
            self.clear()
        begins = datetime.fromordinal(hour // 24).replace(hour=hour % 24, tzinfo=UTC)
        ends = begins + timedelta(hours=1, microseconds=-1)
        first, last = (each.astimezone(self.zone).date() for each in (begins, ends))
        found = self[hour] = first if first == last else None
        return found


days_in = lru_cache(maxsize=64)(Days)
"""The days of a zone by its name."""


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` (tests)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    global _source
    before = _source
    fixed = moment.astimezone(UTC)

    def stand_still() -> datetime:
        return fixed

    _source = stand_still
    try:
        yield
    finally:
        _source = before
