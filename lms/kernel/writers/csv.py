"""Tables as CSV: UTF-8, RFC 4180, with cells that a spreadsheet would run made harmless.

A text that begins like a formula gets an apostrophe in front; none of its characters is lost. Numbers are
written as they are: only text can carry a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from lms.kernel.tabular import Cell, Column, Table
from lms.kernel.writers import CHUNK, iso_moment

T = TypeVar("T")

FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""First characters at which a spreadsheet starts to calculate; the last four are their wide forms, which
some spreadsheets read as the plain ones."""

MEDIA_TYPE = "text/csv; charset=utf-8"


def write(table: Table[Any]) -> Iterator[bytes]:
    """The file in pieces of some hundred rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([harmless(column.title) for column in table.columns])
    cells = [_cell(column) for column in table.columns]
    rows = iter(table.rows)
    while True:
        chunk = [[cell(row) for cell in cells] for row in islice(rows, CHUNK)]
        writer.writerows(chunk)
        piece = buffer.getvalue()
        if piece:
            yield piece.encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()
        if len(chunk) < CHUNK:
            return


def harmless(text: str) -> str:
    return f"'{text}" if text and text[0] in FORMULA else text


def _cell(column: Column[T]) -> Callable[[T], str]:
    pick, written = column.cell, _WRITTEN[column.kind]

    def cell(row: T) -> str:
        value = pick(row)
        return "" if value is None else written(value)

    return cell


def _text(value: Cell) -> str:
    text = value if isinstance(value, str) else str(value)
    return f"'{text}" if text and text[0] in FORMULA else text


def _moment(value: Cell) -> str:
    return iso_moment(value) if isinstance(value, datetime) else str(value)


def _flag(value: Cell) -> str:
    return "yes" if value else "no"


_WRITTEN: dict[str, Callable[[Cell], str]] = {
    "text": _text,
    "integer": str,
    "decimal": str,
    "date": str,
    "moment": _moment,
    "flag": _flag,
}
