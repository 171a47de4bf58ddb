"""Reads of certificates, the ledger and what waits for a person. Every function returns frozen rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session, aliased

from lms.completion.models import CompletionSnapshot
from lms.credit.cycles import Cycle
from lms.credit.models import (
    Award,
    Certificate,
    CertificateEvent,
    CreditCycle,
    LedgerEntry,
    OutsideLearning,
    RuleSetRow,
)
from lms.credit.ruleset import RuleSet, rule_set
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.clock import local_day, now
from lms.kernel.keys import read_certificate_number

State = Literal["valid", "corrected", "expired", "revoked"]

_end = aliased(CertificateEvent, name="end")
_later = aliased(CertificateEvent, name="later")
_before = aliased(Certificate, name="before")
_after = aliased(Certificate, name="after")
_reversal = aliased(LedgerEntry, name="reversal")


class CertificateRow(Struct, frozen=True):
    enrollment_id: int
    enrollment_public_id: str
    user_id: int
    sequence: int
    number: str
    minutes: int
    first_award_on: date
    completed_on: date
    issued_at: datetime
    organization_id: int
    frozen: Mapping[str, Any]
    """What it says, as it was issued; see `certifying.printable`."""
    digest: str
    state: State
    state_at: datetime | None
    """When it ended; None while it is valid, and where its term has run out unnoticed."""
    issued_on: date
    ended_on: date | None
    """Days are told in the certificate's own time zone, whoever asks: the one it was earned in."""
    state_reason: str | None
    replaces: str | None
    """Number of the certificate before it."""
    replaced_by: str | None
    current: bool
    """It is in force and says what would be printed today; otherwise a valid one is due for correction."""


class VerifiedAward(Struct, frozen=True):
    title: str
    label: str
    units_hundredths: int


class VerificationRow(Struct, frozen=True):
    """All that a stranger with the number may know."""

    number: str
    name: str
    course: str
    course_key: str
    version_id: int
    """Of the course as it was completed: the page says what it required."""
    signed_by: str
    signed_by_kind: str
    completed_on: date
    issued_at: datetime
    minutes: int
    awards: tuple[VerifiedAward, ...]
    state: State
    state_at: datetime | None
    issued_on: date
    ended_on: date | None
    replaced_by: str | None


class LedgerRow(Struct, frozen=True):
    """A credit that stands: what a person was credited, once, in a cycle."""

    enrollment_id: int
    cycle: int
    credit_key: str
    source_key: str
    kind: str
    minutes: int
    earned_on: date
    topic: str


class OutsideRow(Struct, frozen=True):
    """Learning from elsewhere, as the person said it. Units in hundredths."""

    public_id: str
    title: str
    provider: str
    topic: str
    activity: str
    started_on: date
    ended_on: date
    minutes: int
    rule_key: str
    units_hundredths: int
    category: str


def certificate(session: Session, number: str) -> CertificateRow | None:
    """By number, as typed: case, spaces and hyphens do not matter."""
    spelled = read_certificate_number(number)
    if spelled is None:
        return None
    return _first(session, Certificate.number == spelled)


def certificate_of(session: Session, enrollment_id: int) -> CertificateRow | None:
    """The last certificate of an enrollment: the one in force, if there is one."""
    return _first(session, Certificate.enrollment_id == enrollment_id)


def certificates_of(session: Session, user_id: int) -> tuple[CertificateRow, ...]:
    """Every certificate of a person, the newest first."""
    return _rows(session, Enrollment.user_id == user_id)


def due_for_correction(
    session: Session, organization_ids: Iterable[int] | None = None
) -> tuple[CertificateRow, ...]:
    """Valid certificates that no longer say what would be printed; None: of every organization."""
    waiting = sa.and_(
        CompletionSnapshot.certificate_current.is_(False),
        sa.true() if organization_ids is None else among(Certificate.organization_id, organization_ids),
    )
    return tuple(row for row in _rows(session, waiting) if row.state == "valid")


