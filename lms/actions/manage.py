"""What an administrator does: places and roles. Each function is one commit."""

from __future__ import annotations

from collections.abc import Iterable

from lms.accounts import grants, places, queries
from lms.accounts.permissions import Actor, Permission, Role, ScopeKind, Target, may
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotAllowed, NotFound, RuleBroken


def _require(actor: Actor, permission: Permission) -> None:
    if not may(actor, permission, Target()):
        raise NotAllowed


def create_organization(actor: Actor, *, name: str, district: str, time_zone: str) -> None:
    """A district, or a school when `district` (public id) names one."""
    _require(actor, Permission.ORGANIZATION_CREATE)
    moment = now()
    with transaction() as session:
        if not district:
            places.create_district(session, name=name, time_zone=time_zone, now=moment, by=actor.user_id)
            return
        parent = queries.organization(session, district)
        if parent is None:
            raise RuleBroken("organization_unknown", "district")
        places.create_school(session, district_id=parent.id, name=name, now=moment, by=actor.user_id)


def set_mail_domains(actor: Actor, *, district: str, domains: Iterable[str]) -> None:
    """`district`: public id. RuleBroken: domain_bad, domain_public, domain_taken."""
    _require(actor, Permission.ORGANIZATION_CREATE)
    moment = now()
    with transaction() as session:
        place = queries.organization(session, district)
        if place is None:
            raise NotFound
        places.set_mail_domains(session, district_id=place.id, domains=domains, now=moment, by=actor.user_id)


def change_role(actor: Actor, *, email: str, role: Role, organization: str, take_away: bool = False) -> None:
    """Give or take away a role in an organization (public id), or site-wide when it is ''.

    RuleBroken: person_unknown, organization_needed, own_admin (nobody takes away their own last key).
    """
    _require(actor, Permission.ROLE_GRANT)
    moment = now()
    with transaction() as session:
        person = queries.person_by_email(session, email)
        if person is None:
            raise RuleBroken("person_unknown", "email")
        kind: ScopeKind = "organization" if organization else "site"
        place = queries.organization(session, organization) if organization else None
        if organization and place is None:
            raise NotFound
        if role in ("coordinator", "reviewer") and place is None and not take_away:
            raise RuleBroken("organization_needed", "organization")
        if role in ("admin", "author") and place is not None:
            kind, place = "site", None
        if take_away and role == "admin" and person.id == actor.user_id:
            raise RuleBroken("own_admin", "email")
        change = grants.revoke_role if take_away else grants.grant_role
        change(
            session, user_id=person.id, role=role, scope_kind=kind, scope_id=place.id if place else 0,
            now=moment, by=actor.user_id,
        )  # fmt: skip
