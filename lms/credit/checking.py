"""Rules: does a certificate still follow from the facts, entries and rules that it names?

Nothing is read 'as of a time': clocks are not commit order. The frozen row names its facts, and those alone
must give the same day, minutes, lines, assessments, gates and units. For a certificate that says of itself
that it is current, the reviews that count and the work in other courses on its topic are found anew among
everything there is, and not among what it names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from lms.completion.rules import ACCEPTING, Attendance, CompletionStatus, Fact, contacts, evaluate, guide_of
from lms.content.nodes import Course
from lms.credit.awarding import Acceptance
from lms.credit.cases import UNREADABLE, case_of, other_work
from lms.credit.casting import Molds
from lms.credit.frozen import award_again, award_values, counted_in
from lms.credit.kept import NOTHING_HELD, Fault, Frozen, Held, Kept, KeptAward, Known, Lines
from lms.credit.ledger import Entry, posting_digest
from lms.credit.lines import minutes_for
from lms.credit.posted import Posted, Stand
from lms.credit.ruleset import rule_set
from lms.credit.spelling import KeptRule, read
from lms.credit.statements import acceptances, line_values, mastery, used
from lms.kernel.canonical import digest

# ── The ledger ───────────────────────────────────────────────────────────────────────────────────


def ledger_faults(known: Known) -> Iterator[Fault]:
    """Postings whose entries were changed, credits that no fact bears out."""
    there = set()
    for enrollment_id, held in known.held.items():
        for number, text in held.posted.texts():
            place = (enrollment_id, number)
            there.add(place)
            if place not in known.postings:
                yield Fault(_posting(place), "posting", "it has entries and no posting")
            elif digest(text) != known.postings[place]:
                yield Fault(_posting(place), "digest", "its entries are not those that were posted")
        if held.way is None or not held.way.paid:
            unpaid = list(_unpaid(held, known.versions))
            yield from unpaid
            if held.way is not None and not unpaid:
                held.way.paid = True
    for place, written in known.postings.items():
        if place not in there and posting_digest(()) != written:
            yield Fault(_posting(place), "digest", "its entries are not those that were posted")


def _unpaid(held: Held, versions: Mapping[int, Course]) -> Iterator[Fault]:
    """Credits for which there is no fact, or one that pays less."""
    for entry, fact in zip(held.posted.entries(), held.facts, strict=True):
        if entry.effect < 0:
            continue
        place = _posting((entry.enrollment_id, entry.posting))
        if fact is None:
            yield Fault(place, "fact", f"{entry.credit_key} rests on {entry.fact}, which is not there")
        elif entry.minutes > minutes_of(entry, fact, versions):
            yield Fault(
                place, "minutes", f"{entry.credit_key}: {entry.minutes} minutes, more than its fact has"
            )


def _posting(place: tuple[int, int]) -> str:
    return f"ledger_postings:{place[0]}:{place[1]}"


def minutes_of(entry: Entry, fact: Fact, versions: Mapping[int, Course]) -> int:
    """The most that a fact can pay for this entry."""
    key = entry.key
    if fact.kind == "attendance":
        return fact.minutes if fact.key == key else 0
    course = versions[fact.version_id]
    if entry.kind == "make_up":
        guide = guide_of(course, key)
        return guide.minutes if guide is not None and guide.make_up == fact.key else 0
    return minutes_for(course, key, fact.key)


# ── Certificates ─────────────────────────────────────────────────────────────────────────────────


def certificate_faults(row: Kept, first: Kept, known: Known, molds: Molds) -> Iterator[Fault]:
    """`first` is the enrollment's first certificate: every later one keeps its day."""
    if digest(row.frozen) != row.digest:
        yield Fault(row.subject, "digest", "the frozen row is not the one that was issued")
        return
    case = case_of(row, first, known)
    if case is not None and molds.fit(case, known):
        return
    found = []
    try:
        for fault in _faults(row, first, known):
            found.append(fault)
            yield fault
    except UNREADABLE as error:
        # A forged row may have any shape, and must not keep the audit from the certificates after it.
        yield Fault(row.subject, "shape", f"the frozen row cannot be read ({type(error).__name__})")
        return
    if case is not None and not found:
        molds.take(case, known)


