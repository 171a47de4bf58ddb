"""What was sent after its session had ended, kept for its owner alone."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.accounts.models import KeptPost
from lms.accounts.rules import KEPT_POST_LIFE

MOST = 20
"""Posts kept for one person; the oldest make room."""


class KeptPostRow(Struct, frozen=True):
    public_id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    kept_at: datetime


def keep(
    session: Session, *, user_id: int, path: str, fields: tuple[tuple[str, str], ...], now: datetime
) -> str:
    """The public id under which the owner finds it."""
    session.execute(delete(KeptPost).where(KeptPost.kept_at < now - KEPT_POST_LIFE))
    ids = session.scalars(
        select(KeptPost.public_id).where(KeptPost.user_id == user_id).order_by(KeptPost.kept_at.desc())
    ).all()
    session.execute(delete(KeptPost).where(KeptPost.public_id.in_(ids[MOST - 1 :])))
    post = KeptPost(user_id=user_id, path=path, fields=[list(pair) for pair in fields], kept_at=now)
    session.add(post)
    session.flush()
    return post.public_id


def drop(session: Session, *, user_id: int, public_id: str) -> bool:
    done = session.execute(
        delete(KeptPost)
        .where(KeptPost.public_id == public_id, KeptPost.user_id == user_id)
        .returning(KeptPost.public_id)
    ).first()
    return done is not None


def kept_posts(session: Session, user_id: int) -> tuple[KeptPostRow, ...]:
    """The person's own, newest first."""
    rows = session.scalars(
        select(KeptPost).where(KeptPost.user_id == user_id).order_by(KeptPost.kept_at.desc())
    )
    return tuple(
        KeptPostRow(row.public_id, row.path, tuple((name, value) for name, value in row.fields), row.kept_at)
        for row in rows
    )
