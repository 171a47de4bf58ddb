"""Writes about where people work: named by themselves, confirmed, ended. Each is noted in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.accounts.locking import locked
from lms.accounts.models import Affiliation, Organization, User
from lms.accounts.places import place_id, place_of
from lms.accounts.trail import note
from lms.kernel.clock import local_day
from lms.kernel.errors import NotFound


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
