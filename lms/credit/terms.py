"""Rules: from which day to which a dated row counts, when only later rows can end it.

Registrations and assignments are entered and never changed. On any day the row that began last counts, of
those of one day the one entered last; a row whose last day lies before its first ends what came before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from lms.kernel.errors import RuleBroken

A_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""A day outside is a slip of the hand."""


class Term(Struct, frozen=True):
    first: date
    last: date | None
    """None: no end in sight."""
    entered_last: date | None
    """The last day as it was entered; a later row may have brought it forward."""


def terms(rows: Sequence[tuple[date, date | None]]) -> tuple[Term | None, ...]:
    """Of rows (first, last day) in the order in which they count: how long each stands. None: on no day."""
    found: list[Term | None] = []
    for place, (first, entered) in enumerate(rows):
        last = entered
        if place + 1 < len(rows):
            before = rows[place + 1][0] - A_DAY
            last = before if last is None else min(last, before)
        found.append(Term(first, last, entered) if last is None or last >= first else None)
    return tuple(found)


def check_days(first: date, first_field: str, last: date | None, last_field: str) -> None:
    """RuleBroken: day_far, dates_crossed."""
    for day, field in ((first, first_field), (last, last_field)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise RuleBroken("day_far", field)
    if last is not None and last < first:
        raise RuleBroken("dates_crossed", last_field)


def check_end(term: Term, last_on: date) -> None:
    """May a term end with this day? The day before its first takes it back whole.

    RuleBroken: day_far, end_early, end_late.
    """
    if not FIRST_YEAR <= last_on.year <= LAST_YEAR:
        raise RuleBroken("day_far", "last_on")
    if last_on < term.first - A_DAY:
        raise RuleBroken("end_early", "last_on")
    if term.last is not None and last_on >= term.last:
        raise RuleBroken("end_late", "last_on")
