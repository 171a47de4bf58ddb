"""Posts that came after their session had ended, kept for who sent them. Each function is one commit."""

from __future__ import annotations

from lms.accounts import kept
from lms.accounts.permissions import Actor
from lms.kernel.clock import now
from lms.kernel.db import transaction


def keep_post(user_id: int, path: str, fields: tuple[tuple[str, str], ...]) -> str:
    with transaction() as session:
        return kept.keep(session, user_id=user_id, path=path, fields=fields, now=now())


def drop_kept_post(actor: Actor, public_id: str) -> bool:
    with transaction() as session:
        return kept.drop(session, user_id=actor.user_id, public_id=public_id)
