"""What the door lets in can be reckoned, printed, and shown: whatever anybody changes in a rule set."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from lms.credit.awarding import Acceptance, Body, Counted, Holder, Mastered, Registration, award
from lms.credit.categories import Choice
from lms.credit.cycles import Cycle
from lms.credit.frozen import award_values
from lms.credit.identifiers import state_id
from lms.credit.pdf.printed import Standing, printed
from lms.credit.pdf.words import POLICY_WORDS
from lms.credit.rule_checks import checked
from lms.credit.rulebook import shipped
from lms.credit.ruleset import PARAMETERS, BadRuleSet, RuleSet, rule_set
from lms.credit.transcript import Earned, Learning, transcript
from lms.kernel.canonical import canonical
from tests.unit.credit.frozen_rows import frozen_row

DONE = date(2026, 6, 1)
ODD: list[Any] = [
    "", " ", "x", "0", "1", "1.5", "1e9", "1e9999", "-1", "NaN", "inf", "１", "1_000", "many", "PDP", "points",
    "2026-02-30", "2026-W01-1", "20260101", "9999-12-31", "local_policy", "US-ZZ", "a" * 300, "\x00", "\u202e",
    "日本", 0, 1, -1, 60, 10**30, True, False, None, 1.5, float("nan"), [], [1], ["x"], [[]], {}, {"a": 1}, [{}],
]  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in nested values, by the names and numbers that lead to it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, held in inner:
        yield (*way, name)
        yield from places(held, (*way, name))


SETS = [dict(rules.data) for rules in shipped()]
SEEN = [held for data in SETS for held in data.values()]


def odd(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice((*ODD, *SEEN)))


def likely(chance: random.Random, value: Any) -> Any:
    """Something of the kind that stands there."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return chance.randint(0, 200)
    if isinstance(value, list):
        return chance.sample(value, chance.randint(0, len(value)))
    if isinstance(value, str):
        return chance.choice(
            (value, "0.05", "2", "10", "half_up", "part", "Something else", "2027-01-01", "verified")
        )
    return value


def changed(seed: int) -> dict[str, Any]:
    """A rule set of the site's, changed in up to three places, or with one that is taken out."""
    chance = random.Random(seed)
    data: dict[str, Any] = copy.deepcopy(chance.choice(SETS))
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(list(places(data)))
        holder: Any = data
        for step in way:
            holder = holder[step]
        if chance.random() < 0.1 and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = likely(chance, holder[last]) if chance.random() < 0.7 else odd(chance)
    return data


@given(st.integers(0, 2**48))
@settings(max_examples=400, deadline=None)
def test_whatever_is_let_in_can_be_reckoned_printed_and_shown(seed: int) -> None:
    try:
        rules = checked(changed(seed))
    except BadRuleSet as refusal:
        assert str(refusal) and "\n" not in str(refusal)
        event("refused")
        return
    event("let in")
    live_with(rules)


def test_the_site_s_own_pass_and_can_be_lived_with() -> None:
    for data in SETS:
        live_with(checked(data))


def live_with(rules: RuleSet) -> None:
    assert rule_set(json.loads(canonical(dict(rules.data)))) == rules
    held = Registration(rules.jurisdiction, "R-1", date(2020, 1, 1), None)
    kind = rules.awarding_body_types[0] if rules.awarding_body_types else "district"
    body = Body(1, "A body", kind, "", "", "A", "B", (rules.jurisdiction,), (held,))
    job = rules.eligible_jobs[0] if rules.eligible_jobs else "teacher"
    choices = [
        Choice(1, rules.key, "c", each.code, date(2020, 1, 1), 30 if each.kind == "part" else None)
        for each in rules.categories
    ]
    mastered = Mastered("q", True, True, (Acceptance("f", DONE, rules.reviewers[0]),))
    made = [
        award(
            rules, [Counted(rules.countable[0], minutes, DONE)], (), body, Holder(who, {rules.jurisdiction: "12"}),
            DONE, [mastered], choices,
        )
        for minutes in (1, 755, 100_000)
        for who in (job, "nobody's job")
    ]  # fmt: skip
    assert any(each.units_hundredths for each in made)
    for each in made:
        values = json.loads(canonical(award_values(each)))
        frozen = frozen_row() | {"awards": [values]}
        assert printed("RIA-2222-2222-2222-2222", frozen, Standing(), "https://lms.example")["sections"]
        state_id(rules.data, {"licenses": [{"jurisdiction": rules.jurisdiction, "number": "12-34"}]})
        heading = values["categories"][0] if values["categories"] else {"code": "", "label": ""}
        earned = Earned(rules.key, rules.label, each.units_hundredths, heading["code"], heading["label"])
        line = Learning("certificate", "C", "A body", "T", "course", DONE, DONE, 755, (earned,), "RIA")
        cycle = Cycle(1, date(2025, 1, 1), date(2030, 1, 1))
        assert transcript([cycle], [(1, line)], [rules], [rules.jurisdiction], DONE)


def test_every_parameter_that_is_local_policy_is_printed_in_words() -> None:
    assert set(POLICY_WORDS) == set(PARAMETERS)
    for data in SETS:
        values = {
            "rule_set": data,
            "met_on": "2026-06-01",
            "explanation": [],
            "gates": [],
            "units_hundredths": 0,
        }
        said = json.dumps(
            printed("RIA", frozen_row() | {"awards": [values]}, Standing(), ""), ensure_ascii=False
        )
        for name, sure in data["confidence"].items():
            assert (POLICY_WORDS[name] in said) == (sure == "local_policy"), (data["key"], name)
