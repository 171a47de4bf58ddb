"""Writes about certificates that end by themselves, where a rule set says so."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.credit.authority import read_rule_sets
from lms.credit.evidence import lock_people
from lms.credit.models import Certificate, CertificateEvent, RuleSetRow
from lms.credit.trail import event_said
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.audit import AuditEntry, record
from lms.kernel.clock import local_day
from lms.kernel.db import table

REASON = "ended as its rule set says"


def expire(session: Session, now: datetime) -> int:
    """Write down what has expired by today, in each certificate's own time zone. Returns how many.

    Nothing is read where no rule set ends what it awards.
    """
    if not any(rules.valid_years for rules in read_rule_sets(session)):
        return 0
    seen = _due(session, now)
    if not seen:
        return 0
    locked = {row.enrollment_id for row in seen}
    lock_people(session, locked)
    # Again after the lock: one of them may have been corrected or revoked while this waited for it.
    due = _due(session, now, locked)
    if not due:
        return 0
    session.connection().execute(
        sa.insert(table(CertificateEvent)),
        [
            {"enrollment_id": row.enrollment_id, "sequence": row.sequence, "event": row.last_event + 1,
             "kind": "expired", "actor_id": None, "reason": REASON, "at": now}
            for row in due
        ],
    )  # fmt: skip
    for row in due:
        place = json.loads(row.frozen)["person"]["organization"]
        entry = AuditEntry(
            organization_id=place["district_id"] if place is not None else 0, stream="credit", actor_id=None,
            action="certificate.expired", subject=f"certificates:{row.enrollment_id}:{row.sequence}",
            digest=event_said(row.digest, "expired", now, REASON),
        )  # fmt: skip
        record(session, entry, now)
    return len(due)


def unnoticed(session: Session, now: datetime) -> tuple[int, ...]:
    """Enrollments whose certificate has expired by today, which nobody has written down yet. One query where
    no rule set ends what it awards, else two."""
    if not session.scalar(sa.select(sa.exists().where(RuleSetRow.data.like('%"valid_years":%')))):
        return ()
    return tuple(row.enrollment_id for row in _due(session, now))


def _due(session: Session, now: datetime, locked: Collection[int] | None = None) -> list[sa.Row[Any]]:
    """Certificates in force that have expired by today; `locked`: of these enrollments alone."""
    happened = aliased(CertificateEvent)
    of_this = (happened.enrollment_id == Certificate.enrollment_id, happened.sequence == Certificate.sequence)
    last_event = sa.select(sa.func.max(happened.event)).where(*of_this).correlate(Certificate)
    over = session.execute(
        sa.select(
            Certificate.enrollment_id, Certificate.sequence, Certificate.digest, Certificate.frozen,
            Enrollment.time_zone, last_event.scalar_subquery().label("last_event"),
        )
        .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
        .where(
            Certificate.frozen.like('%"expires_on":"%'),
            ~sa.exists().where(*of_this, happened.kind != "issued"),
            sa.true() if locked is None else among(Certificate.enrollment_id, sorted(locked)),
        )
    ).all()  # fmt: skip
    return [row for row in over if json.loads(row.frozen)["expires_on"] <= f"{local_day(now, row.time_zone)}"]
