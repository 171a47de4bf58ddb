"""Rule sets are data: what the files must say, and what the reader refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

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
        ({"multiplier": "one and a half"}, "multiplier is not a number"),
        ({"multiplier": "-1"}, "must not be negative"),
        ({"countable": ["live", "breaks"]}, "countable: unknown word breaks"),
        ({"self_paced_basis": "capped_engaged_minutes"}, "only design_minutes"),
        ({"reviewers": ["friends"]}, "reviewers: unknown word friends"),
        ({"awarding_body_types": ["anybody"]}, "awarding_body_types: unknown word anybody"),
        ({"registration_required_for": ["accredited_provider"]}, "registration_required_for: unknown word"),
        ({"effective_from": "soon"}, "effective_from is not a date"),
        ({"colour": "blue"}, "unknown field colour"),
        ({"unit": {"label": "MA PDP"}}, "unit needs singular"),
        ({"unit": MA["unit"] | {"abbreviation": "PDP"}}, "unit must name its state"),
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
        rule_set(MA | change)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(BadRuleSet, match="rounding is missing"):
        rule_set({name: value for name, value in MA.items() if name != "rounding"})


def test_a_file_is_named_with_its_mistake(tmp_path: Path) -> None:
    text = (FOLDER / "us-il.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "b.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadRuleSet, match=r"b\.toml: us-il has a version 1 already"):
        read_rule_sets(tmp_path)
    (tmp_path / "b.toml").write_text("key = ", encoding="utf-8")
    with pytest.raises(BadRuleSet, match=r"b\.toml: "):
        read_rule_sets(tmp_path)


def test_a_state_may_be_named_by_its_postal_abbreviation() -> None:
    assert [jurisdiction(name) for name in ("MA", "US-MA", "IACET", "")] == ["US-MA", "US-MA", "IACET", ""]
