"""What rule sets make of minutes: the worked table, gates, rounding, bundling, and words that explain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms.credit.awarding import (
    Acceptance,
    Award,
    Body,
    Counted,
    Holder,
    Mastered,
    OtherWork,
    Registration,
    award,
    rounded,
)
from lms.credit.rulebook import shipped
from lms.credit.ruleset import CONTACT_HOURS, RuleSet, plain

DAY = date(2026, 6, 12)
RULES: dict[str, RuleSet] = {rules.key: rules for rules in shipped()}
TYPES = {
    "contact-hours": None, "us-ma-pdp": "district", "us-ny-ctle": "approved_sponsor",
    "us-pa-act48": "district", "us-tx-cpe": "approved_provider", "us-il": "approved_provider",
    "us-nj": "district", "us-ct": "district", "iacet-ceu": "accredited_provider", "us-pa-para": "district",
}  # fmt: skip


def body(
    kind: str = "district", place: str = "US-MA", until: date | None = None, since: date = date(2020, 1, 1)
) -> Body:
    held = Registration(place, "R-17", since, until)
    return Body(1, "Harbor Valley", kind, "", "", "Dr. Okafor", "Director", (place,), (held,))


def lines(minutes: int) -> list[Counted]:
    """A blended course: up to six hours live, the rest self-paced, an hour for the product."""
    live = min(360, max(minutes - 360, 0))
    kinds: list[Counted] = [Counted("live", live, DAY)] if live else []
    return [*kinds, Counted("self_paced", minutes - live - 60, DAY), Counted("product", 60, DAY)]


MASTERY = (
    Mastered("c-q1", product=False, met=True),
    Mastered(
        "c-cap", product=True, met=True, reviews=(Acceptance("reviews:1:c-cap:1:1", DAY, "facilitator"),)
    ),
)


def made(
    key: str,
    minutes: int = 720,
    others: Sequence[OtherWork] = (),
    mastery: Sequence[Mastered] = MASTERY,
    by: Body | None = None,
    job: str = "teacher",
    licensed: bool = True,
    rules: RuleSet | None = None,
    counted: Sequence[Counted] | None = None,
) -> Award:
    rules = rules or RULES[key]
    kind = TYPES[key]
    if by is None and kind is not None:
        by = body(kind, rules.jurisdiction)
    holder = Holder(job, {rules.jurisdiction: "123"} if licensed else {})
    return award(rules, counted or lines(minutes), others, by, holder, DAY, mastery)


@pytest.mark.parametrize(
    ("minutes", "ma", "ny", "pa", "tx", "il", "ceu"),
    [
        (720, 1200, 1200, 1200, 1200, 1200, 120),
        (680, 1100, 1125, 1125, 1125, 1125, 110),
        (630, 1050, 1050, 1050, 1050, 1050, 110),
        (590, 0, 975, 975, 975, 975, 100),
        (540, 0, 900, 900, 900, 900, 90),
    ],
)
def test_the_worked_example(minutes: int, ma: int, ny: int, pa: int, tx: int, il: int, ceu: int) -> None:
    expected = {
        "us-ma-pdp": ma, "us-ny-ctle": ny, "us-pa-act48": pa, "us-tx-cpe": tx, "us-il": il, "iacet-ceu": ceu
    }  # fmt: skip
    assert {key: made(key, minutes).units_hundredths for key in expected} == expected


def test_a_product_that_was_not_accepted_stops_who_asks_for_it() -> None:
    unmet = (MASTERY[0], MASTERY[1]._replace(met=False, reviews=()))
    units = {key: made(key, mastery=unmet).units_hundredths for key in RULES if key != "us-pa-para"}
    assert units.pop("us-ma-pdp") == units.pop("iacet-ceu") == 0
    assert set(units.values()) == {1200}


@pytest.mark.parametrize(("minutes", "units"), [(599, 0), (600, 1000), (601, 1000), (629, 1000), (630, 1050)])
def test_the_gate_of_ten_hours_counts_minutes(minutes: int, units: int) -> None:
    assert made("us-ma-pdp", minutes).units_hundredths == units


def test_rounding_to_the_nearest_never_stands_in_front_of_the_gate() -> None:
    nearest = replace(RULES["us-ma-pdp"], mode="half_up", quantum=Decimal(1))
    assert made("us-ma-pdp", 590, rules=nearest).units_hundredths == 0


@pytest.mark.parametrize(("minutes", "units"), [(29, 0), (30, 10), (89, 10), (90, 20), (630, 110)])
def test_halves_of_a_ceu_go_up(minutes: int, units: int) -> None:
    """The authority's own example: thirty minutes, 0.05, are 0.1; rounding to even would give 0."""
    assert made("iacet-ceu", counted=[Counted("self_paced", minutes, DAY)]).units_hundredths == units


