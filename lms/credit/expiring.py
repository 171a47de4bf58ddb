"""Writes about certificates that end by themselves, where a rule set says so."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.credit.authority import read_rule_sets
from lms.credit.evidence import lock_people
from lms.credit.models import Certificate, CertificateEvent
from lms.credit.trail import event_said
from lms.enrollments.models import Enrollment
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
    later = aliased(CertificateEvent)
    over = session.execute(
        sa.select(
            Certificate.enrollment_id, Certificate.sequence, Certificate.digest, Certificate.frozen,
            Certificate.organization_id, Enrollment.time_zone,
        )
        .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
        .where(
            Certificate.frozen.like('%"expires_on":"%'),
            ~sa.exists().where(
                later.enrollment_id == Certificate.enrollment_id,
                later.sequence == Certificate.sequence,
                later.kind != "issued",
            ),
        )
    ).all()  # fmt: skip
    due = [row for row in over if json.loads(row.frozen)["expires_on"] <= f"{local_day(now, row.time_zone)}"]
    if not due:
        return 0
    lock_people(session, {row.enrollment_id for row in due})
    session.connection().execute(
        sa.insert(table(CertificateEvent)),
        [
            {"enrollment_id": row.enrollment_id, "sequence": row.sequence, "event": 2, "kind": "expired",
             "actor_id": None, "reason": REASON, "at": now}
            for row in due
        ],
    )  # fmt: skip
    for row in due:
        subject = f"certificates:{row.enrollment_id}:{row.sequence}"
        entry = AuditEntry(
            organization_id=0, stream="credit", actor_id=None, action="certificate.expired",
            subject=subject, digest=event_said(row.digest, "expired", now, REASON),
        )  # fmt: skip
        record(session, entry, now)
    return len(due)
