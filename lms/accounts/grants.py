"""Writes about roles: given and taken away, in a scope. Each is noted in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.locking import locked
from lms.accounts.models import RoleGrant, User
from lms.accounts.permissions import Role, ScopeKind
from lms.accounts.trail import note


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


def take_all_away(session: Session, user: User, *, now: datetime, by: int | None) -> None:
    """Every role that the person holds."""
    for row in session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id)).all():
        _take_away(session, row, user, now=now, by=by)


def _take_away(session: Session, row: RoleGrant, user: User, *, now: datetime, by: int | None) -> None:
    before = _grant(row.role, row.scope_kind, row.scope_id)
    session.delete(row)
    session.flush()
    note(session, "role.revoked", user, by=by, now=now, before=before)


def _grant(role: str, scope_kind: str, scope_id: int) -> dict[str, object]:
    return {"role": role, "scope_kind": scope_kind, "scope_id": scope_id}
