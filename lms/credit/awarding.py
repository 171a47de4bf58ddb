"""Rules: what one rule set makes of a certificate's minutes.

All gates are tested, on unrounded minutes, and each says why; a failed one leaves 0 units and the minutes as
they are. Rounding comes last and is never 'to even'. A rule set has its own day on which everything it asks
for was there (`met_on`): on that day the body's registration must be valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from lms.credit.categories import Choice, Share, in_words, shares
from lms.credit.lines import LineKind
from lms.credit.ruleset import RuleSet, plain

MODES = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP}
MODE_WORDS = {"floor": "rounded down to a multiple of", "half_up": "rounded to the nearest"}
KIND_WORDS: dict[LineKind, str] = {
    "live": "live sessions",
    "make_up": "made up",
    "self_paced": "self-paced",
    "assessment": "assessment",
    "product": "product",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Minutes of one kind that count from one day: the one they were earned on, or completion."""

    kind: LineKind
    minutes: int
    counts_on: date


def counted_from(lines: Iterable[tuple[LineKind, int, date]], completed_on: date) -> list[Counted]:
    """Lines (kind, minutes, day earned) added up: nearly all of a certificate's count from one day."""
    sums: dict[tuple[LineKind, date], int] = {}
    for kind, minutes, earned_on in lines:
        place = (kind, max(earned_on, completed_on))
        sums[place] = sums.get(place, 0) + minutes
    return [Counted(kind, minutes, day) for (kind, day), minutes in sums.items()]


@dataclass(frozen=True, slots=True)
class OtherWork:
    """A line of another completed enrollment of the person, on the same topic in the same cycle."""

    enrollment_id: int
    credit_key: str
    minutes: int
    counts_on: date


@dataclass(frozen=True, slots=True)
class Registration:
    jurisdiction: str
    number: str
    valid_from: date
    valid_to: date | None

    def valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Body:
    """An awarding body. The software is never the provider."""

    id: int
    name: str
    type: str
    address: str
    contact: str
    signatory_name: str
    signatory_title: str
    jurisdictions: tuple[str, ...]
    registrations: tuple[Registration, ...]

    def registration(self, jurisdiction: str, day: date) -> Registration | None:
        """The one that began last, valid or not."""
        begun = [r for r in self.registrations if r.jurisdiction == jurisdiction and r.valid_from <= day]
        return max(begun, key=lambda r: r.valid_from, default=None)


@dataclass(frozen=True, slots=True)
class Holder:
    job: str
    licenses: Mapping[str, str]
    """Jurisdiction -> number, as stated in the profile."""


class Acceptance(NamedTuple):
    """A review that said 'meets' or better: the fact, the day, the kind of reviewer."""

    fact: str
    on: date
    by: str


class Mastered(NamedTuple):
    """Something assessed. `reviews` is None when nobody's judgment is needed (a quiz)."""

    key: str
    product: bool
    met: bool
    reviews: tuple[Acceptance, ...] | None = None


class Gate(NamedTuple):
    gate: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """Minutes on the topic on the day they sufficed; without such a day only the certificate's own.

    `others` are the lines of other enrollments that were needed, so that later work changes nothing here.
    """

    minutes: int
    reached_on: date | None
    others: tuple[OtherWork, ...] = ()


@dataclass(frozen=True, slots=True)
class Award:
    rule_set: RuleSet
    minutes: int
    units_hundredths: int
    met_on: date
    topic: TopicStanding
    gates: tuple[Gate, ...]
    accepted: tuple[tuple[str, Acceptance], ...]
    """For each reviewed thing the first review that this rule set accepts."""
    registration: Registration | None
    categories: tuple[tuple[Share, int], ...]
    """Each heading under which the units count, with its hundredths of a unit."""
    explanation: tuple[str, ...]


