"""Writes of what a person says herself of her credit: learning from elsewhere, and when her cycle runs.

Neither touches the ledger: what stands there was credited by this site.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.locking import locked
from lms.accounts.trail import note
from lms.credit.cycles import Cycle, check_dates
from lms.credit.models import CreditCycle, LedgerEntry, OutsideLearning
from lms.credit.ruleset import RuleSet
from lms.kernel.errors import NotFound, RuleBroken

TITLE_LIMIT = 200
MINUTES_LIMIT = 1_000 * 60
UNITS_LIMIT = 1_000 * 100


class Stated(Struct, frozen=True):
    """What the person typed of one piece of learning. Minutes, and units in hundredths."""

    title: str
    provider: str
    topic: str
    activity: str
    started_on: date
    ended_on: date
    minutes: int
    rule_key: str = ""
    units_hundredths: int = 0
    category: str = ""


def check_stated(stated: Stated, rules: dict[str, RuleSet], today: date) -> None:
    """RuleBroken: text_missing, text_long, dates_crossed, day_ahead, minutes_bad, unit_unknown, units_bad,
    units_missing, category_unknown; each with its field."""
    for name in ("title", "provider", "topic", "activity"):
        text = getattr(stated, name)
        if not text:
            raise RuleBroken("text_missing", name)
        if len(text) > TITLE_LIMIT:
            raise RuleBroken("text_long", name)
    if stated.started_on > stated.ended_on:
        raise RuleBroken("dates_crossed", "ended_on")
    if stated.ended_on > today:
        raise RuleBroken("day_ahead", "ended_on")
    if not 0 < stated.minutes <= MINUTES_LIMIT:
        raise RuleBroken("minutes_bad", "hours")
    if stated.rule_key and stated.rule_key not in rules:
        raise RuleBroken("unit_unknown", "unit")
    if not 0 <= stated.units_hundredths <= UNITS_LIMIT:
        raise RuleBroken("units_bad", "units")
    if bool(stated.rule_key) != bool(stated.units_hundredths):
        raise RuleBroken("units_missing", "units" if stated.rule_key else "unit")
    if stated.category:
        known = rules[stated.rule_key].categories if stated.rule_key else ()
        if stated.category not in {category.code for category in known}:
            raise RuleBroken("category_unknown", "category")


def add(session: Session, user_id: int, stated: Stated, now: datetime) -> str:
    """Public id of the new row. What was typed stands there and in no trail."""
    user = locked(session, user_id)
    row = OutsideLearning(
        user_id=user_id, title=stated.title, provider=stated.provider, topic=stated.topic,
        activity=stated.activity, started_on=stated.started_on, ended_on=stated.ended_on,
        minutes=stated.minutes, rule_key=stated.rule_key, units_hundredths=stated.units_hundredths,
        category=stated.category, added_at=now,
    )  # fmt: skip
    session.add(row)
    note(session, "outside_learning.added", user, by=user_id, now=now)
    return row.public_id


def withdraw(session: Session, user_id: int, public_id: str, now: datetime) -> None:
    """Take a row off the transcript. NotFound: it is somebody else's, or there is none."""
    user = locked(session, user_id)
    row = session.scalar(
        sa.select(OutsideLearning).where(
            OutsideLearning.public_id == public_id, OutsideLearning.user_id == user_id
        )
    )
    if row is None:
        raise NotFound
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        note(session, "outside_learning.withdrawn", user, by=user_id, now=now)


def date_cycle(
    session: Session, user_id: int, starts_on: date, ends_on: date, today: date, now: datetime
) -> None:
    """Have the running cycle begin and end with a license; the first one is made here if need be.

    Only days to come change their cycle by it, so nothing that was ever credited or completed falls into
    another. RuleBroken: cycle_over, cycle_start_fixed, cycle_start_late, cycle_end_past, cycle_length.
    """
    user = locked(session, user_id)
    rows = session.scalars(
        sa.select(CreditCycle).where(CreditCycle.user_id == user_id).order_by(CreditCycle.number)
    ).all()
    first_day = session.scalar(
        sa.select(sa.func.min(LedgerEntry.earned_on)).where(LedgerEntry.user_id == user_id)
    )
    cycles = tuple(Cycle(row.number, row.starts_on, row.ends_on) for row in rows)
    check_dates(cycles, first_day, starts_on, ends_on, today)
    after = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    if not rows:
        session.add(CreditCycle(user_id=user_id, number=1, starts_on=starts_on, ends_on=ends_on))
        note(session, "cycle.dated", user, by=user_id, now=now, after=after)
        return
    last = rows[-1]
    before = {"starts_on": last.starts_on.isoformat(), "ends_on": last.ends_on.isoformat()}
    if before != after:
        last.starts_on, last.ends_on = starts_on, ends_on
        note(session, "cycle.dated", user, by=user_id, now=now, before=before, after=after)
