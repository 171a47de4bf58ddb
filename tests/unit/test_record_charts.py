"""Columns and bars of the records page: places and lengths from counts."""

from __future__ import annotations

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lms.records.charts import MonthCount, SchoolCount
from lms.web.coordinate.charts import BASE, TALLEST, WIDTH, months_chart, schools_chart

TODAY = date(2026, 3, 12)


def months(*counts: int) -> list[MonthCount]:
    """The last of them is this month."""
    last = TODAY.year * 12 + TODAY.month - 1
    numbers = range(last - len(counts) + 1, last + 1)
    return [MonthCount(date(n // 12, n % 12 + 1, 1), count) for n, count in zip(numbers, counts, strict=True)]


def test_one_month_or_months_without_anybody_are_no_chart() -> None:
    assert months_chart(months(), TODAY) is None
    assert months_chart(months(4), TODAY) is None
    assert months_chart(months(0, 0, 0), TODAY) is None


def test_a_month_has_its_name_and_only_this_one_is_open() -> None:
    chart = months_chart(months(12, 54, 26), TODAY)
    assert chart is not None
    assert [column.name for column in chart.columns] == ["January 2026", "February 2026", "March 2026"]
    assert [column.is_open for column in chart.columns] == [False, False, True]
    assert (chart.highest.short, chart.highest.completions) == ("Feb", 54)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=10).filter(any))
def test_columns_stand_on_the_line_side_by_side_and_as_high_as_their_counts(counts: list[int]) -> None:
    chart = months_chart(months(*counts), TODAY)
    assert chart is not None
    assert max(column.height for column in chart.columns) == TALLEST
    for column, count in zip(chart.columns, counts, strict=True):
        assert column.y + column.height == BASE
        assert abs(column.height - TALLEST * count / max(counts)) <= 0.5
    edges = [(column.x, column.x + column.width) for column in chart.columns]
    assert all(left < right for left, right in edges) and edges[-1][1] <= WIDTH
    assert all(before[1] < after[0] for before, after in itertools.pairwise(edges))


def test_a_bar_is_filled_as_far_as_people_have_finished() -> None:
    bars = schools_chart([SchoolCount("Alder", False, 2, 3), SchoolCount("Harbor", True, 0, 1)])
    assert [(bar.name, bar.percent) for bar in bars] == [("Alder", 66.7), ("Harbor, district office", 0.0)]
