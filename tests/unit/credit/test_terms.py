"""Dated rows that are never changed: how long each of them counts."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lms.credit.terms import A_DAY, terms

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))
ROWS = st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=6).map(
    lambda rows: sorted(rows, key=lambda r: r[0])
)


@given(ROWS)
def test_on_every_day_the_row_that_began_last_counts_and_no_other(
    rows: list[tuple[date, date | None]],
) -> None:
    day = date(2025, 12, 30)
    found = terms(rows)
    while day < date(2026, 1, 15):
        begun = [place for place, (first, _) in enumerate(rows) if first <= day]
        last = rows[begun[-1]][1] if begun else None
        expected = begun[-1:] if begun and (last is None or day <= last) else []
        counting = [
            place
            for place, term in enumerate(found)
            if term is not None and term.first <= day and (term.last is None or day <= term.last)
        ]
        assert counting == expected
        day += A_DAY
