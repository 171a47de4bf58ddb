"""What is wrong with a course, said so that an author can put it right: file, line, column, sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]

_ERRORS = (
    "header-missing", "header-open", "header-yaml", "header-unknown", "header-needed", "header-twice",
    "header-value", "file-place", "file-order", "file-large", "course-large",
    "title-missing", "title-twice", "heading-skip", "heading-space", "heading-underline", "heading-place",
    "key-missing", "key-form", "key-twice", "key-unknown", "key-reused",
    "tag-kind", "tag-place", "tag-setting", "tag-loose", "box-label", "box-place",
    "choice-mark", "choice-long", "check-loose", "choices-few", "choice-none-right", "choice-two-right",
    "feedback-missing", "feedback-indent", "feedback-lazy",
    "groups-few", "group-unknown", "order-list", "spot-text", "model-missing",
    "branch-link", "branch-target", "branch-name", "branch-lost", "branch-endless",
    "part-tag", "question-tag", "see-missing", "anything-else",
    "pool-draw", "pool-points", "pass-unreachable", "requires-unmet", "rubric",
    "field-outside", "field-answer", "table-head", "table-cells", "table-filled", "table-label", "row-key",
    "carry-unknown", "carry-paper", "carry-wider", "done-unclear",
    "cite-unknown", "cite-form", "source-kind", "insert-unknown", "insert-place",
    "link-file", "link-anchor", "link-scheme", "link-form", "image-alt", "image-missing", "image-place",
    "html", "fence", "footnote", "definition-list", "attributes", "encoding", "tab",
    "line-long", "piece-long", "pieces-many", "marks-many", "nested-deep", "piece-failed", "and-more",
    "minutes-high", "hours-high", "agenda-minutes", "agenda-sum", "instead-minutes",
    "variant-activity", "variant-box", "variant-role",
)  # fmt: skip
_WARNINGS = (
    "box-split", "field-name", "carry-later", "source-unused", "checked-old", "image-heavy",
    "reads-hard", "sentence-long", "scene-long", "scene-short", "card-long", "cite-loose", "group-twice",
    "sittings-few",
)  # fmt: skip
CODES: Mapping[str, Severity] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_WARNINGS, "warning"),
}
"""The closed catalogue; `explanations` holds an example of each."""

NOT_YET = frozenset({
    "link-file", "image-missing", "carry-unknown", "source-unused", "requires-unmet", "minutes-high",
    "hours-high", "done-unclear",
})  # fmt: skip
"""What a course in the making always has: it refers to what nobody has written yet, or claims it."""


class Problem(Struct, frozen=True, order=True):
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


LONGEST_WORD = 80
"""Comparing longer ones is slow, and nobody mistypes them."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence to append, with a space before it, or nothing."""
    near = nearest(word, known)
    return f" Did you mean '{near}'?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ''."""
    if len(word) > LONGEST_WORD:
        return ""
    near = get_close_matches(word, [each for each in known if len(each) <= LONGEST_WORD], n=1, cutoff=0.6)
    return near[0] if near else ""
