"""Writes about people: accounts, profiles, affiliations, roles. Each notes itself in the audit trail.

Every function takes the session and the moment, never commits, and raises RuleBroken or NotFound. `by` is
the id of who does it; None means the operator at the command line.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.accounts import rules
from lms.accounts.models import Affiliation, License, OneUseLink, Organization, RoleGrant, User
from lms.accounts.passwords import hash_password
from lms.accounts.permissions import Role, ScopeKind
from lms.accounts.places import place_id, place_of
from lms.accounts.rules import Reason
from lms.accounts.trail import note
from lms.kernel.clock import local_day
from lms.kernel.errors import NotFound, RuleBroken

# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    job: str,
    time_zone: str,
    now: datetime,
    password: str | None = None,
    by: int | None = None,
) -> User:
    """A new person with no role. Without `password` the person chooses one through a one-use link."""
    address, full_name = rules.clean_email(email), rules.clean_name(name)
    secret = rules.check_password(password, address, full_name) if password is not None else None
    user = User(
        email=address,
        name=full_name,
        job=rules.check_job(job),
        time_zone=rules.check_time_zone(time_zone),
        password_hash=hash_password(secret) if secret is not None else None,
        created_at=now,
    )
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise RuleBroken(Reason.EMAIL_TAKEN, "email")
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise RuleBroken(Reason.EMAIL_TAKEN, "email") from error
    after = {"name": full_name, "email": address}
    note(session, "account.created", user, by=by or user.id, now=now, after=after)
    return user


def change_profile(
    session: Session, *, user_id: int, name: str, job: str, time_zone: str, now: datetime, by: int
) -> bool:
    """Whether anything changed. A new name makes certificates due for correction, by their digest."""
    user = locked(session, user_id)
    before = {"name": user.name, "job": user.job, "time_zone": user.time_zone}
    after = {
        "name": rules.clean_name(name),
        "job": rules.check_job(job),
        "time_zone": rules.check_time_zone(time_zone),
    }
    if before == after:
        return False
    user.name, user.job, user.time_zone = after["name"], after["job"], after["time_zone"]
    note(session, "account.changed", user, by=by, now=now, before=before, after=after)
    return True


def set_password(session: Session, *, user_id: int, password: str, now: datetime, by: int | None) -> None:
    """Set it, end every session of the person and every other link that would set it."""
    user = locked(session, user_id)
    user.password_hash = hash_password(rules.check_password(password, user.email, user.name))
    user.session_number += 1
    session.flush()
    session.execute(
        delete(OneUseLink).where(
            OneUseLink.user_id == user_id, OneUseLink.purpose == "password", OneUseLink.used_at.is_(None)
        )
    )
    note(session, "account.password_set", user, by=by, now=now)


def close_account(session: Session, *, user_id: int, now: datetime, by: int | None) -> None:
    """Nobody signs in with it any more, and every role ends. Its address stays taken: what was earned stays
    that person's."""
    user = locked(session, user_id)
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.user_id == user_id)).all():
        _take_away(session, grant, user, now=now, by=by)
    user.closed_at = now
    user.password_hash = None
    user.session_number += 1
    note(session, "account.closed", user, by=by, now=now)


def renew_hash(session: Session, *, user_id: int, password: str) -> None:
    """The same password under today's parameters; nothing that anybody did."""
    locked(session, user_id).password_hash = hash_password(password)


def locked(session: Session, user_id: int) -> User:
    """The person's row, held until the transaction ends. Does not block rows that refer to it."""
    user = session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))
    if user is None or user.closed_at is not None:
        raise NotFound
    return user


# ── Licenses ─────────────────────────────────────────────────────────────────────────────────────


def state_license(
    session: Session,
    *,
    user_id: int,
    jurisdiction: str,
    number: str,
    renews_on: date | None,
    now: datetime,
    by: int,
) -> None:
    """The person says to hold this license. Saying it again changes its renewal date."""
    user = locked(session, user_id)
    state, plain = rules.clean_license(jurisdiction, number)
    row = session.get(License, (user_id, state, plain))
    if row is not None and row.withdrawn_at is None and row.renews_on == renews_on:
        return
    if row is None:
        session.add(
            License(user_id=user_id, jurisdiction=state, number=plain, stated_at=now, renews_on=renews_on)
        )
    else:
        row.stated_at, row.withdrawn_at, row.renews_on = now, None, renews_on
    after = {"jurisdiction": state, "number": plain, "renews_on": renews_on and renews_on.isoformat()}
    note(session, "license.stated", user, by=by, now=now, after=after)


def withdraw_license(
    session: Session, *, user_id: int, jurisdiction: str, number: str, now: datetime, by: int
) -> None:
    user = locked(session, user_id)
    row = session.get(License, (user_id, jurisdiction, number))
    if row is None:
        raise NotFound
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        before = {"jurisdiction": jurisdiction, "number": number}
        note(session, "license.withdrawn", user, by=by, now=now, before=before)


