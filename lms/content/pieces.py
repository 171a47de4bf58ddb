"""The unit of text that goes through screening and rendering."""

from __future__ import annotations

import re
from typing import NamedTuple

_NEW_PARAGRAPH = re.compile(r"\n[ \n]*\n(?=[A-Za-z\"'(\u00c0-\u024f\u2018-\u201d])")


class Piece(NamedTuple):
    """Text as the author wrote it, the marks of its box or note (`> `) already cut off.

    Line i of the text is line `line + i` of the file, and each began at `column`. Inline pieces are
    headings, choices, cards, steps, labels and table cells; block pieces are everything else, up to a
    whole run of paragraphs, lists and tables.
    """

    file: str
    line: int
    column: int
    text: str
    inline: bool = False


def parts(piece: Piece) -> list[Piece]:
    """A block piece cut where a paragraph that begins with a letter follows an empty line.

    Such a paragraph ends whatever stood before it, so that the parts, rendered alone, make the whole.
    """
    if piece.inline or "\n" not in piece.text:
        return [piece]
    found: list[Piece] = []
    start, line = 0, piece.line
    for cut in _NEW_PARAGRAPH.finditer(piece.text):
        found.append(piece._replace(text=piece.text[start : cut.start()], line=line))
        line += piece.text.count("\n", start, cut.end())
        start = cut.end()
    if not found:
        return [piece]
    found.append(piece._replace(text=piece.text[start:], line=line))
    return found
