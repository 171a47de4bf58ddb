"""Rules: what makes a course complete. Facts and requirements in, a status out that names the facts it used.

The order in which facts arrived does not matter. Each requirement is met by its *earliest* fact, so the day
of completion is the first on which everything was there, and does not move when somebody tries again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Literal, NamedTuple

from msgspec import Struct

from lms.content.nodes import Course, Requirement, SessionGuide

FactKind = Literal["lesson", "activity", "quiz", "sheet", "paper", "hand_in", "review", "attendance"]
Reason = Literal[
    "not_done", "not_tried", "below_pass", "not_handed_in", "awaiting_review", "not_yet", "attendance_short"
]
ATTENDANCE = "attendance"
"""The key of a cohort's attendance rule among what is unmet."""
ACCEPTING = {"meets": ("meets", "strong"), "strong": ("strong",)}
REVIEWERS = {
    "facilitator": ("facilitator", "organization"),
    "facilitator, or self and one peer": ("facilitator", "organization", "peer"),
}


class Fact(Struct, frozen=True):
    """One thing that a person did, or that was found about it. `ref` names the row: table and key.

    quiz, activity: `passed` (of an activity: all its parts were checked) · sheet: `sitting` · hand_in and
    review: `number` of the hand-in · review: `verdict`, `reviewer` · attendance: `number` is the sequence,
    `minutes` the credited ones of `full` (scheduled without breaks), `hours` arrival and departure on the
    clock of the place, `breaks` the minutes taken off; `on` is the day of the session.
    """

    kind: FactKind
    enrollment_id: int
    key: str
    version_id: int
    at: datetime
    on: date
    ref: str
    passed: bool = True
    points: int = 0
    out_of: int = 0
    sitting: str = ""
    number: int = 0
    verdict: str = ""
    reviewer: str = ""
    session_id: int = 0
    minutes: int = 0
    full: int = 0
    place: str = ""
    hours: str = ""
    breaks: int = 0


class Met(NamedTuple):
    """How a requirement was met: on which day, by which fact, and every fact that was needed for it."""

    on: date
    fact: Fact
    used: tuple[str, ...]


class Unmet(Struct, frozen=True):
    """`missing`: minutes in live sessions that are still to come, where attendance is short; else 0."""

    key: str
    reason: Reason
    missing: int = 0


class Contact(Struct, frozen=True):
    """What one live session gave a person: attended, or made up for, whichever is longer."""

    key: str
    kind: Literal["live", "make_up"]
    source_key: str
    minutes: int
    version_id: int
    on: date
    fact: Fact
    used: tuple[str, ...]


class Attendance(Struct, frozen=True):
    """A cohort's own rule: so many minutes in live sessions, attended or made up."""

    required_minutes: int
    contacts: tuple[Contact, ...]


class CompletionStatus(Struct, frozen=True):
    """Where somebody stands. `used` names every fact that `met` rests on; of a sum, each summand."""

    complete: bool
    done: int
    needed: int
    unmet: tuple[Unmet, ...]
    completed_on: date | None
    used: tuple[str, ...]
    met: Mapping[str, Met]


def evaluate(
    requirements: Sequence[Requirement], facts: Iterable[Fact], attendance: Attendance | None = None
) -> CompletionStatus:
    """Compare what is required with what was done. Without requirements nobody is complete."""
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key].append(fact)
    for several in by_key.values():
        if len(several) > 1:
            several.sort(key=order)
    met: dict[str, Met] = {}
    unmet: list[Unmet] = []
    for requirement in requirements:
        found = _find(requirement, by_key)
        if isinstance(found, Met):
            met[requirement.key] = found
        else:
            unmet.append(Unmet(requirement.key, found))
    days = [found.on for found in met.values()]
    used = {ref for found in met.values() for ref in found.used}
    needed = len(requirements)
    if attendance is not None:
        needed += 1
        summed = attended(attendance)
        if summed is None:
            there = sum(contact.minutes for contact in attendance.contacts)
            unmet.append(Unmet(ATTENDANCE, "attendance_short", attendance.required_minutes - there))
        else:
            days.append(summed[0])
            used.update(summed[1])
    complete = bool(requirements) and not unmet
    return CompletionStatus(
        complete=complete,
        done=needed - len(unmet),
        needed=needed,
        unmet=tuple(unmet),
        completed_on=max(days) if complete else None,
        used=tuple(sorted(used)),
        met=met,
    )


