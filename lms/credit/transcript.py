"""Rules: what a person has learned, by credit cycle and heading, and how far that is towards a total.

A license holder must be able to show the topic and type of each activity, its dates and its points
(603 CMR 44.09). Learning from elsewhere stands beside our own, is always marked, and is never added to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from lms.credit.cycles import Cycle, plan, years_after
from lms.credit.ruleset import RuleSet

Source = Literal["certificate", "contact", "outside"]
EARLIER = 0
"""Stands in for the number of a cycle: learning from before the first one."""


class Earned(Struct, frozen=True):
    """Units of one rule set, in hundredths. `heading`: code of the category that takes the whole, or '';
    `parts`: (code, hundredths) of those that count some of it as well."""

    rule_key: str
    label: str
    hundredths: int
    heading: str = ""
    heading_label: str = ""
    parts: tuple[tuple[str, int], ...] = ()


class Learning(Struct, frozen=True):
    """One line of a transcript."""

    source: Source
    title: str
    provider: str
    topic: str
    activity: str
    """The type of activity, in words."""
    started_on: date
    ended_on: date
    minutes: int
    earned: tuple[Earned, ...]
    reference: str
    """Number of the certificate, or public id of what the person added."""
    state: str = "valid"

    @property
    def counts(self) -> bool:
        return self.state in ("valid", "expired")


class Heading(Struct, frozen=True):
    """A category of a total: at least `minimum`, in hundredths; 0 where none is asked."""

    label: str
    minimum: int
    awarded: int
    added: int


class Target(Struct, frozen=True):
    """What an authority asks for in a period, and what stands towards it, in hundredths of its unit.

    `added` is what the person says to have earned elsewhere.
    """

    title: str
    label: str
    starts_on: date
    ends_on: date
    """The first day outside."""
    total: int
    awarded: int
    added: int
    headings: tuple[Heading, ...]
    may_carry: int = 0
    """More than was asked for, awarded in the period before, as far as the authority lets it carry over at
    all. Counted into nothing: it decides, and some look at when it was earned."""
    prorated: bool = False
    """Who works a part of the time or of the year needs less, which is the district's to say."""


class CycleRecord(Struct, frozen=True):
    cycle: Cycle | None
    """None: before the first cycle."""
    lines: tuple[Learning, ...]
    """By heading, then by the day they ended."""
    targets: tuple[Target, ...]
    minutes: int
    """Contact time that this site credited."""
    added_minutes: int


def heading_of(line: Learning) -> str:
    """'MA PDP: Pedagogy', 'MA PDP', or 'Contact hours': under what a line stands in its cycle."""
    if not line.earned:
        return "Contact hours"
    first = line.earned[0]
    return f"{first.label}: {first.heading_label}" if first.heading_label else first.label


def transcript(
    cycles: Sequence[Cycle],
    lines: Sequence[tuple[int | None, Learning]],
    rules: Sequence[RuleSet],
    held: Iterable[str],
    today: date,
    of_job: Iterable[str] = (),
) -> tuple[CycleRecord, ...]:
    """Cycle by cycle, the running one first. `lines` come with the cycle that paid them, None when no cycle
    did. `rules` are those in force; shown are totals in the jurisdictions of licenses `held`, those of rules
    for the person's job (`of_job`: their keys), and wherever units stand.
    """
    loose = [line.ended_on for number, line in lines if number is None]
    planned = plan(cycles, [*loose, today]) if cycles or lines else ()
    placed: dict[int, list[Learning]] = {}
    for number, line in lines:
        placed.setdefault(_place(planned, line.ended_on) if number is None else number, []).append(line)
    states, asked = frozenset(held), set(of_job)
    asked |= {rule.key for rule in rules if rule.jurisdiction in states and not rule.for_a_job}
    ever = [line for _, line in lines if line.counts]
    records = [
        _record(cycle, placed.get(cycle.number, []), ever, rules, asked, today) for cycle in reversed(planned)
    ]
    if EARLIER in placed:
        records.append(_record(None, placed[EARLIER], ever, (), (), today))
    return tuple(records)


