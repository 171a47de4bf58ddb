"""Writes about awarding bodies: who they are, where they are registered, for whom they sign."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.credit.models import AwardingBody, AwardingBodyAssignment, CategoryChoice, Registration
from lms.credit.ruleset import BODY_TYPES, RuleSet
from lms.kernel.audit import AuditEntry, record
from lms.kernel.errors import Conflict, NotFound, RuleBroken

NAME_LIMIT = 200


def create_body(
    session: Session,
    *,
    name: str,
    type: str,
    jurisdictions: tuple[str, ...],
    signatory_name: str,
    signatory_title: str,
    now: datetime,
    by: int | None,
    address: str = "",
    contact: str = "",
) -> AwardingBody:
    """A body as it is registered. RuleBroken: name_empty, name_long, type_unknown, jurisdiction_missing."""
    told = {"name": name, "signatory_name": signatory_name, "signatory_title": signatory_title}
    for field, text in told.items():
        if not text.strip():
            raise RuleBroken("name_empty", field)
        if len(text) > NAME_LIMIT:
            raise RuleBroken("name_long", field)
    if type not in BODY_TYPES:
        raise RuleBroken("type_unknown", "type")
    if not jurisdictions:
        raise RuleBroken("jurisdiction_missing", "jurisdiction")
    body = AwardingBody(
        name=name.strip(),
        type=type,
        jurisdictions=sorted(set(jurisdictions)),
        signatory_name=signatory_name.strip(),
        signatory_title=signatory_title.strip(),
        address=address.strip()[:NAME_LIMIT],
        contact=contact.strip()[:NAME_LIMIT],
    )
    session.add(body)
    session.flush()
    _note(session, "awarding_body.created", body.id, now, by, {"name": body.name, "type": body.type})
    return body


def register(
    session: Session,
    *,
    body_id: int,
    jurisdiction: str,
    number: str,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
    by: int | None,
) -> None:
    """A registration is a new row for ever: one used in an award is never edited."""
    if valid_to is not None and valid_to < valid_from:
        raise RuleBroken("dates_crossed", "valid_to")
    if session.get(Registration, (body_id, jurisdiction, valid_from)) is not None:
        raise Conflict("a registration began on this day already")
    session.add(
        Registration(
            body_id=body_id, jurisdiction=jurisdiction, number=number.strip(), valid_from=valid_from,
            valid_to=valid_to,
        )
    )  # fmt: skip
    session.flush()
    after = {"jurisdiction": jurisdiction, "number": number, "valid_from": valid_from.isoformat()}
    _note(session, "awarding_body.registered", body_id, now, by, after)


def assign(
    session: Session,
    *,
    body_id: int,
    scope_kind: str,
    scope_id: int,
    from_on: date,
    now: datetime,
    by: int | None,
) -> None:
    """From `from_on` this body signs in the scope. Conflict when another begins there on the same day."""
    if session.scalar(select(AwardingBody.id).where(AwardingBody.id == body_id)) is None:
        raise NotFound
    if session.get(AwardingBodyAssignment, (scope_kind, scope_id, from_on)) is not None:
        raise Conflict("a body was assigned on this day already")
    session.add(
        AwardingBodyAssignment(scope_kind=scope_kind, scope_id=scope_id, from_on=from_on, body_id=body_id)
    )
    session.flush()
    after = {"scope": f"{scope_kind}:{scope_id}", "from_on": from_on.isoformat()}
    _note(session, "awarding_body.assigned", body_id, now, by, after)


def choose_category(
    session: Session,
    *,
    body_id: int,
    rules: RuleSet,
    course_key: str,
    code: str,
    minutes: int | None,
    from_on: date,
    now: datetime,
    by: int | None,
) -> None:
    """From `from_on` the body counts the course under this heading: with all its minutes, or with so many.

    RuleBroken: category_unknown, minutes_missing (a part needs them), minutes_given (a whole has none).
    Conflict when a choice begins on that day already.
    """
    category = next((each for each in rules.categories if each.code == code), None)
    if category is None:
        raise RuleBroken("category_unknown", "code")
    if category.kind == "part" and not minutes:
        raise RuleBroken("minutes_missing", "minutes")
    if category.kind == "whole" and minutes is not None:
        raise RuleBroken("minutes_given", "minutes")
    if session.get(CategoryChoice, (body_id, rules.key, course_key, code, from_on)) is not None:
        raise Conflict("this heading was chosen on this day already")
    session.add(
        CategoryChoice(
            body_id=body_id, rule_key=rules.key, course_key=course_key, code=code, from_on=from_on,
            minutes=minutes,
        )
    )  # fmt: skip
    session.flush()
    after = {"rule_set": rules.key, "course": course_key, "code": code, "minutes": minutes}
    _note(session, "awarding_body.category_chosen", body_id, now, by, after)


def _note(
    session: Session, action: str, body_id: int, now: datetime, by: int | None, after: dict[str, Any]
) -> None:
    entry = AuditEntry(
        organization_id=0, stream="access", actor_id=by, action=action,
        subject=f"awarding_bodies:{body_id}", after=after,
    )  # fmt: skip
    record(session, entry, now)
