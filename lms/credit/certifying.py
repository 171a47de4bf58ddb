"""Rules: what a certificate would say today, and whether the one in force says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lms.completion.rules import ACCEPTING, Fact, Met, guide_of
from lms.content.nodes import Course, Requirement
from lms.credit.awarding import Acceptance, Award, Body, Counted, Holder, Mastered, OtherWork, award
from lms.credit.cycles import number_of
from lms.credit.frozen import FORMAT, Json, as_printed, award_values, body_values, operator_values
from lms.credit.ledger import Entry
from lms.credit.reckoning import Reckoning, Standing, Taken
from lms.credit.ruleset import CONTACT_HOURS, RuleSet

REVIEWER_WORDS = {
    "facilitator": "a facilitator",
    "organization": "a reviewer of the organization",
    "peer": "a peer",
}


@dataclass(frozen=True, slots=True)
class Place:
    """The school or district of a person, as printed."""

    id: int
    name: str
    district_id: int
    district: str


@dataclass(frozen=True, slots=True)
class License:
    jurisdiction: str
    number: str
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    job: str
    place: Place | None
    licenses: tuple[License, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    scope_kind: str
    scope_id: int
    from_on: date
    to_on: date | None
    body_id: int


@dataclass(frozen=True, slots=True)
class Authority:
    """What the site knows of rules and of who may award."""

    operator: str
    rule_sets: tuple[RuleSet, ...]
    bodies: Mapping[int, Body]
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Pinned:
    """The pinned version and offering of an enrollment. `cohort_scopes`: cohort, its organization, its
    district, nearest first."""

    course: Course
    version_id: int
    number: int
    cohort_scopes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Printable:
    frozen: Json
    minutes: int
    completed_on: date
    first_award_on: date
    organization_id: int
    awards: tuple[Award, ...]
    body_id: int | None


def printable(
    person: Person,
    enrollment: Taken,
    pinned: Pinned,
    reckoning: Reckoning,
    versions: Mapping[int, Course],
    authority: Authority,
    before: Mapping[str, Any] | None,
    today: date,
) -> Printable | None:
    """What would be printed for this enrollment; None unless it is complete, not revoked and earned minutes.

    `before` is the frozen row of the certificate in force. What only describes (job, place of work, the
    name and signatory of the same body, the operator) is taken from it, so that a move, a new job or a new
    director makes nothing due; name, licenses, facts and awards are always today's.
    """
    standing = reckoning.standings[enrollment.id]
    lines = sorted(
        (entry for entry in reckoning.live.values() if entry.enrollment_id == enrollment.id),
        key=lambda entry: (entry.earned_on, entry.credit_key, entry.cycle),
    )
    completed_on = standing.status.completed_on
    if enrollment.void or completed_on is None or not lines:
        return None
    described = _described(person, before)
    body = _body(described["organization"], pinned, authority, completed_on)
    if body is not None and before is not None:
        body = as_printed(body, before["signed_by"])
    mastery = _mastery(pinned.course, standing)
    rules = applicable(authority.rule_sets, body, _held(person, completed_on), completed_on)
    held = {
        place: number
        for place, number in _held(person, completed_on).items()
        if any(rule.jurisdiction == place for rule in rules)
    }
    others = _others(enrollment, reckoning, pinned.course.topic, completed_on)
    awards = tuple(
        award(
            rule,
            [Counted(line.kind, line.minutes, max(line.earned_on, completed_on)) for line in lines],
            others,
            body,
            Holder(described["job"], held),
            completed_on,
            [thing for thing, _ in mastery],
        )
        for rule in rules
    )
    if body is not None:
        signed_by = body_values(body, awards)
    elif before is not None and before["signed_by"]["kind"] == "operator":
        signed_by = before["signed_by"]
    else:
        signed_by = operator_values(authority.operator)
    first_award_on = date.fromisoformat(before["first_award_on"]) if before is not None else today
    minutes = sum(line.minutes for line in lines)
    titles = {requirement.key: requirement.title for requirement in pinned.course.requirements}
    places = {fact.ref: fact.place for fact in standing.facts if fact.kind == "attendance"}
    frozen: Json = {
        "format": FORMAT,
        "person": {
            "id": person.id,
            "name": person.name,
            "job": described["job"],
            "organization": described["organization"],
            "licenses": [{"jurisdiction": place, "number": number} for place, number in sorted(held.items())],
        },
        "enrollment": {
            "id": enrollment.id,
            "course_key": enrollment.course_key,
            "required_minutes": enrollment.required_minutes,
        },
        "course": {
            "key": pinned.course.key,
            "title": pinned.course.title_text,
            "version": pinned.number,
            "version_id": pinned.version_id,
            "digest": pinned.course.digest,
            "language": pinned.course.language,
            "topic": pinned.course.topic,
            "content_areas": list(pinned.course.content_areas),
            "objectives": list(pinned.course.objectives),
            "clock_hours": pinned.course.clock_hours,
        },
        "started_on": min(enrollment.enrolled_on, lines[0].earned_on).isoformat(),
        "completed_on": completed_on.isoformat(),
        "first_award_on": first_award_on.isoformat(),
        "issued_on": before["issued_on"] if before is not None else today.isoformat(),
        "minutes": minutes,
        "lines": [_line_values(line, titles, versions, places) for line in lines],
        "used": _used(standing, lines),
        "mastery": [values for _, values in mastery],
        "signed_by": signed_by,
        "awards": [award_values(made) for made in awards],
    }
    place = described["organization"]
    return Printable(
        frozen=frozen,
        minutes=minutes,
        completed_on=completed_on,
        first_award_on=first_award_on,
        organization_id=place["id"] if place else 0,
        awards=awards,
        body_id=body.id if body else None,
    )


def reissued(made: Printable, today: date) -> Printable:
    """The same with today as its day of issue, for the certificate that replaces the one in force."""
    return replace(made, frozen=made.frozen | {"issued_on": today.isoformat()})


def applicable(
    rule_sets: Sequence[RuleSet], body: Body | None, licenses: Mapping[str, str], day: date
) -> tuple[RuleSet, ...]:
    """Contact hours always; then the body's jurisdictions among the licenses stated. In force on the day."""
    chosen = []
    for rule in sorted(rule_sets, key=lambda r: (r.key != CONTACT_HOURS, r.key, r.version)):
        if not rule.in_force(day):
            continue
        if rule.key != CONTACT_HOURS:
            if body is None or rule.jurisdiction not in body.jurisdictions:
                continue
            if rule.license_required and rule.jurisdiction not in licenses:
                continue
        chosen.append(rule)
    if not chosen or chosen[0].key != CONTACT_HOURS:
        raise LookupError(f"no rule set {CONTACT_HOURS!r} is in force on {day.isoformat()}")
    return tuple({rule.key: rule for rule in chosen}.values())


