"""Every problem code: an example that yields it where it should, and a cure that does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lms.content
from lms.content.earlier import earlier_kinds
from lms.content.explanations import EXPLANATIONS, explain, near_code
from lms.content.explanations.entry import (
    CAPSTONE,
    CARD,
    COURSE,
    LESSON,
    LOCAL,
    MAKE_UP,
    PAPER,
    PICTURE,
    QUIZ,
    SECOND,
    SESSION,
    SHEET,
    SOURCES,
)  # fmt: skip
from lms.content.problems import CODES
from tests.unit.content.builder import compile_files, example

PLACES = {
    "header-missing": (SHEET, 1, 1),
    "header-open": (LESSON, 1, 1),
    "header-yaml": (LESSON, 3, 31),
    "header-unknown": (LESSON, 5, 1),
    "header-needed": (LESSON, 1, 1),
    "header-twice": (LESSON, 5, 1),
    "header-value": (LESSON, 4, 10),
    "file-place": ("1-the-first-minute/at-the-door.md", 1, 1),
    "file-order": (LESSON, 1, 1),
    "file-large": (LESSON, 1, 1),
    "course-large": ("1-the-first-minute/30-more.md", 1, 1),
    "title-missing": (SECOND, 8, 1),
    "title-twice": (LESSON, 14, 1),
    "heading-skip": (LESSON, 38, 1),
    "heading-space": (LESSON, 14, 3),
    "heading-underline": (LESSON, 45, 1),
    "heading-place": (LESSON, 33, 3),
    "key-missing": (LESSON, 51, 2),
    "key-form": (LESSON, 51, 13),
    "key-twice": (LESSON, 69, 7),
    "key-unknown": (SHEET, 71, 33),
    "key-reused": (SHEET, 19, 21),
    "requires-unmet": (COURSE, 17, 16),
    "hours-high": (COURSE, 12, 14),
    "source-kind": (SOURCES, 4, 2),
    "rubric": (CAPSTONE, 19, 2),
    "image-heavy": (PICTURE, 1, 1),
    "tag-kind": (LESSON, 69, 2),
    "tag-place": (LESSON, 62, 23),
    "tag-setting": (LESSON, 69, 14),
    "tag-loose": (LESSON, 68, 20),
    "choice-mark": (LESSON, 57, 1),
    "choice-long": (LESSON, 59, 5),
    "check-loose": (LESSON, 54, 1),
    "choices-few": (LESSON, 69, 2),
    "choice-none-right": (LESSON, 51, 2),
    "choice-two-right": (LESSON, 59, 1),
    "feedback-missing": (LESSON, 55, 1),
    "feedback-indent": (LESSON, 56, 1),
    "feedback-lazy": (LESSON, 57, 5),
    "groups-few": (LESSON, 79, 2),
    "group-unknown": (LESSON, 91, 7),
    "order-list": (LESSON, 100, 1),
    "spot-text": (LESSON, 75, 1),
    "model-missing": (LESSON, 125, 2),
    "branch-link": (LESSON, 114, 7),
    "branch-target": (LESSON, 114, 7),
    "branch-name": (LESSON, 118, 1),
    "branch-lost": (LESSON, 118, 1),
    "branch-endless": (LESSON, 118, 1),
    "part-tag": (LESSON, 149, 1),
    "question-tag": (QUIZ, 13, 1),
    "see-missing": (QUIZ, 14, 2),
    "anything-else": (QUIZ, 20, 1),
    "pool-draw": (QUIZ, 62, 14),
    "pool-points": (QUIZ, 62, 2),
    "pass-unreachable": (QUIZ, 3, 7),
    "field-outside": (LESSON, 18, 1),
    "field-answer": (SHEET, 25, 1),
    "field-name": (SHEET, 73, 3),
    "table-head": (LESSON, 20, 1),
    "table-cells": (LESSON, 23, 1),
    "table-filled": (SHEET, 47, 22),
    "table-label": (PAPER, 9, 1),
    "row-key": (SHEET, 48, 3),
    "carry-unknown": (CARD, 11, 26),
    "carry-paper": (CARD, 11, 26),
    "carry-later": (CARD, 11, 26),
    "carry-wider": (CAPSTONE, 14, 32),
    "done-unclear": (MAKE_UP, 4, 10),
    "box-label": (LESSON, 36, 3),
    "box-place": (LESSON, 36, 1),
    "box-split": (LESSON, 12, 1),
    "variant-activity": (LESSON, 47, 2),
    "variant-box": (LESSON, 40, 1),
    "variant-role": (LESSON, 42, 5),
    "cite-unknown": (LESSON, 36, 82),
    "cite-form": (LESSON, 16, 96),
    "source-unused": (SOURCES, 10, 4),
    "checked-old": (LOCAL, 4, 10),
    "insert-unknown": (LESSON, 36, 58),
    "insert-place": (LESSON, 178, 20),
    "link-file": (LESSON, 180, 40),
    "link-anchor": (QUIZ, 25, 31),
    "link-scheme": (LESSON, 178, 29),
    "link-form": (LESSON, 178, 1),
    "image-alt": (LESSON, 25, 1),
    "image-missing": (LESSON, 25, 59),
    "image-place": (LESSON, 25, 7),
    "html": (LESSON, 12, 12),
    "fence": (LESSON, 18, 1),
    "footnote": (LESSON, 18, 15),
    "definition-list": (LESSON, 19, 1),
    "attributes": (LESSON, 18, 15),
    "encoding": (LESSON, 18, 8),
    "tab": (LESSON, 33, 2),
    "line-long": (LESSON, 18, 4001),
    "piece-long": (LESSON, 218, 1),
    "pieces-many": (LESSON, 6000, 1),
    "marks-many": (LESSON, 18, 1901),
    "nested-deep": (LESSON, 18, 3),
    "and-more": (LESSON, 218, 5),
    "reads-hard": (LESSON, 8, 1),
    "sentence-long": (LESSON, 18, 1),
    "scene-long": (LESSON, 10, 1),
    "scene-short": (LESSON, 10, 1),
    "cite-loose": (LESSON, 36, 92),
    "group-twice": (LESSON, 87, 5),
    "sittings-few": (SHEET, 6, 11),
    "card-long": (CARD, 7, 1),
    "minutes-high": (LESSON, 4, 10),
    "agenda-minutes": (SESSION, 15, 4),
    "agenda-sum": (SESSION, 4, 10),
    "instead-minutes": (LESSON, 170, 11),
}
"""File, line and column of each code's example. `piece-failed` has none: it must never fire."""

