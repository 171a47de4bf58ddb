"""Writes about places: the site itself, districts, their schools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.accounts import rules
from lms.accounts.models import SITE_ID, Organization
from lms.accounts.rules import Reason
from lms.accounts.trail import note
from lms.kernel.errors import NotFound, RuleBroken


def ensure_site(session: Session, *, name: str, now: datetime) -> None:
    """Organization 0 stands for the site and carries its operator's name, which certificates print.

    The first start makes it; a later start under another name renames it.
    """
    site = session.get(Organization, SITE_ID)
    if site is None:
        session.add(Organization(id=SITE_ID, kind="site", name=name, created_at=now))
    elif site.name != name:
        before, site.name = {"name": site.name}, name
        note(session, "site.renamed", site, by=None, now=now, before=before, after={"name": name}, place=site)
    session.flush()


def create_district(
    session: Session, *, name: str, time_zone: str, now: datetime, by: int | None
) -> Organization:
    return _create_organization(session, "district", name, None, time_zone, now, by)


def create_school(
    session: Session, *, district_id: int, name: str, now: datetime, by: int | None
) -> Organization:
    district = place_of(session, district_id)
    if district.kind != "district":
        raise NotFound
    return _create_organization(session, "school", name, district_id, district.time_zone, now, by)


def set_mail_domains(
    session: Session, *, district_id: int, domains: Iterable[str], now: datetime, by: int | None
) -> None:
    """Whoever proves an address in one of these domains belongs to the district. They replace those it had.

    RuleBroken: domain_bad, domain_public, domain_taken (by another district). NotFound for a school.
    """
    plain = sorted({rules.clean_domain(domain) for domain in domains})
    # All of them, so that two districts never take one domain at once.
    districts = session.scalars(
        select(Organization)
        .where(Organization.kind == "district")
        .order_by(Organization.id)
        .with_for_update(key_share=True)
    ).all()
    district = next((row for row in districts if row.id == district_id), None)
    if district is None:
        raise NotFound
    if any(set(plain) & set(row.mail_domains) for row in districts if row.id != district_id):
        raise RuleBroken(Reason.DOMAIN_TAKEN, "mail_domains")
    if district.mail_domains == plain:
        return
    before, district.mail_domains = {"mail_domains": district.mail_domains}, plain
    session.flush()
    note(
        session, "organization.mail_domains", district, by=by, now=now, before=before,
        after={"mail_domains": plain}, place=district,
    )  # fmt: skip


def _create_organization(
    session: Session,
    kind: str,
    name: str,
    parent_id: int | None,
    time_zone: str,
    now: datetime,
    by: int | None,
) -> Organization:
    plain = rules.clean_name(name)
    known = select(Organization.id).where(
        Organization.kind == kind,
        Organization.parent_id.is_not_distinct_from(parent_id),
        Organization.name == plain,
    )
    if session.scalar(known) is not None:
        raise RuleBroken(Reason.PLACE_TAKEN, "name")
    organization = Organization(
        kind=kind,
        name=plain,
        parent_id=parent_id,
        time_zone=rules.check_time_zone(time_zone),
        created_at=now,
    )
    session.add(organization)
    try:
        session.flush()
    except IntegrityError as error:
        raise RuleBroken(Reason.PLACE_TAKEN, "name") from error
    after = {"name": organization.name}
    note(session, "organization.created", organization, by=by, now=now, after=after, place=organization)
    return organization


def place_of(session: Session, organization_id: int) -> Organization:
    """A district or school. Raises RuleBroken."""
    organization = session.get(Organization, organization_id)
    if organization is None or organization.kind == "site":
        raise RuleBroken(Reason.ORGANIZATION_UNKNOWN, "organization")
    return organization


def place_id(organization: Organization) -> int:
    if organization.id is None:
        raise NotFound
    return organization.id
