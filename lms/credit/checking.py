"""Rules: does a certificate still follow from the facts, entries and rules that it names?

Nothing is read 'as of a time': clocks are not commit order. The frozen row names its facts, and those alone
must give the same day, minutes, gates and units.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.completion.rules import ACCEPTING, Attendance, Fact, contacts, evaluate, guide_of
from lms.content.nodes import Course
from lms.credit.frozen import explain
from lms.credit.ledger import Entry, live, posting_digest
from lms.credit.lines import minutes_for, targets
from lms.kernel.canonical import canonical, digest

Frozen = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """`subject` is the natural key of what is wrong, `code` one word, `detail` what was found."""

    subject: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A certificate as its row has it, without the words in it."""

    enrollment_id: int
    sequence: int
    through_posting: int
    minutes: int
    first_award_on: date
    completed_on: date
    frozen: str
    digest: str
    end: str | None

    @property
    def subject(self) -> str:
        return f"certificates:{self.enrollment_id}:{self.sequence}"


@dataclass(frozen=True, slots=True)
class KeptAward:
    rule_key: str
    rule_version: int
    minutes: int
    units_hundredths: int
    met_on: date
    gates: Any
    registration: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of some people are held against."""

    facts: Mapping[str, Fact]
    entries: Mapping[int, Sequence[Entry]]
    """By enrollment."""
    postings: Mapping[tuple[int, int], str]
    """(enrollment, number) -> digest."""
    awards: Mapping[tuple[int, int], Sequence[KeptAward]]
    """By (enrollment, certificate's sequence)."""
    versions: Mapping[int, Course]
    digests: Mapping[int, str]
    """Version -> digest of its sources, as the version's row has it."""
    rule_sets: Mapping[tuple[str, int], str]


def ledger_faults(known: Known) -> Iterator[Fault]:
    """Postings whose entries were changed, credits that no fact bears out."""
    for (enrollment_id, number), written in known.postings.items():
        entries = [entry for entry in known.entries.get(enrollment_id, ()) if entry.posting == number]
        subject = f"ledger_postings:{enrollment_id}:{number}"
        if posting_digest(entries) != written:
            yield Fault(subject, "digest", "its entries are not those that were posted")
        for entry in entries:
            if entry.effect < 0:
                continue
            fact = known.facts.get(entry.fact)
            if fact is None:
                yield Fault(subject, "fact", f"{entry.credit_key} rests on {entry.fact}, which is not there")
            elif entry.minutes > minutes_of(entry, fact, known.versions):
                yield Fault(
                    subject, "minutes", f"{entry.credit_key}: {entry.minutes} minutes, more than its fact has"
                )


def minutes_of(entry: Entry, fact: Fact, versions: Mapping[int, Course]) -> int:
    """The most that a fact can pay for this entry."""
    key = entry.credit_key.partition("/")[2]
    if fact.kind == "attendance":
        return fact.minutes if fact.key == key else 0
    course = versions[fact.version_id]
    if entry.kind == "make_up":
        guide = guide_of(course, key)
        return guide.minutes if guide is not None and guide.make_up == fact.key else 0
    return minutes_for(course, key, fact.key)


def certificate_faults(row: Kept, first: Kept, known: Known) -> Iterator[Fault]:
    """`first` is the enrollment's first certificate: every later one keeps its day."""
    if digest(row.frozen) != row.digest:
        yield Fault(row.subject, "digest", "the frozen row is not the one that was issued")
        return
    frozen: Frozen = _parsed(row.frozen)
    if not explain(frozen):
        yield Fault(row.subject, "explain", "sum, gates or units do not follow from the frozen row")
    days = (row.first_award_on.isoformat(), row.completed_on.isoformat())
    if (
        days != (frozen["first_award_on"], frozen["completed_on"])
        or row.first_award_on != first.first_award_on
    ):
        yield Fault(row.subject, "days", "its days are not those it prints")
    if known.digests.get(frozen["course"]["version_id"]) != frozen["course"]["digest"]:
        yield Fault(row.subject, "course", "the course version is not the one it names")
    yield from _on_ledger(row, frozen, known)
    yield from _from_facts(row, frozen, known)
    yield from _awards(row, frozen, known)


def _on_ledger(row: Kept, frozen: Frozen, known: Known) -> Iterator[Fault]:
    """The entries up to its posting add up to its minutes, and are its lines."""
    through = [e for e in known.entries.get(row.enrollment_id, ()) if e.posting <= row.through_posting]
    balance = sum(entry.effect * entry.minutes for entry in through)
    if not balance == row.minutes == frozen["minutes"]:
        yield Fault(
            row.subject, "ledger", f"{balance} minutes on the ledger, {row.minutes} on the certificate"
        )
    stood = sorted((e.credit_key, e.minutes, e.version_id, e.fact) for e in live(through).values())
    lines = sorted((li["credit_key"], li["minutes"], li["version_id"], li["fact"]) for li in frozen["lines"])
    if stood != lines:
        yield Fault(row.subject, "lines", "its lines are not what stood on the ledger")


def _from_facts(row: Kept, frozen: Frozen, known: Known) -> Iterator[Fault]:
    named = {*frozen["used"], *(line["fact"] for line in frozen["lines"])}
    missing = sorted(name for name in named if name not in known.facts)
    if missing:
        yield Fault(row.subject, "fact", f"{', '.join(missing)} not there")
        return
    pinned = frozen["course"]["version_id"]
    facts = [known.facts[name] for name in sorted(named)]
    sessions = contacts(facts, known.versions)
    required = frozen["enrollment"]["required_minutes"]
    rule = Attendance(required, sessions) if required is not None else None
    status = evaluate(known.versions[pinned].requirements, facts, rule)
    if status.completed_on is None or status.completed_on.isoformat() != frozen["completed_on"]:
        yield Fault(row.subject, "completion", f"the facts it names give {status.completed_on}")
        return
    earned = targets(known.versions, pinned, sessions, status, False)
    for line in frozen["lines"]:
        found = earned.get(line["credit_key"])
        if found is None or found.minutes < line["minutes"]:
            yield Fault(
                row.subject, "minutes", f"{line['credit_key']} earns less than its {line['minutes']} minutes"
            )


def _awards(row: Kept, frozen: Frozen, known: Known) -> Iterator[Fault]:
    printed = {(award["rule_set"]["key"], award["rule_set"]["version"]): award for award in frozen["awards"]}
    rows = known.awards.get((row.enrollment_id, row.sequence), ())
    written = {(award.rule_key, award.rule_version): award for award in rows}
    if printed.keys() != written.keys():
        yield Fault(row.subject, "awards", "the rows of its awards are not those it prints")
        return
    for name, award in printed.items():
        if _written(written[name]) != _shown(award):
            yield Fault(row.subject, "awards", f"{name[0]} was written with other units, gates or days")
        if known.rule_sets.get(name) != canonical(award["rule_set"]):
            yield Fault(row.subject, "rule_set", f"{name[0]} version {name[1]} is not the one it prints")
        yield from _reviews(row.subject, award["accepted"], known.facts)
        yield from _bundle(row.subject, frozen["course"]["topic"], award["topic"]["others"], known)


def _written(award: KeptAward) -> tuple[Any, ...]:
    return (
        award.units_hundredths, award.minutes, award.met_on.isoformat(), award.gates, award.registration
    )  # fmt: skip


def _shown(award: Mapping[str, Any]) -> tuple[Any, ...]:
    held = award["registration"]
    return (
        award["units_hundredths"], award["minutes"], award["met_on"], award["gates"],
        held["number"] if held else None,
    )  # fmt: skip


def _reviews(subject: str, accepted: Iterable[Frozen], facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """The reviews that a rule set accepted are there and say so."""
    for said in accepted:
        fact = facts.get(said["fact"])
        if (
            fact is None
            or fact.verdict not in ACCEPTING["meets"]
            or (fact.kind, fact.key, fact.reviewer, fact.on.isoformat())
            != ("review", said["key"], said["by"], said["on"])
        ):
            yield Fault(subject, "review", f"{said['fact']} is not the acceptance that it prints")


def _bundle(subject: str, topic: str, others: Iterable[Any], known: Known) -> Iterator[Fault]:
    """Work in other courses that the topic's minutes rest on was credited to the same person."""
    for enrollment_id, credit_key, minutes, _counts_on in others:
        credited = any(
            (entry.credit_key, entry.minutes, entry.topic, entry.effect) == (credit_key, minutes, topic, 1)
            for entry in known.entries.get(enrollment_id, ())
        )
        if not credited:
            yield Fault(subject, "topic", f"{credit_key} was never credited to enrollment {enrollment_id}")


def in_force_faults(certificates: Sequence[Kept]) -> Iterator[Fault]:
    """Of one enrollment: every certificate but the last has ended, in line and without a gap."""
    for place, row in enumerate(certificates, start=1):
        if row.sequence != place:
            yield Fault(row.subject, "sequence", f"it stands at place {place}")
        if row.end is None and place < len(certificates):
            yield Fault(row.subject, "end", "it was replaced and has not ended")


def _parsed(text: str) -> Frozen:
    parsed: Frozen = json.loads(text)
    return parsed
