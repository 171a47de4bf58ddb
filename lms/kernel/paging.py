"""Pages of rows: one count and one select, whatever the size of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")

SIZE = 50
LARGEST = 500


class PageRequest(Struct, frozen=True):
    """Which page is asked for, from 1. Numbers out of range are brought into it, never an error."""

    number: int = 1
    size: int = SIZE

    @staticmethod
    def of(number: str | int | None, size: str | int | None = None) -> PageRequest:
        return PageRequest(_within(number, 1, 1_000_000, 1), _within(size, 1, LARGEST, SIZE))


def _within(text: str | int | None, low: int, high: int, otherwise: int) -> int:
    try:
        return min(max(int(text or otherwise), low), high)
    except ValueError:
        return otherwise


class Page(Struct, Generic[T], frozen=True):
    """Some rows of `total`. `number` is the page that was shown: the last one when more was asked for."""

    rows: tuple[T, ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // self.size), 1)

    @property
    def first(self) -> int:
        """Place of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def fetch_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    request: PageRequest,
    row: Callable[[Row[*tuple[Any, ...]]], T],
) -> Page[T]:
    """The page asked for, in two queries. `statement` carries its own ORDER BY, with a unique last key."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(request.number, max(-(-total // request.size), 1))
    rows = session.execute(statement.limit(request.size).offset((number - 1) * request.size))
    return Page(tuple(row(each) for each in rows), number, request.size, total)
