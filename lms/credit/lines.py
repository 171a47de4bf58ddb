"""Rules: what the facts of an enrollment earn, one line at most for each credit key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from lms.completion.rules import CompletionStatus, Contact
from lms.content.nodes import Course, RequirementKind

LineKind = Literal["live", "make_up", "self_paced", "assessment", "product"]
KINDS: dict[RequirementKind, LineKind] = {
    "lesson": "self_paced",
    "activity": "self_paced",
    "try-out": "self_paced",
    "quiz": "assessment",
    "reflection": "assessment",
    "capstone": "product",
}


class Line(Struct, frozen=True):
    """Minutes for one credit key: what was done, when, in which version, and the fact that says so."""

    source_key: str
    kind: LineKind
    minutes: int
    version_id: int
    earned_on: date
    topic: str
    fact: str


def credit_key(course_key: str, key: str) -> str:
    """What is credited: the key it stands for. A make-up and an alternative stand for another's."""
    return f"{course_key}/{key}"


def targets(
    versions: Mapping[int, Course],
    pinned: int,
    sessions: Iterable[Contact],
    status: CompletionStatus,
    void: bool,
) -> dict[str, Line]:
    """What the ledger should hold for these facts.

    Live sessions pay at once: contact time was real whether or not somebody finishes. Everything else is a
    claim about the whole and pays with completion, unless the enrollment was revoked. A key pays the minutes
    of the version in which it was done, as long as the pinned version still requires it.
    """
    lines = _session_lines(versions, pinned, sessions)
    if not void and status.complete:
        lines |= _piece_lines(versions, pinned, status)
    return lines


def so_far(
    versions: Mapping[int, Course],
    pinned: int,
    sessions: Iterable[Contact],
    status: CompletionStatus,
    void: bool,
) -> dict[str, Line]:
    """What is done now, as it would be paid with completion."""
    lines = _session_lines(versions, pinned, sessions)
    return lines if void else lines | _piece_lines(versions, pinned, status)


def _session_lines(
    versions: Mapping[int, Course], pinned: int, sessions: Iterable[Contact]
) -> dict[str, Line]:
    course = versions[pinned]
    return {
        credit_key(course.key, contact.key): Line(
            source_key=contact.source_key,
            kind=contact.kind,
            minutes=contact.minutes,
            version_id=contact.version_id,
            earned_on=contact.on,
            topic=versions[contact.version_id].topic,
            fact=contact.fact.ref,
        )
        for contact in sessions
    }


def _piece_lines(versions: Mapping[int, Course], pinned: int, status: CompletionStatus) -> dict[str, Line]:
    course = versions[pinned]
    lines: dict[str, Line] = {}
    for requirement in course.requirements:
        met = status.met.get(requirement.key)
        if met is None:
            continue
        done_in = versions[met.fact.version_id]
        minutes = requirement.minutes
        if done_in is not course:
            minutes = minutes_for(done_in, requirement.key, met.fact.key)
        if minutes:
            lines[credit_key(course.key, requirement.key)] = Line(
                source_key=met.fact.key,
                kind=KINDS[requirement.kind],
                minutes=minutes,
                version_id=met.fact.version_id,
                earned_on=met.on,
                topic=done_in.topic,
                fact=met.fact.ref,
            )
    return lines


def minutes_for(course: Course, key: str, source_key: str) -> int:
    """The minutes that a version claims for a requirement when `source_key` was done for it; else 0."""
    for requirement in course.requirements:
        if requirement.key == key and source_key in (requirement.key, *requirement.also):
            return requirement.minutes
    return 0
