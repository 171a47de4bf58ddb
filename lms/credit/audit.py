"""The audit: does every certificate still follow from the facts that it names?

Reads no text that anybody wrote and nothing 'as of a time' (clocks are not commit order): a frozen row names
its facts, and they are looked up by name. People are taken some hundred at a time, so memory stays the same
at any number of certificates.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.completion.evidence import facts_of
from lms.completion.rules import Attendance, Fact, contacts, evaluate
from lms.courses.models import CourseVersion
from lms.courses.queries import load_compiled
from lms.credit.evidence import read_enrollments, read_entries
from lms.credit.frozen import explain
from lms.credit.ledger import Entry, posting_digest
from lms.credit.lines import targets
from lms.credit.models import Award, Certificate, LedgerPosting, RuleSetRow
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.canonical import canonical, digest
from lms.kernel.sealing import verify

BATCH = 200
"""People read at once."""

Frozen = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """`subject` is the natural key of what is wrong, `code` one word, `detail` what was found."""

    subject: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the certificates of a batch of people are held against."""

    facts: Mapping[str, Fact]
    entries: Mapping[int, list[Entry]]
    """By enrollment."""
    postings: Mapping[tuple[int, int], str]
    awards: Mapping[tuple[int, int], list[Award]]
    versions: Mapping[int, str]
    rule_sets: Mapping[tuple[str, int], str]


def audit(
    session: Session,
    keys: Mapping[str, bytes] | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Fault]:
    """Every fault in certificates, ledger and audit trail. `keys` prove the seals, where they are given;
    `progress` is told how many certificates were just done."""
    versions = dict(session.execute(sa.select(CourseVersion.id, CourseVersion.digest)).all())
    rule_sets = {
        (key, version): data
        for key, version, data in session.execute(
            sa.select(RuleSetRow.key, RuleSetRow.version, RuleSetRow.data)
        )
    }
    for people in _people(session):
        known = _read(session, people, versions, rule_sets)
        rows = session.scalars(
            sa.select(Certificate)
            .join(Enrollment, Enrollment.id == Certificate.enrollment_id)
            .where(among(Enrollment.user_id, people))
            .order_by(Certificate.enrollment_id, Certificate.sequence)
        ).all()
        yield from _postings(known)
        for row in rows:
            yield from _certificate(session, row, known)
        if progress is not None:
            progress(len(rows))
        session.expunge_all()
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


def _read(
    session: Session,
    people: list[int],
    versions: Mapping[int, str],
    rule_sets: Mapping[tuple[str, int], str],
) -> _Known:
    enrolled = read_enrollments(session, people)
    zones = {row.id: row.time_zone for rows in enrolled.values() for row in rows}
    entries: dict[int, list[Entry]] = defaultdict(list)
    for held in read_entries(session, people).values():
        for entry in held:
            entries[entry.enrollment_id].append(entry)
    awards: dict[tuple[int, int], list[Award]] = defaultdict(list)
    for award in session.scalars(sa.select(Award).where(among(Award.enrollment_id, zones))):
        awards[award.enrollment_id, award.certificate_sequence].append(award)
    posted = session.execute(
        sa.select(LedgerPosting.enrollment_id, LedgerPosting.number, LedgerPosting.digest).where(
            among(LedgerPosting.enrollment_id, zones)
        )
    )
    return _Known(
        facts={fact.ref: fact for found in facts_of(session, zones).values() for fact in found},
        entries=entries,
        postings={(enrollment_id, number): found for enrollment_id, number, found in posted},
        awards=awards,
        versions=versions,
        rule_sets=rule_sets,
    )


def _postings(known: _Known) -> Iterator[Fault]:
    for (enrollment_id, number), written in known.postings.items():
        entries = [entry for entry in known.entries.get(enrollment_id, ()) if entry.posting == number]
        subject = f"ledger_postings:{enrollment_id}:{number}"
        if posting_digest(entries) != written:
            yield Fault(subject, "digest", "its entries are not those that were posted")
        for entry in entries:
            if entry.fact not in known.facts:
                yield Fault(subject, "fact", f"{entry.credit_key} rests on {entry.fact}, which is not there")


def _certificate(session: Session, row: Certificate, known: _Known) -> Iterator[Fault]:
    subject = f"certificates:{row.enrollment_id}:{row.sequence}"
    if digest(row.frozen) != row.digest:
        yield Fault(subject, "digest", "the frozen row is not the one that was issued")
        return
    frozen: Frozen = json.loads(row.frozen)
    if not explain(frozen):
        yield Fault(subject, "explain", "sum, gates or units do not follow from the frozen row")
    through = [e for e in known.entries.get(row.enrollment_id, ()) if e.posting <= row.through_posting]
    balance = sum(entry.effect * entry.minutes for entry in through)
    if not balance == row.minutes == frozen["minutes"]:
        yield Fault(subject, "ledger", f"{balance} minutes on the ledger, {row.minutes} on the certificate")
    if known.versions.get(frozen["course"]["version_id"]) != frozen["course"]["digest"]:
        yield Fault(subject, "course", "the course version is not the one it names")
    yield from _facts(session, subject, frozen, known)
    yield from _awards(subject, frozen, known.awards.get((row.enrollment_id, row.sequence), []), known)


def _facts(session: Session, subject: str, frozen: Frozen, known: _Known) -> Iterator[Fault]:
    """The named facts alone give the same day, and each line no more minutes than they earn."""
    named = {*frozen["used"], *(line["fact"] for line in frozen["lines"])}
    missing = sorted(name for name in named if name not in known.facts)
    if missing:
        yield Fault(subject, "fact", f"{', '.join(missing)} not there")
        return
    facts = [known.facts[name] for name in sorted(named)]
    versions = {
        version_id: load_compiled(session, version_id)
        for version_id in {frozen["course"]["version_id"], *(fact.version_id for fact in facts)}
    }
    course = versions[frozen["course"]["version_id"]]
    met_sessions = contacts(facts, versions)
    required = frozen["enrollment"]["required_minutes"]
    attendance = Attendance(required, met_sessions) if required is not None else None
    status = evaluate(course.requirements, facts, attendance)
    if status.completed_on != date.fromisoformat(frozen["completed_on"]):
        yield Fault(subject, "completion", f"the facts it names give {status.completed_on}")
        return
    earned = targets(versions, frozen["course"]["version_id"], met_sessions, status, False)
    for line in frozen["lines"]:
        found = earned.get(line["credit_key"])
        if found is None or found.minutes < line["minutes"]:
            yield Fault(
                subject, "minutes", f"{line['credit_key']} earns less than its {line['minutes']} minutes"
            )


def _awards(subject: str, frozen: Frozen, rows: Iterable[Award], known: _Known) -> Iterator[Fault]:
    printed = {(award["rule_set"]["key"], award["rule_set"]["version"]): award for award in frozen["awards"]}
    written = {(row.rule_key, row.rule_version): row for row in rows}
    if printed.keys() != written.keys():
        yield Fault(subject, "awards", "the rows of its awards are not those it prints")
        return
    for name, award in printed.items():
        row = written[name]
        if (row.units_hundredths, row.minutes) != (award["units_hundredths"], award["minutes"]):
            yield Fault(subject, "awards", f"{name[0]} was written with other units or minutes")
        if known.rule_sets.get(name) != canonical(award["rule_set"]):
            yield Fault(subject, "rule_set", f"{name[0]} version {name[1]} is not the one it prints")