def contacts(facts: Sequence[Fact], versions: Mapping[int, Course]) -> tuple[Contact, ...]:
    """One contact for each session key that gave minutes, by day.

    A make-up counts only for somebody who was missed: it needs an attendance entry below the session's
    minutes. The attendance entry of the highest sequence is in force; the longer one wins, never the sum.
    A piece makes up for one session, the first that it is needed for, whichever sessions name it.
    """
    in_force: dict[tuple[int, int], Fact] = {}
    for fact in facts:
        if fact.kind == "attendance":
            place = (fact.session_id, fact.enrollment_id)
            if place not in in_force or in_force[place].number < fact.number:
                in_force[place] = fact
    offered = [
        contact
        for entry in sorted(in_force.values(), key=order)
        for contact in _from_entry(entry, facts, versions)
    ]
    best: dict[str, Contact] = {}
    spent: dict[str, str] = {}
    for contact in sorted(offered, key=lambda contact: contact.kind):  # attended first, each by its day
        if contact.key in best and best[contact.key].minutes >= contact.minutes:
            continue
        if contact.kind == "make_up" and spent.setdefault(contact.source_key, contact.key) != contact.key:
            continue
        best[contact.key] = contact
    return tuple(sorted(best.values(), key=lambda contact: (contact.on, contact.key)))


def guide_of(course: Course, session_key: str) -> SessionGuide | None:
    return next((guide for guide in course.sessions if guide.key == session_key), None)


order = attrgetter("at", "ref")
"""The moment of a fact; of two in the same one, any that is always the same."""


def _from_entry(entry: Fact, facts: Iterable[Fact], versions: Mapping[int, Course]) -> Iterable[Contact]:
    if entry.minutes:
        yield Contact(
            entry.key, "live", entry.key, entry.minutes, entry.version_id, entry.on, entry, (entry.ref,)
        )
    if entry.minutes >= entry.full:
        return
    guide = guide_of(versions[entry.version_id], entry.key)
    if guide is None or not guide.make_up:
        return
    done = (f for f in facts if f.key == guide.make_up and f.kind in ("lesson", "sheet", "paper"))
    piece = min(done, key=order, default=None)
    if piece is None:
        return
    its_guide = guide_of(versions[piece.version_id], entry.key)
    if its_guide is not None and its_guide.make_up == piece.key:
        day = max(entry.on, piece.on)
        used = (entry.ref, piece.ref)
        minutes = min(its_guide.minutes, entry.full)
        yield Contact(entry.key, "make_up", piece.key, minutes, piece.version_id, day, piece, used)


def attended(attendance: Attendance) -> tuple[date, tuple[str, ...]] | None:
    """The day on which the minutes sufficed, and the facts they rest on."""
    total = 0
    used: list[str] = []
    for contact in attendance.contacts:
        total += contact.minutes
        used.extend(contact.used)
        if total >= attendance.required_minutes:
            return contact.on, tuple(used)
    return None


def _find(requirement: Requirement, by_key: Mapping[str, list[Fact]]) -> Met | Reason:
    facts = by_key.get(requirement.key, [])
    if requirement.also:
        facts = [fact for key in (requirement.key, *requirement.also) for fact in by_key.get(key, ())]
        facts.sort(key=order)
    kind = requirement.kind
    if kind in ("lesson", "activity"):
        return _first(facts, kind) or "not_done"
    if kind == "quiz":
        tried = any(f.kind == "quiz" for f in facts)
        return _first(facts, "quiz") or ("below_pass" if tried else "not_tried")
    if kind == "try-out":
        return _try_out(requirement, facts)
    return _reviewed(requirement, facts)


def _first(facts: Sequence[Fact], kind: str, sitting: str = "") -> Met | None:
    """The earliest that passed, of facts in their order."""
    for fact in facts:
        if fact.kind == kind and fact.passed and fact.sitting == sitting:
            return Met(fact.on, fact, (fact.ref,))
    return None


def _try_out(requirement: Requirement, facts: Sequence[Fact]) -> Met | Reason:
    on_paper = _first(facts, "paper")
    if on_paper is not None:
        return on_paper
    sheets = []
    for sitting in requirement.sittings or ("",):
        sheet = _first(facts, "sheet", sitting)
        if sheet is None:
            return "not_done"
        sheets.append(sheet.fact)
    last = max(sheets, key=order)
    return Met(last.on, last, tuple(sheet.ref for sheet in sheets))


def _reviewed(requirement: Requirement, facts: Sequence[Fact]) -> Met | Reason:
    reviews = [f for f in facts if f.kind == "review" and f.reviewer in REVIEWERS[requirement.reviewers]]
    accepting = ACCEPTING[requirement.level or "meets"]
    accepted = next((f for f in reviews if f.verdict in accepting), None)
    if accepted is not None:
        return Met(accepted.on, accepted, (accepted.ref,))
    handed_in = [f for f in facts if f.kind == "hand_in"]
    if not handed_in:
        return "not_handed_in"
    last = max(handed_in, key=order)
    answered = any((f.enrollment_id, f.number) == (last.enrollment_id, last.number) for f in reviews)
    return "not_yet" if answered else "awaiting_review"
