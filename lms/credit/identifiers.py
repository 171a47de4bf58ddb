"""Rules: the number by which a state knows an educator, as its files want it. Always text: zeros count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class StateId(Struct, frozen=True):
    """`remark` is '' when nothing is wrong; a wrong form is only said, since forms were not all verified."""

    type: str
    value: str
    remark: str


def state_id(rule_set: Mapping[str, Any], person: Mapping[str, Any]) -> StateId | None:
    """Of the person in a frozen row, for one rule set; None where the rule set knows no such number."""
    asked = rule_set.get("learner_id")
    if not asked:
        return None
    held = {each["jurisdiction"]: each["number"] for each in person["licenses"]}
    value = re.sub(r"[\s\-]", "", held.get(rule_set["jurisdiction"], ""))
    if not value:
        return StateId(asked["type"], "", "missing id")
    if not re.fullmatch(asked["pattern"], value):
        return StateId(asked["type"], value, "not in its usual form")
    return StateId(asked["type"], value.zfill(asked.get("digits", 0)), "")