def _faults(row: Kept, first: Kept, known: Known) -> Iterator[Fault]:
    held, facts = known.held.get(row.enrollment_id, NOTHING_HELD), known.own.get(row.user_id, {})
    posted = held.posted
    stand = posted.pattern.through(row.through_posting)
    frozen, lines = _read(row, held, stand, known)
    if frozen["minutes"] != lines.minutes:
        yield Fault(row.subject, "explain", "its lines do not add up to its minutes")
    if (frozen["person"]["id"], frozen["enrollment"]["id"]) != (row.user_id, row.enrollment_id):
        yield Fault(row.subject, "person", "it is another person's, or of another enrollment")
    days = (row.first_award_on.isoformat(), row.completed_on.isoformat())
    if (
        days != (frozen["first_award_on"], frozen["completed_on"])
        or row.first_award_on != first.first_award_on
    ):
        yield Fault(row.subject, "days", "its days are not those it prints")
    if known.digests.get(frozen["course"]["version_id"]) != frozen["course"]["digest"]:
        yield Fault(row.subject, "course", "the course version is not the one it names")
    if not stand.balance == row.minutes == frozen["minutes"]:
        yield Fault(
            row.subject, "ledger", f"{stand.balance} minutes on the ledger, {row.minutes} on the certificate"
        )
    if frozen["course"]["version_id"] in known.digests:
        yield from _from_facts(row, frozen, lines, posted, stand, known, facts)
        yield from _awards(row, frozen, lines, known, facts)


def _read(row: Kept, held: Held, stand: Stand, known: Known) -> tuple[Frozen, Lines]:
    """The frozen row and what its lines say, from the ledger where they are spelled as it tells them."""

    def expected(before: Frozen) -> str | None:
        version_id = before["course"]["version_id"]
        if version_id not in known.digests:
            return None
        return known.speller.lines(posted, stand, version_id, held.facts)

    posted = held.posted
    awards = known.awards.get((row.enrollment_id, row.sequence), ())
    rules = [known.rule_sets.get((award.rule_key, award.rule_version)) for award in awards]
    frozen, as_posted = read(row.frozen, expected, [kept for kept in rules if kept is not None])
    if not as_posted:
        said = frozen["lines"]
        minutes = sum(line["minutes"] for line in said)
        return frozen, Lines(minutes, frozenset(line["fact"] for line in said), counted_in(frozen), False)
    counted = posted.counted(stand, date.fromisoformat(frozen["completed_on"]))
    rests_on = frozenset(posted.facts[place] for place in stand.order)
    return frozen, Lines(stand.minutes, rests_on, counted, True)


def _from_facts(
    row: Kept,
    frozen: Frozen,
    lines: Lines,
    posted: Posted,
    stand: Stand,
    known: Known,
    facts: Mapping[str, Fact],
) -> Iterator[Fault]:
    """The facts it names give its day, its lines, what it says was assessed, and no fewer minutes."""
    named = lines.facts.union(frozen["used"])
    missing = sorted(name for name in named if name not in facts)
    if missing:
        yield Fault(row.subject, "fact", f"{', '.join(missing)} not there")
        return
    course = known.versions[frozen["course"]["version_id"]]
    rests_on = [facts[name] for name in named]
    sessions = contacts(rests_on, known.versions)
    required = frozen["enrollment"]["required_minutes"]
    rule = Attendance(required, sessions) if required is not None else None
    status = evaluate(course.requirements, rests_on, rule)
    if status.completed_on is None or status.completed_on.isoformat() != frozen["completed_on"]:
        yield Fault(row.subject, "completion", f"the facts it names give {status.completed_on}")
        return
    if (
        not lines.as_posted
        and line_values(posted.lines(stand), course, known.versions, rests_on) != frozen["lines"]
    ):
        yield Fault(row.subject, "lines", "its lines are not what stood on the ledger, as its facts tell it")
    if used(status, sessions, stand.made_up) != frozen["used"]:
        yield Fault(row.subject, "used", "completion rests on other facts than it names")
    if [values for _, values in mastery(course, status, rests_on)] != frozen["mastery"]:
        yield Fault(row.subject, "mastery", "what was assessed is not what it prints")
    yield from _contact(row, stand, {contact.key: contact.minutes for contact in sessions}, status)