CONSEQUENCES = {
    "file-place": {"link-file"},
    "minutes-high": {"instead-minutes"},
    "and-more": {"tab"},
}
"""What else may be said: a second mistake that the first one truly makes."""


def test_the_example_course_has_no_problem() -> None:
    assert compile_files(example()).problems == ()


def test_catalogue_explanations_and_places_hold_the_same_codes() -> None:
    assert set(EXPLANATIONS) == set(CODES)
    assert set(PLACES) == set(CODES) - {"piece-failed"}


@pytest.mark.parametrize("code", PLACES)
def test_an_example_yields_its_code_in_its_place_and_nothing_else(code: str) -> None:
    entry = EXPLANATIONS[code]
    sound = example()
    if not entry.named and not entry.copies:
        assert sound[entry.file].decode().count(entry.right) == 1
    earlier = {}
    if code == "key-reused":
        course = compile_files(sound).course
        assert course is not None
        earlier = earlier_kinds([(1, course)])
    found = compile_files(entry.spoil(sound), earlier=earlier).problems
    own = [problem for problem in found if problem.code == code]
    assert own, [str(problem) for problem in found]
    assert (own[0].file, own[0].line, own[0].column) == PLACES[code]
    assert own[0].severity == CODES[code]
    assert {problem.code for problem in found} <= {code} | CONSEQUENCES.get(code, set())


def test_every_code_that_the_compiler_can_report_is_in_the_catalogue() -> None:
    folder = Path(lms.content.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    source = source[: source.index("_ERRORS = (")] + source[source.index("CODES: Mapping") :]
    words = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', source))
    assert not set(CODES) - words, "codes that nothing reports"


def test_an_explanation_shows_the_mistake_and_the_cure() -> None:
    text = explain("choice-mark")
    assert text is not None
    assert text.startswith("choice-mark (error)\n\n")
    assert '    - [x]"Morning, Amir."\n' in text
    assert text.endswith('    - [x] "Morning, Amir."')


def test_long_examples_are_cut_and_unreadable_characters_named() -> None:
    long, unreadable = explain("file-large"), explain("encoding")
    assert long is not None
    assert len(long.splitlines()) < 30
    assert unreadable is not None
    assert "Keep it<U+0007> small." in unreadable


def test_an_unknown_code_has_no_explanation_but_a_suggestion() -> None:
    assert explain("choice-marks") is None
    assert near_code("choice-marks") == " Did you mean 'choice-mark'?"
