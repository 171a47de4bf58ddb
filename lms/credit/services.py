"""The one door to completion: `settle` compares facts with what is written and writes the difference.

Whoever adds facts calls it in the same transaction. It locks the people first and reads after that, so the
last of two writers sees the facts of both. Settling twice writes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import Session

from lms.completion.queries import SnapshotRow, snapshots
from lms.completion.rules import CompletionStatus
from lms.content.nodes import Course
from lms.courses.queries import load_compiled
from lms.credit.authority import Standings, read_standings
from lms.credit.certifying import Person, Pinned, Printable, printable, reissued
from lms.credit.evidence import CertificateRead, EnrollmentRead, Evidence, lock_people, read_evidence
from lms.credit.models import RuleSetRow
from lms.credit.reckoning import Reckoning, Taken, reckon
from lms.credit.rulebook import shipped
from lms.credit.ruleset import RuleSet
from lms.credit.writing import Certified, Ended, Writing, write
from lms.kernel.canonical import canonical, digest
from lms.kernel.clock import local_day
from lms.kernel.errors import NotFound, RuleBroken


class Issued(Struct, frozen=True):
    enrollment_id: int
    sequence: int
    number: str


class Changes(Struct, frozen=True):
    """What a settle did, and where each enrollment of these people stands now."""

    completed: tuple[int, ...] = ()
    """Enrollments that became complete by this settle."""
    certificates: tuple[Issued, ...] = ()
    postings: int = 0
    due: tuple[int, ...] = ()
    """Enrollments whose certificate in force no longer says what would be printed."""
    ready: tuple[int, ...] = ()
    """Those of `due` that `amend` can replace; the others are no longer complete and can only be revoked."""
    statuses: Mapping[int, CompletionStatus] = field(default_factory=dict)


def settle(
    session: Session,
    enrollment_ids: Iterable[int],
    now: datetime,
    actor_id: int | None,
    reason: str,
    amend: Collection[int] = (),
) -> Changes:
    """Bring ledger, completion and first certificates of these people up to their facts.

    The number of statements does not depend on the number of ids; commit every 500 people. `amend` names
    enrollments for which a person wants the next certificate where the one in force is due; RuleBroken:
    no_certificate, not_complete, reason_missing. A certificate that is current stays.
    """
    return _settle(session, enrollment_ids, now, actor_id, reason, frozenset(amend), frozenset())


def revoke(session: Session, enrollment_id: int, now: datetime, actor_id: int, reason: str) -> Changes:
    """End the certificate in force for good: the enrollment pays its live sessions and nothing else.

    RuleBroken: no_certificate, reason_missing.
    """
    if not reason.strip():
        raise RuleBroken("reason_missing", "reason")
    return _settle(session, [enrollment_id], now, actor_id, reason, frozenset(), frozenset([enrollment_id]))


def seen_rule_sets(session: Session) -> dict[tuple[str, int], str]:
    """Of every rule set that a start has seen, by key and version: the digest of its text."""
    rows = session.execute(sa.select(RuleSetRow.key, RuleSetRow.version, RuleSetRow.digest))
    return {(row.key, row.version): row.digest for row in rows}


def register_rule_sets(session: Session, rule_sets: Sequence[RuleSet] | None = None) -> date | None:
    """Keep every rule set that is new, for good. Returns the first day on which one of them is in force.

    RuleBroken('rule_set_changed', 'KEY VERSION') when the file of a version says something else than it did
    when it was first seen: awards rest on it, so a change is a new version.
    """
    rule_sets = shipped() if rule_sets is None else rule_sets
    known = seen_rule_sets(session)
    rows: list[dict[str, Any]] = []
    for rules in rule_sets:
        text = canonical(dict(rules.data))
        seen = known.get((rules.key, rules.version))
        if seen is None:
            rows.append(
                {"key": rules.key, "version": rules.version, "effective_from": rules.effective_from,
                 "effective_to": rules.effective_to, "data": text, "digest": digest(text)}
            )  # fmt: skip
        elif seen != digest(text):
            raise RuleBroken("rule_set_changed", f"{rules.key} {rules.version}")
    if rows:
        session.execute(sa.insert(RuleSetRow), rows)
    return min((row["effective_from"] for row in rows), default=None)


def _settle(
    session: Session,
    enrollment_ids: Iterable[int],
    now: datetime,
    actor_id: int | None,
    reason: str,
    amend: frozenset[int],
    revoked: frozenset[int],
) -> Changes:
    ids = sorted({*enrollment_ids, *amend, *revoked})
    if not ids:
        return Changes()
    if amend and not reason.strip():
        raise RuleBroken("reason_missing", "reason")
    evidence = read_evidence(session, lock_people(session, ids))
    known = {row.id for rows in evidence.enrollments.values() for row in rows}
    if not known.issuperset(ids):
        raise NotFound
    _refuse_without_certificate(evidence, amend | revoked)
    versions = _versions(session, evidence)
    before = snapshots(session, known)
    decided = {
        user_id: _reckon(evidence, user_id, revoked, versions) for user_id in sorted(evidence.enrollments)
    }
    statuses = {
        enrollment_id: standing.status
        for reckoning in decided.values()
        for enrollment_id, standing in reckoning.standings.items()
    }
    writing = Writing(evidence, decided, now, actor_id, reason)
    # Only who completes, is paid or loses something needs the rest; most settles are about one more lesson.
    standings = None
    if (
        revoked
        or any(status.complete for status in statuses.values())
        or any(r.entries for r in decided.values())
    ):
        standings = read_standings(session, evidence)
    for user_id, reckoning in decided.items():
        for enrollment in evidence.enrollments[user_id]:
            _decide_one(writing, user_id, enrollment, reckoning, versions, standings, before, amend, revoked)
    numbers = write(session, writing, standings)
    return Changes(
        completed=tuple(writing.completed),
        certificates=tuple(
            Issued(made.enrollment_id, made.sequence, numbers[made.enrollment_id])
            for made in writing.certified
        ),
        postings=writing.postings,
        due=tuple(writing.due),
        ready=tuple(writing.ready),
        statuses=statuses,
    )


def _refuse_without_certificate(evidence: Evidence, wanted: Iterable[int]) -> None:
    for enrollment_id in wanted:
        if _in_force(evidence.certificates.get(enrollment_id, ())) is None:
            raise RuleBroken("no_certificate")


def _in_force(certificates: Sequence[CertificateRead]) -> CertificateRead | None:
    last = certificates[-1] if certificates else None
    return None if last is None or last.end is not None else last


def _versions(session: Session, evidence: Evidence) -> dict[int, Course]:
    ids = {row.version_id for rows in evidence.enrollments.values() for row in rows}
    ids |= {fact.version_id for facts in evidence.facts.values() for fact in facts}
    ids |= {entry.version_id for entries in evidence.entries.values() for entry in entries}
    return {version_id: load_compiled(session, version_id) for version_id in sorted(ids)}


def _reckon(
    evidence: Evidence, user_id: int, revoked: frozenset[int], versions: Mapping[int, Course]
) -> Reckoning:
    taken = [
        taken_from(evidence, enrollment, revoked=enrollment.id in revoked)
        for enrollment in evidence.enrollments[user_id]
    ]
    return reckon(taken, evidence.entries.get(user_id, ()), evidence.cycles.get(user_id, ()), versions)


def taken_from(evidence: Evidence, enrollment: EnrollmentRead, revoked: bool = False) -> Taken:
    """The enrollment as the rules see it; a revoked certificate makes it void."""
    ends = [certificate.end for certificate in evidence.certificates.get(enrollment.id, ())]
    return Taken(
        id=enrollment.id,
        course_key=enrollment.course_key,
        version_id=enrollment.version_id,
        enrolled_on=enrollment.enrolled_on,
        required_minutes=enrollment.required_minutes,
        void=revoked or "revoked" in ends,
        facts=tuple(evidence.facts[enrollment.id]),
    )


def _decide_one(
    writing: Writing,
    user_id: int,
    enrollment: EnrollmentRead,
    reckoning: Reckoning,
    versions: Mapping[int, Course],
    standings: Standings | None,
    before: Mapping[int, SnapshotRow],
    amend: frozenset[int],
    revoked: frozenset[int],
) -> None:
    evidence = writing.evidence
    status = reckoning.standings[enrollment.id].status
    certificates = evidence.certificates.get(enrollment.id, [])
    in_force = _in_force(certificates)
    if enrollment.id in revoked and in_force is not None:
        writing.ended.append(Ended(in_force, "revoked"))
        in_force = None
    today = None
    if standings is not None:
        today = _today(writing, user_id, enrollment, reckoning, versions, standings, in_force)
    current = None
    if in_force is not None:
        current = today is not None and digest(canonical(today.frozen)) == in_force.digest
    if today is not None and not certificates:
        writing.certified.append(Certified(enrollment.id, 1, today, None))
        current = True
    elif enrollment.id in amend and in_force is not None and not current:
        if today is None:
            raise RuleBroken("not_complete")
        writing.ended.append(Ended(in_force, "corrected"))
        next_one = reissued(today, local_day(writing.now, enrollment.time_zone))
        writing.certified.append(Certified(enrollment.id, in_force.sequence + 1, next_one, in_force))
        current = True
    if current is False:
        writing.due.append(enrollment.id)
        if today is not None:
            writing.ready.append(enrollment.id)
    if status.complete and enrollment.state != "completed":
        writing.completed.append(enrollment.id)
    row = SnapshotRow(
        enrollment_id=enrollment.id,
        complete=status.complete,
        done=status.done,
        needed=status.needed,
        unmet=status.unmet,
        completed_on=status.completed_on,
        minutes=sum(e.minutes for e in reckoning.live.values() if e.enrollment_id == enrollment.id),
        certificate_current=current,
    )
    if before.get(enrollment.id) != row:
        (writing.snapshots_changed if enrollment.id in before else writing.snapshots_new).append(row)


def _today(
    writing: Writing,
    user_id: int,
    enrollment: EnrollmentRead,
    reckoning: Reckoning,
    versions: Mapping[int, Course],
    standings: Standings,
    in_force: CertificateRead | None,
) -> Printable | None:
    evidence = writing.evidence
    name, job = evidence.people[user_id]
    person = Person(user_id, name, job, standings.places.get(user_id), standings.licenses.get(user_id, ()))
    pinned = Pinned(
        versions[enrollment.version_id],
        enrollment.version_id,
        enrollment.version_number,
        enrollment.cohort_scopes,
    )
    return printable(
        person,
        taken_from(evidence, enrollment, revoked=reckoning.standings[enrollment.id].void),
        pinned,
        reckoning,
        versions,
        standings.authority,
        in_force.frozen if in_force is not None else None,
        local_day(writing.now, enrollment.time_zone),
    )
