"""What is needed besides the facts to post and to print: places of work, licenses, rule sets, bodies."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.models import SITE_ID, Affiliation, Organization
from lms.accounts.models import License as StatedLicense
from lms.credit.awarding import Body
from lms.credit.awarding import Registration as Registered
from lms.credit.categories import Choice
from lms.credit.certifying import Assignment, Authority, License, Place, assigned
from lms.credit.evidence import Evidence
from lms.credit.models import (
    AwardingBody,
    AwardingBodyAssignment,
    CategoryChoice,
    LedgerPosting,
    Registration,
    RuleSetRow,
)
from lms.credit.ruleset import RuleSet, jurisdiction, rule_set
from lms.kernel.among import among_parameter
from lms.kernel.clock import local_day
from lms.kernel.db import table


class Standings(Struct, frozen=True):
    """Of the same people, by user id; postings by enrollment."""

    places: dict[int, Place]
    licenses: dict[int, tuple[License, ...]]
    last_postings: dict[int, int]
    authority: Authority


ORGANIZATIONS, AFFILIATIONS, LICENSES = table(Organization), table(Affiliation), table(StatedLicense)
POSTINGS, RULE_SETS = table(LedgerPosting), table(RuleSetRow)
BODIES, REGISTRATIONS, ASSIGNMENTS = table(AwardingBody), table(Registration), table(AwardingBodyAssignment)
CHOICES = table(CategoryChoice)
PARENT = ORGANIZATIONS.alias("parent")

OPERATOR = sa.select(ORGANIZATIONS.c.name).where(ORGANIZATIONS.c.id == SITE_ID)
LAST_POSTINGS = (
    sa.select(POSTINGS.c.enrollment_id, sa.func.max(POSTINGS.c.number).label("number"))
    .where(among_parameter(POSTINGS.c.enrollment_id, "enrollments"))
    .group_by(POSTINGS.c.enrollment_id)
)
PLACED = (
    sa.select(
        AFFILIATIONS.c.user_id, ORGANIZATIONS.c.id, ORGANIZATIONS.c.name, PARENT.c.id.label("district_id"),
        PARENT.c.name.label("district"),
    )
    .join(ORGANIZATIONS, ORGANIZATIONS.c.id == AFFILIATIONS.c.organization_id)
    .outerjoin(PARENT, PARENT.c.id == ORGANIZATIONS.c.parent_id)
    .where(among_parameter(AFFILIATIONS.c.user_id, "people"), AFFILIATIONS.c.state == "confirmed")
)  # fmt: skip
LICENSED = (
    sa.select(LICENSES.c.user_id, LICENSES.c.jurisdiction, LICENSES.c.number, LICENSES.c.withdrawn_at)
    .where(among_parameter(LICENSES.c.user_id, "people"))
    .order_by(LICENSES.c.stated_at, LICENSES.c.number)
)
RULES = sa.select(RULE_SETS.c.data).order_by(RULE_SETS.c.key, RULE_SETS.c.version)
ASSIGNED = sa.select(
    ASSIGNMENTS.c.scope_kind, ASSIGNMENTS.c.scope_id, ASSIGNMENTS.c.from_on, ASSIGNMENTS.c.to_on,
    ASSIGNMENTS.c.body_id,
).where(
    sa.or_(
        ASSIGNMENTS.c.scope_kind == "site",
        sa.and_(
            ASSIGNMENTS.c.scope_kind == "cohort", among_parameter(ASSIGNMENTS.c.scope_id, "cohorts")
        ),
        sa.and_(
            ASSIGNMENTS.c.scope_kind == "organization",
            among_parameter(ASSIGNMENTS.c.scope_id, "organizations"),
        ),
    )
).order_by(ASSIGNMENTS.c.from_on, ASSIGNMENTS.c.entry)  # fmt: skip
BODY = sa.select(BODIES).where(among_parameter(BODIES.c.id, "bodies"))
CHOSEN = sa.select(
    CHOICES.c.body_id, CHOICES.c.rule_key, CHOICES.c.course_key, CHOICES.c.code, CHOICES.c.from_on,
    CHOICES.c.minutes,
).where(among_parameter(CHOICES.c.body_id, "bodies"))  # fmt: skip
REGISTERED = (
    sa.select(REGISTRATIONS)
    .where(among_parameter(REGISTRATIONS.c.body_id, "bodies"))
    .order_by(REGISTRATIONS.c.valid_from, REGISTRATIONS.c.entry)
)


def read_standings(session: Session, evidence: Evidence) -> Standings:
    """Places of work, licenses, numbers of postings, and what the site knows of rules and bodies."""
    connection = session.connection()
    zones = {rows[0].user_id: rows[0].time_zone for rows in evidence.enrollments.values() if rows}
    places = {
        row.user_id: Place(row.id, row.name, row.district_id or row.id, row.district or row.name)
        for row in connection.execute(PLACED, {"people": sorted(evidence.people)})
    }
    cohorts = [scope for rows in evidence.enrollments.values() for row in rows for scope in row.cohort_scopes]
    organizations = {scope_id for kind, scope_id in cohorts if kind == "organization"}
    organizations |= {number for place in places.values() for number in (place.id, place.district_id)}
    organizations |= {
        organization[name]
        for certificates in evidence.certificates.values()
        for organization in [certificates[-1].frozen["person"]["organization"]]
        if organization is not None
        for name in ("id", "district_id")
    }
    scopes = {
        "cohorts": sorted({scope_id for kind, scope_id in cohorts if kind == "cohort"}),
        "organizations": sorted(organizations),
    }
    assignments = tuple(Assignment(*row) for row in connection.execute(ASSIGNED, scopes))
    named = {assignment.body_id for assignment in assignments}
    postings = connection.execute(LAST_POSTINGS, {"enrollments": sorted(evidence.facts)})
    return Standings(
        places=places,
        licenses=_licenses(session, zones),
        last_postings={row.enrollment_id: row.number for row in postings},
        authority=Authority(
            operator=connection.scalars(OPERATOR).one(),
            rule_sets=read_rule_sets(session),
            bodies=read_bodies(session, named),
            assignments=assignments,
            choices=read_choices(session, named),
        ),
    )


def states_served(session: Session, scopes: Sequence[tuple[str, int]], day: date) -> frozenset[str]:
    """Where the body that signs in these places, nearest first, may award; else where the site's may."""
    places = {"cohorts": [], "organizations": sorted(scope_id for _, scope_id in scopes)}
    assignments = [Assignment(*row) for row in session.connection().execute(ASSIGNED, places)]
    body_id = assigned(assignments, [*scopes, ("site", SITE_ID)], day)
    return frozenset() if body_id is None else read_bodies(session, {body_id})[body_id].awards_in(day)


