"""What a person does with her own transcript: adds learning from elsewhere, takes it off, dates her cycle."""

from __future__ import annotations

from datetime import date

from lms.accounts.permissions import Actor
from lms.credit import outside
from lms.credit.outside import Stated
from lms.credit.queries import rule_sets_on
from lms.kernel.clock import local_day, now
from lms.kernel.db import transaction


def add_outside_learning(actor: Actor, stated: Stated) -> None:
    """RuleBroken as `check_stated` says."""
    moment = now()
    today = local_day(moment, actor.time_zone)
    with transaction() as session:
        rules = {rule.key: rule for rule in rule_sets_on(session, today)}
        outside.check_stated(stated, rules, today)
        outside.add(session, actor.user_id, stated, moment)


def withdraw_outside_learning(actor: Actor, public_id: str) -> None:
    with transaction() as session:
        outside.withdraw(session, actor.user_id, public_id, now())


def date_cycle(actor: Actor, starts_on: date, ends_on: date) -> None:
    """RuleBroken as `check_dates` says."""
    moment = now()
    with transaction() as session:
        outside.date_cycle(
            session, actor.user_id, starts_on, ends_on, local_day(moment, actor.time_zone), moment
        )
