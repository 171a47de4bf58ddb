"""Rules: the dated credit periods of a person. They adjoin, and a key is paid once in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

YEARS = 5


@dataclass(frozen=True, slots=True)
class Cycle:
    number: int
    starts_on: date
    ends_on: date
    """The first day outside; the next cycle starts on it."""


def plan(cycles: Sequence[Cycle], days: Iterable[date]) -> tuple[Cycle, ...]:
    """The cycles that these days need: those there are, the first from the earliest day, more as time goes.

    Nothing here is written until something is paid in it.
    """
    needed = sorted(days)
    planned = sorted(cycles, key=lambda cycle: cycle.number)
    if not needed:
        return tuple(planned)
    if not planned:
        planned.append(Cycle(1, needed[0], _years_after(needed[0])))
    while planned[-1].ends_on <= needed[-1]:
        last = planned[-1]
        planned.append(Cycle(last.number + 1, last.ends_on, _years_after(last.ends_on)))
    return tuple(planned)


def number_of(cycles: Sequence[Cycle], day: date) -> int:
    """The cycle of a day. A day before the first cycle, learned of late, belongs to the first."""
    return next((cycle.number for cycle in reversed(cycles) if cycle.starts_on <= day), 1)


def _years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # February 29
        return date(day.year + YEARS, 3, 1)