def awarded_since(session: Session, since: date) -> tuple[int, ...]:
    """Enrollments whose certificate in force was completed on this day or later, or had something fall into
    place by then: a change of what counts from `since` on concerns no other."""
    ended = sa.exists().where(
        CertificateEvent.enrollment_id == Award.enrollment_id,
        CertificateEvent.sequence == Award.certificate_sequence,
        CertificateEvent.kind.in_(("corrected", "revoked")),
    )
    found = session.scalars(sa.select(Award.enrollment_id).distinct().where(Award.met_on >= since, ~ended))
    return tuple(sorted(found))


def verification(session: Session, number: str) -> VerificationRow | None:
    """What the public page shows of a number; None when it is nobody's."""
    row = certificate(session, number)
    if row is None:
        return None
    frozen = row.frozen
    return VerificationRow(
        number=row.number,
        name=frozen["person"]["name"],
        course=frozen["course"]["title"],
        course_key=frozen["course"]["key"],
        version_id=frozen["course"]["version_id"],
        signed_by=frozen["signed_by"]["name"],
        signed_by_kind=frozen["signed_by"]["kind"],
        completed_on=row.completed_on,
        issued_at=row.issued_at,
        minutes=row.minutes,
        awards=tuple(
            VerifiedAward(
                made["rule_set"]["title"], made["rule_set"]["unit"]["label"], made["units_hundredths"]
            )
            for made in frozen["awards"]
            if made["units_hundredths"]
        ),
        state=row.state,
        state_at=row.state_at,
        issued_on=row.issued_on,
        ended_on=row.ended_on,
        replaced_by=row.replaced_by,
    )


def ledger_of(session: Session, user_id: int) -> tuple[LedgerRow, ...]:
    """What stands on a person's ledger, by the day earned."""
    rows = session.execute(
        sa.select(
            LedgerEntry.enrollment_id, LedgerEntry.cycle, LedgerEntry.credit_key, LedgerEntry.source_key,
            LedgerEntry.kind, LedgerEntry.minutes, LedgerEntry.earned_on, LedgerEntry.topic,
        )
        .where(LedgerEntry.user_id == user_id, _stands())
        .order_by(LedgerEntry.earned_on, LedgerEntry.credit_key, LedgerEntry.cycle)
    )  # fmt: skip
    return tuple(LedgerRow(*row) for row in rows)


def cycles_of(session: Session, user_id: int) -> tuple[Cycle, ...]:
    rows = session.execute(
        sa.select(CreditCycle.number, CreditCycle.starts_on, CreditCycle.ends_on)
        .where(CreditCycle.user_id == user_id)
        .order_by(CreditCycle.number)
    )
    return tuple(Cycle(*row) for row in rows)


def rule_sets_on(session: Session, day: date) -> tuple[RuleSet, ...]:
    """The newest version of each rule set that is in force on the day, by key."""
    rows = session.scalars(sa.select(RuleSetRow.data).order_by(RuleSetRow.key, RuleSetRow.version))
    read = (rule_set(json.loads(data)) for data in rows)
    return tuple({rules.key: rules for rules in read if rules.in_force(day)}.values())


def outside_learning_of(session: Session, user_id: int) -> tuple[OutsideRow, ...]:
    """What a person added of her own, the latest day first."""
    rows = session.execute(
        sa.select(*(getattr(OutsideLearning, name) for name in OutsideRow.__struct_fields__))
        .where(OutsideLearning.user_id == user_id, OutsideLearning.withdrawn_at.is_(None))
        .order_by(OutsideLearning.ended_on.desc(), OutsideLearning.id)
    )
    return tuple(OutsideRow(*row) for row in rows)


def contact_minutes(session: Session, enrollment_ids: Iterable[int]) -> dict[int, int]:
    """Minutes that stand for each of these enrollments; without any, it is left out."""
    rows = session.execute(
        sa.select(
            LedgerEntry.enrollment_id, sa.func.sum(LedgerEntry.minutes * LedgerEntry.effect).label("minutes")
        )
        .where(among(LedgerEntry.enrollment_id, enrollment_ids))
        .group_by(LedgerEntry.enrollment_id)
    )
    return {row.enrollment_id: int(row.minutes) for row in rows}


