"""Writes about people: accounts, profiles, licenses. Each notes itself in the audit trail.

Every function takes the session and the moment, never commits, and raises RuleBroken or NotFound. `by` is
the id of who does it; None means the operator at the command line.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.accounts import rules
from lms.accounts.grants import take_all_away
from lms.accounts.locking import locked
from lms.accounts.models import License, OneUseLink, User
from lms.accounts.passwords import hash_password
from lms.accounts.rules import Reason
from lms.accounts.trail import note
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
    take_all_away(session, user, now=now, by=by)
    user.closed_at = now
    user.password_hash = None
    user.session_number += 1
    note(session, "account.closed", user, by=by, now=now)


def renew_hash(session: Session, *, user_id: int, password: str) -> None:
    """The same password under today's parameters; nothing that anybody did."""
    locked(session, user_id).password_hash = hash_password(password)


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
