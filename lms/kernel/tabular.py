"""One shape for everything that is a table: the page, the CSV file, JSON and xlsx read the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")

Kind = Literal["text", "integer", "decimal", "date", "moment", "flag"]
Cell = str | int | Decimal | date | datetime | bool | None


class Column(Struct, Generic[T], frozen=True):
    """`key` names it in JSON and in addresses, `title` in the head row. `cell` picks it from a row.

    `kind` decides how it is written: text keeps its leading zeros, a date is ISO (YYYY-MM-DD), a moment
    ISO in UTC to the second, a flag yes or no (true or false in JSON), None an empty cell.
    """

    key: str
    title: str
    kind: Kind
    cell: Callable[[T], Cell]


class Table(Struct, Generic[T], frozen=True):
    """Columns and rows to write. `rows` may be a stream, read once. `notes`: who pulled it, when, which
    filter, as (name, value)."""

    name: str
    columns: tuple[Column[T], ...]
    rows: Iterable[T]
    notes: tuple[tuple[str, str], ...] = ()