def test_all_gates_are_tested_and_each_says_why() -> None:
    found = made("us-ma-pdp", 300, by=body("operator"), licensed=False, mastery=())
    assert [gate.gate for gate in found.gates if not gate.passed] == [
        "topic_minutes", "mastery", "license", "body_type",
    ]  # fmt: skip
    assert all(gate.detail.endswith(".") for gate in found.gates)
    assert len([line for line in found.explanation if line.startswith("No MA PDP:")]) == 4
    assert found.minutes == 300


def test_a_course_without_an_assessment_is_told_in_a_sentence() -> None:
    (gate,) = [gate for gate in made("us-ma-pdp", mastery=()).gates if gate.gate == "mastery"]
    assert gate.detail == "The course has no assessment of learning."
    both = replace(RULES["us-ma-pdp"], requires=("assessment", "product"))
    (gate,) = [gate for gate in made("us-ma-pdp", mastery=(), rules=both).gates if gate.gate == "mastery"]
    assert gate.detail == "The course has no assessment of learning and no product."


def test_the_arithmetic_is_told() -> None:
    assert made("us-ma-pdp", 680).explanation == (
        "Counted: live sessions 320 min, self-paced 300 min, product 60 min.",
        "680 min ÷ 60 = 11.3333, rounded down to a multiple of 0.5: 11 MA PDP.",
    )


def _other(minutes: int, day: date = DAY) -> OtherWork:
    return OtherWork(7, "other/c-1", minutes, day)


def test_two_short_courses_on_a_topic_make_ten_hours() -> None:
    found = made("us-ma-pdp", 300, others=[_other(300)])
    assert found.units_hundredths == 500  # its own minutes only
    assert found.topic.others == (_other(300),)
    assert made("us-ma-pdp", 300, others=[_other(299)]).units_hundredths == 0
    alone = replace(RULES["us-ma-pdp"], bundling_allowed=False)
    assert made("us-ma-pdp", 300, others=[_other(300)], rules=alone).units_hundredths == 0


def test_hours_elsewhere_add_up_only_where_learning_was_shown_there() -> None:
    day, later = DAY - timedelta(days=9), DAY + timedelta(days=9)
    peer = Acceptance("reviews:7:d:1:1", day, "peer")
    late = Acceptance("reviews:7:d:1:2", later, "facilitator")

    def bundled(*shown: Mastered) -> Award:
        return made("us-ma-pdp", 300, others=[replace(_other(300, day), mastery=shown)])

    assert bundled().units_hundredths == 0
    counted = made("us-ma-pdp", 300, others=[_other(300, day)])
    assert bundled(Mastered("d-q1", product=False, met=True)) == counted
    assert bundled(Mastered("d", product=False, met=True, reviews=(peer,))).units_hundredths == 0
    found = bundled(Mastered("d", product=False, met=True, reviews=(peer, late)))
    assert (found.units_hundredths, found.met_on) == (500, later)


def test_the_day_of_the_award_is_the_day_on_which_the_topic_had_its_minutes() -> None:
    later = DAY + timedelta(days=40)
    found = made("us-ma-pdp", 300, others=[_other(200), _other(100, later)])
    assert (found.met_on, found.topic.reached_on) == (later, later)
    assert found.topic.minutes == 600


