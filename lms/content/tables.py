"""GFM tables: where they end, whether their rows fit, and their cells one by one."""

from __future__ import annotations

import re
from collections.abc import Callable

from lms.content.problems import Problem, error
from lms.content.settings import Tag
from lms.content.tags import looks_like_tag
from lms.content.tree import Cell, Cells, Page

_RULE_ROW = re.compile(r" {0,3}\|? *+:?-++:? *+(?:\| *+:?-++:? *+)*+\|? *+")
_PIPE = re.compile(r"(?<!\\)\|")
_TAG = re.compile(r"(.*?)`([^`]*)` *")
ReadTag = Callable[[str, int, int, str], Tag]


def is_rule_row(lines: list[str], i: int) -> bool:
    """Whether the line below line i is a row of dashes, and line i a head for it."""
    below = lines[i + 1] if i + 1 < len(lines) else ""
    return "|" in below and "-" in below and "|" in lines[i] and _RULE_ROW.fullmatch(below) is not None


def table_end(lines: list[str], start: int) -> int:
    end = start + 1
    while end < len(lines) and "|" in lines[end] and lines[end].lstrip(" ")[0] not in "#>":
        end += 1
    return end


def split_row(line: str) -> list[tuple[int, str]]:
    """The cells of a row, each with the column where its words begin."""
    bare = line.rstrip(" ")
    start = len(bare) - len(bare.lstrip(" "))
    if bare.startswith("|", start):
        start += 1
    stop = len(bare)
    if bare.endswith("|") and not bare.endswith("\\|") and stop > start:
        stop -= 1
    cells: list[tuple[int, str]] = []
    cuts = [found.start() for found in _PIPE.finditer(bare, start, stop)]
    for end in (*cuts, stop):
        raw = bare[start:end]
        cells.append((start + len(raw) - len(raw.lstrip(" ")) + 1, raw.strip(" ")))
        start = end + 1
    return cells


def check_prose_table(lines: list[str], start: int, end: int, file: str, problems: list[Problem]) -> None:
    """Rows of another length than the head: viewers would drop or invent cells."""
    width = len(split_row(lines[start]))
    for i in (start + 1, *range(start + 2, end)):
        _check_row(file, i, lines[i], width, problems)


def _check_row(file: str, i: int, line: str, width: int, problems: list[Problem]) -> bool:
    cells = len(split_row(line))
    if cells == width:
        return True
    noun = "cell" if cells == 1 else "cells"
    message = f"This row has {cells} {noun} and the head has {width}."
    column = len(line) - len(line.lstrip(" ")) + 1
    problems.append(error(file, i + 1, column, "table-cells", message))
    return False


def read_cells(page: Page, start: int, end: int, problems: list[Problem], read_tag: ReadTag) -> Cells:
    """A table that is to be filled in, or a rubric."""
    lines = page.lines
    if not is_rule_row(lines, start):
        column = len(lines[start]) - len(lines[start].lstrip(" ")) + 1
        message = "A table needs a head row and a row of dashes."
        problems.append(error(page.file, start + 1, column, "table-head", message))
        return Cells(start + 1, [], [])
    head = [_head_cell(page, start + 1, column, words, read_tag) for column, words in split_row(lines[start])]
    _check_row(page.file, start + 1, lines[start + 1], len(head), problems)
    rows = []
    for i in range(start + 2, end):
        if _check_row(page.file, i, lines[i], len(head), problems):
            row = []
            for column, words in split_row(lines[i]):
                tag = None
                if words.endswith("`") and (found := _TAG.fullmatch(words)) and found[2] == "needs strong":
                    tag = Tag("needs strong", i + 1, column + found.start(2), needs_strong=True)
                    words = found[1].strip(" ")
                row.append(Cell(page.text(i + 1, column, words, inline=True), tag, i + 1, column))
            rows.append(row)
    return Cells(start + 1, head, rows)


def _head_cell(page: Page, line: int, column: int, words: str, read_tag: ReadTag) -> Cell:
    tag = None
    if words.endswith("`") and (found := _TAG.fullmatch(words)) and looks_like_tag(found[2]):
        tag = read_tag(found[2], line, column + found.start(2), found[1])
        words = found[1].strip(" ")
    return Cell(page.text(line, column, words, inline=True), tag, line, column)
