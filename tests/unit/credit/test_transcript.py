"""A transcript: cycles, headings, totals, and what a person added herself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms.credit.cycles import Cycle, check_dates, years_after
from lms.credit.rulebook import shipped
from lms.credit.ruleset import RuleSet
from lms.credit.transcript import Earned, Learning, heading_of, period, transcript
from lms.kernel.errors import RuleBroken

RULES = {rule.key: rule for rule in shipped()}
MA, NJ = RULES["us-ma-pdp"], RULES["us-nj"]
FIRST = Cycle(1, date(2024, 9, 1), date(2029, 9, 1))
TODAY = date(2026, 11, 25)


def learning(
    on: date, hundredths: int = 0, rule: RuleSet = MA, heading: str = "", outside: bool = False, state: str = "valid"
) -> Learning:  # fmt: skip
    earned = (Earned(rule.key, rule.label, hundredths, heading, heading),) if hundredths else ()
    return Learning(
        source="outside" if outside else "certificate", title="T", provider="P", topic="Topic", activity="Course",
        started_on=on, ended_on=on, minutes=600, earned=earned, reference="R", state=state,
    )  # fmt: skip


def test_nobody_who_has_learned_nothing_has_a_cycle() -> None:
    assert transcript((), [], [MA], ["US-MA"], TODAY) == ()


def test_what_was_added_is_counted_beside_and_never_into_what_was_awarded() -> None:
    lines = [(1, learning(TODAY, 1200)), (None, learning(TODAY, 1500, outside=True))]
    (record,) = transcript([FIRST], lines, [MA], [], TODAY)
    (target,) = record.targets
    assert (target.awarded, target.added, target.total) == (1200, 1500, 15000)
    assert (record.minutes, record.added_minutes) == (600, 600)


def test_a_revoked_certificate_stays_and_counts_for_nothing() -> None:
    (record,) = transcript([FIRST], [(1, learning(TODAY, 1200, state="revoked"))], [MA], ["US-MA"], TODAY)
    assert len(record.lines) == 1
    assert (record.minutes, record.targets[0].awarded) == (0, 0)


def test_units_stand_under_their_heading_and_in_the_total() -> None:
    lines = [
        (1, learning(TODAY, 1000, heading="ma_pedagogy")),
        (1, learning(TODAY, 500, heading="ma_content")),
    ]
    (record,) = transcript([FIRST], lines, [MA], [], TODAY)
    (target,) = record.targets
    assert target.awarded == 1500
    assert {h.label: h.awarded for h in target.headings if h.awarded} == {
        "Pedagogy": 1000, "Content area of the license": 500,
    }  # fmt: skip
    assert [heading_of(line) for line in record.lines] == sorted(heading_of(line) for line in record.lines)


def test_past_cycles_stay_below_the_running_one() -> None:
    later = date(2030, 1, 5)
    records = transcript([FIRST], [(1, learning(TODAY, 1200))], [MA], ["US-MA"], later)
    assert [record.cycle and record.cycle.number for record in records] == [2, 1]
    assert [len(record.lines) for record in records] == [0, 1]
    assert records[0].targets[0].awarded == 0


def test_learning_from_before_the_first_cycle_stands_by_itself_and_towards_nothing() -> None:
    early = learning(date(2020, 1, 1), 1500, outside=True)
    running, before = transcript([FIRST], [(None, early)], [MA], ["US-MA"], TODAY)
    assert before.cycle is None and before.lines == (early,) and before.targets == ()
    assert running.targets[0].added == 0


def test_a_yearly_total_counts_the_year_that_runs_now() -> None:
    lines = [(1, learning(date(2025, 10, 1), 400, NJ)), (1, learning(date(2026, 10, 1), 700, NJ))]
    (record,) = transcript([FIRST], lines, [NJ], [], TODAY)
    (target,) = record.targets
    assert (target.starts_on, target.ends_on) == (date(2026, 9, 1), date(2027, 9, 1))
    assert target.awarded == 700


def test_a_total_is_shown_for_a_license_and_for_units_that_stand() -> None:
    units = [(1, learning(TODAY, 1200))]
    assert transcript([FIRST], units, [MA, NJ], [], TODAY)[0].targets[0].label == "MA PDP"
    assert [t.label for t in transcript([FIRST], units, [NJ], ["US-NJ"], TODAY)[0].targets] == [NJ.label]
    assert transcript([FIRST], units, [NJ], [], TODAY)[0].targets == ()


def test_a_total_for_one_job_is_shown_to_that_job_alone() -> None:
    units, para = [(1, learning(TODAY, 1200))], RULES["us-pa-para"]
    assert transcript([FIRST], units, [para], ["US-PA"], TODAY)[0].targets == ()
    (target,) = transcript([FIRST], units, [para], [], TODAY, of_job=[para.key])[0].targets
    assert target.label == para.label


def test_a_category_may_ask_for_a_share_of_the_total() -> None:
    york = RULES["us-ny-ctle"]
    (record,) = transcript([FIRST], [], [york], ["US-NY"], TODAY)
    minimums = {heading.label: heading.minimum for heading in record.targets[0].headings}
    assert minimums == {"Language acquisition for English language learners": 1500}


@pytest.mark.parametrize(("awarded", "carries"), [(18000, 0), (19200, 1200), (30000, 5000)])
def test_what_was_awarded_beyond_the_total_may_carry_over_and_is_counted_into_nothing(
    awarded: int, carries: int
) -> None:
    pa, second = RULES["us-pa-act48"], Cycle(2, FIRST.ends_on, years_after(FIRST.ends_on))
    lines = [
        (1, learning(date(2028, 3, 1), awarded, pa)),
        (1, learning(date(2028, 3, 1), 900, pa, outside=True)),
    ]
    running, over = transcript([FIRST, second], lines, [pa], ["US-PA"], date(2030, 1, 1))
    (target,) = running.targets
    assert (target.may_carry, target.awarded, target.added) == (carries, 0, 0)
    assert over.targets[0].may_carry == 0


def test_a_total_that_is_prorated_says_so() -> None:
    (record,) = transcript([FIRST], [], [NJ, RULES["us-pa-act48"]], ["US-NJ", "US-PA"], TODAY)
    assert {target.title: target.prorated for target in record.targets} == {
        NJ.title: True, RULES["us-pa-act48"].title: False,
    }  # fmt: skip


@given(
    st.integers(1, 6),
    st.integers(0, 6 * 365),
    st.integers(1, 6),
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
)
def test_the_periods_of_a_cycle_lie_in_it_and_one_holds_each_of_its_days(
    length: int, into: int, years: int, start: date
) -> None:
    cycle = Cycle(1, start, years_after(start, length))
    today = date.fromordinal(start.toordinal() + into)
    begins, ends = period(cycle, years, today)
    assert cycle.starts_on <= begins < ends <= cycle.ends_on
    if today < cycle.ends_on:
        assert begins <= today < ends


@pytest.mark.parametrize(
    ("cycles", "starts", "ends", "code"),
    [
        ([FIRST], date(2024, 9, 1), TODAY, "cycle_end_past"),
        ([FIRST], date(2026, 1, 1), date(2029, 9, 1), "cycle_start_late"),
        ([FIRST], date(2024, 9, 1), date(2031, 9, 2), "cycle_length"),
        ([replace(FIRST, ends_on=TODAY)], date(2024, 9, 1), date(2027, 9, 1), "cycle_over"),
        ([FIRST, Cycle(2, TODAY, years_after(TODAY))], date(2026, 1, 1), date(2030, 1, 1), "cycle_start_fixed"),
    ],
)  # fmt: skip
def test_dates_that_would_move_what_was_earned_are_refused(
    cycles: list[Cycle], starts: date, ends: date, code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_dates(cycles, date(2024, 10, 1), starts, ends, TODAY)
    assert broken.value.code == code


def test_the_running_cycle_may_follow_a_license() -> None:
    check_dates([FIRST], date(2024, 10, 1), date(2023, 6, 30), date(2028, 6, 30), TODAY)
    check_dates([], None, date(2023, 6, 30), date(2028, 6, 30), TODAY)
