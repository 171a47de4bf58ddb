"""Rules: a frozen row, read by its spelling where that is enough.

Most of a row is its lines and the rule sets it prints, and the audit knows both. To spell them and find the
spelling in the text costs a fraction of reading them and comparing value by value, and proves the same: equal
values have equal bytes (`kernel.canonical`). What is not spelled as expected is read whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from lms.completion.rules import Fact
from lms.content.nodes import Course, Requirement
from lms.credit.posted import PATTERNS, Posted, Stand
from lms.credit.ruleset import RuleSet
from lms.credit.statements import (
    OF_PERSON,
    WORDLESS,
    detail_without_words,
    line_of_anybody,
    places_in,
    words_of_person,
)
from lms.kernel.canonical import canonical

LINES = ',"lines":'
RULE_SET = '"rule_set":'
GAP = "\0"
"""Stands for what only the person's facts tell, until it is known."""


class KeptRule(Struct, frozen=True):
    """A rule set as its row has it, read once. `mark` stands for it in a text that is about to be read, and
    must be a word that nobody could have written there."""

    text: str
    data: Mapping[str, Any]
    rules: RuleSet
    mark: str


class Shape(Struct, frozen=True):
    """A line with four gaps, for all who were credited the same minutes for the same piece. `wordless`: with
    two gaps, for day and fact, when the fact adds no words to it."""

    pieces: tuple[str, ...]
    requirement: Requirement | None
    wordless: tuple[str, str, str]


class Speller(Struct, frozen=True):
    """Spells lines. Keeps the shapes of what stands, by pattern and pinned version, within bounds."""

    versions: Mapping[int, Course]
    shapes: dict[tuple[Stand, int], dict[int, Shape]] = field(default_factory=dict)

    def lines(self, posted: Posted, stand: Stand, version_id: int, facts: Sequence[Fact | None]) -> str:
        """The lines of a row whose pinned version is `version_id`, as they must stand in its text. `facts`:
        in the order of the entries."""
        shapes = self.shapes.get((stand, version_id))
        if shapes is None:
            if len(self.shapes) >= PATTERNS:
                self.shapes.clear()
            shapes = self.shapes[stand, version_id] = self._shapes(stand, self.versions[version_id])
        spelled = {}
        for place, shape in shapes.items():
            on, ref = posted.spelled[place]
            fact = facts[place]
            if fact is not None and fact.kind in WORDLESS:
                a, c, e = shape.wordless
                spelled[place] = f"{a}{on}{c}{ref}{e}"
            else:
                detail, where = words_of_person(
                    posted.pattern.entries[place], shape.requirement, fact, self.versions
                )
                a, b, c, d, e = shape.pieces
                spelled[place] = f"{a}{_often(detail)}{b}{on}{c}{ref}{d}{_often(where)}{e}"
        return f"[{','.join([spelled[place] for place in posted.stood(stand)])}]"

    def _shapes(self, stand: Stand, course: Course) -> dict[int, Shape]:
        requirements = {each.key: each for each in course.requirements}
        places = places_in(course)
        shapes = {}
        for place, line in zip(stand.order, stand.lines, strict=True):
            requirement = requirements.get(line.key)
            said = line_of_anybody(line, requirement, places, self.versions)
            text = canonical(said | dict.fromkeys(OF_PERSON, GAP))
            a, b, c, d, e = pieces = tuple(text.split(canonical(GAP)))
            detail = canonical(detail_without_words(line, requirement, self.versions))
            shapes[place] = Shape(pieces, requirement, (f"{a}{detail}{b}", c, f"{d}null{e}"))
        return shapes


_often = lru_cache(maxsize=4096)(canonical)


def read(
    text: str, lines: Callable[[Mapping[str, Any]], str | None], rule_sets: Sequence[KeptRule]
) -> tuple[dict[str, Any], bool]:
    """The row, and whether its lines are spelled as expected; then they are left out of it.

    `lines` gives the spelling, from the part of the row before them. Each part is read as an object of its
    own, so what was found between them is a member of the row and nothing deeper.
    """
    text = RULE_SET.join(_marked(text.split(RULE_SET), rule_sets))
    start = text.find(LINES)
    frozen, spelled = None, False
    if start > 0:
        try:
            frozen, spelled = _in_parts(text, start, lines), True
        except ValueError:
            frozen = None
    if frozen is None:
        frozen, spelled = json.loads(text), False
    marked = {kept.mark: kept.data for kept in rule_sets}
    for award in frozen["awards"]:
        if isinstance(award["rule_set"], str):
            award["rule_set"] = marked[award["rule_set"]]
    return frozen, spelled


def _marked(parts: list[str], rule_sets: Sequence[KeptRule]) -> Iterator[str]:
    for part in parts:
        kept = next((kept for kept in rule_sets if part.startswith(kept.text)), None)
        yield part if kept is None else f'"{kept.mark}"{part[len(kept.text) :]}'


def _in_parts(
    text: str, start: int, lines: Callable[[Mapping[str, Any]], str | None]
) -> dict[str, Any] | None:
    """None when the lines are spelled otherwise, ValueError when the parts are no objects."""
    before: dict[str, Any] = json.loads(text[:start] + "}")
    expected = lines(before)
    if expected is None or not text.startswith(f"{expected},", start + len(LINES)):
        return None
    after: dict[str, Any] = json.loads("{" + text[start + len(LINES) + len(expected) + 1 :])
    if "lines" in after or before.keys() & after.keys():
        return None
    return before | after
