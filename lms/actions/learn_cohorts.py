"""What learners do about cohorts: take part in one, by the code that its facilitator gives out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lms.accounts.affiliations import confirm_affiliation
from lms.accounts.permissions import Actor
from lms.accounts.queries import OrganizationRow, organization_by_id, profile
from lms.actions.cohort_members import follow_cohort
from lms.cohorts.queries import CohortRow, cohort_by_code
from lms.cohorts.services import join_cohort
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import RuleBroken


def join_by_code(actor: Actor, code: str) -> CohortRow:
    """Become a member of the cohort, enrolled in its course, and of its district if of no other.

    RuleBroken('code_unknown', 'code'), RuleBroken('cohort_closed'), RuleBroken('other_cohort').
    """
    moment = now()
    with transaction() as session:
        cohort = cohort_by_code(session, code)
        if cohort is None:
            raise RuleBroken("code_unknown", "code")
        place = _belong(session, actor, cohort, moment)
        enrollment_id = join_cohort(
            session,
            cohort_id=cohort.id,
            user_id=actor.user_id,
            time_zone=place.time_zone if place is not None else actor.time_zone,
            basis="join_code",
            now=moment,
            by=actor.user_id,
        )
        follow_cohort(session, [enrollment_id], cohort_id=cohort.id, moment=moment, by=actor.user_id)
        settle(session, [enrollment_id], moment, actor.user_id, "joined a cohort")
        return cohort


def _belong(session: Session, actor: Actor, cohort: CohortRow, moment: datetime) -> OrganizationRow | None:
    """The code confirms what the person stated about the cohort's district, or states it; somebody who is
    confirmed elsewhere stays there."""
    person = profile(session, actor.user_id)
    home = organization_by_id(session, cohort.organization_id)
    if person is None or home is None or home.kind == "site":
        return None
    if person.confirmed is not None:
        return person.confirmed.organization
    stated = person.unconfirmed.organization if person.unconfirmed is not None else None
    inside = stated is not None and home.district_id in (stated.district_id, stated.id)
    place = stated if stated is not None and inside else home
    confirm_affiliation(
        session, user_id=actor.user_id, organization_id=place.id, basis="join_code", now=moment, by=None
    )
    return place