def _licenses(session: Session, zones: dict[int, str]) -> dict[int, tuple[License, ...]]:
    found: dict[int, list[License]] = defaultdict(list)
    for row in session.connection().execute(LICENSED, {"people": sorted(zones)}):
        zone = zones[row.user_id]
        withdrawn_on = local_day(row.withdrawn_at, zone) if row.withdrawn_at is not None else None
        found[row.user_id].append(License(jurisdiction(row.jurisdiction), row.number, withdrawn_on))
    return {user_id: tuple(held) for user_id, held in found.items()}


def read_rule_sets(session: Session) -> tuple[RuleSet, ...]:
    return tuple(_parsed(text) for text in session.connection().scalars(RULES))


@lru_cache(maxsize=256)
def _parsed(text: str) -> RuleSet:
    data: dict[str, Any] = json.loads(text)
    return rule_set(data)


def read_bodies(session: Session, ids: set[int]) -> dict[int, Body]:
    """None assigned, nothing asked."""
    if not ids:
        return {}
    connection, bodies = session.connection(), {"bodies": sorted(ids)}
    registered: dict[int, list[Registered]] = defaultdict(list)
    for row in connection.execute(REGISTERED, bodies):
        held = Registered(jurisdiction(row.jurisdiction), row.number, row.valid_from, row.valid_to)
        registered[row.body_id].append(held)
    return {
        row.id: Body(
            id=row.id,
            name=row.name,
            type=row.type,
            address=row.address,
            contact=row.contact,
            signatory_name=row.signatory_name,
            signatory_title=row.signatory_title,
            jurisdictions=tuple(jurisdiction(place) for place in row.jurisdictions),
            registrations=tuple(registered[row.id]),
        )
        for row in connection.execute(BODY, bodies)
    }


def read_choices(session: Session, bodies: set[int]) -> tuple[Choice, ...]:
    """None assigned, nothing asked."""
    if not bodies:
        return ()
    rows = session.connection().execute(CHOSEN, {"bodies": sorted(bodies)})
    return tuple(Choice(*row) for row in rows)