def award(
    rule_set: RuleSet,
    lines: Sequence[Counted],
    others: Sequence[OtherWork],
    body: Body | None,
    holder: Holder,
    completed_on: date,
    mastery: Sequence[Mastered],
    choices: Sequence[Choice] = (),
) -> Award:
    """Convert the lines of one certificate. `others` serve the topic gate alone and are never converted."""
    counted = [line for line in lines if line.kind in rule_set.countable]
    minutes = sum(line.minutes for line in counted)
    raw = _raw(minutes, rule_set)
    units = rounded(raw, rule_set)
    topic = topic_standing(rule_set, counted, others, completed_on)
    accepted = _accepted(rule_set, mastery)
    days = [completed_on, *(found.on for _, found in accepted)]
    if topic.reached_on is not None:
        days.append(topic.reached_on)
    met_on = max(days)
    registration = body.registration(rule_set.jurisdiction, met_on) if body is not None else None
    gates = tuple(
        gate
        for gate in (
            _minimum(rule_set, minutes, units),
            _topic(rule_set, topic),
            _mastery(rule_set, mastery),
            _reviewer(rule_set, mastery, accepted),
            _job(rule_set, holder),
            _license(rule_set, holder),
            _body_type(rule_set, body),
            _registered(rule_set, body, registration, met_on),
        )
        if gate is not None
    )
    passed = all(gate.passed for gate in gates)
    headings = tuple(
        (share, int(rounded(_raw(share.minutes, rule_set), rule_set) * 100))
        for share in (shares(rule_set, choices, minutes) if passed and choices else ())
    )
    return Award(
        rule_set=rule_set,
        minutes=minutes,
        units_hundredths=int(units * 100) if passed else 0,
        met_on=met_on,
        topic=topic,
        gates=gates,
        accepted=accepted,
        registration=registration,
        categories=headings,
        explanation=(*_explanation(rule_set, counted, raw, units, gates), *in_words(rule_set, headings)),
    )


def _raw(minutes: int, rule_set: RuleSet) -> Decimal:
    return Decimal(minutes) * rule_set.multiplier / rule_set.minutes_per_unit


def rounded(raw: Decimal, rule_set: RuleSet) -> Decimal:
    """A multiple of the quantum. 0.05 CEU is 0.1 by the authority's own example: half goes up."""
    return (raw / rule_set.quantum).to_integral_value(rounding=MODES[rule_set.mode]) * rule_set.quantum


def topic_standing(
    rule_set: RuleSet, own: Sequence[Counted], others: Sequence[OtherWork], completed_on: date
) -> TopicStanding:
    """When the minutes on the topic sufficed, the certificate's own first, then with those of others."""
    needed = rule_set.min_topic_minutes
    total = sum(line.minutes for line in own)
    if sum(line.minutes for line in own if line.counts_on <= completed_on) >= needed:
        return TopicStanding(total, completed_on)
    extra = others if rule_set.bundling_allowed else ()
    for day in sorted({line.counts_on for line in own} | {line.counts_on for line in extra}):
        counting = tuple(line for line in extra if line.counts_on <= day)
        reached = sum(line.minutes for line in own if line.counts_on <= day)
        reached += sum(line.minutes for line in counting)
        if reached >= needed:
            return TopicStanding(reached, day, counting)
    return TopicStanding(total, None)


def _accepted(rule_set: RuleSet, mastery: Sequence[Mastered]) -> tuple[tuple[str, Acceptance], ...]:
    found: list[tuple[str, Acceptance]] = []
    for thing in mastery:
        good = [review for review in thing.reviews or () if review.by in rule_set.reviewers]
        if good:
            found.append((thing.key, min(good, key=lambda review: (review.on, review.fact))))
    return tuple(found)


def _minimum(rule_set: RuleSet, minutes: int, units: Decimal) -> Gate | None:
    if not rule_set.min_award and not rule_set.min_activity_minutes:
        return None
    passed = minutes >= rule_set.min_activity_minutes and units >= rule_set.min_award
    least = f"at least {rule_set.min_activity_minutes} minutes and {plain(rule_set.min_award)} needed"
    return Gate("minimum", passed, f"{minutes} minutes, {plain(units)} {rule_set.label}; {least}.")


def _topic(rule_set: RuleSet, topic: TopicStanding) -> Gate | None:
    needed = rule_set.min_topic_minutes
    if not needed:
        return None
    detail = f"{topic.minutes} minutes on this topic, at least {needed} needed."
    if topic.others:
        together = sum(line.minutes for line in topic.others)
        detail = f"{detail[:-1]}; {together} of them in other courses on the topic in the same credit period."
    if topic.reached_on is None and rule_set.bundling_allowed:
        detail += " Other completed work on this topic in the same credit period counts too."
    return Gate("topic_minutes", topic.reached_on is not None, detail)