# ── Affiliations ─────────────────────────────────────────────────────────────────────────────────


def state_affiliation(
    session: Session, *, user_id: int, organization_id: int, now: datetime, by: int
) -> None:
    """The person names a workplace. Unconfirmed: nobody there sees anything yet, save that it waits."""
    user = locked(session, user_id)
    organization = place_of(session, organization_id)
    standing = _standing(session, user_id)
    if any(row.organization_id == organization_id for row in standing):
        return
    for row in standing:
        if row.state == "unconfirmed":
            _end(session, row, user, by=by, now=now)
    _add_affiliation(session, user, organization, state="unconfirmed", basis="stated", by=by, now=now)


def confirm_affiliation(
    session: Session,
    *,
    user_id: int,
    organization_id: int,
    basis: str,
    now: datetime,
    by: int | None,
    leave_other: bool = True,
) -> bool:
    """Whether the person now belongs there. `leave_other` False keeps a workplace confirmed elsewhere."""
    user = locked(session, user_id)
    organization = place_of(session, organization_id)
    standing = _standing(session, user_id)
    held = next((row for row in standing if row.state == "confirmed"), None)
    if held is not None and held.organization_id == organization_id:
        return True
    if held is not None and not leave_other:
        return False
    for row in standing:
        _end(session, row, user, by=by, now=now)
    _add_affiliation(session, user, organization, state="confirmed", basis=basis, by=by, now=now)
    return True


def end_affiliation(
    session: Session, *, user_id: int, organization_id: int, now: datetime, by: int | None, why: str = ""
) -> None:
    """The person leaves, or the coordinator says no to one who named the place."""
    user = locked(session, user_id)
    rows = [row for row in _standing(session, user_id) if row.organization_id == organization_id]
    if not rows:
        raise NotFound
    for row in rows:
        _end(session, row, user, by=by, now=now, why=why)


def _standing(session: Session, user_id: int) -> list[Affiliation]:
    return list(
        session.scalars(
            select(Affiliation).where(Affiliation.user_id == user_id, Affiliation.state != "ended")
        )
    )


def _end(
    session: Session, row: Affiliation, user: User, *, by: int | None, now: datetime, why: str = ""
) -> None:
    organization = place_of(session, row.organization_id)
    before = {"state": row.state, "organization": organization.name}
    row.state, row.to_on = "ended", max(row.from_on, local_day(now, organization.time_zone))
    session.flush()  # before the next row takes the one place that the partial index leaves
    note(session, "affiliation.ended", user, by=by, now=now, before=before, why=why, place=organization)


def _add_affiliation(
    session: Session,
    user: User,
    organization: Organization,
    *,
    state: str,
    basis: str,
    by: int | None,
    now: datetime,
) -> None:
    last = session.scalar(
        select(func.max(Affiliation.sequence)).where(
            Affiliation.user_id == user.id, Affiliation.organization_id == organization.id
        )
    )
    session.add(
        Affiliation(
            user_id=user.id,
            organization_id=place_id(organization),
            sequence=(last or 0) + 1,
            state=state,
            basis=basis,
            from_on=local_day(now, organization.time_zone),
            confirmed_by=by if state == "confirmed" else None,
        )
    )
    session.flush()
    after = {"state": state, "basis": basis, "organization": organization.name}
    note(session, f"affiliation.{state}", user, by=by, now=now, after=after, place=organization)


# ── Roles ────────────────────────────────────────────────────────────────────────────────────────


def grant_role(
    session: Session,
    *,
    user_id: int,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: int,
    now: datetime,
    by: int | None,
) -> bool:
    """Whether it is new."""
    user = locked(session, user_id)
    key = (user_id, role, scope_kind, scope_id)
    if session.get(RoleGrant, key) is not None:
        return False
    session.add(
        RoleGrant(
            user_id=user_id,
            role=role,
            scope_kind=scope_kind,
            scope_id=scope_id,
            granted_at=now,
            granted_by=by,
        )
    )
    session.flush()
    note(session, "role.granted", user, by=by, now=now, after=_grant(role, scope_kind, scope_id))
    return True


def revoke_role(
    session: Session,
    *,
    user_id: int,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: int,
    now: datetime,
    by: int | None,
) -> bool:
    """Whether there was one to take away."""
    user = locked(session, user_id)
    row = session.get(RoleGrant, (user_id, role, scope_kind, scope_id))
    if row is None:
        return False
    _take_away(session, row, user, now=now, by=by)
    return True


def _take_away(session: Session, row: RoleGrant, user: User, *, now: datetime, by: int | None) -> None:
    before = _grant(row.role, row.scope_kind, row.scope_id)
    session.delete(row)
    session.flush()
    note(session, "role.revoked", user, by=by, now=now, before=before)


def _grant(role: str, scope_kind: str, scope_id: int) -> dict[str, object]:
    return {"role": role, "scope_kind": scope_kind, "scope_id": scope_id}
