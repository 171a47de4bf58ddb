"""Everything that settling reads, for many people at once, in a fixed number of statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Organization, User
from lms.cohorts.models import Cohort
from lms.completion.evidence import facts_of
from lms.completion.rules import Fact
from lms.courses.models import CourseVersion
from lms.credit.cycles import Cycle
from lms.credit.frozen import Json
from lms.credit.ledger import Entry
from lms.credit.models import Certificate, CertificateEvent, CreditCycle, LedgerEntry
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.clock import local_day


@dataclass(frozen=True, slots=True)
class EnrollmentRead:
    id: int
    user_id: int
    course_key: str
    version_id: int
    version_number: int
    state: str
    time_zone: str
    enrolled_at: datetime
    required_minutes: int | None
    cohort_scopes: tuple[tuple[str, int], ...]
    """Cohort, its organization, its district: where a body may be assigned, nearest first."""

    @property
    def enrolled_on(self) -> date:
        return local_day(self.enrolled_at, self.time_zone)


@dataclass(frozen=True, slots=True)
class CertificateRead:
    enrollment_id: int
    sequence: int
    number: str
    digest: str
    organization_id: int
    first_award_on: date
    frozen: Json
    events: int
    end: str | None
    """'corrected' or 'revoked'."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of some people: what they did, and what was made of it so far."""

    people: dict[int, tuple[str, str]]
    """user id -> (name, job)"""
    enrollments: dict[int, list[EnrollmentRead]]
    facts: dict[int, list[Fact]]
    entries: dict[int, list[Entry]]
    cycles: dict[int, list[Cycle]]
    certificates: dict[int, list[CertificateRead]]
    """By enrollment, in order of sequence."""


def lock_people(session: Session, enrollment_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The people of these enrollments, locked in the order of their ids until the commit.

    NO KEY UPDATE: a review points at its reviewer's row, and two peers who review one another would each
    wait for the other's row under a plain FOR UPDATE. SQLite's transaction began IMMEDIATE instead.
    """
    owners = session.scalars(
        sa.select(Enrollment.user_id).distinct().where(among(Enrollment.id, enrollment_ids))
    ).all()
    rows = session.execute(
        sa.select(User.id, User.name, User.job)
        .where(among(User.id, owners))
        .order_by(User.id)
        .with_for_update(key_share=True)
    )
    return {row.id: (row.name, row.job) for row in rows}


def read_evidence(session: Session, people: dict[int, tuple[str, str]]) -> Evidence:
    """Read after the lock: whoever waited for it sees what the one before wrote."""
    enrollments = read_enrollments(session, people)
    zones = {row.id: row.time_zone for rows in enrollments.values() for row in rows}
    return Evidence(
        people=people,
        enrollments=enrollments,
        facts=facts_of(session, zones),
        entries=read_entries(session, people),
        cycles=_cycles(session, people),
        certificates=_certificates(session, zones),
    )


def read_enrollments(session: Session, people: Iterable[int]) -> dict[int, list[EnrollmentRead]]:
    rows = session.execute(
        sa.select(
            Enrollment.id, Enrollment.user_id, Enrollment.course_key, Enrollment.version_id,
            CourseVersion.number, Enrollment.state, Enrollment.time_zone, Enrollment.enrolled_at,
            Enrollment.cohort_id, Cohort.required_minutes, Cohort.organization_id, Organization.parent_id,
        )
        .join(CourseVersion, CourseVersion.id == Enrollment.version_id)
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
        .outerjoin(Organization, Organization.id == Cohort.organization_id)
        .where(among(Enrollment.user_id, people))
        .order_by(Enrollment.id)
    )  # fmt: skip
    found: dict[int, list[EnrollmentRead]] = defaultdict(list)
    for row in rows:
        scopes: list[tuple[str, int]] = []
        if row.cohort_id is not None:
            scopes = [("cohort", row.cohort_id), ("organization", row.organization_id)]
            scopes += [("organization", row.parent_id)] if row.parent_id is not None else []
        read = EnrollmentRead(
            row.id, row.user_id, row.course_key, row.version_id, row.number, row.state, row.time_zone,
            row.enrolled_at, row.required_minutes, tuple(scopes),
        )  # fmt: skip
        found[read.user_id].append(read)
    return found


def read_entries(session: Session, people: Iterable[int]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    rows = session.execute(
        sa.select(
            LedgerEntry.user_id, LedgerEntry.enrollment_id, LedgerEntry.cycle, LedgerEntry.credit_key,
            LedgerEntry.sequence, LedgerEntry.effect, LedgerEntry.minutes, LedgerEntry.source_key,
            LedgerEntry.kind, LedgerEntry.version_id, LedgerEntry.earned_on, LedgerEntry.topic,
            LedgerEntry.fact, LedgerEntry.posting, LedgerEntry.line,
        ).where(among(LedgerEntry.user_id, people))
    )  # fmt: skip
    for user_id, *values in rows:
        found[user_id].append(Entry(*values))
    return found


def _cycles(session: Session, people: Iterable[int]) -> dict[int, list[Cycle]]:
    found: dict[int, list[Cycle]] = defaultdict(list)
    rows = session.execute(
        sa.select(CreditCycle.user_id, CreditCycle.number, CreditCycle.starts_on, CreditCycle.ends_on)
        .where(among(CreditCycle.user_id, people))
        .order_by(CreditCycle.number)
    )
    for row in rows:
        found[row.user_id].append(Cycle(row.number, row.starts_on, row.ends_on))
    return found


def _certificates(session: Session, enrollments: Iterable[int]) -> dict[int, list[CertificateRead]]:
    end = aliased(CertificateEvent)
    last = (
        sa.select(sa.func.max(CertificateEvent.event))
        .where(
            CertificateEvent.enrollment_id == Certificate.enrollment_id,
            CertificateEvent.sequence == Certificate.sequence,
        )
        .scalar_subquery()
    )
    ended = sa.and_(
        end.enrollment_id == Certificate.enrollment_id,
        end.sequence == Certificate.sequence,
        end.kind.in_(("corrected", "revoked")),
    )
    rows = session.execute(
        sa.select(
            Certificate.enrollment_id, Certificate.sequence, Certificate.number, Certificate.digest,
            Certificate.organization_id, Certificate.first_award_on, Certificate.frozen, last.label("events"),
            end.kind.label("end"),
        )
        .outerjoin(end, ended)
        .where(among(Certificate.enrollment_id, enrollments))
        .order_by(Certificate.enrollment_id, Certificate.sequence)
    )  # fmt: skip
    found: dict[int, list[CertificateRead]] = defaultdict(list)
    for row in rows:
        read = CertificateRead(
            row.enrollment_id, row.sequence, row.number, row.digest, row.organization_id,
            row.first_award_on, json.loads(row.frozen), row.events, row.end,
        )  # fmt: skip
        found[row.enrollment_id].append(read)
    return found
