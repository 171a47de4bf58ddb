"""The two charts of the records page as places and lengths. Words stand on or beside every mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from lms.records.charts import MonthCount, SchoolCount

WIDTH, BASE, TALLEST = 490, 195, 162
"""Of the drawing, in its own units: how wide it is, where columns stand, how high the highest is."""
STEPS = 7
"""Fewer months than this take no more room each than these do."""


class MonthColumn(Struct, frozen=True):
    """`name`: 'September 2026'; `short`: 'Sep'; `is_open`: the month is not over."""

    name: str
    short: str
    completions: int
    is_open: bool
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


class SchoolBar(Struct, frozen=True):
    """`percent`: how much of the bar is filled."""

    name: str
    finished: int
    staff: int
    percent: float


class MonthsChart(Struct, frozen=True):
    columns: tuple[MonthColumn, ...]
    highest: MonthColumn


def months_chart(months: Sequence[MonthCount], today: date) -> MonthsChart | None:
    """None where there is nothing to compare."""
    most = max((each.completions for each in months), default=0)
    if len(months) < 2 or not most:
        return None
    step = WIDTH // max(len(months), STEPS)
    width = step * 2 // 3
    columns = []
    for place, each in enumerate(months):
        height = round(TALLEST * each.completions / most)
        columns.append(
            MonthColumn(
                name=f"{each.first_on:%B %Y}",
                short=f"{each.first_on:%b}",
                completions=each.completions,
                is_open=(each.first_on.year, each.first_on.month) == (today.year, today.month),
                x=place * step + (step - width) // 2,
                y=BASE - height,
                width=width,
                height=height,
            )
        )
    return MonthsChart(tuple(columns), max(columns, key=lambda column: column.completions))


def schools_chart(schools: Sequence[SchoolCount]) -> tuple[SchoolBar, ...]:
    return tuple(
        SchoolBar(
            name=f"{each.name}, district office" if each.office else each.name,
            finished=each.finished,
            staff=each.staff,
            percent=round(100 * each.finished / each.staff, 1),
        )
        for each in schools
    )
