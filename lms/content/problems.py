"""What is wrong with a course, said so that an author can put it right: file, line, column, sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of one file. Lines and columns count from 1; columns count characters."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.code}: {self.message}"


def error(file: str, line: int, column: int, code: str, message: str) -> Problem:
    return Problem(file, line, column, "error", code, message)


def warning(file: str, line: int, column: int, code: str, message: str) -> Problem:
    return Problem(file, line, column, "warning", code, message)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence to append, with a space before it, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""
