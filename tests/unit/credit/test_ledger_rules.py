"""The ledger as a difference, and cycles: pure, with random sequences of wishes."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.credit.cycles import Cycle, number_of, plan
from lms.credit.ledger import Entry, entries_due, live, placed, posting_digest
from lms.credit.lines import Line

DAY = date(2026, 3, 2)


def line(minutes: int, source: str = "c-1", version: int = 1) -> Line:
    return Line(source, "self_paced", minutes, version, DAY, "healing", f"lesson_progress:1:{source}")


wishes = st.dictionaries(
    st.tuples(st.integers(1, 2), st.sampled_from(["care/c-1", "care/c-2", "care/s-1"])),
    st.tuples(st.integers(1, 3), st.builds(line, st.integers(1, 90), st.sampled_from(["c-1", "c-m"]))),
    max_size=6,
)


def _net(entries: list[Entry]) -> dict[tuple[int, str], tuple[int, int, str]]:
    return {place: (e.enrollment_id, e.minutes, e.source_key) for place, e in live(entries).items()}


@given(st.lists(wishes, min_size=1, max_size=6))
def test_any_way_to_the_last_wish_gives_the_same_net(
    steps: list[dict[tuple[int, str], tuple[int, Line]]],
) -> None:
    ledger: list[Entry] = []
    for wanted in steps:
        due = entries_due(wanted, ledger)
        ledger += due
        assert entries_due(wanted, ledger) == []
        _well_formed(ledger)
    assert _net(ledger) == _net(entries_due(steps[-1], []))


def _well_formed(ledger: list[Entry]) -> None:
    by_place: dict[tuple[int, str], list[Entry]] = {}
    for entry in ledger:
        by_place.setdefault((entry.cycle, entry.credit_key), []).append(entry)
    for entries in by_place.values():
        ordered = sorted(entries, key=lambda e: e.sequence)
        assert [e.sequence for e in ordered] == list(range(1, len(ordered) + 1))
        for before, after in itertools.pairwise(ordered):
            assert before.effect == -after.effect
            if after.effect < 0:
                assert (after.minutes, after.enrollment_id) == (before.minutes, before.enrollment_id)
        assert 0 <= sum(e.effect * e.minutes for e in ordered) <= max(e.minutes for e in ordered)


def test_each_enrollment_gets_one_posting_after_its_last() -> None:
    due = entries_due({(1, "care/c-1"): (7, line(60)), (1, "care/c-2"): (8, line(30))}, [])
    assert [(e.enrollment_id, e.posting, e.line) for e in placed(due, {7: 4})] == [(7, 5, 1), (8, 1, 1)]


def test_a_postings_digest_sees_every_change() -> None:
    entries = placed(entries_due({(1, "care/c-1"): (7, line(60)), (1, "care/c-2"): (7, line(30))}, []), {})
    assert posting_digest(entries) == posting_digest(reversed(entries))
    other = placed(entries_due({(1, "care/c-1"): (7, line(60)), (1, "care/c-2"): (7, line(31))}, []), {})
    assert posting_digest(entries) != posting_digest(other)


def test_the_first_cycle_begins_with_the_first_day_and_others_adjoin() -> None:
    cycles = plan([], [DAY + timedelta(days=9), DAY, date(2032, 1, 1)])
    assert cycles == (
        Cycle(1, DAY, date(2031, 3, 2)), Cycle(2, date(2031, 3, 2), date(2036, 3, 2)),
    )  # fmt: skip
    assert [number_of(cycles, day) for day in (date(2020, 1, 1), DAY, date(2031, 3, 1), date(2031, 3, 2))] == [
        1, 1, 1, 2,
    ]  # fmt: skip


def test_a_cycle_may_begin_on_a_leap_day() -> None:
    assert plan([], [date(2028, 2, 29)])[0].ends_on == date(2033, 3, 1)


def test_cycles_that_exist_stay_as_they_are() -> None:
    dated = (Cycle(1, date(2024, 7, 1), date(2027, 7, 1)),)
    assert plan(dated, [date(2025, 1, 1)]) == dated
    assert plan(dated, [date(2028, 1, 1)])[0] == dated[0]
    assert plan(dated, [date(2028, 1, 1)])[1].starts_on == date(2027, 7, 1)
    assert plan([], []) == ()
