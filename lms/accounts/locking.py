"""Whoever writes about a person holds that person's row first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.kernel.errors import NotFound


def locked(session: Session, user_id: int) -> User:
    """The person's row, held until the transaction ends. Does not block rows that refer to it."""
    user = session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))
    if user is None or user.closed_at is not None:
        raise NotFound
    return user
