"""Rules: what a certificate would say today, and whether the one in force says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lms.content.nodes import Course
from lms.credit.awarding import Award, Body, Holder, Mastered, OtherWork, award, counted_from
from lms.credit.categories import Choice, chosen
from lms.credit.cycles import number_of, years_after
from lms.credit.frozen import FORMAT, Json, as_printed, award_values, body_values, operator_values
from lms.credit.reckoning import Reckoning, Standing, Taken
from lms.credit.ruleset import CONTACT_HOURS, RuleSet
from lms.credit.statements import line_values, made_up, mastery, used


class Place(Struct, frozen=True):
    """The school or district of a person, as printed."""

    id: int
    name: str
    district_id: int
    district: str


class License(Struct, frozen=True):
    jurisdiction: str
    number: str
    withdrawn_on: date | None


class Person(Struct, frozen=True):
    id: int
    name: str
    job: str
    place: Place | None
    licenses: tuple[License, ...]


class Assignment(Struct, frozen=True):
    scope_kind: str
    scope_id: int
    from_on: date
    to_on: date | None
    body_id: int


class Authority(Struct, frozen=True):
    """What the site knows of rules and of who may award."""

    operator: str
    rule_sets: tuple[RuleSet, ...]
    bodies: Mapping[int, Body]
    assignments: tuple[Assignment, ...]
    choices: tuple[Choice, ...] = ()


class Pinned(Struct, frozen=True):
    """The pinned version and offering of an enrollment. `cohort_scopes`: cohort, its organization, its
    district, nearest first."""

    course: Course
    version_id: int
    number: int
    cohort_scopes: tuple[tuple[str, int], ...]


class Printable(Struct, frozen=True):
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
    assessed = mastery(pinned.course, standing.status, standing.facts)
    stated = _held(person, completed_on)
    rules = applicable(authority.rule_sets, body, stated, described["job"], completed_on)
    held = {
        place: number for place, number in stated.items() if any(rule.jurisdiction == place for rule in rules)
    }
    others = _others(enrollment, reckoning, pinned.course.topic, completed_on)
    counted = counted_from(((line.kind, line.minutes, line.earned_on) for line in lines), completed_on)
    awards = tuple(
        award(
            rule,
            counted,
            others,
            body,
            Holder(described["job"], held),
            completed_on,
            [thing for thing, _ in assessed],
            _choices(authority, body, rule, enrollment.course_key, completed_on),
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
            "repeats": _repeats(enrollment, reckoning, completed_on),
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
            "design_minutes": pinned.course.design_minutes,
        },
        "started_on": min(enrollment.enrolled_on, lines[0].earned_on).isoformat(),
        "completed_on": completed_on.isoformat(),
        "first_award_on": first_award_on.isoformat(),
        "issued_on": before["issued_on"] if before is not None else today.isoformat(),
        "minutes": minutes,
        "lines": line_values(lines, pinned.course, versions, standing.facts),
        "used": used(standing.status, standing.sessions, made_up(lines)),
        "mastery": [values for _, values in assessed],
        "signed_by": signed_by,
        "awards": [award_values(made) for made in awards],
        "contact_hours_only": contact_hours_only(body, awards, completed_on),
        "expires_on": expires_on(awards, completed_on),
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
    rule_sets: Sequence[RuleSet], body: Body | None, licenses: Mapping[str, str], job: str, day: date
) -> tuple[RuleSet, ...]:
    """Contact hours always; then the body's jurisdictions among the licenses stated. In force on the day.

    What needs no license but a certain job is a rule for that job alone: others never hear of it.
    """
    chosen = []
    for rule in sorted(rule_sets, key=lambda r: (r.key != CONTACT_HOURS, r.key, r.version)):
        if not rule.in_force(day):
            continue
        if rule.key != CONTACT_HOURS:
            if body is None or rule.jurisdiction not in body.awards_in(day):
                continue
            if rule.license_required and rule.jurisdiction not in licenses:
                continue
            if rule.for_a_job and job not in rule.eligible_jobs:
                continue
        chosen.append(rule)
    if not chosen or chosen[0].key != CONTACT_HOURS:
        raise LookupError(f"no rule set {CONTACT_HOURS!r} is in force on {day.isoformat()}")
    return tuple({rule.key: rule for rule in chosen}.values())


def contact_hours_only(body: Body | None, awards: Sequence[Award], day: date) -> str:
    """Why nothing but contact hours was awarded, in one sentence; '' when something was."""
    if any(made.units_hundredths for made in awards if made.rule_set.key != CONTACT_HOURS):
        return ""
    refused = [made.rule_set.label for made in awards if made.rule_set.key != CONTACT_HOURS]
    if refused:
        return f"Contact hours only: not every condition for {' or '.join(refused)} was met."
    if body is None:
        return "Contact hours only: no awarding body signs for this course here."
    places = ", ".join(sorted(body.awards_in(day))) or "no state"
    return f"Contact hours only: {body.name} awards in {places}, and no license there is stated."


def expires_on(awards: Sequence[Award], completed_on: date) -> str | None:
    """The first day on which something awarded has ended, where a rule set says that it ends."""
    years = [made.rule_set.valid_years for made in awards if made.units_hundredths]
    ending = [number for number in years if number]
    return years_after(completed_on, min(ending)).isoformat() if ending else None


def assigned(assignments: Sequence[Assignment], scopes: Sequence[tuple[str, int]], day: date) -> int | None:
    """The body of the nearest scope that has one on this day; in a scope, the row that began last."""
    for kind, scope_id in scopes:
        begun = [
            a for a in assignments if (a.scope_kind, a.scope_id) == (kind, scope_id) and a.from_on <= day
        ]
        last = sorted(begun, key=lambda a: a.from_on)[-1] if begun else None
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


def _choices(
    authority: Authority, body: Body | None, rule: RuleSet, course_key: str, day: date
) -> tuple[Choice, ...]:
    if body is None or not rule.categories:
        return ()
    return chosen(authority.choices, body.id, rule.key, course_key, day)


def _repeats(enrollment: Taken, reckoning: Reckoning, completed_on: date) -> list[int]:
    """Earlier enrollments in which the same course was completed in the same credit period.

    Nothing is paid twice for it; states refuse or question the repetition, so it is flagged.
    """
    cycle = number_of(reckoning.cycles, completed_on)
    found = []
    for other in sorted(reckoning.standings):
        standing = reckoning.standings[other]
        done_on = standing.status.completed_on
        if other >= enrollment.id or standing.void or done_on is None or done_on > completed_on:
            continue
        if standing.course.key == enrollment.course_key and number_of(reckoning.cycles, done_on) == cycle:
            found.append(other)
    return found


def _held(person: Person, day: date) -> dict[str, str]:
    return {
        held.jurisdiction: held.number
        for held in person.licenses
        if held.withdrawn_on is None or held.withdrawn_on > day
    }


def mastered_in(standing: Standing) -> tuple[Mastered, ...]:
    """Everything assessed that was met in one enrollment."""
    return tuple(thing for thing, _ in mastery(standing.course, standing.status, standing.facts))


def _others(enrollment: Taken, reckoning: Reckoning, topic: str, completed_on: date) -> list[OtherWork]:
    """All that other completed enrollments earned on the topic in the cycle in which this was completed,
    with what was assessed there."""
    cycle = number_of(reckoning.cycles, completed_on)
    found = []
    for (number, key), entry in sorted(reckoning.live.items()):
        standing = reckoning.standings[entry.enrollment_id]
        done_on = standing.status.completed_on
        if entry.enrollment_id == enrollment.id or number != cycle or entry.topic != topic:
            continue
        if done_on is None or standing.void:
            continue
        counts_on = max(entry.earned_on, done_on)
        found.append(OtherWork(entry.enrollment_id, key, entry.minutes, counts_on, mastered_in(standing)))
    return found
