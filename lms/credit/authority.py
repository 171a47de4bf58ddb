"""What is needed besides the facts to post and to print: places of work, licenses, rule sets, bodies."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import SITE_ID, Affiliation, Organization
from lms.accounts.models import License as StatedLicense
from lms.credit.awarding import Body
from lms.credit.awarding import Registration as Registered
from lms.credit.certifying import Assignment, Authority, License, Place
from lms.credit.evidence import Evidence
from lms.credit.models import (
    AwardingBody,
    AwardingBodyAssignment,
    LedgerPosting,
    Registration,
    RuleSetRow,
)
from lms.credit.ruleset import RuleSet, jurisdiction, rule_set
from lms.kernel.among import among
from lms.kernel.clock import local_day


@dataclass(frozen=True, slots=True)
class Standings:
    """Of the same people, by user id; postings by enrollment."""

    places: dict[int, Place]
    licenses: dict[int, tuple[License, ...]]
    last_postings: dict[int, int]
    authority: Authority


def read_standings(session: Session, evidence: Evidence) -> Standings:
    """Places of work, licenses, numbers of postings, and what the site knows of rules and bodies."""
    zones = {rows[0].user_id: rows[0].time_zone for rows in evidence.enrollments.values() if rows}
    places = _places(session, evidence.people)
    cohorts = [scope for rows in evidence.enrollments.values() for row in rows for scope in row.cohort_scopes]
    organizations = {scope_id for kind, scope_id in cohorts if kind == "organization"}
    organizations |= {place.id for place in places.values()}
    organizations |= {place.district_id for place in places.values()}
    organizations |= {
        organization[name]
        for certificates in evidence.certificates.values()
        for organization in [certificates[-1].frozen["person"]["organization"]]
        if organization is not None
        for name in ("id", "district_id")
    }
    assignments = _assignments(
        session, {scope_id for kind, scope_id in cohorts if kind == "cohort"}, organizations
    )
    postings = session.execute(
        sa.select(LedgerPosting.enrollment_id, sa.func.max(LedgerPosting.number).label("number"))
        .where(among(LedgerPosting.enrollment_id, evidence.facts))
        .group_by(LedgerPosting.enrollment_id)
    )
    return Standings(
        places=places,
        licenses=_licenses(session, zones),
        last_postings={row.enrollment_id: row.number for row in postings},
        authority=Authority(
            operator=session.scalars(sa.select(Organization.name).where(Organization.id == SITE_ID)).one(),
            rule_sets=read_rule_sets(session),
            bodies=read_bodies(session, {assignment.body_id for assignment in assignments}),
            assignments=assignments,
        ),
    )


def _places(session: Session, people: Iterable[int]) -> dict[int, Place]:
    parent = aliased(Organization)
    rows = session.execute(
        sa.select(
            Affiliation.user_id,
            Organization.id,
            Organization.name,
            parent.id.label("district_id"),
            parent.name.label("district"),
        )
        .join(Organization, Organization.id == Affiliation.organization_id)
        .outerjoin(parent, parent.id == Organization.parent_id)
        .where(among(Affiliation.user_id, people), Affiliation.state == "confirmed")
    )
    return {
        row.user_id: Place(row.id, row.name, row.district_id or row.id, row.district or row.name)
        for row in rows
    }


def _licenses(session: Session, zones: dict[int, str]) -> dict[int, tuple[License, ...]]:
    rows = session.execute(
        sa.select(
            StatedLicense.user_id, StatedLicense.jurisdiction, StatedLicense.number,
            StatedLicense.withdrawn_at,
        )
        .where(among(StatedLicense.user_id, zones))
        .order_by(StatedLicense.stated_at, StatedLicense.number)
    )  # fmt: skip
    found: dict[int, list[License]] = defaultdict(list)
    for user_id, place, number, withdrawn_at in rows:
        withdrawn_on = local_day(withdrawn_at, zones[user_id]) if withdrawn_at is not None else None
        found[user_id].append(License(jurisdiction(place), number, withdrawn_on))
    return {user_id: tuple(held) for user_id, held in found.items()}


def read_rule_sets(session: Session) -> tuple[RuleSet, ...]:
    texts = session.scalars(sa.select(RuleSetRow.data).order_by(RuleSetRow.key, RuleSetRow.version))
    return tuple(_parsed(text) for text in texts)


@lru_cache(maxsize=256)
def _parsed(text: str) -> RuleSet:
    data: dict[str, Any] = json.loads(text)
    return rule_set(data)


def _assignments(
    session: Session, cohorts: Iterable[int], organizations: Iterable[int]
) -> tuple[Assignment, ...]:
    rows = session.execute(
        sa.select(
            AwardingBodyAssignment.scope_kind, AwardingBodyAssignment.scope_id,
            AwardingBodyAssignment.from_on, AwardingBodyAssignment.to_on, AwardingBodyAssignment.body_id,
        ).where(
            sa.or_(
                AwardingBodyAssignment.scope_kind == "site",
                sa.and_(
                    AwardingBodyAssignment.scope_kind == "cohort",
                    among(AwardingBodyAssignment.scope_id, cohorts),
                ),
                sa.and_(
                    AwardingBodyAssignment.scope_kind == "organization",
                    among(AwardingBodyAssignment.scope_id, organizations),
                ),
            )
        )
    )  # fmt: skip
    return tuple(Assignment(*row) for row in rows)


def read_bodies(session: Session, ids: set[int]) -> dict[int, Body]:
    registered: dict[int, list[Registered]] = defaultdict(list)
    for row in session.scalars(sa.select(Registration).where(among(Registration.body_id, ids))):
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
        for row in session.scalars(sa.select(AwardingBody).where(among(AwardingBody.id, ids)))
    }