def _contact(
    row: Kept, stand: Stand, sessions: Mapping[str, int], status: CompletionStatus
) -> Iterator[Fault]:
    """No line has more than what it stands for gave: a session, or a requirement that was met."""
    for key, minutes in stand.contact.items():
        if sessions.get(key, 0) < minutes:
            yield Fault(row.subject, "minutes", f"{key} earns less than its {minutes} minutes")
    for key in sorted(stand.pieces.difference(status.met)):
        yield Fault(row.subject, "minutes", f"{key} earns minutes and was not met")


def _awards(
    row: Kept, frozen: Frozen, lines: Lines, known: Known, facts: Mapping[str, Fact]
) -> Iterator[Fault]:
    printed = {(award["rule_set"]["key"], award["rule_set"]["version"]): award for award in frozen["awards"]}
    rows = known.awards.get((row.enrollment_id, row.sequence), ())
    written = {(award.rule_key, award.rule_version): award for award in rows}
    if printed.keys() != written.keys():
        yield Fault(row.subject, "awards", "the rows of its awards are not those it prints")
        return
    others = other_work(row, frozen["course"]["topic"], known) if row.current else None
    accepted = _accepted(row, frozen, known) if row.current else None
    for name, award in printed.items():
        kept = known.rule_sets.get(name)
        if kept is None or (kept.data is not award["rule_set"] and kept.data != award["rule_set"]):
            yield Fault(row.subject, "rule_set", f"{name[0]} version {name[1]} is not the one it prints")
            kept = KeptRule("", award["rule_set"], rule_set(award["rule_set"]), "")
        if _written(written[name]) != _shown(award):
            yield Fault(row.subject, "awards", f"{name[0]} was written with other units, gates or days")
        made = award_again(frozen, award, accepted, others, kept.rules, lines.counted)
        values = award_values(made)
        values["rule_set"] = award["rule_set"]
        if values != award:
            yield Fault(row.subject, "explain", f"gates, days or units of {name[0]} do not follow")
        yield from _reviews(row.subject, award["accepted"], facts)
        yield from _bundle(row, frozen["course"]["topic"], award["topic"]["others"], known)


def _accepted(row: Kept, frozen: Frozen, known: Known) -> dict[str, tuple[Acceptance, ...]]:
    """Every acceptance there is of what the certificate says was reviewed, whoever it names."""
    judged = {piece["key"] for piece in frozen["mastery"] if piece["reviewer"] is not None}
    if not judged:
        return {}
    facts: Sequence[Fact] = known.facts.get(row.enrollment_id, ())
    if row.enrollment_id in known.again:
        facts = known.standing(row.user_id, row.enrollment_id).facts
    requirements = known.versions[frozen["course"]["version_id"]].requirements
    return {each.key: acceptances(each, facts) for each in requirements if each.key in judged}


def _written(award: KeptAward) -> tuple[Any, ...]:
    return (
        award.units_hundredths, award.minutes, award.met_on.isoformat(), gates_in(award.gates),
        award.registration,
    )  # fmt: skip


gates_in = lru_cache(maxsize=4096)(json.loads)
"""Few differ, and nobody changes what was read of them."""


def _shown(award: Frozen) -> tuple[Any, ...]:
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


def _bundle(row: Kept, topic: str, others: Iterable[Any], known: Known) -> Iterator[Fault]:
    """Work in other courses that the topic's minutes rest on was credited to the same person."""
    mine = known.enrollments.get(row.user_id, ())
    for enrollment_id, credit_key, minutes, _counts_on in others:
        credited = (
            enrollment_id in mine
            and enrollment_id in known.held
            and any(
                (entry.credit_key, entry.minutes, entry.topic, entry.effect)
                == (credit_key, minutes, topic, 1)
                for entry in known.held[enrollment_id].posted.pattern.entries
            )
        )
        if not credited:
            yield Fault(
                row.subject, "topic", f"{credit_key} was never credited to enrollment {enrollment_id}"
            )


def in_force_faults(certificates: Sequence[Kept]) -> Iterator[Fault]:
    """Of one enrollment: every certificate but the last has ended, in line and without a gap."""
    for place, row in enumerate(certificates, start=1):
        if row.sequence != place:
            yield Fault(row.subject, "sequence", f"it stands at place {place}")
        if row.end is None and place < len(certificates):
            yield Fault(row.subject, "end", "it was replaced and has not ended")