def _stands() -> sa.ColumnElement[bool]:
    reversed_by = sa.exists().where(
        _reversal.user_id == LedgerEntry.user_id,
        _reversal.cycle == LedgerEntry.cycle,
        _reversal.credit_key == LedgerEntry.credit_key,
        _reversal.sequence == LedgerEntry.sequence + 1,
    )
    return sa.and_(LedgerEntry.effect == 1, ~reversed_by)


def _first(session: Session, condition: sa.ColumnElement[bool]) -> CertificateRow | None:
    rows = _rows(session, condition)
    return max(rows, key=lambda row: row.sequence, default=None)


def _rows(session: Session, condition: sa.ColumnElement[bool]) -> tuple[CertificateRow, ...]:
    rows = session.execute(
        sa.select(
            Certificate, Enrollment.public_id, Enrollment.user_id, Enrollment.time_zone,
            _end.kind, _end.at, _end.reason,
            _after.number.label("replaced_by"), _before.number.label("replaced"),
            CompletionSnapshot.certificate_current,
        )
        .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
        .outerjoin(CompletionSnapshot, CompletionSnapshot.enrollment_id == Certificate.enrollment_id)
        .outerjoin(
            _end,
            sa.and_(
                _end.enrollment_id == Certificate.enrollment_id,
                _end.sequence == Certificate.sequence,
                _end.kind != "issued",
                ~sa.exists().where(  # what expired may still be corrected or revoked: the last word counts
                    _later.enrollment_id == _end.enrollment_id,
                    _later.sequence == _end.sequence,
                    _later.event > _end.event,
                ),
            ),
        )
        .outerjoin(
            _after,
            sa.and_(
                _after.enrollment_id == Certificate.enrollment_id,
                _after.sequence == Certificate.sequence + 1,
            ),
        )
        .outerjoin(
            _before,
            sa.and_(
                _before.enrollment_id == Certificate.enrollment_id,
                _before.sequence == Certificate.sequence - 1,
            ),
        )
        .where(condition)
        .order_by(Certificate.issued_at.desc(), Certificate.enrollment_id, Certificate.sequence.desc())
    )  # fmt: skip
    found = []
    for row in rows:
        made: Certificate = row.Certificate
        frozen = json.loads(made.frozen)
        over = is_over(frozen["expires_on"], row.time_zone)
        state: State = row.kind or ("expired" if over else "valid")
        found.append(
            CertificateRow(
                enrollment_id=made.enrollment_id,
                enrollment_public_id=row.public_id,
                user_id=row.user_id,
                sequence=made.sequence,
                number=made.number,
                minutes=made.minutes,
                first_award_on=made.first_award_on,
                completed_on=made.completed_on,
                issued_at=made.issued_at,
                organization_id=made.organization_id,
                frozen=frozen,
                digest=made.digest,
                state=state,
                state_at=row.at,
                issued_on=local_day(made.issued_at, row.time_zone),
                ended_on=_ended_on(state, row.at, frozen["expires_on"], row.time_zone),
                state_reason=row.reason,
                replaces=row.replaced,
                replaced_by=row.replaced_by,
                current=state == "valid" and bool(row.certificate_current),
            )
        )
    return tuple(found)


def is_over(expires_on: str | None, time_zone: str) -> bool:
    """Its term has run out, whether or not anybody has written that down yet."""
    return expires_on is not None and expires_on <= local_day(now(), time_zone).isoformat()


def _ended_on(state: State, at: datetime | None, expires_on: str | None, time_zone: str) -> date | None:
    """A term ends on its day, not on the day somebody noticed."""
    if state == "expired" and expires_on is not None:
        return date.fromisoformat(expires_on)
    return local_day(at, time_zone) if at is not None else None