def _mastery(rule_set: RuleSet, mastery: Sequence[Mastered]) -> Gate | None:
    if not rule_set.requires:
        return None
    missing = []
    if "assessment" in rule_set.requires and not mastery:
        missing.append("an assessment of learning")
    if "product" in rule_set.requires and not any(thing.product for thing in mastery):
        missing.append("a product")
    if missing:
        return Gate("mastery", False, f"The course has no {' and no '.join(missing)}.")
    unmet = [thing.key for thing in mastery if not thing.met]
    if unmet:
        return Gate("mastery", False, f"Not met: {', '.join(unmet)}.")
    return Gate("mastery", True, "Every assessment was passed and every piece of work accepted.")


def _reviewer(
    rule_set: RuleSet, mastery: Sequence[Mastered], accepted: Sequence[tuple[str, Acceptance]]
) -> Gate | None:
    reviewed = [thing.key for thing in mastery if thing.reviews is not None]
    if not reviewed or "peer" in rule_set.reviewers:
        return None
    have = {key for key, _ in accepted}
    lacking = [key for key in reviewed if key not in have]
    if lacking:
        return Gate("reviewer", False, f"Not yet accepted by a facilitator: {', '.join(lacking)}.")
    return Gate("reviewer", True, "Accepted by a facilitator.")


def _job(rule_set: RuleSet, holder: Holder) -> Gate | None:
    if not rule_set.eligible_jobs:
        return None
    passed = holder.job in rule_set.eligible_jobs
    detail = f"Open to: {', '.join(rule_set.eligible_jobs)}."
    if not passed and rule_set.data.get("not_eligible_text"):
        detail = str(rule_set.data["not_eligible_text"])
    return Gate("job", passed, detail)


def _license(rule_set: RuleSet, holder: Holder) -> Gate | None:
    if not rule_set.license_required:
        return None
    passed = rule_set.jurisdiction in holder.licenses
    said = "is stated" if passed else "is not stated"
    return Gate("license", passed, f"A license of {rule_set.jurisdiction} {said} in the profile.")


def _body_type(rule_set: RuleSet, body: Body | None) -> Gate | None:
    if not rule_set.awarding_body_types:
        return None
    kinds = ", ".join(kind.replace("_", " ") for kind in rule_set.awarding_body_types)
    if body is None:
        return Gate("body_type", False, f"No awarding body. It must be one of: {kinds}.")
    passed = body.type in rule_set.awarding_body_types
    return Gate("body_type", passed, f"{body.name} is a {body.type.replace('_', ' ')}; may award: {kinds}.")


def _registered(
    rule_set: RuleSet, body: Body | None, registration: Registration | None, met_on: date
) -> Gate | None:
    if body is None or body.type not in rule_set.registration_required_for:
        return None
    if registration is None:
        return Gate("registration", False, f"{body.name} has no registration on {met_on.isoformat()}.")
    if registration.valid(met_on):
        detail = f"Registration {registration.number} is valid on {met_on.isoformat()}."
        return Gate("registration", True, detail)
    ended = registration.valid_to.isoformat() if registration.valid_to else "?"
    detail = f"Registration {registration.number} ended on {ended}; needed on {met_on.isoformat()}."
    return Gate("registration", False, detail)


def _explanation(
    rule_set: RuleSet, counted: Iterable[Counted], raw: Decimal, units: Decimal, gates: Sequence[Gate]
) -> tuple[str, ...]:
    sums: dict[LineKind, int] = {}
    for line in counted:
        sums[line.kind] = sums.get(line.kind, 0) + line.minutes
    parts = [f"{words} {sums[kind]} min" for kind, words in KIND_WORDS.items() if kind in sums]
    times = f" × {plain(rule_set.multiplier)}" if rule_set.multiplier != 1 else ""
    steps = [
        f"Counted: {', '.join(parts) or 'nothing'}.",
        f"{sum(sums.values())} min{times} ÷ {rule_set.minutes_per_unit} = {plain(round(raw, 4))}, "
        f"{MODE_WORDS[rule_set.mode]} {plain(rule_set.quantum)}: {plain(units)} {rule_set.label}.",
    ]
    steps.extend(f"No {rule_set.label}: {gate.detail}" for gate in gates if not gate.passed)
    return tuple(steps)
