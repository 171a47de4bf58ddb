"""Rules: from one person's facts to what the ledger lacks. Pure, and the same from any order of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from lms.completion.rules import Attendance, CompletionStatus, Contact, Fact, contacts, evaluate
from lms.content.nodes import Course
from lms.credit.cycles import Cycle, number_of, plan
from lms.credit.ledger import Entry, Place, entries_due, live
from lms.credit.lines import Line, targets


class Taken(Struct, frozen=True):
    """An enrollment as it was read. `void`: its certificate was revoked, which is evidence like any other."""

    id: int
    course_key: str
    version_id: int
    enrolled_on: date
    required_minutes: int | None
    void: bool
    facts: tuple[Fact, ...]


class Standing(Struct, frozen=True):
    """Where one enrollment stands in the version it pins, with the facts that count for it (earlier
    enrollments' too)."""

    course: Course
    status: CompletionStatus
    facts: tuple[Fact, ...]
    sessions: tuple[Contact, ...]
    void: bool


class Reckoned(Struct, frozen=True):
    """Of one person: the credit periods, and where each enrollment stands."""

    cycles: tuple[Cycle, ...]
    standings: Mapping[int, Standing]


class Reckoning(Reckoned, frozen=True):
    """`entries` are those that must be posted, `live` what stands once they are."""

    entries: tuple[Entry, ...]
    live: Mapping[Place, Entry]


def reckon(
    taken: Sequence[Taken], ledger: Sequence[Entry], cycles: Sequence[Cycle], versions: Mapping[int, Course]
) -> Reckoning:
    """What stands and what is due, for all enrollments of one person at once: being paid once, and hours on
    a topic, are facts about a person."""
    ordered = sorted(taken, key=lambda enrollment: enrollment.id)
    reckoned = stand(ordered, cycles, versions)
    wanted = _wanted(ordered, reckoned.standings, reckoned.cycles, versions)
    due = entries_due(wanted, ledger)
    return Reckoning(reckoned.cycles, reckoned.standings, tuple(due), live([*ledger, *due]))


def stand(ordered: Sequence[Taken], cycles: Sequence[Cycle], versions: Mapping[int, Course]) -> Reckoned:
    """Where the enrollments of one person, in the order of their ids, stand by their facts."""
    planned = cycles_for(ordered, cycles)
    standings = {each.id: standing_of(each, ordered, planned, versions) for each in ordered}
    return Reckoned(planned, standings)


def cycles_for(ordered: Sequence[Taken], cycles: Sequence[Cycle]) -> tuple[Cycle, ...]:
    """The credit periods that the facts of these enrollments need."""
    days = {fact.on for enrollment in ordered for fact in enrollment.facts}
    if days or cycles:  # the first cycle begins with the first fact, but must reach every enrollment
        start = min([*days, *(cycle.starts_on for cycle in cycles)])
        days |= {enrollment.enrolled_on for enrollment in ordered if enrollment.enrolled_on >= start}
    return plan(cycles, days)


def standing_of(
    enrollment: Taken, ordered: Sequence[Taken], cycles: Sequence[Cycle], versions: Mapping[int, Course]
) -> Standing:
    """Where one of them stands. `cycles`: as planned for all."""
    facts = (*enrollment.facts, *_carried(enrollment, ordered, cycles))
    sessions = contacts(facts, versions)
    rule = None
    if enrollment.required_minutes is not None:
        rule = Attendance(enrollment.required_minutes, sessions)
    course = versions[enrollment.version_id]
    status = evaluate(course.requirements, facts, rule)
    return Standing(course, status, facts, sessions, enrollment.void)


def _carried(enrollment: Taken, ordered: Sequence[Taken], cycles: Sequence[Cycle]) -> tuple[Fact, ...]:
    """What earlier enrollments in the same course and cycle bring along; nothing of a revoked one."""
    own = number_of(cycles, enrollment.enrolled_on)
    return tuple(
        fact
        for earlier in ordered
        if earlier.id < enrollment.id and earlier.course_key == enrollment.course_key and not earlier.void
        for fact in earlier.facts
        if number_of(cycles, fact.on) == own
    )


def _wanted(
    ordered: Sequence[Taken],
    standings: Mapping[int, Standing],
    cycles: Sequence[Cycle],
    versions: Mapping[int, Course],
) -> dict[Place, tuple[int, Line]]:
    """One line for each cycle and key: the enrollment that had the evidence first is paid.

    Session minutes count from their day, everything else from completion, which is never before the
    enrollment itself: one that has all it needs from an earlier one is complete on the day it begins. So a
    certificate once issued never loses a key to an enrollment that was completed later.
    """
    offers: dict[Place, list[tuple[date, int, Line]]] = {}
    for enrollment in ordered:
        standing = standings[enrollment.id]
        lines = targets(versions, enrollment.version_id, standing.sessions, standing.status, enrollment.void)
        for key, line in lines.items():
            since, completed = line.earned_on, standing.status.completed_on
            if completed is not None and line.kind not in ("live", "make_up"):
                since = max(completed, enrollment.enrolled_on)
            place = (number_of(cycles, line.earned_on), key)
            offers.setdefault(place, []).append((since, enrollment.id, line))
    first = {place: min(offered, key=lambda offer: offer[:2]) for place, offered in offers.items()}
    return {place: (enrollment_id, line) for place, (_, enrollment_id, line) in first.items()}
