"""What a settle writes: differences only, a few batches, whatever the number of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import Session

from lms.completion.models import CompletionSnapshot
from lms.completion.queries import SnapshotRow
from lms.credit.authority import Standings
from lms.credit.certifying import Printable
from lms.credit.evidence import CertificateRead, Evidence
from lms.credit.frozen import gate_values
from lms.credit.ledger import Entry, placed, posting_digest
from lms.credit.models import (
    Award,
    Certificate,
    CertificateEvent,
    CreditCycle,
    LedgerEntry,
    LedgerPosting,
)
from lms.credit.reckoning import Reckoning
from lms.credit.trail import certificate_said, event_said, posting_said
from lms.enrollments.models import Enrollment
from lms.kernel.audit import AuditEntry, record
from lms.kernel.canonical import canonical, digest
from lms.kernel.db import table
from lms.kernel.keys import certificate_number


class Certified(Struct, frozen=True):
    enrollment_id: int
    sequence: int
    printable: Printable
    replaces: CertificateRead | None


class Ended(Struct, frozen=True):
    certificate: CertificateRead
    kind: Literal["corrected", "revoked"]


class Writing(Struct):
    """What was decided and is not written yet."""

    evidence: Evidence
    decided: Mapping[int, Reckoning]
    now: datetime
    actor_id: int | None
    reason: str
    completed: list[int] = field(default_factory=list)
    certified: list[Certified] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    snapshots_new: list[SnapshotRow] = field(default_factory=list)
    snapshots_changed: list[SnapshotRow] = field(default_factory=list)
    postings: int = 0


def write(session: Session, writing: Writing, standings: Standings | None) -> dict[int, str]:
    """Write it all, parents before children. Returns the new certificate numbers by enrollment."""
    owners = {row.id: row.user_id for rows in writing.evidence.enrollments.values() for row in rows}
    last = _post(session, writing, standings, owners)
    numbers = _certify(session, writing, standings, owners, last)
    _insert_or_update(session, writing)
    for enrollment_id in writing.completed:
        _note(session, writing, standings, owners[enrollment_id], "enrollment.completed",
              f"enrollments:{enrollment_id}", "")  # fmt: skip
    return numbers


def _post(
    session: Session, writing: Writing, standings: Standings | None, owners: Mapping[int, int]
) -> dict[int, int]:
    """Cycles, postings, entries. Returns the last posting of each enrollment."""
    last = dict(standings.last_postings) if standings is not None else {}
    due = {user_id: r.entries for user_id, r in writing.decided.items() if r.entries}
    if not due:
        return last
    cycles: list[dict[str, Any]] = []
    entries: list[Entry] = []
    for user_id, mine in due.items():
        have = {cycle.number for cycle in writing.evidence.cycles.get(user_id, ())}
        needed = max(entry.cycle for entry in mine)
        for cycle in writing.decided[user_id].cycles:
            if cycle.number <= needed and cycle.number not in have:
                follows = cycle.starts_on if cycle.number > 1 else None
                cycles.append(
                    {"user_id": user_id, "number": cycle.number, "starts_on": cycle.starts_on,
                     "ends_on": cycle.ends_on, "follows_on": follows}
                )  # fmt: skip
        entries.extend(placed(mine, last))
    if cycles:
        session.connection().execute(sa.insert(table(CreditCycle)), cycles)
    postings: dict[tuple[int, int], list[Entry]] = {}
    for entry in entries:
        postings.setdefault((entry.enrollment_id, entry.posting), []).append(entry)
    rows = []
    for (enrollment_id, number), members in sorted(postings.items()):
        said = posting_digest(members)
        rows.append(
            {"enrollment_id": enrollment_id, "number": number, "user_id": owners[enrollment_id],
             "at": writing.now, "actor_id": writing.actor_id, "reason": writing.reason, "digest": said}
        )  # fmt: skip
        _note(session, writing, standings, owners[enrollment_id], "ledger.posted",
              f"ledger_postings:{enrollment_id}:{number}",
              posting_said(said, writing.now, writing.reason))  # fmt: skip
        last[enrollment_id] = number
    session.connection().execute(sa.insert(table(LedgerPosting)), rows)
    writing.postings = len(rows)
    # By sequence: a reversal must find its credit, and foreign keys are checked row by row.
    entries.sort(key=lambda e: (e.sequence, e.enrollment_id, e.posting, e.line))
    session.connection().execute(
        sa.insert(table(LedgerEntry)), [_entry_row(e, owners[e.enrollment_id]) for e in entries]
    )
    return last


def _entry_row(entry: Entry, user_id: int) -> dict[str, Any]:
    return {
        "enrollment_id": entry.enrollment_id,
        "posting": entry.posting,
        "line": entry.line,
        "user_id": user_id,
        "cycle": entry.cycle,
        "credit_key": entry.credit_key,
        "sequence": entry.sequence,
        "effect": entry.effect,
        "minutes": entry.minutes,
        "reverses": entry.reverses,
        "follows": entry.follows,
        "source_key": entry.source_key,
        "kind": entry.kind,
        "version_id": entry.version_id,
        "earned_on": entry.earned_on,
        "topic": entry.topic,
        "fact": entry.fact,
    }


def _certify(
    session: Session,
    writing: Writing,
    standings: Standings | None,
    owners: Mapping[int, int],
    last: Mapping[int, int],
) -> dict[int, str]:
    certificates: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    awards: list[dict[str, Any]] = []
    numbers: dict[int, str] = {}
    for ended in writing.ended:
        old = ended.certificate
        events.append(_event(writing, old.enrollment_id, old.sequence, old.events + 1, ended.kind))
        _note(session, writing, standings, owners[old.enrollment_id], f"certificate.{ended.kind}",
              f"certificates:{old.enrollment_id}:{old.sequence}",
              event_said(old.digest, ended.kind, writing.now, writing.reason))  # fmt: skip
    for made in writing.certified:
        number, text = certificate_number(), canonical(made.printable.frozen)
        numbers[made.enrollment_id] = number
        before = made.replaces
        certificates.append(
            {
                "enrollment_id": made.enrollment_id,
                "sequence": made.sequence,
                "number": number,
                "organization_id": before.organization_id if before else made.printable.organization_id,
                "completed_on": made.printable.completed_on,
                "through_posting": last[made.enrollment_id],
                "minutes": made.printable.minutes,
                "first_award_on": made.printable.first_award_on,
                "issued_at": writing.now,
                "replaces": before.sequence if before else None,
                "frozen": text,
                "digest": digest(text),
            }
        )
        events.append(_event(writing, made.enrollment_id, made.sequence, 1, "issued"))
        awards.extend(_award_rows(made))
        said = certificate_said(digest(text), number, writing.now, last[made.enrollment_id])
        _note(session, writing, standings, owners[made.enrollment_id], "certificate.issued",
              f"certificates:{made.enrollment_id}:{made.sequence}", said)  # fmt: skip
    if certificates:
        session.connection().execute(sa.insert(table(Certificate)), certificates)
        session.connection().execute(sa.insert(table(Award)), awards)
    if events:
        session.connection().execute(sa.insert(table(CertificateEvent)), events)
    return numbers


def _event(writing: Writing, enrollment_id: int, sequence: int, event: int, kind: str) -> dict[str, Any]:
    return {
        "enrollment_id": enrollment_id,
        "sequence": sequence,
        "event": event,
        "kind": kind,
        "actor_id": writing.actor_id,
        "reason": writing.reason,
        "at": writing.now,
    }


def _award_rows(made: Certified) -> list[dict[str, Any]]:
    return [
        {
            "enrollment_id": made.enrollment_id,
            "certificate_sequence": made.sequence,
            "rule_key": award.rule_set.key,
            "rule_version": award.rule_set.version,
            "minutes": award.minutes,
            "units_hundredths": award.units_hundredths,
            "met_on": award.met_on,
            "gates": gate_values(award),
            "body_id": made.printable.body_id,
            "registration": award.registration.number if award.registration else None,
        }
        for award in made.printable.awards
    ]


def _insert_or_update(session: Session, writing: Writing) -> None:
    if writing.completed:
        session.connection().execute(
            sa.update(table(Enrollment))
            .where(table(Enrollment).c.id == sa.bindparam("one"))
            .values(state="completed"),
            [{"one": enrollment_id} for enrollment_id in writing.completed],
        )
    if writing.snapshots_new:
        session.connection().execute(
            sa.insert(table(CompletionSnapshot)), [_snapshot(row) for row in writing.snapshots_new]
        )
    if writing.snapshots_changed:
        session.connection().execute(
            sa.update(table(CompletionSnapshot)).where(
                table(CompletionSnapshot).c.enrollment_id == sa.bindparam("one")
            ),
            [_snapshot(row) | {"one": row.enrollment_id} for row in writing.snapshots_changed],
        )


def _snapshot(row: SnapshotRow) -> dict[str, Any]:
    return {
        "enrollment_id": row.enrollment_id,
        "complete": row.complete,
        "done": row.done,
        "needed": row.needed,
        "unmet": [
            [unmet.key, unmet.reason, *([unmet.missing] if unmet.missing else ())] for unmet in row.unmet
        ],
        "completed_on": row.completed_on,
        "minutes": row.minutes,
        "certificate_current": row.certificate_current,
    }


def _note(
    session: Session,
    writing: Writing,
    standings: Standings | None,
    user_id: int,
    action: str,
    subject: str,
    said: str,
) -> None:
    place = standings.places.get(user_id) if standings is not None else None
    entry = AuditEntry(
        organization_id=place.district_id if place is not None else 0,
        stream="credit",
        actor_id=writing.actor_id,
        action=action,
        subject=subject,
        digest=said,
    )
    record(session, entry, writing.now)
