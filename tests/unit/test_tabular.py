"""One table, every format: nothing lost, nothing that a spreadsheet would run, constant memory."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.paging import Page, PageRequest
from lms.kernel.tabular import Cell, Column, Table
from lms.kernel.writers import csv as csv_writer
from lms.kernel.writers import json as json_writer

Row = tuple[Cell, ...]


def table(*rows: Row) -> Table[Row]:
    columns: tuple[Column[Row], ...] = (
        Column("name", "Name", "text", lambda row: row[0]),
        Column("minutes", "Minutes", "integer", lambda row: row[1]),
        Column("units", "MA PDP", "decimal", lambda row: row[2]),
        Column("on", "Completed on", "date", lambda row: row[3]),
        Column("at", "Issued at", "moment", lambda row: row[4]),
        Column("met", "Met", "flag", lambda row: row[5]),
    )
    return Table("records", columns, rows, (("pulled by", "Ana"),))


ROW: Row = (
    "Núñez, Ana", -5, Decimal("10.50"), date(2026, 3, 4),
    datetime(2026, 3, 4, 23, 59, 1, 5, timezone(timedelta(hours=-5))), True,
)  # fmt: skip


def read_csv(made: Table[Row]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_writer.write(made)).decode(), newline="")))


def test_csv_is_utf8_with_iso_dates_and_plain_numbers() -> None:
    head, row = read_csv(table(ROW))
    assert head == ["Name", "Minutes", "MA PDP", "Completed on", "Issued at", "Met"]
    assert row == ["Núñez, Ana", "-5", "10.50", "2026-03-04", "2026-03-05T04:59:01Z", "yes"]


def test_leading_zeros_and_empty_cells_survive() -> None:
    _, row = read_csv(table(("001234567", None, None, None, None, None)))
    assert row == ["001234567", "", "", "", "", ""]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
def test_no_cell_begins_like_a_formula_and_no_character_is_lost(text: str) -> None:
    cell = read_csv(table((text, 1, None, None, None, False)))[1][0]
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


def test_an_apostrophe_stands_before_what_would_run() -> None:
    assert csv_writer.harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert csv_writer.harmless("a=1") == "a=1"


def test_a_table_without_rows_has_its_head() -> None:
    assert len(read_csv(table())) == 1
    assert json.loads(b"".join(json_writer.write(table())))["count"] == 0


def test_json_keeps_types_and_says_how_many() -> None:
    whole = json.loads(b"".join(json_writer.write(table(ROW, ROW))))
    assert whole["rows"][0] == {
        "name": "Núñez, Ana", "minutes": -5, "units": "10.50", "on": "2026-03-04",
        "at": "2026-03-05T04:59:01Z", "met": True,
    }  # fmt: skip
    assert whole["count"] == 2
    assert whole["notes"] == {"pulled by": "Ana"}


def test_half_a_surrogate_pair_stops_no_export() -> None:
    broken = table(("a\ud800b", 1, None, None, None, False))
    assert b"a?b" in b"".join(csv_writer.write(broken))
    assert json.loads(b"".join(json_writer.write(broken)))["rows"][0]["name"] == "a?b"


def _peak(rows: int, write: object) -> int:
    def stream() -> Iterator[Row]:
        for number in range(rows):
            yield (f"person {number}", number, None, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), True)

    made = Table("t", table().columns, stream())
    tracemalloc.start()
    for _ in write(made):  # type: ignore[operator]
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_rows_take_no_more_memory() -> None:
    for write in (csv_writer.write, json_writer.write):
        assert _peak(20_000, write) < _peak(2_000, write) * 1.3


def test_a_page_knows_its_neighbors() -> None:
    page = Page(("k", "l"), 3, 5, 12)
    assert (page.pages, page.first, page.last, page.before, page.after) == (3, 11, 12, 2, None)
    empty: Page[str] = Page((), 1, 5, 0)
    assert (empty.pages, empty.first, empty.last, empty.before, empty.after) == (1, 0, 0, None, None)


def test_a_page_that_is_asked_for_badly_is_the_first() -> None:
    assert PageRequest.of("x", "0") == PageRequest(1, 1)
    assert PageRequest.of("-3", None) == PageRequest(1, 50)
    assert PageRequest.of(None, "9999") == PageRequest(1, 500)
