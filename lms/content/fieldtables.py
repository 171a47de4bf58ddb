"""Tables that a learner fills in: their columns, their fixed rows, or the empty rows they start with."""

from __future__ import annotations

from lms.content.desk import Desk, Known
from lms.content.nodes import Column, Field, Row, SafeHtml, SeenBy
from lms.content.settings import FIELD_KIND, Tag
from lms.content.tree import Cell, Cells, FieldLine


def build_columns(
    desk: Desk, line: FieldLine, key: str, seen_by: SeenBy
) -> tuple[tuple[Column, ...], tuple[Row, ...], int]:
    """Columns (without the `#` of fixed rows), fixed rows, and how many empty rows were drawn."""
    table = line.table
    if table is None:
        message = "Draw the table below its label: a head row, a row of dashes, and a row."
        desk.error(line.line, line.column, "table-head", message)
        return (), (), 0
    if not table.head:
        return (), (), 0
    numbered = desk.words(table.head[0].text) == "#"
    columns = [_column(desk, cell, seen_by) for cell in (table.head[1:] if numbered else table.head)]
    printed = [cell.tag is None for cell in (table.head[1:] if numbered else table.head)]
    if not numbered:
        if any(printed):
            cell = next((cell for cell in table.head if cell.tag is None), table.head[0])
            message = "A table with printed words has fixed rows: its first column is #, a number a row."
            desk.error(cell.line, cell.column, "row-key", message)
        _check_empty(desk, table, 0)
        return tuple(columns), (), len(table.rows)
    if all(printed):
        message = "No column of this table is for the learner: give a head a tag, such as 'short #what'."
        desk.error(table.line, 1, "table-label", message)
    if line.tag.rows is not None or line.tag.add_rows or line.tag.up_to is not None:
        at = min(line.tag.at(name) for name in ("rows", "add_rows", "up_to") if name in line.tag.columns)
        desk.error(line.line, at, "tag-setting", "The rows of this table are fixed by its # column.")
    rows = _fixed_rows(desk, table, printed)
    return tuple(columns), rows, 0


def _column(desk: Desk, cell: Cell, seen_by: SeenBy) -> Column:
    html = desk.html(cell.text, cites=False)
    tag = cell.tag
    if tag is None or not tag.kind:
        return Column(html)
    if tag.kind in ("table", "total", "show", "hand in"):
        desk.error(tag.line, tag.column, "tag-place", f"'{tag.kind}' cannot stand in a table.")
        return Column(html)
    return Column(html, _cell_field(desk, cell, tag, html, tag.seen_by or seen_by))


def _cell_field(desk: Desk, cell: Cell, tag: Tag, html: SafeHtml, seen_by: SeenBy) -> Field:
    key = desk.key_of(tag, Known(tag.kind, desk.key, tag.line, seen_by, tag.options))
    if tag.starts_from:
        message = "A column starts from nothing; only a field can."
        desk.error(tag.line, tag.at("starts_from"), "tag-setting", message)
    return Field(
        key=key,
        kind=FIELD_KIND[tag.kind],
        label=html,
        label_text=desk.words(cell.text),
        needed=tag.needed,
        seen_by=seen_by,
        options=tag.options,
        at_least=tag.at_least,
        exactly=tag.exactly,
        minimum=tag.low,
        maximum=tag.high,
        lines=tag.lines,
        code=tag.code,
        or_link=tag.or_link,
        was=desk.copied(tag.was) if tag.was else None,
    )


def _check_empty(desk: Desk, table: Cells, start: int) -> None:
    for row in table.rows:
        for cell, head in zip(row[start:], table.head[start:], strict=True):
            if head.tag is not None and cell.text.piece.text:
                message = "This cell is for the learner: leave it empty."
                desk.error(cell.line, cell.column, "table-filled", message)


def _fixed_rows(desk: Desk, table: Cells, printed: list[bool]) -> tuple[Row, ...]:
    rows: list[Row] = []
    seen: dict[int, int] = {}
    _check_empty(desk, table, 1)
    for cells in table.rows:
        number = row_number(desk, cells[0], seen)
        words = tuple(
            desk.html(cell.text) for cell, is_printed in zip(cells[1:], printed, strict=True) if is_printed
        )
        rows.append(Row(number, words))
    if not rows:
        desk.error(table.line, 1, "row-key", "A table with a # column has at least one numbered row.")
    return tuple(rows)


def row_number(desk: Desk, cell: Cell, seen: dict[int, int]) -> int:
    """The number in a `#` column, its row's key; 0 when it was wrong and has been reported."""
    words = cell.text.piece.text
    if not (words.isascii() and words.isdigit() and 0 < len(words) < 5 and int(words) > 0):
        desk.error(cell.line, cell.column, "row-key", "Number this row in the # column.")
        return 0
    number = int(words)
    if number in seen:
        message = f"Row '{number}' is already used on line {seen[number]}."
        desk.error(cell.line, cell.column, "row-key", message)
    seen.setdefault(number, cell.line)
    return number
