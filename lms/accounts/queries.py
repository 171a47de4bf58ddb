"""Reads: who is asking, who somebody is, where people work, which links are good. Frozen rows, no writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, select, true
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Affiliation, License, Organization, RoleGrant, User
from lms.accounts.permissions import Actor, Grant, Scopes
from lms.kernel.paging import Page, PageRequest, fetch_page


class SignedInRow(Struct, frozen=True):
    actor: Actor
    session_number: int


class SecretRow(Struct, frozen=True):
    user_id: int
    email: str
    name: str
    password_hash: str | None


class OrganizationRow(Struct, frozen=True):
    id: int
    public_id: str
    kind: str
    name: str
    district_id: int | None
    """Of a school its district, of a district itself, of the site None."""
    district_name: str
    time_zone: str

    @property
    def label(self) -> str:
        return self.name if self.district_name in ("", self.name) else f"{self.name}, {self.district_name}"


class LicenseRow(Struct, frozen=True):
    jurisdiction: str
    number: str
    renews_on: date | None


class AffiliationRow(Struct, frozen=True):
    user_id: int
    organization: OrganizationRow
    state: str
    basis: str
    from_on: date


class PersonRow(Struct, frozen=True):
    id: int
    public_id: str
    name: str
    email: str
    job: str
    time_zone: str
    mail_confirmed: bool
    has_password: bool
    created_at: datetime


class Profile(Struct, frozen=True):
    person: PersonRow
    licenses: tuple[LicenseRow, ...]
    confirmed: AffiliationRow | None
    unconfirmed: AffiliationRow | None


# ── Who is asking ────────────────────────────────────────────────────────────────────────────────


_reached = aliased(Organization)
# Built once: every request of somebody signed in asks it.
_ACTOR = (
    select(
        User.public_id, User.name, User.job, User.time_zone, User.session_number,
        RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_id, _reached.id,
    )
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .outerjoin(
        _reached, and_(RoleGrant.scope_kind == "organization", _reached.parent_id == RoleGrant.scope_id)
    )
    .where(User.id == bindparam("user_id"), User.closed_at.is_(None))
)  # fmt: skip


def actor(session: Session, user_id: int) -> SignedInRow | None:
    """The person with all grants, in one statement; None for nobody and for a closed account."""
    rows = session.execute(_ACTOR, {"user_id": user_id}).all()
    if not rows:
        return None
    covers: dict[tuple[str, str, int], set[int]] = {}
    for *_, role, kind, scope_id, school_id in rows:
        if role is not None:
            own = {scope_id} if kind == "organization" else set()
            reached = covers.setdefault((role, kind, scope_id), own)
            if school_id is not None:
                reached.add(school_id)
    grants = tuple(Grant(*key, frozenset(ids)) for key, ids in covers.items())  # type: ignore[arg-type]
    public_id, name, job, time_zone, number = rows[0][:5]
    return SignedInRow(Actor(user_id, public_id, name, job, time_zone, grants), number)


def secret_of(session: Session, email: str) -> SecretRow | None:
    row = session.execute(
        select(User.id, User.email, User.name, User.password_hash).where(
            User.email == email, User.closed_at.is_(None)
        )
    ).one_or_none()
    return SecretRow(*row) if row else None


# ── People ───────────────────────────────────────────────────────────────────────────────────────

_PERSON_COLUMNS: tuple[Any, ...] = (
    User.id, User.public_id, User.name, User.email, User.job, User.time_zone,
    User.mail_confirmed_at.is_not(None).label("mail_confirmed"),
    User.password_hash.is_not(None).label("has_password"), User.created_at,
)  # fmt: skip
_PERSON = select(*_PERSON_COLUMNS).where(User.closed_at.is_(None))


def person(session: Session, public_id: str) -> PersonRow | None:
    return _person(session, User.public_id == public_id)


def person_by_id(session: Session, user_id: int) -> PersonRow | None:
    return _person(session, User.id == user_id)


def person_by_email(session: Session, email: str) -> PersonRow | None:
    return _person(session, User.email == email.strip().lower())


def _person(session: Session, condition: ColumnElement[bool]) -> PersonRow | None:
    row = session.execute(_PERSON.where(condition)).one_or_none()
    return PersonRow(*row) if row else None


def names(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def grants_of(session: Session, user_id: int) -> tuple[Grant, ...]:
    """What somebody holds; nothing for a closed account. `covers` as in `actor`."""
    found = actor(session, user_id)
    return found.actor.grants if found else ()


def profile(session: Session, user_id: int) -> Profile | None:
    found = person_by_id(session, user_id)
    if found is None:
        return None
    standing = {row.state: row for row in _affiliations(session, Affiliation.user_id == user_id)}
    return Profile(
        found, licenses_of(session, user_id), standing.get("confirmed"), standing.get("unconfirmed")
    )


def licenses_of(session: Session, user_id: int) -> tuple[LicenseRow, ...]:
    rows = session.execute(
        select(License.jurisdiction, License.number, License.renews_on)
        .where(License.user_id == user_id, License.withdrawn_at.is_(None))
        .order_by(License.jurisdiction, License.number)
    )
    return tuple(LicenseRow(*row) for row in rows)


# ── Places ───────────────────────────────────────────────────────────────────────────────────────

_district = aliased(Organization, name="district")
_ORGANIZATION = (
    Organization.id,
    Organization.public_id,
    Organization.kind,
    Organization.name,
    case(
        (Organization.kind == "school", Organization.parent_id),
        (Organization.kind == "district", Organization.id),
    ),
    case((Organization.kind == "school", _district.name), else_=""),
    Organization.time_zone,
)


def organization(session: Session, public_id: str) -> OrganizationRow | None:
    return _organization(session, Organization.public_id == public_id)


def organization_by_id(session: Session, organization_id: int) -> OrganizationRow | None:
    return _organization(session, Organization.id == organization_id)


def _organization(session: Session, condition: ColumnElement[bool]) -> OrganizationRow | None:
    row = session.execute(
        select(*_ORGANIZATION).outerjoin(_district, _district.id == Organization.parent_id).where(condition)
    ).one_or_none()
    return OrganizationRow(*row) if row else None


def organizations(session: Session, within: Scopes | None = None) -> tuple[OrganizationRow, ...]:
    """Districts, each followed by its schools; without `within` all of them."""
    rows = session.execute(
        select(*_ORGANIZATION)
        .outerjoin(_district, _district.id == Organization.parent_id)
        .where(Organization.kind != "site", _inside(within))
        .order_by(
            case((Organization.kind == "school", _district.name), else_=Organization.name),
            Organization.kind,
            Organization.name,
        )
    )
    return tuple(OrganizationRow(*row) for row in rows)


def mail_domains(session: Session) -> dict[int, list[str]]:
    """Of each district, by its id."""
    rows = session.execute(
        select(Organization.id, Organization.mail_domains).where(Organization.kind == "district")
    )
    return {row.id: row.mail_domains for row in rows}


def _inside(within: Scopes | None) -> ColumnElement[bool]:
    if within is None or within.everywhere:
        return true()
    return Organization.id.in_(within.organization_ids)


def home_of(session: Session, user_id: int) -> OrganizationRow | None:
    """The organization of the confirmed affiliation, if there is one."""
    return _organization(
        session,
        Organization.id.in_(
            select(Affiliation.organization_id).where(
                Affiliation.user_id == user_id, Affiliation.state == "confirmed"
            )
        ),
    )


def affiliations_to_confirm(
    session: Session, within: Scopes, request: PageRequest
) -> Page[tuple[PersonRow, AffiliationRow]]:
    """People who named one of these organizations and wait for a yes, longest first; in two queries."""
    statement = (
        _affiliated(Affiliation.state == "unconfirmed", within)
        .join(User, User.id == Affiliation.user_id)
        .where(User.closed_at.is_(None))
        .add_columns(*_PERSON_COLUMNS)
    )
    return fetch_page(
        session,
        statement,
        request,
        lambda row: (PersonRow(*row[len(_AFFILIATED) :]), _affiliation(row[: len(_AFFILIATED)])),
    )


_AFFILIATED = (*_ORGANIZATION, Affiliation.user_id, Affiliation.state, Affiliation.basis, Affiliation.from_on)


def _affiliations(session: Session, condition: ColumnElement[bool]) -> tuple[AffiliationRow, ...]:
    return tuple(_affiliation(row) for row in session.execute(_affiliated(condition, None)))


def _affiliated(condition: ColumnElement[bool], within: Scopes | None) -> Select[Any]:
    return (
        select(*_AFFILIATED)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .outerjoin(_district, _district.id == Organization.parent_id)
        .where(condition, Affiliation.state != "ended", _inside(within))
        .order_by(Affiliation.from_on, Affiliation.user_id, Affiliation.organization_id)
    )


def _affiliation(row: Sequence[Any]) -> AffiliationRow:
    *place, user_id, state, basis, from_on = row
    return AffiliationRow(user_id, OrganizationRow(*place), state, basis, from_on)