def assigned(assignments: Sequence[Assignment], scopes: Sequence[tuple[str, int]], day: date) -> int | None:
    """The body of the nearest scope that has one on this day; in a scope, the row that began last."""
    for kind, scope_id in scopes:
        begun = [
            a for a in assignments if (a.scope_kind, a.scope_id) == (kind, scope_id) and a.from_on <= day
        ]
        last = max(begun, key=lambda a: a.from_on, default=None)
        if last is not None and (last.to_on is None or day <= last.to_on):
            return last.body_id
    return None


def _described(person: Person, before: Mapping[str, Any] | None) -> Json:
    if before is not None:
        return {"job": before["person"]["job"], "organization": before["person"]["organization"]}
    place = person.place
    if place is None:
        return {"job": person.job, "organization": None}
    return {
        "job": person.job,
        "organization": {
            "id": place.id, "name": place.name, "district_id": place.district_id, "district": place.district,
        },
    }  # fmt: skip


def _body(organization: Json | None, pinned: Pinned, authority: Authority, day: date) -> Body | None:
    scopes = list(pinned.cohort_scopes)
    if organization is not None:
        scopes += [("organization", organization["id"]), ("organization", organization["district_id"])]
    body_id = assigned(authority.assignments, [*scopes, ("site", 0)], day)
    return authority.bodies[body_id] if body_id is not None else None


def _held(person: Person, day: date) -> dict[str, str]:
    return {
        held.jurisdiction: held.number
        for held in person.licenses
        if held.withdrawn_on is None or held.withdrawn_on > day
    }


def _others(enrollment: Taken, reckoning: Reckoning, topic: str, completed_on: date) -> list[OtherWork]:
    """All that other completed enrollments earned on the topic in the cycle in which this was completed."""
    cycle = number_of(reckoning.cycles, completed_on)
    found = []
    for (number, key), entry in sorted(reckoning.live.items()):
        standing = reckoning.standings[entry.enrollment_id]
        done_on = standing.status.completed_on
        if entry.enrollment_id == enrollment.id or number != cycle or entry.topic != topic:
            continue
        if done_on is None or standing.void:
            continue
        found.append(OtherWork(entry.enrollment_id, key, entry.minutes, max(entry.earned_on, done_on)))
    return found


def _mastery(course: Course, standing: Standing) -> list[tuple[Mastered, Json]]:
    things: list[tuple[Mastered, Json]] = []
    for requirement in course.requirements:
        met = standing.status.met.get(requirement.key)
        if met is None or requirement.kind not in ("quiz", "reflection", "capstone"):
            continue
        reviews = None if requirement.kind == "quiz" else acceptances(requirement, standing.facts)
        values = {
            "key": requirement.key,
            "kind": requirement.kind,
            "title": requirement.title,
            "detail": _detail(requirement, met),
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


def _detail(requirement: Requirement, met: Met) -> str:
    day = f"{met.on:%B} {met.on.day}, {met.on.year}"
    if requirement.kind == "quiz":
        return f"Passed with {met.fact.points} of {met.fact.out_of} points on {day}."
    return f"Accepted by {REVIEWER_WORDS[met.fact.reviewer]} on {day}."


def _used(standing: Standing, lines: Sequence[Entry]) -> list[str]:
    """The facts that completion rests on, and for each make-up also the session that was missed."""
    made_up = {line.credit_key.partition("/")[2] for line in lines if line.kind == "make_up"}
    missed = {ref for contact in standing.sessions if contact.key in made_up for ref in contact.used}
    return sorted({*standing.status.used, *missed})


def _line_values(
    line: Entry, titles: Mapping[str, str], versions: Mapping[int, Course], places: Mapping[str, str]
) -> Json:
    key = line.credit_key.partition("/")[2]
    guide = guide_of(versions[line.version_id], key)
    return {
        "credit_key": line.credit_key,
        "source_key": line.source_key,
        "title": guide.title_text if guide is not None else titles.get(key, key),
        "kind": line.kind,
        "minutes": line.minutes,
        "version_id": line.version_id,
        "earned_on": line.earned_on.isoformat(),
        "fact": line.fact,
        "place": places.get(line.fact),
    }
