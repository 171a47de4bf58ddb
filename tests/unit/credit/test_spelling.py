"""A row read by its spelling says what a row read whole says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

import pytest

from lms.completion.rules import Fact
from lms.credit.ledger import Entry
from lms.credit.posted import NOTHING_POSTED, SHARED, Patterns, Posted
from lms.credit.spelling import KeptRule, Speller, read
from lms.credit.statements import line_values
from lms.kernel.canonical import canonical
from tests import builders as b

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY = AT.date()
COURSE = b.course(
    b.lesson("c-1", 20), b.lesson("c-2", 20, also=["c-2-b"]), b.quiz("c-q1"), b.reflection("c-1.look"),
    b.try_out("c-t1"), sessions=[b.guide("s-1", make_up="c-9")],
)  # fmt: skip
VERSIONS = {3: COURSE}
FACTS = [
    Fact("lesson", 7, "c-1", 3, AT, DAY, "lesson_progress:7:c-1"),
    Fact("lesson", 7, "c-2-b", 3, AT, DAY, "lesson_progress:7:c-2-b"),
    Fact("quiz", 7, "c-q1", 3, AT, DAY, "quiz_attempts:7:c-q1:2", True, 9, 10, number=2),
    Fact("review", 7, "c-1.look", 3, AT, DAY, "reviews:7:c-1.look:1:1", verdict="meets", reviewer="peer"),
    Fact("sheet", 7, "c-t1", 3, AT, DAY, 'worksheet_completions:7:c-t1:"one" \\ ễ', sitting='"one" \\ ễ'),
    Fact(
        "attendance", 7, "s-1", 3, AT, DAY, "attendance_entries:1:7:1", minutes=79, full=90,
        place='Room "4"', hours="09:02–10:31", breaks=10,
    ),
]  # fmt: skip
KINDS: Any = ("self_paced", "self_paced", "assessment", "assessment", "self_paced", "live")
KEYS = ("c-1", "c-2", "c-q1", "c-1.look", "c-t1", "s-1")
STOOD = [
    Entry(7, 1, f"care/{key}", 1, 1, 20, fact.key, kind, 3, DAY, "a topic", fact.ref, 1, 1)
    for fact, kind, key in zip(FACTS, KINDS, KEYS, strict=True)
]
PRINTED = sorted(STOOD, key=attrgetter("credit_key"))
PATTERNS = Patterns()
BY_REF = {fact.ref: fact for fact in FACTS}
RULE: Any = {"key": "us-ma-pdp", "version": 1, "unit": {"label": "MA PDP"}}
KEPT = KeptRule(canonical(RULE), RULE, None, "a mark")  # type: ignore[arg-type]


def _row(**changed: Any) -> dict[str, Any]:
    return {
        "awards": [{"rule_set": RULE, "minutes": 120}],
        "course": {"version_id": 3},
        "lines": line_values(PRINTED, COURSE, VERSIONS, FACTS),
        "minutes": 120,
        "used": [],
        **changed,
    }


def _expected(before: Any) -> str:
    return _spelled(Speller(VERSIONS), STOOD, BY_REF, before["course"]["version_id"])


def _spelled(speller: Speller, entries: list[Entry], facts: dict[str, Fact], version_id: int = 3) -> str:
    posted = _apart(entries, PATTERNS)
    found = [facts.get(entry.fact) for entry in entries]
    return speller.lines(posted, posted.pattern.through(), version_id, found)


def _apart(entries: list[Entry], patterns: Patterns) -> Posted:
    if not entries:
        return NOTHING_POSTED
    rows = [
        (entry.enrollment_id, entry.earned_on, entry.fact, *(getattr(entry, name) for name in SHARED))
        for entry in (entry._replace(line=line) for line, entry in enumerate(entries, start=1))
    ]
    return patterns.posted(entries[0].enrollment_id, rows)


def test_lines_are_spelled_as_they_are_frozen() -> None:
    speller = Speller(VERSIONS)
    spelled = canonical(line_values(PRINTED, COURSE, VERSIONS, FACTS))
    assert _spelled(speller, STOOD, BY_REF) == spelled
    assert _spelled(speller, STOOD, BY_REF) == spelled  # from the shapes it has met
    assert _spelled(speller, STOOD, {}) == canonical(line_values(PRINTED, COURSE, VERSIONS, []))
    assert _spelled(speller, [], {}) == "[]"


def test_a_line_of_another_day_or_fact_is_spelled_anew() -> None:
    speller = Speller(VERSIONS)
    _spelled(speller, STOOD, BY_REF)
    moved = [line._replace(earned_on=date(2026, 4, 1), minutes=21) for line in STOOD]
    printed = sorted(moved, key=attrgetter("credit_key"))
    assert _spelled(speller, moved, BY_REF) == canonical(line_values(printed, COURSE, VERSIONS, FACTS))


def test_what_is_spelled_as_expected_is_left_out() -> None:
    frozen, as_expected = read(canonical(_row()), _expected, [KEPT])
    assert as_expected
    assert frozen == {key: value for key, value in _row().items() if key != "lines"}
    assert frozen["awards"][0]["rule_set"] is RULE


@pytest.mark.parametrize(
    "row",
    [
        _row(lines=line_values(PRINTED[1:], COURSE, VERSIONS, FACTS)),
        _row(lines=[]),
        _row(lines=[*line_values(PRINTED, COURSE, VERSIONS, FACTS), {}]),
        _row(awards=[{"rule_set": RULE | {"version": 2}, "a": 0, "lines": 1}]),
        {"awards": [], "course": {"version_id": 3, "lines": _row()["lines"], "minutes": 1}, "lines": 7},
        {"awards": [], "course": {"version_id": 3}, "kin": {"a": 1, "lines": _row()["lines"], "z": 1}},
    ],
)
def test_whatever_is_spelled_otherwise_is_read_whole(row: dict[str, Any]) -> None:
    frozen, as_expected = read(canonical(row), _expected, [KEPT])
    assert not as_expected
    assert frozen == json.loads(canonical(row))


def test_a_member_told_twice_is_read_as_a_whole_row_is() -> None:
    text = canonical(_row()).removesuffix("}") + ',"lines":[]}'
    frozen, as_expected = read(text, _expected, [KEPT])
    assert not as_expected
    assert frozen["lines"] == []
