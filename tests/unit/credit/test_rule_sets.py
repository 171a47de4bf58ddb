"""Rule sets are data: what the files must say, and what the reader refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lms.credit.rule_checks import checked
from lms.credit.rulebook import FOLDER, read_rule_sets, shipped
from lms.credit.ruleset import BadRuleSet, jurisdiction, rule_set
from lms.kernel.canonical import canonical

MA: dict[str, Any] = dict(next(rules.data for rules in shipped() if rules.key == "us-ma-pdp"))


def test_the_states_that_were_asked_for_are_there() -> None:
    assert {rules.key for rules in shipped()} == {
        "contact-hours", "iacet-ceu", "us-ct", "us-il", "us-ma-pdp", "us-nj", "us-ny-ctle", "us-pa-act48",
        "us-pa-para", "us-tx-cpe",
    }  # fmt: skip


@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: rules.key)
def test_a_rule_set_names_its_sources_and_never_an_ambiguous_unit(rules: Any) -> None:
    assert rules.data["checked_on"] >= "2026-11-01"
    assert rules.data["authority_urls"] or rules.key == "contact-hours"
    assert rules.label != "PDP"
    assert rules.data["unit"]["plural"] != "PDPs"
    assert rules.data["retention_years"] >= 7


def test_a_rule_set_survives_its_row() -> None:
    for rules in shipped():
        assert rule_set(json.loads(canonical(dict(rules.data)))) == rules


def test_a_version_is_in_force_from_its_first_to_its_last_day() -> None:
    rules = rule_set(MA | {"effective_from": "2026-01-01", "effective_to": "2026-12-31"})
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [rules.in_force(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minutes_per_unit": 0}, "minutes_per_unit must be at least 1"),
        ({"minutes_per_unit": "60"}, "minutes_per_unit must be a whole number"),
        ({"min_topic_minutes": -1}, "min_topic_minutes must be a whole number"),
        ({"rounding": {"mode": "half_even", "quantum": "0.5"}}, "rounding needs a mode"),
        ({"rounding": {"mode": "floor", "quantum": 0.5}}, "in quotation marks"),
        ({"rounding": {"mode": "floor", "quantum": "0.005"}}, "positive number of hundredths"),
        ({"rounding": {"mode": "floor", "quantum": "0"}}, "positive number of hundredths"),
        ({"multiplier": "one and a half"}, "multiplier must be a plain number"),
        ({"multiplier": "-1"}, "multiplier must be a plain number"),
        ({"multiplier": "1e9999"}, "multiplier must be a plain number"),
        ({"multiplier": "0"}, "multiplier must be more than 0"),
        ({"rounding": {"mode": "floor", "quantum": "1e9999"}}, "rounding.quantum must be a plain number"),
        ({"min_award": "0.001"}, "min_award must be a number of hundredths"),
        ({"version": 0}, "version must be a whole number from 1"),
        ({"version": True}, "version must be a whole number from 1"),
        ({"key": "US MA"}, "key must be small letters"),
        ({"title": " "}, "title must be a text that says something"),
        ({"title": "Points\x00"}, "title has a sign in it that cannot be printed"),
        ({"jurisdiction": "MA"}, "jurisdiction must be US- and a state"),
        ({"jurisdiction": "IACET"}, "license_required: profiles state licenses of US states"),
        ({"effective_to": "2018-07-12"}, "effective_to lies before effective_from"),
        ({"effective_from": 20260101}, "effective_from must be a day"),
        ({"effective_from": "9999-01-01"}, "effective_from: look at the year again"),
        ({"authority_urls": [1]}, "authority_urls must be addresses"),
        ({"authority_urls": ["the registry"]}, "authority_urls must be addresses"),
        ({"countable": []}, "countable is empty"),
        ({"countable": ["live", "live"]}, "countable: a word stands twice"),
        ({"reviewers": []}, "reviewers is empty"),
        ({"not_eligible_text": "Not you."}, "not_eligible_text is never said"),
        ({"unit": MA["unit"] | {"label": ""}}, "unit.label must be a text"),
        ({"unit": MA["unit"] | {"label": "PDP (points)"}}, "unit.label must name its state"),
        ({"unit": MA["unit"] | {"singular": ["x"]}}, "unit.singular must be a text"),
        ({"cycle": MA["cycle"] | {"total": "many"}}, "cycle.total must be a whole number"),
        ({"cycle": MA["cycle"] | {"years": "five"}}, "cycle.years must be a whole number"),
        ({"cycle": MA["cycle"] | {"years": 0}}, "cycle.years must be a whole number from 1"),
        ({"cycle": MA["cycle"] | {"total": 0}}, "cycle_min is never shown"),
        ({"cycle": MA["cycle"] | {"total": 20}}, "they ask for 60 together"),
        ({"categories": [1]}, "each of categories needs"),
        ({"categories": [MA["categories"][0] | {"cycle_min": "x"}]}, "cycle_min of ma_content must be"),
        ({"categories": [MA["categories"][0] | {"cycle_max": 1}]}, "unknown field cycle_max"),
        ({"caps": [1]}, "each of caps needs"),
        ({"report": {"adapter": 1}}, "report may have"),
        ({"valid_years": 1000}, "valid_years must be a whole number from 0 to 100"),
        ({"certificate_fields": [["dates"]]}, "certificate_fields must be a text"),
        (
            {"learner_id": {"type": "x", "pattern": "(a+)+b", "required_for": ""}},
            "learner_id.pattern must be",
        ),
        ({"retention_years": 1.5}, "retention_years: write a number with a point"),
        ({"countable": ["live", "breaks"]}, "countable: unknown word breaks"),
        ({"self_paced_basis": "capped_engaged_minutes"}, "only design_minutes"),
        ({"reviewers": ["friends"]}, "reviewers: unknown word friends"),
        ({"awarding_body_types": ["anybody"]}, "awarding_body_types: unknown word anybody"),
        ({"registration_required_for": ["accredited_provider"]}, "registration_required_for: unknown word"),
        ({"effective_from": "soon"}, "effective_from is not a date"),
        ({"colour": "blue"}, "unknown field colour"),
        ({"unit": {"label": "MA PDP"}}, "unit needs singular"),
        ({"unit": MA["unit"] | {"abbreviation": "PDP"}}, "unit.abbreviation must name its state"),
        ({"categories": [{"code": "a", "label": "A"}]}, "each of categories needs"),
        ({"categories": [{"code": "a", "label": "A", "kind": "part"}] * 2}, "a code stands twice"),
        ({"cycle": {"years": 5}}, "cycle needs years"),
        ({"learner_id": {"type": "x", "pattern": "(", "required_for": ""}}, "not a regular expression"),
        ({"learner_id": {"type": "x"}}, "learner_id needs type"),
        ({"countable": "live"}, "countable must be a list"),
        ({"rounding": "down"}, "rounding must be a table"),
        ({"license_required": "yes"}, "license_required must be true or false"),
        ({"valid_years": -1}, "valid_years must be a whole number"),
        ({"confidence": {}}, "confidence of minutes_per_unit"),
        ({"confidence": MA["confidence"] | {"weather": "verified"}}, "confidence names weather"),
        ({"authority_urls": []}, "authority_urls names no source"),
    ],
)
def test_a_bad_rule_set_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRuleSet, match=message):
        checked(MA | change)


def test_contact_hours_ask_for_nothing() -> None:
    hours = dict(next(rules.data for rules in shipped() if rules.key == "contact-hours"))
    for change in ({"requires": ["assessment"]}, {"min_award": "1"}, {"effective_to": "2030-01-01"}):
        with pytest.raises(BadRuleSet, match="for everybody and without condition"):
            checked(hours | change)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(BadRuleSet, match="rounding is missing"):
        rule_set({name: value for name, value in MA.items() if name != "rounding"})


def test_a_file_is_named_with_its_mistake(tmp_path: Path) -> None:
    text = (FOLDER / "us-il.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "b.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadRuleSet, match=r"b\.toml: us-il has a version 1 already"):
        read_rule_sets(tmp_path)
    for text in ("key = " + "[" * 5000, "version = " + "9" * 5000, "\x00"):
        (tmp_path / "b.toml").write_text(text, encoding="utf-8")
        with pytest.raises(BadRuleSet, match=r"b\.toml: "):
            read_rule_sets(tmp_path)
    (tmp_path / "b.toml").write_text("key = ", encoding="utf-8")
    with pytest.raises(BadRuleSet, match=r"b\.toml: "):
        read_rule_sets(tmp_path)


def test_a_state_may_be_named_by_its_postal_abbreviation() -> None:
    assert [jurisdiction(name) for name in ("MA", "US-MA", "IACET", "")] == ["US-MA", "US-MA", "IACET", ""]
