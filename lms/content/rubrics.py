"""Rubric tables: their last three heads are the levels, the columns before them name the criteria."""

from __future__ import annotations

from lms.content.desk import Desk
from lms.content.fieldtables import row_number
from lms.content.nodes import NOTHING, Criterion
from lms.content.tree import Cells


def build_criteria(desk: Desk, table: Cells) -> tuple[Criterion, ...]:
    """Without a criterion's own words for a single row, with number and words for several."""
    width = len(table.head)
    heads = [desk.words(cell.text) for cell in table.head]
    for cell in table.head:
        desk.html(cell.text, cites=False)
    if width not in (3, 5) or (width == 5 and heads[0] != "#"):
        message = "Before the three levels stand two columns, '#' and the criterion, or none."
        desk.error(table.line, 1, "rubric", message)
        return ()
    if not table.rows:
        desk.error(table.line, 1, "rubric", "Describe the levels in a row below these heads.")
    if width == 3 and len(table.rows) > 1:
        message = "Several criteria need two columns before the levels: '#' and the criterion."
        desk.error(table.rows[1][0].line, 1, "rubric", message)
    seen: dict[int, int] = {}
    criteria = []
    for row in table.rows:
        number, html, needs_strong = 1, NOTHING, False
        if width == 5:
            number = row_number(desk, row[0], seen)
            html = desk.html(row[1].text)
            needs_strong = row[1].tag is not None
        levels = tuple(desk.html(cell.text) for cell in row[-3:])
        for cell, words in zip(row[-3:], levels, strict=True):
            if not words:
                desk.error(cell.line, cell.column, "rubric", "Describe this level: the cell is empty.")
        criteria.append(Criterion(number, html, (levels[0], levels[1], levels[2]), needs_strong))
    return tuple(criteria)
