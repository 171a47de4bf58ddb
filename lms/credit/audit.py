"""The audit: every certificate, posting and chain re-derived, in constant memory at any number of people.

No column with words that somebody wrote is read: texts may all be gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.completion.evidence import facts_of
from lms.content.nodes import Course
from lms.courses.models import CourseVersion
from lms.courses.queries import load_compiled
from lms.credit.checking import (
    Fault,
    Kept,
    KeptAward,
    Known,
    certificate_faults,
    in_force_faults,
    ledger_faults,
)
from lms.credit.evidence import read_enrollments, read_entries
from lms.credit.ledger import Entry
from lms.credit.models import Award, Certificate, CertificateEvent, LedgerPosting, RuleSetRow
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.audit import AuditEvent
from lms.kernel.canonical import digest
from lms.kernel.sealing import verify

BATCH = 200
"""People read at once."""


def audit(
    session: Session,
    keys: Mapping[str, bytes] | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Fault]:
    """Every fault in certificates, ledger and audit trail.

    `keys` (key id -> key) prove the seals; without them a sealed trail is a fault, since nothing vouches for
    it. `progress` is told how many certificates were just done.
    """
    digests = {
        row.id: row.digest for row in session.execute(sa.select(CourseVersion.id, CourseVersion.digest))
    }
    rule_sets = {
        (row.key, row.version): row.data
        for row in session.execute(sa.select(RuleSetRow.key, RuleSetRow.version, RuleSetRow.data))
    }
    for people in _people(session):
        known = _known(session, people, digests, rule_sets)
        certificates = _certificates(session, people)
        yield from ledger_faults(known)
        for _, group in groupby(certificates, key=lambda row: row.enrollment_id):
            rows = list(group)
            yield from in_force_faults(rows)
            for row in rows:
                yield from certificate_faults(row, rows[0], known)
        if progress is not None:
            progress(len(certificates))
    yield from _trail(session)
    for detail in verify(session, keys or {}):
        yield Fault("audit_events", "chain", detail)


def _people(session: Session) -> Iterator[list[int]]:
    """Ids of everybody with a posting, some at a time."""
    last = -1
    while True:
        ids = list(
            session.scalars(
                sa.select(LedgerPosting.user_id)
                .where(LedgerPosting.user_id > last)
                .distinct()
                .order_by(LedgerPosting.user_id)
                .limit(BATCH)
            )
        )
        if not ids:
            return
        yield ids
        last = ids[-1]


def _known(
    session: Session,
    people: list[int],
    digests: Mapping[int, str],
    rule_sets: Mapping[tuple[str, int], str],
) -> Known:
    enrollments = read_enrollments(session, people)
    zones = {row.id: row.time_zone for rows in enrollments.values() for row in rows}
    entries: dict[int, list[Entry]] = defaultdict(list)
    for held in read_entries(session, people).values():
        for entry in held:
            entries[entry.enrollment_id].append(entry)
    facts = {fact.ref: fact for found in facts_of(session, zones).values() for fact in found}
    named = {row.version_id for rows in enrollments.values() for row in rows}
    named |= {fact.version_id for fact in facts.values()}
    versions: dict[int, Course] = {number: load_compiled(session, number) for number in sorted(named)}
    return Known(
        facts=facts,
        entries=entries,
        postings={
            (row.enrollment_id, row.number): row.digest
            for row in session.execute(
                sa.select(LedgerPosting.enrollment_id, LedgerPosting.number, LedgerPosting.digest).where(
                    among(LedgerPosting.enrollment_id, zones)
                )
            )
        },
        awards=_awards(session, zones),
        versions=versions,
        digests=digests,
        rule_sets=rule_sets,
    )


def _awards(session: Session, enrollments: Mapping[int, str]) -> dict[tuple[int, int], list[KeptAward]]:
    found: dict[tuple[int, int], list[KeptAward]] = defaultdict(list)
    for row in session.execute(
        sa.select(
            Award.enrollment_id, Award.certificate_sequence, Award.rule_key, Award.rule_version,
            Award.minutes, Award.units_hundredths, Award.met_on, Award.gates, Award.registration,
        ).where(among(Award.enrollment_id, enrollments))
    ):  # fmt: skip
        found[row.enrollment_id, row.certificate_sequence].append(
            KeptAward(
                row.rule_key, row.rule_version, row.minutes, row.units_hundredths, row.met_on, row.gates,
                row.registration,
            )
        )  # fmt: skip
    return found


def _certificates(session: Session, people: list[int]) -> list[Kept]:
    end = aliased(CertificateEvent)
    rows = session.execute(
        sa.select(
            Certificate.enrollment_id, Certificate.sequence, Certificate.through_posting,
            Certificate.minutes, Certificate.first_award_on, Certificate.completed_on, Certificate.frozen,
            Certificate.digest, end.kind,
        )
        .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
        .outerjoin(
            end,
            sa.and_(
                end.enrollment_id == Certificate.enrollment_id,
                end.sequence == Certificate.sequence,
                end.kind.in_(("corrected", "revoked")),
            ),
        )
        .where(among(Enrollment.user_id, people))
        .order_by(Certificate.enrollment_id, Certificate.sequence)
    )  # fmt: skip
    return [
        Kept(
            row.enrollment_id, row.sequence, row.through_posting, row.minutes, row.first_award_on,
            row.completed_on, row.frozen, row.digest, row.kind,
        )
        for row in rows
    ]  # fmt: skip


def _trail(session: Session) -> Iterator[Fault]:
    """Each posting and certificate stands in the trail with its digest, and the trail tells of no other.

    Compared by sum first, so that neither side is held whole; which ones differ is asked only when some do.
    """
    for action, written in (
        ("ledger.posted", _postings_written),
        ("certificate.issued", _certificates_written),
    ):
        if _sum(written(session)) == _sum(_told(session, action)):
            continue
        there, told = set(written(session)), set(_told(session, action))
        for subject, _ in sorted(there - told):
            yield Fault(subject, "trail", "the audit trail does not tell of it as it is")
        for subject, _ in sorted(told - there):
            yield Fault(subject, "trail", "the audit trail tells of it otherwise")
        if there == told:
            yield Fault("audit_events", "trail", f"something is told twice under {action}")


def _sum(pairs: Iterator[tuple[str, str]]) -> tuple[int, int]:
    count = total = 0
    for subject, said in pairs:
        count += 1
        total = (total + int(digest(f"{subject} {said}"), 16)) % (1 << 256)
    return count, total


def _told(session: Session, action: str) -> Iterator[tuple[str, str]]:
    statement = sa.select(AuditEvent.subject, AuditEvent.digest).where(
        AuditEvent.stream == "credit", AuditEvent.action == action
    )
    with session.execute(statement.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield row.subject, row.digest


def _postings_written(session: Session) -> Iterator[tuple[str, str]]:
    statement = sa.select(LedgerPosting.enrollment_id, LedgerPosting.number, LedgerPosting.digest)
    with session.execute(statement.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield f"ledger_postings:{row.enrollment_id}:{row.number}", row.digest


def _certificates_written(session: Session) -> Iterator[tuple[str, str]]:
    statement = sa.select(Certificate.enrollment_id, Certificate.sequence, Certificate.digest)
    with session.execute(statement.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield f"certificates:{row.enrollment_id}:{row.sequence}", row.digest
