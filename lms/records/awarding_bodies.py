"""Which bodies there are, where they are registered, and for whom they sign, as it counts day by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from msgspec import Struct
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.accounts.models import Organization
from lms.cohorts.models import Cohort
from lms.credit.models import AwardingBody, AwardingBodyAssignment, Registration
from lms.credit.terms import Term, terms


class Registered(Struct, frozen=True):
    jurisdiction: str
    number: str
    evidence: str
    term: Term


class Assigned(Struct, frozen=True):
    scope_kind: str
    scope_id: int
    place: str | None
    """Name of the district, school or cohort; None for the whole site."""
    term: Term


class BodyRow(Struct, frozen=True):
    id: int
    name: str
    type: str
    jurisdictions: tuple[str, ...]
    """Where it could award from the beginning; registrations add others."""
    signatory_name: str
    signatory_title: str
    registrations: tuple[Registered, ...]
    """What counts on one day at least, by state and first day."""
    assignments: tuple[Assigned, ...]
    """The same by first day."""

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(sorted({*self.jurisdictions, *(held.jurisdiction for held in self.registrations)}))


def awarding_bodies(session: Session) -> tuple[BodyRow, ...]:
    """Every body by name, in three queries."""
    registrations, assignments = _registrations(session), _assignments(session)
    return tuple(
        BodyRow(
            body.id, body.name, body.type, tuple(body.jurisdictions), body.signatory_name,
            body.signatory_title, tuple(registrations[body.id]), tuple(assignments[body.id]),
        )
        for body in session.scalars(select(AwardingBody).order_by(AwardingBody.name, AwardingBody.id))
    )  # fmt: skip


def _registrations(session: Session) -> dict[int, list[Registered]]:
    chains: dict[tuple[int, str], list[Registration]] = defaultdict(list)
    order = (Registration.jurisdiction, Registration.valid_from, Registration.entry)
    for row in session.scalars(select(Registration).order_by(*order)):
        chains[row.body_id, row.jurisdiction].append(row)
    found: dict[int, list[Registered]] = defaultdict(list)
    for (body_id, state), rows in chains.items():
        for row, term in zip(rows, terms([(row.valid_from, row.valid_to) for row in rows]), strict=True):
            if term is not None:
                found[body_id].append(Registered(state, row.number, row.evidence, term))
    return found


def _assignments(session: Session) -> dict[int, list[Assigned]]:
    rows = session.execute(
        select(AwardingBodyAssignment, Organization.name, Cohort.title)
        .outerjoin(
            Organization,
            and_(
                AwardingBodyAssignment.scope_kind == "organization",
                Organization.id == AwardingBodyAssignment.scope_id,
            ),
        )
        .outerjoin(
            Cohort,
            and_(AwardingBodyAssignment.scope_kind == "cohort", Cohort.id == AwardingBodyAssignment.scope_id),
        )
        .order_by(AwardingBodyAssignment.from_on, AwardingBodyAssignment.entry)
    )
    chains: dict[tuple[str, int], list[tuple[int, str | None, tuple[date, date | None]]]] = defaultdict(list)
    for row, place, cohort in rows:
        days = (row.from_on, row.to_on)
        chains[row.scope_kind, row.scope_id].append((row.body_id, place or cohort, days))
    found: dict[int, list[Assigned]] = defaultdict(list)
    for (kind, scope_id), entered in chains.items():
        for (body_id, name, _), term in zip(entered, terms([days for *_, days in entered]), strict=True):
            if term is not None:
                found[body_id].append(Assigned(kind, scope_id, name, term))
    for held in found.values():
        held.sort(key=lambda each: each.term.first)
    return found
