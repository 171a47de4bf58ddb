"""Entries taken apart say what they said whole, for whoever shares their pattern."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms.completion.rules import Fact
from lms.credit.awarding import counted_from
from lms.credit.ledger import Entry, entries_due, live, placed, posting_digest
from lms.credit.lines import Line, LineKind
from lms.credit.posted import DECIDING, SHARED, Patterns, Posted
from lms.kernel.canonical import digest
from tests.unit.completion.test_completion_rules import fact

DAY = date(2026, 3, 2)
PLACES = [(1, "care/c-1"), (1, "care/c-2 %s"), (2, "care/c-1"), (1, "care/s-1")]
KINDS: dict[str, LineKind] = {"care/s-1": "make_up"}


def _line(place: tuple[int, str], minutes: int, day: int, topic: str) -> Line:
    kind = KINDS.get(place[1], "self_paced")
    return Line("c-1", kind, minutes, 1, DAY + timedelta(days=day), topic, f'fact "{day}" %d \\ ễ')


wishes = st.dictionaries(
    st.sampled_from(PLACES),
    st.tuples(st.integers(1, 90), st.integers(0, 9), st.sampled_from(["healing", '100 % "all"'])),
    max_size=4,
)


def _ledger(steps: Sequence[dict[tuple[int, str], tuple[int, int, str]]]) -> list[Entry]:
    ledger: list[Entry] = []
    for wished in steps:
        wanted = {place: (7, _line(place, *said)) for place, said in wished.items()}
        last = max((entry.posting for entry in ledger), default=0)
        ledger += placed(entries_due(wanted, ledger), {7: last})
    return ledger


def _apart(patterns: Patterns, ledger: Sequence[Entry]) -> Posted:
    rows: list[tuple[Any, ...]] = [
        (entry.enrollment_id, entry.earned_on, entry.fact, *(getattr(entry, name) for name in SHARED))
        for entry in ledger
    ]
    return patterns.posted(ledger[0].enrollment_id, rows)


@given(st.lists(wishes, min_size=1, max_size=5).map(_ledger).filter(bool))
def test_what_was_taken_apart_says_the_same(ledger: list[Entry]) -> None:
    patterns = Patterns()
    moved = [
        entry._replace(
            enrollment_id=8, earned_on=entry.earned_on + timedelta(days=entry.line), fact="another"
        )
        for entry in ledger
    ]
    for whole in (ledger, moved):
        posted = _apart(patterns, whole)
        assert posted.entries() == whole
        for number, text in posted.texts():
            assert digest(text) == posting_digest(entry for entry in whole if entry.posting == number)
        for through in range(1, whole[-1].posting + 1):
            then = [entry for entry in whole if entry.posting <= through]
            stood = sorted(live(then).values(), key=attrgetter("earned_on", "credit_key", "cycle"))
            stand = posted.pattern.through(through)
            assert posted.lines(stand) == stood
            assert stand.minutes == stand.balance == sum(entry.effect * entry.minutes for entry in then)
            for day in (DAY, DAY + timedelta(days=5), DAY + timedelta(days=30)):
                counted = counted_from(((line.kind, line.minutes, line.earned_on) for line in stood), day)
                assert sorted(map(str, posted.counted(stand, day))) == sorted(map(str, counted))
    assert _apart(patterns, ledger).pattern is _apart(patterns, moved).pattern


def test_who_has_facts_that_are_alike_in_all_that_decides_went_the_same_way() -> None:
    patterns = Patterns()
    ledger = _ledger([{(1, "care/c-1"): (60, 0, "healing")}])
    mine, hers = _apart(patterns, ledger), _apart(patterns, [ledger[0]._replace(enrollment_id=8)])
    done: Fact = fact("lesson", "c-1", 1)
    way = mine.way([done])
    assert way is not None
    assert hers.way([replace(done, ref="another", on=DAY, enrollment_id=8)]) is way
    assert hers.way([None]) is None
    others = {
        "kind": "sheet", "key": "c-2", "version_id": 2, "passed": False, "sitting": "a", "verdict": "meets",
        "reviewer": "peer", "minutes": 1, "full": 1,
    }  # fmt: skip
    assert others.keys() == set(DECIDING)
    assert all(hers.way([replace(done, **{name: value})]) is not way for name, value in others.items())
