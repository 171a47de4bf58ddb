"""Reads: everybody at once, for the operator at the command line."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import Affiliation, Organization, RoleGrant, User


class DirectoryRow(Struct, frozen=True):
    public_id: str
    name: str
    email: str
    job: str
    roles: tuple[str, ...]
    workplace: str
    """Name of the confirmed district or school, or ''."""
    has_password: bool
    created_at: datetime


def directory(session: Session, role: str | None = None) -> tuple[DirectoryRow, ...]:
    """People with an open account by name, with `role` only those who hold it anywhere. Two statements."""
    people = session.execute(
        select(User, Organization.name)
        .outerjoin(Affiliation, (Affiliation.user_id == User.id) & (Affiliation.state == "confirmed"))
        .outerjoin(Organization, Organization.id == Affiliation.organization_id)
        .where(User.closed_at.is_(None))
        .order_by(User.name, User.email)
    ).all()
    roles: dict[int, set[str]] = {}
    for user_id, held in session.execute(select(RoleGrant.user_id, RoleGrant.role)):
        roles.setdefault(user_id, set()).add(held)
    return tuple(
        DirectoryRow(
            user.public_id, user.name, user.email, user.job, tuple(sorted(roles.get(user.id, ()))),
            workplace or "", user.password_hash is not None, user.created_at,
        )
        for user, workplace in people
        if role is None or role in roles.get(user.id, ())
    )  # fmt: skip