def _place(cycles: Sequence[Cycle], day: date) -> int:
    return next((cycle.number for cycle in reversed(cycles) if cycle.starts_on <= day), EARLIER)


def _record(
    cycle: Cycle | None,
    lines: list[Learning],
    ever: Sequence[Learning],
    rules: Sequence[RuleSet],
    asked: Collection[str],
    today: date,
) -> CycleRecord:
    counted = [line for line in lines if line.counts]
    present = {earned.rule_key for line in counted for earned in line.earned}
    return CycleRecord(
        cycle=cycle,
        lines=tuple(sorted(lines, key=lambda line: (heading_of(line), line.ended_on, line.title))),
        targets=tuple(
            _target(rule, cycle, counted, ever, today)
            for rule in rules
            if cycle is not None
            and rule.data["cycle"]["total"]
            and (rule.key in asked or rule.key in present)
        ),
        minutes=sum(line.minutes for line in counted if line.source != "outside"),
        added_minutes=sum(line.minutes for line in counted if line.source == "outside"),
    )


def _target(
    rule: RuleSet, cycle: Cycle, lines: Sequence[Learning], ever: Sequence[Learning], today: date
) -> Target:
    starts_on, ends_on = period(cycle, int(rule.data["cycle"]["years"]), today)
    within = [
        line
        for line in lines
        if (starts_on == cycle.starts_on or starts_on <= line.ended_on)
        and (ends_on == cycle.ends_on or line.ended_on < ends_on)
    ]

    def units(source: bool, of: Callable[[Earned], int]) -> int:
        return sum(
            of(earned)
            for line in within
            if (line.source == "outside") is source
            for earned in line.earned
            if earned.rule_key == rule.key
        )

    def under(code: str) -> Callable[[Earned], int]:
        return lambda e: e.hundredths if e.heading == code else dict(e.parts).get(code, 0)

    return Target(
        title=rule.title,
        label=rule.label,
        starts_on=starts_on,
        ends_on=ends_on,
        total=100 * int(rule.data["cycle"]["total"]),
        awarded=units(False, lambda e: e.hundredths),
        added=units(True, lambda e: e.hundredths),
        headings=tuple(
            Heading(
                category["label"],
                _minimum(rule.data, category),
                units(False, under(category["code"])),
                units(True, under(category["code"])),
            )
            for category in rule.data.get("categories", ())
            if _minimum(rule.data, category)
        ),
        may_carry=_may_carry(rule, starts_on, ever),
        prorated=bool(rule.data["cycle"]["proration"]),
    )


def _minimum(data: Mapping[str, Any], category: Mapping[str, Any]) -> int:
    """What a category asks for in a period, in hundredths: so many units, or so much of the total."""
    share = int(data["cycle"]["total"]) * int(category.get("cycle_min_percent", 0))
    return max(100 * int(category.get("cycle_min", 0)), share)


def _may_carry(rule: RuleSet, starts_on: date, ever: Sequence[Learning]) -> int:
    """What was awarded beyond the total in the period before this one, up to what may carry over."""
    asked = rule.data["cycle"]
    before = years_after(starts_on, -int(asked["years"]))
    awarded = sum(
        earned.hundredths
        for line in ever
        if line.source == "certificate" and before <= line.ended_on < starts_on
        for earned in line.earned
        if earned.rule_key == rule.key
    )
    return min(100 * int(asked["carry_over"]), max(0, awarded - 100 * int(asked["total"])))


def period(cycle: Cycle, years: int, today: date) -> tuple[date, date]:
    """The stretch of a cycle in which an authority's total is asked: the cycle itself, or, where the
    authority counts in shorter periods, the one that runs now (the last one of a cycle that is over)."""
    length = cycle.ends_on - cycle.starts_on
    last = max(1, round(length / timedelta(days=365.25 * years))) - 1 if years > 0 else 0
    edges = [years_after(cycle.starts_on, years * number) for number in range(last + 1)]
    begun = max((number for number, edge in enumerate(edges) if edge <= today), default=0)
    return edges[begun], cycle.ends_on if begun == last else edges[begun + 1]
