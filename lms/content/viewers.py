"""What Markdown viewers show is what we render.

Authors look at their files on GitHub or in an editor; Python-Markdown reads lists, tables and
quotations more narrowly. `as_viewers_read` rewrites a block of text so that both agree: an empty line
before a list, a table or a quotation that follows text at once, nested items indented by what their
parent needs rather than by four spaces, `1)` as `1.`, `#5` as words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SPECIAL_LINE = re.compile(r"^ |^[-+*>#|]|^\d{1,9}[.)] |\\$|^[ ]*\|?[ ]*:?-+:?[ ]*\|", re.MULTILINE)
"""A block without such a line is the same for everybody."""

_ITEM = re.compile(r"([-+*]|\d{1,9}[.)])( +)(?=\S)")
_RULE = re.compile(r"(?:(?:-[ ]*){3,}|(?:_[ ]*){3,}|(?:\*[ ]*){3,})\Z")
_TABLE_DASHES = re.compile(r"\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?\Z")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")


class _Level(NamedTuple):
    content: int
    """Column where the item's own text begins; what is indented so far belongs to the item."""
    kind: str


def as_viewers_read(text: str) -> str:
    """The same text, in the narrower spelling. Lines may be added; no words change."""
    if not _SPECIAL_LINE.search(text):
        return text
    return "\n".join(_Rewriter(text.split("\n")).run())


class _Rewriter:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.out: list[str] = []
        self.levels: list[_Level] = []
        self.open = ""
        """What the line before belongs to: '' (nothing, an empty line), 'text', 'table', 'quote'."""
        self.block_margin = 0
        """Of the first line since an empty one: Python-Markdown cuts it off all lines that follow."""

    def run(self) -> list[str]:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if not line.strip(" "):
                self.out.append("")
                self.open = ""
                index += 1
            elif _QUOTE.match(self._inner(line)):
                index = self._quotation(index)
            else:
                self._line(index)
                index += 1
        return self.out

    def _inner(self, line: str) -> str:
        """The line without the indentation of the items that hold it."""
        indent = len(line) - len(line.lstrip(" "))
        held = 0
        for level in self.levels:
            if indent >= level.content:
                held = level.content
        return line[held:]

    def _gap(self) -> None:
        if self.out and self.out[-1]:
            self.out.append("")

    def _close_levels(self, indent: int) -> None:
        while self.levels and indent < self.levels[-1].content:
            self.levels.pop()

    def _quotation(self, index: int) -> int:
        """The lines of one quotation, rewritten as a text of its own. Returns the line after it."""
        first = self.lines[index]
        self._close_levels(len(first) - len(first.lstrip(" ")))
        margin = " " * (4 * len(self.levels))
        held = self.levels[-1].content if self.levels else 0
        inside: list[str] = []
        while index < len(self.lines):
            line = self.lines[index]
            mark = _QUOTE.match(line[held:] if line[:held].strip(" ") == "" else line)
            if mark is None:
                break
            inside.append(line[held:][mark.end() :])
            index += 1
        while index < len(self.lines) and self._lazy(index, inside):
            inside.append(self.lines[index].strip(" "))
            index += 1
        self._gap()
        self.out += [f"{margin}> {line}" if line else f"{margin}>" for line in _Rewriter(inside).run()]
        self.open = "quote"
        return index

    def _lazy(self, index: int, inside: list[str]) -> bool:
        """Words right under a quotation's paragraph belong to it, although they have no mark."""
        stripped = self.lines[index].strip(" ")
        return bool(inside[-1].strip(" ") and stripped) and not (
            _ITEM.match(stripped)
            or stripped.startswith(("|", ">"))
            or _RULE.match(stripped)
            or self._begins_table(index)
        )

    def _begins_table(self, index: int) -> bool:
        return (
            "|" in self.lines[index]
            and index + 1 < len(self.lines)
            and "-" in self.lines[index + 1]
            and _TABLE_DASHES.match(self.lines[index + 1].strip(" ")) is not None
        )

    def _line(self, index: int) -> None:
        line = self.lines[index]
        stripped = line.lstrip(" ")
        indent = len(line) - len(stripped)
        item = _ITEM.match(stripped)
        if _RULE.match(stripped.rstrip(" ")):
            self._close_levels(indent)
            if self.open:
                self._gap()
            self.out.append(" " * (4 * len(self.levels)) + stripped)
            self.open = ""
        elif item is not None and self._is_item(indent, item[1]):
            self._item(indent, stripped, item)
        elif self.open == "table":
            self._close_levels(indent)
            self.out.append(" " * (4 * len(self.levels)) + stripped)
        elif self._begins_table(index):
            self._close_levels(indent)
            if self.open:
                self._gap()
            self.out.append(" " * (4 * len(self.levels)) + stripped)
            self.open = "table"
        elif self.open:
            if self.open == "quote":
                self._close_levels(indent)
                self._gap()
            self._text(stripped, "")
        else:
            self._close_levels(indent)
            held = self.levels[-1].content if self.levels else 0
            self.block_margin = 4 * len(self.levels)
            over = indent - held if indent - held >= 4 else 0
            self._text(stripped, " " * (4 * len(self.levels) + over))

    def _text(self, stripped: str, margin: str) -> None:
        if stripped.endswith("\\") and (len(stripped) - len(stripped.rstrip("\\"))) % 2:
            stripped = stripped[:-1].rstrip(" ") + "  "
        self.out.append(margin + _no_heading(stripped))
        self.open = "text"

    def _is_item(self, indent: int, marker: str) -> bool:
        """A number other than 1 in the middle of a paragraph is a number, not a list."""
        if self.levels and indent < self.levels[-1].content + 4:
            return True
        if indent >= 4:
            return False
        return self.open != "text" or marker in "-+*" or marker[:-1] == "1"

    def _item(self, indent: int, stripped: str, item: re.Match[str]) -> None:
        marker, space = item[1], item[2]
        kind = "ul" if marker in "-+*" else "ol"
        before = len(self.levels)
        sibling = self.levels[-1] if self.levels else None
        while self.levels and indent < self.levels[-1].content:
            sibling = self.levels.pop()
        same_level = before > len(self.levels) and sibling is not None
        starts_list = not same_level or (sibling is not None and sibling.kind != kind)
        nests = len(self.levels) > 0 and not same_level
        margin = " " * (4 * len(self.levels))
        if self.open and (
            len(margin) < self.block_margin or (starts_list and not (nests and self.open == "text"))
        ):
            self._gap()
            self.open = ""
        if not self.open:
            self.block_margin = len(margin)
        shown = marker if kind == "ul" else marker[:-1] + "."
        width = len(space) if len(space) <= 4 else 1
        rest = stripped[item.end() :]
        self.levels.append(_Level(indent + len(marker) + width, kind))
        self.open = "text"
        self.out.append(f"{margin}{shown} {_no_heading(rest)}")


def _no_heading(words: str) -> str:
    """`#5` at the start of a line is words; Python-Markdown would make a heading of it."""
    return "\\" + words if words.startswith("#") else words
