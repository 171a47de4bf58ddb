"""Lists that carry answers: choices with check boxes, steps, cards, each with its feedback."""

from __future__ import annotations

import re

from msgspec import Struct

from lms.content.problems import Problem, error
from lms.content.tree import Item, Items, Note, Page, Text

_ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)])(?:( +)(.*)|)")
_BOX = re.compile(r"\[([ xX~])\](?: +(.*)|)")
BOX_IN_ANY_FORM = re.compile(r"(?P<lead> *[-*+] ?)\[(?P<mark>[ ]{0,2}[^\s\[\]@]?[ ]{0,2})\](?!\()")
_NOTE = re.compile(r"( *)>( ?)(.*)")
_FOR_GROUP = re.compile(r"\*\*([^*]+)\?\*\*(?: |$)")
_BREAK = re.compile(r" {0,3}([-*_])(?:[ ]*\1){2,}[ ]*")
_FIELD = re.compile(r" {0,3}\*\*.+?\*\*[ ]*`[^`]*`[ ]*")


class ListPlace(Struct):
    """Where a list stands: its page, and the kind of the tagged section around it ('' for none)."""

    page: Page
    problems: list[Problem]
    kind: str

    def error(self, line: int, column: int, code: str, message: str) -> None:
        self.problems.append(error(self.page.file, line, column, code, message))


def list_end(lines: list[str], start: int) -> int:
    """The line after a list, empty lines between its items included."""
    numbered = lines[start].lstrip(" ")[0].isdigit()
    own = _own_margin(lines[start])
    i = start + 1
    end = i
    after_empty = False
    answers = BOX_IN_ANY_FORM.match(lines[start]) is not None
    while i < len(lines):
        line = lines[i]
        words = line.lstrip(" ")
        if not words:
            after_empty = True
            i += 1
            continue
        indent = len(line) - len(words)
        first = words[0]
        if indent < own:
            item = _ITEM.fullmatch(line) or BOX_IN_ANY_FORM.match(line)
            if item:
                if words[0].isdigit() != numbered or _BREAK.fullmatch(line):
                    break
            elif first == ">" and answers and not after_empty:
                pass  # feedback that should have been indented
            elif after_empty or first in "#>|" or _FIELD.fullmatch(line):
                break
        elif first == ">":
            answers = True
        i += 1
        end = i
        after_empty = False
    return end


def _own_margin(line: str) -> int:
    """From this column on, a line is inside an item; items may begin up to three spaces in."""
    return len(line) - len(line.lstrip(" ")) + 2


def holds_answers(lines: list[str], start: int) -> bool:
    """Whether the list that begins here has check boxes, or quotations under its items."""
    for i in range(start, list_end(lines, start)):
        line = lines[i]
        if "[" in line and BOX_IN_ANY_FORM.match(line):
            return True
        if ">" in line and _NOTE.fullmatch(line):
            return True
    return False


def read_items(around: ListPlace, start: int) -> tuple[Items, int]:
    """The list, and the line after it."""
    lines = around.page.lines
    end = list_end(lines, start)
    items = Items(start + 1, lines[start].lstrip(" ")[0].isdigit())
    reader = _ItemReader(around, items, _own_margin(lines[start]))
    i = start
    while i < end:
        i = max(reader.read(i, end), i + 1)
    reader.close()
    return items, end


class _ItemReader:
    def __init__(self, around: ListPlace, items: Items, margin: int) -> None:
        self.around = around
        self.margin = margin
        self.page = around.page
        self.lines = around.page.lines
        self.items = items
        self.item: Item | None = None
        self.words: list[str] = []
        self.column = 0
        self.rest = 0
        self.note_above = False

    def read(self, i: int, end: int) -> int:
        line = self.lines[i]
        words = line.lstrip(" ")
        if not words:
            self.note_above = False
            return i + 1
        indent = len(line) - len(words)
        if indent < self.margin and (_ITEM.fullmatch(line) or BOX_IN_ANY_FORM.match(line)):
            self._begin(i, line)
            return i + 1
        item = self.item
        if item is None:
            return i + 1
        if words[0] == ">":
            return self._note(item, i, end)
        if item.notes or item.empty_note or item.spoilt:
            self._after_note(i, indent)
        elif not self.lines[i - 1].strip(" ") or _ITEM.fullmatch(line):
            message = "A choice is one paragraph: move the rest above the list, or into its feedback."
            self._spoil(i, indent, "choice-long", message)
        else:
            self.words.append(words)
            self.rest = self.rest or indent + 1
        return i + 1

    def _begin(self, i: int, line: str) -> None:
        self.close()
        found = _ITEM.fullmatch(line)
        box = BOX_IN_ANY_FORM.match(line)
        indent = len(line) - len(line.lstrip(" "))
        self.item = Item(i + 1, indent + 1, "", Text.__new__(Text))
        self.rest = 0
        self.note_above = False
        text, column = (found[4] or "", found.end(3) + 1) if found else ("", indent + 1)
        if box:
            good = _BOX.fullmatch(text) if found and found[2] == "-" else None
            if good is None:
                message = "Write - [x], - [~] or - [ ], with a space after it."
                self._spoil(i, indent, "choice-mark", message)
                mark = box["mark"].strip().lower()
                self.item.mark = mark if mark in ("x", "~") else " "
                text, column = line[box.end() :].strip(" "), box.end() + 1
            else:
                self.item.mark = good[1].lower()
                column += good.start(2) if good[2] else len(text)
                text = good[2] or ""
        if found and found[2][0].isdigit() and int(found[2][:-1]) == 1 and self.items.items:
            self.items.restarts = self.items.restarts or i + 1
        self.items.items.append(self.item)
        self.words, self.column = [text], column

    def _spoil(self, i: int, indent: int, code: str, message: str) -> None:
        if self.item and not self.item.spoilt:
            self.around.error(i + 1, indent + 1, code, message)
            self.item.spoilt = True

    def _after_note(self, i: int, indent: int) -> None:
        if self.note_above:
            self._spoil(i, indent, "feedback-lazy", "Start every line of feedback with >.")
        else:
            message = "A choice is one paragraph: move the rest above the list, or into its feedback."
            self._spoil(i, indent, "choice-long", message)

    def _note(self, item: Item, i: int, end: int) -> int:
        """The lines of one quotation, cut where a paragraph is for one wrong group."""
        parts: list[tuple[str, int, int, list[str]]] = []
        at = i
        while at < end and (found := _NOTE.fullmatch(self.lines[at])):
            if len(found[1]) < 2:
                message = "This feedback belongs to no choice: indent it by four spaces."
                self._spoil(at, len(found[1]), "feedback-indent", message)
            words, column = found[3], found.start(3) + 1
            group = _FOR_GROUP.match(words) if self.around.kind in ("sort", "match") else None
            if group:
                parts.append((group[1].strip(), at + 1, column + group.end(), [words[group.end() :]]))
            elif parts:
                parts[-1][3].append(words)
            else:
                parts.append(("", at + 1, column, [words]))
            at += 1
        self.note_above = True
        for name, line, column, words_of in parts:
            text = "\n".join(words_of)
            if not text.strip():
                if not item.notes:
                    item.empty_note = item.empty_note or (line, column)
                continue
            rest = self.lines[line - 1].index(">") + 3
            item.notes.append(Note(name, self.page.text(line, column, text.rstrip(), rest=rest)))
        return at

    def close(self) -> None:
        """Ends the item that is open."""
        if self.item is None:
            return
        words = "\n".join(self.words)
        self.item.text = self.page.text(self.item.line, self.column, words, inline=True, rest=self.rest)
        self.item = None
