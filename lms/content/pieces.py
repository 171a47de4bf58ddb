"""The unit of text that goes through screening and rendering."""

from __future__ import annotations

import re
from typing import NamedTuple

_NEW_BLOCK = re.compile(
    r"(?<=\S)([ ]*+)\n(?:[ ]*+\n)++(?! |[-+*](?:[ ]|$)|\d{1,9}[.)][ ])(?=.)", re.MULTILINE
)
"""Empty lines, then a line that neither is nor continues a list."""


class Piece(NamedTuple):
    """Text as the author wrote it, the marks of its box or note (`> `) already cut off.

    Line i of the text is line `line + i` of the file. The first line began at `column`, the others at
    `rest` (0: at `column` too). Inline pieces are headings, choices, cards, steps, labels and table
    cells; block pieces are everything else, up to a whole run of paragraphs, lists and tables.
    """

    file: str
    line: int
    column: int
    text: str
    inline: bool = False
    rest: int = 0


def parts(piece: Piece) -> list[Piece]:
    """A block piece cut at the empty lines where what follows does not depend on what stood before.

    The parts, rendered alone, make the whole; and two quotations with only an empty line between them
    stay two, as viewers show them (Python-Markdown would join them).
    """
    if piece.inline or "\n" not in piece.text:
        return [piece]
    found: list[Piece] = []
    start, line, column = 0, piece.line, piece.column
    for cut in _NEW_BLOCK.finditer(piece.text):
        found.append(piece._replace(text=piece.text[start : cut.end(1)], line=line, column=column))
        line += piece.text.count("\n", start, cut.end())
        start, column = cut.end(), piece.rest or piece.column
    if not found:
        return [piece]
    found.append(piece._replace(text=piece.text[start:], line=line, column=column))
    return found


def place(piece: Piece, offset: int) -> tuple[int, int]:
    """Line and column in the file of the character at `offset` of the piece's text."""
    before = piece.text[:offset]
    lines = before.count("\n")
    column = (piece.rest or piece.column) if lines else piece.column
    return piece.line + lines, column + offset - (before.rfind("\n") + 1)
