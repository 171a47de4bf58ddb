"""Rules: what one rule set makes of a certificate's minutes.

All gates are tested, on unrounded minutes, and each says why; a failed one leaves 0 units and the minutes as
they are. Rounding comes last and is never 'to even'. A rule set has its own day on which everything it asks
for was there (`met_on`): on that day the body's registration must be valid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from lms.credit.categories import Choice, Share, in_words, shares
from lms.credit.gates import Assessed, Gate, gates_of, learning_shown
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


class Counted(Struct, frozen=True):
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


class OtherWork(Struct, frozen=True):
    """A line of another completed enrollment of the person, on the same topic in the same cycle. `mastery`:
    everything assessed there; None where it is known to count."""

    enrollment_id: int
    credit_key: str
    minutes: int
    counts_on: date
    mastery: tuple[Mastered, ...] | None = None


class Registration(Struct, frozen=True):
    jurisdiction: str
    number: str
    valid_from: date
    valid_to: date | None

    def valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Body(Struct, frozen=True):
    """An awarding body. The software is never the provider."""

    id: int
    name: str
    type: str
    address: str
    contact: str
    signatory_name: str
    signatory_title: str
    jurisdictions: tuple[str, ...]
    """Where it could award from the beginning, registered or not."""
    registrations: tuple[Registration, ...]
    """Of those that begin on one day the later one counts."""

    def registration(self, jurisdiction: str, day: date) -> Registration | None:
        """The one that began last, valid or not."""
        begun = [r for r in self.registrations if r.jurisdiction == jurisdiction and r.valid_from <= day]
        return sorted(begun, key=lambda r: r.valid_from)[-1] if begun else None

    def awards_in(self, day: date) -> frozenset[str]:
        """The states whose rules it may use: a later registration in another state changes no earlier day."""
        begun = {r.jurisdiction for r in self.registrations if r.valid_from <= day}
        return frozenset(begun.union(self.jurisdictions))


class Holder(Struct, frozen=True):
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


class TopicStanding(Struct, frozen=True):
    """Minutes on the topic on the day they sufficed; without such a day only the certificate's own.

    `others` are the lines of other enrollments that were needed, so that later work changes nothing here.
    """

    minutes: int
    reached_on: date | None
    others: tuple[OtherWork, ...] = ()


class Award(Struct, frozen=True):
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
    minutes, units, converted = _converted(rule_set, _sums(counted))
    topic = topic_standing(rule_set, counted, others, completed_on)
    accepted = _accepted(rule_set, mastery)
    days = [completed_on, *(found.on for _, found in accepted)]
    if topic.reached_on is not None:
        days.append(topic.reached_on)
    met_on = max(days)
    registration = body.registration(rule_set.jurisdiction, met_on) if body is not None else None
    have = {key for key, _ in accepted}
    gates = gates_of(
        rule_set,
        minutes,
        units,
        (topic.minutes, sum(line.minutes for line in topic.others), topic.reached_on is not None),
        _assessed(mastery, have),
        holder.job,
        rule_set.jurisdiction in holder.licenses,
        (body.name, body.type) if body is not None else None,
    )
    registered = _registered(rule_set, body, registration, met_on)
    if registered is not None:
        gates = (*gates, registered)
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
        explanation=(
            *converted,
            *(f"No {rule_set.label}: {gate.detail}" for gate in gates if not gate.passed),
            *in_words(rule_set, headings),
        ),
    )


def _sums(counted: Iterable[Counted]) -> tuple[tuple[LineKind, int], ...]:
    """Minutes of each kind, in the order in which they are told."""
    sums: dict[LineKind, int] = {}
    for line in counted:
        sums[line.kind] = sums.get(line.kind, 0) + line.minutes
    return tuple([(kind, sums[kind]) for kind in KIND_WORDS if kind in sums])


@lru_cache(maxsize=4096)
def _converted(
    rule_set: RuleSet, sums: tuple[tuple[LineKind, int], ...]
) -> tuple[int, Decimal, tuple[str, str]]:
    """Minutes, units, and how they were reckoned: the same for nearly everybody, so found once."""
    minutes = sum(each for _, each in sums)
    raw = _raw(minutes, rule_set)
    units = rounded(raw, rule_set)
    parts = ", ".join(f"{KIND_WORDS[kind]} {each} min" for kind, each in sums)
    times = f" × {plain(rule_set.multiplier)}" if rule_set.multiplier != 1 else ""
    return (
        minutes,
        units,
        (
            f"Counted: {parts or 'nothing'}.",
            f"{minutes} min{times} ÷ {rule_set.minutes_per_unit} = {plain(round(raw, 4))}, "
            f"{MODE_WORDS[rule_set.mode]} {plain(rule_set.quantum)}: {plain(units)} {rule_set.label}.",
        ),
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
    extra = _shown_elsewhere(rule_set, others) if rule_set.bundling_allowed else ()
    for day in sorted({line.counts_on for line in own} | {line.counts_on for line in extra}):
        counting = tuple(line for line in extra if line.counts_on <= day)
        reached = sum(line.minutes for line in own if line.counts_on <= day)
        reached += sum(line.minutes for line in counting)
        if reached >= needed:
            return TopicStanding(reached, day, counting)
    return TopicStanding(total, None)


def _shown_elsewhere(rule_set: RuleSet, others: Sequence[OtherWork]) -> list[OtherWork]:
    """The lines of courses in which learning was shown as this rule set asks, from the day on which it was.

    Hours alone are no points anywhere: they do not become some by standing beside others.
    """
    found = []
    for line in others:
        if line.mastery is None:
            found.append(line)
            continue
        accepted = _accepted(rule_set, line.mastery)
        if learning_shown(rule_set, _assessed(line.mastery, {key for key, _ in accepted})):
            day = max([line.counts_on, *(review.on for _, review in accepted)])
            found.append(replace(line, counts_on=day, mastery=None))
    return found


def _assessed(mastery: Sequence[Mastered], accepted: Collection[str]) -> tuple[Assessed, ...]:
    return tuple(
        [
            (each.key, each.product, each.met, each.reviews is not None, each.key in accepted)
            for each in mastery
        ]
    )


def _accepted(rule_set: RuleSet, mastery: Sequence[Mastered]) -> tuple[tuple[str, Acceptance], ...]:
    found: list[tuple[str, Acceptance]] = []
    for thing in mastery:
        good = [review for review in thing.reviews or () if review.by in rule_set.reviewers]
        if good:
            found.append((thing.key, min(good, key=lambda review: (review.on, review.fact))))
    return tuple(found)


def _registered(
    rule_set: RuleSet, body: Body | None, registration: Registration | None, met_on: date
) -> Gate | None:
    if body is None or body.type not in rule_set.registration_required_for:
        return None
    if registration is None:
        return Gate("registration", False, f"{body.name} has no registration on {met_on.isoformat()}.")
    if registration.valid(met_on):
        return Gate("registration", True, valid_then(registration, met_on))
    ended = registration.valid_to.isoformat() if registration.valid_to else "?"
    detail = f"Registration {registration.number} ended on {ended}; needed on {met_on.isoformat()}."
    return Gate("registration", False, detail)


def valid_then(registration: Registration, day: date) -> str:
    """What the gate says of one that is valid."""
    return f"Registration {registration.number} is valid on {day.isoformat()}."
