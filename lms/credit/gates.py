"""Rules: the gates of a rule set, and why each was passed or not.

They depend on little, and are the same for nearly everybody: they are found once for the same rule set and
the same values.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from lms.credit.ruleset import RuleSet, plain


class Gate(NamedTuple):
    gate: str
    passed: bool
    detail: str


Topic = tuple[int, int, bool]
"""Minutes on the topic, how many of them in other courses, and whether they suffice."""
Assessed = tuple[str, bool, bool, bool, bool]
"""Key, whether it is a product, was met, needs a reviewer, and was accepted by one of this rule set's."""


@lru_cache(maxsize=4096)
def gates_of(
    rule_set: RuleSet,
    minutes: int,
    units: Decimal,
    topic: Topic,
    mastery: tuple[Assessed, ...],
    job: str,
    licensed: bool,
    body: tuple[str, str] | None,
) -> tuple[Gate, ...]:
    """All gates but that of the registration, which has a day. `body`: name and type."""
    gates = (
        _minimum(rule_set, minutes, units),
        _topic(rule_set, topic),
        _mastery(rule_set, mastery),
        _reviewer(rule_set, mastery),
        _job(rule_set, job),
        _license(rule_set, licensed),
        _body_type(rule_set, body),
    )
    return tuple(gate for gate in gates if gate is not None)


def _minimum(rule_set: RuleSet, minutes: int, units: Decimal) -> Gate | None:
    if not rule_set.min_award and not rule_set.min_activity_minutes:
        return None
    passed = minutes >= rule_set.min_activity_minutes and units >= rule_set.min_award
    least = f"at least {rule_set.min_activity_minutes} minutes and {plain(rule_set.min_award)} needed"
    return Gate("minimum", passed, f"{minutes} minutes, {plain(units)} {rule_set.label}; {least}.")


def _topic(rule_set: RuleSet, topic: Topic) -> Gate | None:
    needed = rule_set.min_topic_minutes
    if not needed:
        return None
    minutes, elsewhere, reached = topic
    detail = f"{minutes} minutes on this topic, at least {needed} needed."
    if elsewhere:
        detail = (
            f"{detail[:-1]}; {elsewhere} of them in other courses on the topic in the same credit period."
        )
    if not reached and rule_set.bundling_allowed:
        detail += (
            " Other completed work on this topic counts too where it was assessed, in the same credit period."
        )
    return Gate("topic_minutes", reached, detail)


def _mastery(rule_set: RuleSet, mastery: Sequence[Assessed]) -> Gate | None:
    if not rule_set.requires:
        return None
    missing = []
    if "assessment" in rule_set.requires and not mastery:
        missing.append("assessment of learning")
    if "product" in rule_set.requires and not any(product for _, product, *_ in mastery):
        missing.append("product")
    if missing:
        return Gate("mastery", False, f"The course has no {' and no '.join(missing)}.")
    unmet = [key for key, _, met, *_ in mastery if not met]
    if unmet:
        return Gate("mastery", False, f"Not met: {', '.join(unmet)}.")
    return Gate("mastery", True, "Every assessment was passed and every piece of work accepted.")


def learning_shown(rule_set: RuleSet, mastery: tuple[Assessed, ...]) -> bool:
    """Whether what was assessed is what this rule set asks for."""
    gates = (_mastery(rule_set, mastery), _reviewer(rule_set, mastery))
    return all(gate is None or gate.passed for gate in gates)


def _reviewer(rule_set: RuleSet, mastery: Sequence[Assessed]) -> Gate | None:
    reviewed = [(key, accepted) for key, _, _, needed, accepted in mastery if needed]
    if not reviewed or "peer" in rule_set.reviewers:
        return None
    lacking = [key for key, accepted in reviewed if not accepted]
    if lacking:
        return Gate("reviewer", False, f"Not yet accepted by a facilitator: {', '.join(lacking)}.")
    return Gate("reviewer", True, "Accepted by a facilitator.")


def _job(rule_set: RuleSet, job: str) -> Gate | None:
    if not rule_set.eligible_jobs:
        return None
    passed = job in rule_set.eligible_jobs
    detail = f"Open to: {', '.join(rule_set.eligible_jobs)}."
    if not passed and rule_set.data.get("not_eligible_text"):
        detail = str(rule_set.data["not_eligible_text"])
    return Gate("job", passed, detail)


def _license(rule_set: RuleSet, stated: bool) -> Gate | None:
    if not rule_set.license_required:
        return None
    said = "is stated" if stated else "is not stated"
    return Gate("license", stated, f"A license of {rule_set.jurisdiction} {said} in the profile.")


def _body_type(rule_set: RuleSet, body: tuple[str, str] | None) -> Gate | None:
    if not rule_set.awarding_body_types:
        return None
    kinds = ", ".join(kind.replace("_", " ") for kind in rule_set.awarding_body_types)
    if body is None:
        return Gate("body_type", False, f"No awarding body. It must be one of: {kinds}.")
    name, kind = body
    passed = kind in rule_set.awarding_body_types
    return Gate("body_type", passed, f"{name} is a {kind.replace('_', ' ')}; may award: {kinds}.")
