"""Writes about awarding bodies: who they are, where they are registered, for whom they sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.credit.models import AwardingBody, AwardingBodyAssignment, CategoryChoice, Registration
from lms.credit.ruleset import BODY_TYPES, RuleSet
from lms.credit.terms import A_DAY, Term, check_days, check_end, terms
from lms.kernel.audit import AuditEntry, record
from lms.kernel.errors import Conflict, NotFound, RuleBroken

NAME_LIMIT = 200
Row = TypeVar("Row", Registration, AwardingBodyAssignment)


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
    """A body as it is registered. RuleBroken: name_empty, name_long, type_unknown, jurisdiction_missing,
    body_named (there is one of this name: commands find a body by it)."""
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
    if session.scalar(select(AwardingBody.id).where(AwardingBody.name == name.strip()).limit(1)) is not None:
        raise RuleBroken("body_named", "name")
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
    evidence: str = "",
) -> None:
    """A registration, a renewal, or another state: a new row for ever, one used in an award is never edited.

    RuleBroken: number_missing, name_long, day_far, dates_crossed, registered_already (one that counts begins
    on that day). NotFound: no such body.
    """
    if session.get(AwardingBody, body_id) is None:
        raise NotFound
    if not number.strip():
        raise RuleBroken("number_missing", "number")
    for field, text in (("number", number), ("evidence", evidence)):
        if len(text) > NAME_LIMIT:
            raise RuleBroken("name_long", field)
    check_days(valid_from, "valid_from", valid_to, "valid_to")
    rows = _registrations(session, body_id, jurisdiction)
    if _begins(_terms_of(rows), valid_from):
        raise RuleBroken("registered_already", "valid_from")
    _enter_registration(session, rows, body_id, jurisdiction, number.strip(), valid_from, valid_to, evidence)
    after = {
        "jurisdiction": jurisdiction, "number": number, "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat() if valid_to else None,
    }  # fmt: skip
    _note(session, "awarding_body.registered", body_id, now, by, after)


def end_registration(
    session: Session,
    *,
    body_id: int,
    jurisdiction: str,
    valid_from: date,
    last_on: date,
    now: datetime,
    by: int | None,
) -> None:
    """The registration that counts from `valid_from` is valid up to `last_on`: a new row with an empty term.

    RuleBroken: day_far, end_early, end_late. NotFound: none counts from that day.
    """
    rows = _registrations(session, body_id, jurisdiction)
    row, term = _counting(rows, _terms_of(rows), valid_from)
    check_end(term, last_on)
    _enter_registration(
        session, rows, body_id, jurisdiction, row.number, last_on + A_DAY, last_on, row.evidence
    )
    after = {"jurisdiction": jurisdiction, "number": row.number, "last_on": last_on.isoformat()}
    _note(session, "awarding_body.registration_ended", body_id, now, by, after)


def assign(
    session: Session,
    *,
    body_id: int,
    scope_kind: str,
    scope_id: int,
    from_on: date,
    now: datetime,
    by: int | None,
    to_on: date | None = None,
) -> None:
    """From `from_on` this body signs in the scope, instead of the one that did.

    RuleBroken: day_far, dates_crossed, assigned_already (another that counts begins there on that day).
    """
    if session.get(AwardingBody, body_id) is None:
        raise NotFound
    check_days(from_on, "from_on", to_on, "to_on")
    rows = _assignments(session, scope_kind, scope_id)
    if _begins(_terms_of(rows), from_on):
        raise RuleBroken("assigned_already", "from_on")
    _enter_assignment(session, rows, body_id, scope_kind, scope_id, from_on, to_on)
    after = {
        "scope": f"{scope_kind}:{scope_id}", "from_on": from_on.isoformat(),
        "to_on": to_on.isoformat() if to_on else None,
    }  # fmt: skip
    _note(session, "awarding_body.assigned", body_id, now, by, after)


def end_assignment(
    session: Session,
    *,
    body_id: int,
    scope_kind: str,
    scope_id: int,
    from_on: date,
    last_on: date,
    now: datetime,
    by: int | None,
) -> None:
    """The body signs in the scope to the end of `last_on`; after that the next wider scope has its turn.

    RuleBroken: day_far, end_early, end_late. NotFound: the body does not sign there from that day.
    """
    rows = _assignments(session, scope_kind, scope_id)
    row, term = _counting(rows, _terms_of(rows), from_on)
    if row.body_id != body_id:
        raise NotFound
    check_end(term, last_on)
    _enter_assignment(session, rows, body_id, scope_kind, scope_id, last_on + A_DAY, last_on)
    after = {"scope": f"{scope_kind}:{scope_id}", "last_on": last_on.isoformat()}
    _note(session, "awarding_body.assignment_ended", body_id, now, by, after)


def _registrations(session: Session, body_id: int, jurisdiction: str) -> Sequence[Registration]:
    """In the order in which they count."""
    return session.scalars(
        select(Registration)
        .where(Registration.body_id == body_id, Registration.jurisdiction == jurisdiction)
        .order_by(Registration.valid_from, Registration.entry)
    ).all()


def _assignments(session: Session, scope_kind: str, scope_id: int) -> Sequence[AwardingBodyAssignment]:
    """Of all bodies in one scope, in the order in which they count."""
    return session.scalars(
        select(AwardingBodyAssignment)
        .where(AwardingBodyAssignment.scope_kind == scope_kind, AwardingBodyAssignment.scope_id == scope_id)
        .order_by(AwardingBodyAssignment.from_on, AwardingBodyAssignment.entry)
    ).all()


def _terms_of(rows: Sequence[Registration] | Sequence[AwardingBodyAssignment]) -> tuple[Term | None, ...]:
    return terms(
        [(r.valid_from, r.valid_to) if isinstance(r, Registration) else (r.from_on, r.to_on) for r in rows]
    )


def _begins(found: Sequence[Term | None], day: date) -> bool:
    return any(term is not None and term.first == day for term in found)


def _counting(rows: Sequence[Row], found: Sequence[Term | None], first: date) -> tuple[Row, Term]:
    """The row that counts from this day. NotFound."""
    for row, term in zip(rows, found, strict=True):
        if term is not None and term.first == first:
            return row, term
    raise NotFound


def _enter_registration(
    session: Session,
    rows: Sequence[Registration],
    body_id: int,
    jurisdiction: str,
    number: str,
    valid_from: date,
    valid_to: date | None,
    evidence: str,
) -> None:
    row = Registration(
        body_id=body_id, jurisdiction=jurisdiction, number=number, valid_from=valid_from, valid_to=valid_to,
        entry=1 + sum(row.valid_from == valid_from for row in rows), evidence=evidence.strip(),
    )  # fmt: skip
    _write(session, row)


def _enter_assignment(
    session: Session,
    rows: Sequence[AwardingBodyAssignment],
    body_id: int,
    scope_kind: str,
    scope_id: int,
    from_on: date,
    to_on: date | None,
) -> None:
    row = AwardingBodyAssignment(
        scope_kind=scope_kind, scope_id=scope_id, from_on=from_on, to_on=to_on, body_id=body_id,
        entry=1 + sum(row.from_on == from_on for row in rows),
    )  # fmt: skip
    _write(session, row)


def _write(session: Session, row: Registration | AwardingBodyAssignment) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("somebody else entered one for this day at the same moment") from error


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
