"""Joining: an account that a person makes, or one that is added at the command line. One commit each."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts import affiliations, grants, links, queries, services, tries
from lms.accounts.permissions import Role
from lms.accounts.rules import Reason
from lms.actions.profile import name_workplace
from lms.actions.trying import Visitor, counted, uncount
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken


class Newcomer(Struct, frozen=True):
    """What the form of a new account holds."""

    email: str
    name: str
    password: str
    job: str
    time_zone: str
    organization: str = ""
    """Public id of the district or school named, or ''."""


def create_account(newcomer: Newcomer, visitor: Visitor) -> int:
    """The new person's id. A taken address counts as a try, lest the form become a list of people."""
    moment = now()
    try_id = counted(visitor, "join", newcomer.email, moment)
    try:
        with transaction() as session:
            user_id = join(session, newcomer, moment)
            tries.take_back(session, try_id)
    except RuleBroken as broken:
        if broken.code != Reason.EMAIL_TAKEN:
            uncount(try_id)
        raise
    return user_id


def join(session: Session, newcomer: Newcomer, moment: datetime) -> int:
    """Within an action: the new person's id, the workplace named."""
    user_id = services.create_account(
        session,
        email=newcomer.email,
        name=newcomer.name,
        password=newcomer.password,
        job=newcomer.job,
        time_zone=newcomer.time_zone,
        now=moment,
    ).id
    if newcomer.organization:
        name_workplace(session, user_id, newcomer.organization, moment)
    return user_id


def add_person(
    *, email: str, name: str, job: str, time_zone: str, role: Role | None = None, organization: str = ""
) -> str:
    """The token of the link by which a person added at the command line chooses a password.

    `role` is held in `organization` (its public id), or in the whole site without one. Somebody who is
    there already gets the role and a new link.
    """
    moment = now()
    with transaction() as session:
        known = queries.person_by_email(session, email)
        user_id = (
            known.id
            if known
            else services.create_account(
                session, email=email, name=name, job=job, time_zone=time_zone, now=moment
            ).id
        )
        if role is not None:
            _grant(session, user_id, role, organization, moment)
        return links.make_password_link(session, user_id=user_id, now=moment, by=None)


def close_person(*, email: str) -> None:
    """At the command line. NotFound when nobody has an open account with this address."""
    moment = now()
    with transaction() as session:
        known = queries.person_by_email(session, email)
        if known is None:
            raise NotFound(f"Nobody has an account with the address {email}.")
        services.close_account(session, user_id=known.id, now=moment, by=None)


def _grant(session: Session, user_id: int, role: Role, public_id: str, moment: datetime) -> None:
    place = queries.organization(session, public_id) if public_id else None
    if public_id and place is None:
        raise RuleBroken(Reason.ORGANIZATION_UNKNOWN, "organization")
    grants.grant_role(
        session,
        user_id=user_id,
        role=role,
        scope_kind="organization" if place else "site",
        scope_id=place.id if place else 0,
        now=moment,
        by=None,
    )
    if place is not None:
        affiliations.confirm_affiliation(
            session, user_id=user_id, organization_id=place.id, basis="coordinator", now=moment, by=None
        )
