"""The one source of `now`. Rules never ask it: they are given the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
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
