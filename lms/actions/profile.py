"""What people say about themselves: name, job, licenses, workplace. Each function is one commit.

Certificates print the name and the licenses: what a change makes due for correction is found with it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.accounts import affiliations, queries, services
from lms.accounts.permissions import Actor
from lms.accounts.rules import Reason
from lms.credit.services import settle
from lms.enrollments.queries import enrollments_of
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken


def change_profile(actor: Actor, *, name: str, job: str, time_zone: str) -> None:
    moment = now()
    with transaction() as session:
        services.change_profile(
            session,
            user_id=actor.user_id,
            name=name,
            job=job,
            time_zone=time_zone,
            now=moment,
            by=actor.user_id,
        )
        _settle(session, actor, moment, "the profile was changed")


def state_license(actor: Actor, *, jurisdiction: str, number: str, renews_on: date | None) -> None:
    moment = now()
    with transaction() as session:
        services.state_license(
            session,
            user_id=actor.user_id,
            jurisdiction=jurisdiction,
            number=number,
            renews_on=renews_on,
            now=moment,
            by=actor.user_id,
        )
        _settle(session, actor, moment, "a license was stated")


def withdraw_license(actor: Actor, *, jurisdiction: str, number: str) -> None:
    moment = now()
    with transaction() as session:
        services.withdraw_license(
            session,
            user_id=actor.user_id,
            jurisdiction=jurisdiction,
            number=number,
            now=moment,
            by=actor.user_id,
        )
        _settle(session, actor, moment, "a license was taken back")


def _settle(session: Session, actor: Actor, moment: datetime, reason: str) -> None:
    ids = [row.id for row in enrollments_of(session, actor.user_id)]
    settle(session, ids, moment, actor.user_id, reason)


def state_workplace(actor: Actor, organization: str) -> None:
    """`organization` is a public id. Raises RuleBroken for none and for an unknown one."""
    with transaction() as session:
        name_workplace(session, actor.user_id, organization, now())


def leave_workplace(actor: Actor, organization: str) -> None:
    with transaction() as session:
        found = queries.organization(session, organization)
        if found is None:
            raise NotFound
        affiliations.end_affiliation(
            session, user_id=actor.user_id, organization_id=found.id, now=now(), by=actor.user_id
        )


def name_workplace(session: Session, user_id: int, public_id: str, moment: datetime) -> None:
    """Within an action. Raises RuleBroken for an unknown place."""
    organization = queries.organization(session, public_id)
    if organization is None:
        raise RuleBroken(Reason.ORGANIZATION_UNKNOWN, "organization")
    affiliations.state_affiliation(
        session, user_id=user_id, organization_id=organization.id, now=moment, by=user_id
    )
