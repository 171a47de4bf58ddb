"""Rules: what a certificate says of each line and of each thing assessed, from the facts they rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from lms.completion.rules import ACCEPTING, CompletionStatus, Contact, Fact, guide_of
from lms.content.nodes import Course, Requirement
from lms.credit.awarding import Acceptance, Mastered
from lms.credit.ledger import Entry

Json = dict[str, Any]
REVIEWER_WORDS = {
    "facilitator": "a facilitator",
    "organization": "a reviewer of the organization",
    "peer": "a peer",
}
OF_PERSON = ("detail", "earned_on", "fact", "place")
JUDGED = ("quiz", "reflection", "capstone")
WORDLESS = frozenset(("lesson", "activity", "sheet", "hand_in"))
"""Kinds of facts that add no words of their own to a line."""


def mastery(course: Course, status: CompletionStatus, facts: Sequence[Fact]) -> list[tuple[Mastered, Json]]:
    """Everything assessed that was met, in the order of the course; `facts` hold the reviews."""
    things: list[tuple[Mastered, Json]] = []
    for requirement in course.requirements:
        met = status.met.get(requirement.key)
        if met is None or requirement.kind not in JUDGED:
            continue
        reviews = None if requirement.kind == "quiz" else acceptances(requirement, facts)
        values = {
            "key": requirement.key,
            "kind": requirement.kind,
            "title": requirement.title,
            "detail": judged(requirement, met.fact, met.on),
            "on": met.on.isoformat(),
            "fact": met.fact.ref,
            "reviewer": met.fact.reviewer or None,
        }
        thing = Mastered(requirement.key, product=requirement.kind == "capstone", met=True, reviews=reviews)
        things.append((thing, values))
    return things


def acceptances(requirement: Requirement, facts: Sequence[Fact]) -> tuple[Acceptance, ...]:
    """Every review, of any kind of reviewer, that accepts what was handed in."""
    accepting = ACCEPTING[requirement.level or "meets"]
    return tuple(
        Acceptance(fact.ref, fact.on, fact.reviewer)
        for fact in facts
        if fact.kind == "review" and fact.key == requirement.key and fact.verdict in accepting
    )


def used(status: CompletionStatus, sessions: Sequence[Contact], made_up: Collection[str]) -> list[str]:
    """The facts that completion rests on, and for each session made up for (by key) also the one missed."""
    missed = {ref for contact in sessions if contact.key in made_up for ref in contact.used}
    return sorted({*status.used, *missed})


def made_up(lines: Iterable[Entry]) -> frozenset[str]:
    """Keys of the sessions that these lines make up for."""
    return frozenset(line.key for line in lines if line.kind == "make_up")


def line_values(
    lines: Sequence[Entry], course: Course, versions: Mapping[int, Course], facts: Sequence[Fact]
) -> list[Json]:
    """Each line as it stands in the frozen row. `course` is the pinned version, whose titles are printed."""
    requirements = {requirement.key: requirement for requirement in course.requirements}
    places = places_in(course)
    by_ref = {fact.ref: fact for fact in facts}
    found = []
    for line in lines:
        requirement = requirements.get(line.key)
        said = line_of_anybody(line, requirement, places, versions)
        own = line_of_person(line, requirement, by_ref.get(line.fact), versions)
        found.append(said | dict(zip(OF_PERSON, own, strict=True)))
    return found


def line_of_anybody(
    line: Entry, requirement: Requirement | None, places: Mapping[str, str], versions: Mapping[int, Course]
) -> Json:
    """What a line says of everybody who was credited the same minutes for the same piece."""
    key = line.key
    guide = guide_of(versions[line.version_id], key)
    if guide is not None:
        where, title = f"Session {guide.number}", guide.title_text
    else:
        where, title = places.get(key, ""), requirement.title if requirement is not None else key
    return {
        "credit_key": line.credit_key,
        "source_key": line.source_key,
        "where": where,
        "title": title,
        "kind": line.kind,
        "minutes": line.minutes,
        "version_id": line.version_id,
    }


def line_of_person(
    line: Entry, requirement: Requirement | None, fact: Fact | None, versions: Mapping[int, Course]
) -> tuple[str, str, str, str | None]:
    """What it says of one person, in the order of `OF_PERSON`."""
    detail, place = words_of_person(line, requirement, fact, versions)
    return detail, line.earned_on.isoformat(), line.fact, place


def words_of_person(
    line: Entry, requirement: Requirement | None, fact: Fact | None, versions: Mapping[int, Course]
) -> tuple[str, str | None]:
    """Detail and place."""
    place = fact.place if fact is not None and fact.kind == "attendance" else None
    return _detail(line, requirement, fact, versions), place


def places_in(course: Course) -> dict[str, str]:
    """Where in the course a key stands: 'Lesson 1.3', 'Quiz 3'."""
    found: dict[str, str] = {}
    for module in course.modules:
        number = 0
        for lesson in module.lessons:
            number += lesson.alternative_to is None
            found[lesson.key] = f"Lesson {module.number}.{number}"
        if module.quiz is not None:
            found[module.quiz.key] = f"Quiz {module.number}"
            for reflection in module.quiz.reflections:
                found[reflection.key] = f"Reflection {module.number}"
        for sheet in module.toolkits:
            found[sheet.key] = f"Toolkit {module.number}"
    if course.capstone is not None:
        found[course.capstone.key] = "Capstone"
    return found


def _detail(
    line: Entry, requirement: Requirement | None, fact: Fact | None, versions: Mapping[int, Course]
) -> str:
    if fact is None:
        return ""
    match fact.kind:
        case "attendance":
            return fact.hours + (f", {fact.breaks} min break" if fact.breaks else "")
        case "quiz":
            return f"passed at {percent(fact)} %"
        case "review":
            return f"met, reviewed by {REVIEWER_WORDS[fact.reviewer]}"
        case "paper":
            return "done on paper, as its author states"
    return detail_without_words(line, requirement, versions)


def detail_without_words(line: Entry, requirement: Requirement | None, versions: Mapping[int, Course]) -> str:
    """The detail of a line whose fact adds no words of its own."""
    if line.kind == "make_up":
        return f"made up with “{_title(versions[line.version_id], line.source_key)}”"
    if requirement is not None and line.source_key != requirement.key:
        return f"done as “{_title(versions[line.version_id], line.source_key)}”"
    return ""


def _title(course: Course, key: str) -> str:
    titles = {lesson.key: lesson.title_text for module in course.modules for lesson in module.lessons}
    titles |= {sheet.key: sheet.title_text for module in course.modules for sheet in module.toolkits}
    return titles.get(key, key)


def percent(fact: Fact) -> int:
    """Whole percent, cut off: 79.9 never reads as the 80 that were asked for."""
    return fact.points * 100 // fact.out_of if fact.out_of else 0


@lru_cache(maxsize=1024)
def _day(on: date) -> str:
    return f"{on:%B} {on.day}, {on.year}"


def judged(requirement: Requirement, fact: Fact, on: date) -> str:
    """How something assessed was met, in a sentence."""
    day = _day(on)
    if requirement.kind == "quiz":
        needed = f"; {requirement.pass_percent} % needed" if requirement.pass_percent else ""
        return f"Passed with {fact.points} of {fact.out_of} points, {percent(fact)} %, on {day}{needed}."
    level = "Strong" if requirement.level == "strong" else "Meets"
    return f"Accepted by {REVIEWER_WORDS[fact.reviewer]} on {day}; “{level}” needed."
