"""A file's lines while they are read: what is open, what run of prose goes on, where tags stand."""

from __future__ import annotations

import re

from lms.content.items import BOX_IN_ANY_FORM, ListPlace
from lms.content.languages import Language
from lms.content.problems import Problem, error
from lms.content.settings import KEYLESS, Place, Tag
from lms.content.tables import is_rule_row
from lms.content.tags import read_tag
from lms.content.tree import Child, Page, Run, Section

MARKER = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ ]|$)")
FIELD = re.compile(r" {0,3}\*\*(.+?)\*\*[ ]*`([^`]*)`[ ]*")


def is_code_line(words: str) -> bool:
    """Whether a line is one code span and nothing else."""
    words = words.strip(" ")
    return len(words) > 2 and words[0] == words[-1] == "`" and words.count("`") == 2


def begins_list(line: str) -> bool:
    return MARKER.match(line) is not None or BOX_IN_ANY_FORM.match(line) is not None


class Script:
    def __init__(self, page: Page, language: Language, problems: list[Problem]) -> None:
        self.page = page
        self.file = page.file
        self.lines = page.lines
        self.language = language
        self.problems = problems
        self.open: list[Section] = []
        """The sections around the current line, outermost first."""
        self.siblings: list[Child] = page.children
        """Where the next block goes."""
        self._run_from = -1
        self._run_to = -1

    def error(self, line: int, column: int, code: str, message: str) -> None:
        self.problems.append(error(self.file, line, column, code, message))

    def add(self, child: Child) -> None:
        """A block after the prose that came before it."""
        self.flush()
        self.siblings.append(child)

    # Prose -----------------------------------------------------------------------------------

    def prose(self, start: int, end: int) -> None:
        """Lines of prose: one run with those before them, unless something stands between."""
        if self._run_from < 0:
            self._run_from = start
        self._run_to = end

    def flush(self) -> None:
        """Ends the run of prose."""
        if self._run_from >= 0:
            start, self._run_from = self._run_from, -1
            words = "\n".join(self.lines[start : self._run_to])
            self.siblings.append(Run(self.page.text(start + 1, 1, words)))

    @property
    def in_prose(self) -> bool:
        return self._run_from >= 0

    # Lines -----------------------------------------------------------------------------------

    def next_words(self, i: int) -> int | None:
        """The next line, from i on, that is not empty."""
        while i < len(self.lines):
            if self.lines[i].strip(" "):
                return i
            i += 1
        return None

    def interrupts(self, i: int) -> bool:
        """Whether line i ends the paragraph above it."""
        line = self.lines[i]
        words = line.lstrip(" ")
        if not words:
            return True
        first = words[0]
        if first in "#>":
            return len(line) - len(words) < 4
        if first == "|":
            return True
        if first == "*" and words.startswith("**"):
            return FIELD.fullmatch(line) is not None
        if first in "-+*":
            return begins_list(line)
        if first == "1" and MARKER.match(line):
            return True
        return is_rule_row(self.lines, i)

    def paragraph_end(self, i: int) -> int:
        end = i + 1
        while end < len(self.lines) and not self.interrupts(end):
            end += 1
        return end

    # Tags ------------------------------------------------------------------------------------

    def tag(
        self, code: str, line: int, column: int, place: Place, words: str = "", quiet: bool = False
    ) -> Tag:
        """Reads a tag; `words` are those that a key could be made from.

        `quiet`: its place was wrong already, so nothing more is said about it.
        """
        found: list[Problem] = []
        tag = read_tag(code, self.file, line, column, place, self.page.kind, found)
        if quiet:
            return tag
        self.problems += found
        if tag.kind and not tag.key and tag.kind not in KEYLESS:
            message = f"Give this {tag.kind} a key, or let 'lms courses keys' write one."
            self.error(line, column, "key-missing", message)
            self.page.keyless.append((tag, words))
        return tag

    @property
    def tagged(self) -> Section | None:
        """The nearest section with a tag that is open here."""
        return next((section for section in reversed(self.open) if section.tag is not None), None)

    @property
    def around(self) -> ListPlace:
        section = self.tagged
        return ListPlace(self.page, self.problems, section.tag.kind if section and section.tag else "")
