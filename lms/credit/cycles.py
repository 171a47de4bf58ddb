"""Rules: the dated credit periods of a person. They adjoin, and a key is paid once in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from lms.kernel.errors import RuleBroken

YEARS = 5


class Cycle(Struct, frozen=True):
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
        planned.append(Cycle(1, needed[0], years_after(needed[0])))
    while planned[-1].ends_on <= needed[-1]:
        last = planned[-1]
        planned.append(Cycle(last.number + 1, last.ends_on, years_after(last.ends_on)))
    return tuple(planned)


def number_of(cycles: Sequence[Cycle], day: date) -> int:
    """The cycle of a day. A day before the first cycle, learned of late, belongs to the first."""
    return next((cycle.number for cycle in reversed(cycles) if cycle.starts_on <= day), 1)


SHORTEST, LONGEST = 1, 6
"""Years: no license we know of runs shorter or longer."""


def check_dates(
    cycles: Sequence[Cycle], first_day: date | None, starts_on: date, ends_on: date, today: date
) -> None:
    """May the running cycle have these dates? `first_day`: the earliest day that was ever credited.

    RuleBroken: cycle_over, cycle_start_fixed, cycle_start_late, cycle_end_past, cycle_length.
    """
    last = max(cycles, key=lambda cycle: cycle.number, default=None)
    if last is not None and not last.starts_on <= today < last.ends_on:
        raise RuleBroken("cycle_over", "ends_on")
    if last is not None and last.number > 1 and starts_on != last.starts_on:
        raise RuleBroken("cycle_start_fixed", "starts_on")
    if starts_on > min(today, first_day or today):
        raise RuleBroken("cycle_start_late", "starts_on")
    if ends_on <= today:
        raise RuleBroken("cycle_end_past", "ends_on")
    if not years_after(starts_on, SHORTEST) <= ends_on <= years_after(starts_on, LONGEST):
        raise RuleBroken("cycle_length", "ends_on")


def years_after(day: date, years: int = YEARS) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return date(day.year + years, 3, 1)
