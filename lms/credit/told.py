"""The audit of the trail: it tells of each posting, certificate and event as it is, and of no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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


def trail_faults(session: Session) -> Iterator[Fault]:
    """Compared by sum first, so that neither side is held whole; which differ is asked only when some do."""
    kinds: tuple[tuple[tuple[str, ...], Callable[[Session], Iterator[Pair]]], ...] = (
        (("ledger.posted",), _postings),
        (("certificate.issued",), _certificates),
        (("certificate.corrected", "certificate.expired", "certificate.revoked"), _events),
    )
    sums = _sums(_told(session, [action for actions, _ in kinds for action in actions]))
    for actions, written in kinds:
        expected = _sums((actions[0], *pair) for pair in written(session))
        if expected[actions[0]] == sum(sums[action] for action in actions):
            continue
        there = set(written(session))
        told = {(subject, said) for _, subject, said in _told(session, actions)}
        for subject, _ in sorted(there - told):
            yield Fault(subject, "trail", "the audit trail does not tell of it as it is")
        for subject, _ in sorted(told - there):
            yield Fault(subject, "trail", "the audit trail tells of it otherwise")
        if there == told:
            yield Fault("audit_events", "trail", f"something is told twice under {actions[0]}")


def _sums(told: Iterable[tuple[str, str, str]]) -> Counter[str]:
    """Action -> a sum over all that is told under it: equal for equal things in any order."""
    totals: Counter[str] = Counter()
    for action, subject, said in told:
        # One more than the digest, so that nothing adds nothing.
        totals[action] += 1 + int.from_bytes(blake2b(f"{subject} {said}".encode(), digest_size=24).digest())
    return totals


def _told(session: Session, actions: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    statement = sa.select(TOLD.action, TOLD.subject, TOLD.digest)
    yield from _streamed(session, statement.where(TOLD.stream == "credit", TOLD.action.in_(actions)))


def _postings(session: Session) -> Iterator[Pair]:
    row = POSTINGS
    statement = sa.select(row.enrollment_id, row.number, row.digest, row.at, row.reason)
    for enrollment_id, number, said, at, reason in _streamed(session, statement):
        yield f"ledger_postings:{enrollment_id}:{number}", posting_said(said, at, reason)


def _certificates(session: Session) -> Iterator[Pair]:
    row = CERTIFICATES
    statement = sa.select(
        row.enrollment_id, row.sequence, row.digest, row.number, row.issued_at, row.through_posting
    )
    for enrollment_id, sequence, said, number, issued_at, through in _streamed(session, statement):
        yield f"certificates:{enrollment_id}:{sequence}", certificate_said(said, number, issued_at, through)


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
