"""What an administrator does with awarding bodies: where they are registered, for whom they sign.

Each function is one commit, and adds facts: nothing that was entered is rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts import queries as accounts
from lms.accounts.permissions import Actor, Permission, Target, may
from lms.actions.looking_again import concerned, look_again
from lms.cohorts import queries as cohorts
from lms.credit import bodies
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotAllowed, RuleBroken


class BodyForm(Struct, frozen=True):
    name: str
    type: str
    jurisdiction: str
    signatory_name: str
    signatory_title: str
    registration: str
    valid_from: date | None
    valid_to: date | None
    organization: str
    from_on: date


def create_body(actor: Actor, form: BodyForm) -> None:
    """An awarding body with its registration, if it has one, signing for a district or the whole site."""

    def change(session: Session, moment: datetime) -> None:
        kind, scope_id = _scope(session, f"organization:{form.organization}" if form.organization else "site")
        body = bodies.create_body(
            session, name=form.name, type=form.type, jurisdictions=(form.jurisdiction,),
            signatory_name=form.signatory_name, signatory_title=form.signatory_title,
            now=moment, by=actor.user_id,
        )  # fmt: skip
        if form.registration:
            bodies.register(
                session, body_id=body.id, jurisdiction=form.jurisdiction, number=form.registration,
                valid_from=form.valid_from or form.from_on, valid_to=form.valid_to,
                now=moment, by=actor.user_id,
            )  # fmt: skip
        bodies.assign(
            session, body_id=body.id, scope_kind=kind, scope_id=scope_id, from_on=form.from_on,
            now=moment, by=actor.user_id,
        )  # fmt: skip

    first = min(form.from_on, form.valid_from or form.from_on)
    _change(actor, first, change)


def register(
    actor: Actor,
    *,
    body_id: int,
    jurisdiction: str,
    number: str,
    valid_from: date,
    valid_to: date | None,
    evidence: str,
) -> None:
    """Errors: see `bodies.register`."""
    _change(
        actor,
        valid_from,
        lambda session, moment: bodies.register(
            session, body_id=body_id, jurisdiction=jurisdiction, number=number, valid_from=valid_from,
            valid_to=valid_to, evidence=evidence, now=moment, by=actor.user_id,
        ),
    )  # fmt: skip


def end_registration(
    actor: Actor, *, body_id: int, jurisdiction: str, valid_from: date, last_on: date
) -> None:
    """Errors: see `bodies.end_registration`."""
    _change(
        actor,
        last_on,
        lambda session, moment: bodies.end_registration(
            session, body_id=body_id, jurisdiction=jurisdiction, valid_from=valid_from, last_on=last_on,
            now=moment, by=actor.user_id,
        ),
    )  # fmt: skip


def assign(actor: Actor, *, body_id: int, scope: str, from_on: date, to_on: date | None) -> None:
    """`scope`: 'site', 'organization:' or 'cohort:' and a public id. Errors: scope_unknown, and those of
    `bodies.assign`."""

    def change(session: Session, moment: datetime) -> None:
        kind, scope_id = _scope(session, scope)
        bodies.assign(
            session, body_id=body_id, scope_kind=kind, scope_id=scope_id, from_on=from_on, to_on=to_on,
            now=moment, by=actor.user_id,
        )  # fmt: skip

    _change(actor, from_on, change)


def end_assignment(
    actor: Actor, *, body_id: int, scope_kind: str, scope_id: int, from_on: date, last_on: date
) -> None:
    """`scope_id`: of its row. Errors: see `bodies.end_assignment`."""
    _change(
        actor,
        last_on,
        lambda session, moment: bodies.end_assignment(
            session, body_id=body_id, scope_kind=scope_kind, scope_id=scope_id, from_on=from_on,
            last_on=last_on, now=moment, by=actor.user_id,
        ),
    )  # fmt: skip


def _change(actor: Actor, since: date, change: Callable[[Session, datetime], None]) -> None:
    """Everything above goes through here: who may, one transaction, and what follows for certificates.

    `since`: the first day for which it says something else than before.
    """
    if not may(actor, Permission.AWARDING_BODY_EDIT, Target()):
        raise NotAllowed
    moment = now()
    with transaction() as session:
        change(session, moment)
    look_again(concerned(since), actor.user_id, "an awarding body was changed")


def _scope(session: Session, scope: str) -> tuple[str, int]:
    """Kind and id of the row. RuleBroken: scope_unknown."""
    kind, _, public_id = scope.partition(":")
    if scope == "site":
        return "site", 0
    if kind == "organization" and (place := accounts.organization(session, public_id)) is not None:
        return kind, place.id
    if kind == "cohort" and (cohort := cohorts.cohort(session, public_id)) is not None:
        return kind, cohort.id
    raise RuleBroken("scope_unknown", "scope")