def test_later_work_on_the_topic_changes_nothing_that_was_enough() -> None:
    later = _other(500, DAY + timedelta(days=40))
    assert made("us-ma-pdp", 660, others=[later]) == made("us-ma-pdp", 660)
    enough = made("us-ma-pdp", 300, others=[_other(300)])
    assert made("us-ma-pdp", 300, others=[_other(300), later]) == enough


def test_a_registration_counts_on_the_day_all_gates_are_met() -> None:
    def units(until: date | None, since: date = date(2020, 1, 1)) -> int:
        return made("us-ma-pdp", by=body("registered_provider", until=until, since=since)).units_hundredths

    assert units(DAY) == 1200
    assert units(None) == 1200
    assert units(DAY - timedelta(days=1)) == 0
    assert units(None, since=DAY + timedelta(days=1)) == 0
    assert made("us-ma-pdp", by=body("district", until=DAY - timedelta(days=1))).units_hundredths == 1200


def test_the_registration_that_began_last_counts() -> None:
    held = (
        Registration("US-MA", "R-1", date(2020, 1, 1), None),
        Registration("US-MA", "R-2", date(2026, 1, 1), date(2025, 12, 31)),  # an empty term: withdrawn
    )
    withdrawn = replace(body("registered_provider"), registrations=held)
    assert made("us-ma-pdp", by=withdrawn).units_hundredths == 0


def test_a_peers_acceptance_waits_for_a_facilitators() -> None:
    def mastered(*reviews: Acceptance) -> tuple[Mastered, ...]:
        return (Mastered("c-cap", product=True, met=True, reviews=reviews),)

    peer = Acceptance("reviews:1:c-cap:1:1", DAY, "peer")
    late = Acceptance("reviews:1:c-cap:1:2", DAY + timedelta(days=9), "facilitator")
    assert made("us-ma-pdp", mastery=mastered(peer)).units_hundredths == 0
    found = made("us-ma-pdp", mastery=mastered(peer, late))
    assert (found.units_hundredths, found.met_on, found.accepted) == (1200, late.on, (("c-cap", late),))
    assert made(CONTACT_HOURS, mastery=mastered(peer)).met_on == DAY


def test_a_paraprofessional_gets_contact_hours_and_a_reason() -> None:
    found = made("us-pa-act48", job="paraprofessional")
    assert found.units_hundredths == 0
    (gate,) = [gate for gate in found.gates if gate.gate == "job"]
    assert "paraprofessional's hours" in gate.detail
    assert made(CONTACT_HOURS, job="paraprofessional", licensed=False).units_hundredths == 1200


def test_kinds_that_a_rule_set_does_not_count_are_left_out() -> None:
    live_only = replace(RULES["us-il"], countable=("live",))
    assert made("us-il", 720, rules=live_only).minutes == 360


@given(st.integers(0, 5000), st.sampled_from(sorted(RULES)))
def test_units_never_exceed_the_minutes_where_rounding_is_down(minutes: int, key: str) -> None:
    rules = RULES[key]
    units = rounded(Decimal(minutes) * rules.multiplier / rules.minutes_per_unit, rules)
    assert units % rules.quantum == 0
    if rules.mode == "floor":
        assert units * rules.minutes_per_unit <= minutes < (units + rules.quantum) * rules.minutes_per_unit
    else:
        assert abs(units * rules.minutes_per_unit - minutes) * 2 <= rules.quantum * rules.minutes_per_unit


@given(st.lists(st.integers(0, 900), min_size=1, max_size=4))
def test_certificates_of_a_bundle_never_sum_to_more_than_the_whole(parts: list[int]) -> None:
    rules = RULES["us-ma-pdp"]
    whole = rounded(Decimal(sum(parts)) / 60, rules)
    assert sum(rounded(Decimal(part) / 60, rules) for part in parts) <= whole


@pytest.mark.parametrize(
    ("number", "text"), [("12.00", "12"), ("12.50", "12.5"), ("0", "0"), ("100", "100"), ("0.10", "0.1")]
)
def test_numbers_are_printed_plainly(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
