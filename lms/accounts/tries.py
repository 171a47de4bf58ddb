"""Failed tries to sign in, counted in the database so that all workers count together.

A try is written down before the password is looked at and taken back when it was right: many tries at
once cannot slip past the count.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.orm import Session

from lms.accounts.models import SignInFailure
from lms.accounts.rules import KEEP_TRIES, WINDOW, Tries


def begin_try(session: Session, *, account: str, address: str, now: datetime) -> tuple[int, Tries]:
    """Write a try down; its id, and the counts with it. `account` and `address` are keyed digests."""
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - KEEP_TRIES))
    row = SignInFailure(account_digest=account, address_digest=address, at=now)
    session.add(row)
    session.flush()
    here, there = SignInFailure.account_digest == account, SignInFailure.address_digest == address
    counts = session.execute(
        select(
            func.coalesce(func.sum(case((here & there, 1), else_=0)), 0),
            func.coalesce(func.sum(case((here, 1), else_=0)), 0),
            func.coalesce(func.sum(case((there, 1), else_=0)), 0),
        ).where(or_(here, there), SignInFailure.at > now - WINDOW)
    ).one()
    return row.id, Tries(*(int(n) for n in counts))


def take_back(session: Session, try_id: int) -> None:
    """The try was right after all."""
    session.execute(delete(SignInFailure).where(SignInFailure.id == try_id))


def forget_account(session: Session, account: str) -> None:
    """A new password ends the count of the old one's failures."""
    session.execute(delete(SignInFailure).where(SignInFailure.account_digest == account))
