"""The audit of the trail: it tells of each posting, certificate and event as it is, and of no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.credit.kept import Fault
from lms.credit.models import Certificate, CertificateEvent, LedgerPosting
from lms.credit.trail import certificate_said, event_said, posting_said
from lms.kernel.audit import AuditEvent
from lms.kernel.db import table

POSTINGS, CERTIFICATES = table(LedgerPosting).c, table(Certificate).c
EVENTS, TOLD = table(CertificateEvent).c, table(AuditEvent).c
Pair = tuple[str, str]
"""Subject, and the digest of what is said of it."""


class Written:
    """Sums over what was written, kept while it is read for other reasons: neither side is held whole."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()

    def posting(self, *row: Any) -> None:
        """`row`: enrollment, number, digest, moment, reason."""
        self.sums["ledger.posted"] += _weight(*_posting(*row))

    def certificate(self, *row: Any) -> None:
        """`row`: enrollment, sequence, digest, number, day of issue, posting."""
        self.sums["certificate.issued"] += _weight(*_certificate(*row))


def trail_faults(session: Session, written: Written) -> Iterator[Fault]:
    """Compared by sum first; which differ is asked only when some do."""
    kinds: tuple[tuple[tuple[str, ...], Callable[[Session], Iterator[Pair]]], ...] = (
        (("ledger.posted",), _postings),
        (("certificate.issued",), _certificates),
        (("certificate.corrected", "certificate.expired", "certificate.revoked"), _events),
    )
    sums: Counter[str] = Counter()
    for action, subject, said in _told(session, [action for actions, _ in kinds for action in actions]):
        sums[action] += _weight(subject, said)
    for subject, said in _events(session):
        written.sums["certificate.corrected"] += _weight(subject, said)
    for actions, read in kinds:
        if written.sums[actions[0]] == sum(sums[action] for action in actions):
            continue
        there = set(read(session))
        told = {(subject, said) for _, subject, said in _told(session, actions)}
        for subject, _ in sorted(there - told):
            yield Fault(subject, "trail", "the audit trail does not tell of it as it is")
        for subject, _ in sorted(told - there):
            yield Fault(subject, "trail", "the audit trail tells of it otherwise")
        if there == told:
            yield Fault(
                "audit_events", "trail", f"something is told twice under {actions[0]}, or is nobody's"
            )


def _weight(subject: str, said: str) -> int:
    """Equal things in any order have equal sums. One more than the digest, so that nothing adds nothing."""
    return 1 + int.from_bytes(blake2b(f"{subject} {said}".encode(), digest_size=24).digest())


def _told(session: Session, actions: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    statement = sa.select(TOLD.action, TOLD.subject, TOLD.digest)
    yield from _streamed(session, statement.where(TOLD.stream == "credit", TOLD.action.in_(actions)))


def _postings(session: Session) -> Iterator[Pair]:
    row = POSTINGS
    statement = sa.select(row.enrollment_id, row.number, row.digest, row.at, row.reason)
    for found in _streamed(session, statement):
        yield _posting(*found)


def _posting(enrollment_id: int, number: int, said: str, at: datetime, reason: str) -> Pair:
    return f"ledger_postings:{enrollment_id}:{number}", posting_said(said, at, reason)


def _certificates(session: Session) -> Iterator[Pair]:
    row = CERTIFICATES
    statement = sa.select(
        row.enrollment_id, row.sequence, row.digest, row.number, row.issued_at, row.through_posting
    )
    for found in _streamed(session, statement):
        yield _certificate(*found)


def _certificate(
    enrollment_id: int, sequence: int, said: str, number: str, issued_at: datetime, through: int
) -> Pair:
    return f"certificates:{enrollment_id}:{sequence}", certificate_said(said, number, issued_at, through)


def _events(session: Session) -> Iterator[Pair]:
    row, of = EVENTS, CERTIFICATES
    statement = (
        sa.select(row.enrollment_id, row.sequence, of.digest, row.kind, row.at, row.reason)
        .join_from(
            table(CertificateEvent),
            table(Certificate),
            sa.and_(of.enrollment_id == row.enrollment_id, of.sequence == row.sequence),
        )
        .where(row.kind != "issued")
    )
    for enrollment_id, sequence, *said in _streamed(session, statement):
        yield f"certificates:{enrollment_id}:{sequence}", event_said(*said)


def _streamed(session: Session, statement: sa.Select[*tuple[Any, ...]]) -> Iterator[Any]:
    with session.connection().execute(statement.execution_options(yield_per=1000)) as rows:
        yield from rows
