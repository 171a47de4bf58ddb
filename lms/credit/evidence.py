"""Everything that settling reads, for many people at once, in a fixed number of statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.models import Organization, User
from lms.cohorts.models import Cohort
from lms.completion.evidence import facts_of
from lms.completion.rules import Fact
from lms.courses.models import CourseVersion
from lms.credit.cycles import Cycle
from lms.credit.frozen import Json
from lms.credit.ledger import Entry
from lms.credit.models import Certificate, CertificateEvent, CreditCycle, LedgerEntry
from lms.credit.posted import SHARED, Patterns, Posted
from lms.enrollments.models import Enrollment
from lms.kernel.among import among_parameter
from lms.kernel.clock import local_day
from lms.kernel.db import table


class EnrollmentRead(Struct, frozen=True):
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


class CertificateRead(Struct, frozen=True):
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


class Evidence(Struct, frozen=True):
    """Of some people: what they did, and what was made of it so far."""

    people: dict[int, tuple[str, str]]
    """user id -> (name, job)"""
    enrollments: dict[int, list[EnrollmentRead]]
    facts: dict[int, list[Fact]]
    entries: dict[int, list[Entry]]
    cycles: dict[int, list[Cycle]]
    certificates: dict[int, list[CertificateRead]]
    """By enrollment, in order of sequence."""


USERS, ENROLLMENTS, VERSIONS = table(User), table(Enrollment), table(CourseVersion)
COHORTS, ORGANIZATIONS = table(Cohort), table(Organization)
ENTRIES, CYCLES = table(LedgerEntry), table(CreditCycle)
CERTIFICATES, EVENTS = table(Certificate), table(CertificateEvent)
END = EVENTS.alias("end_of_it")

# Made once: to build such a statement anew costs more than to run it.
OWNERS = sa.select(ENROLLMENTS.c.user_id).distinct().where(among_parameter(ENROLLMENTS.c.id, "enrollments"))
LOCK = (
    sa.select(USERS.c.id, USERS.c.name, USERS.c.job)
    .where(among_parameter(USERS.c.id, "people"))
    .order_by(USERS.c.id)
    .with_for_update(key_share=True)
)
ENROLLED = (
    sa.select(
        ENROLLMENTS.c.id, ENROLLMENTS.c.user_id, ENROLLMENTS.c.course_key, ENROLLMENTS.c.version_id,
        VERSIONS.c.number, ENROLLMENTS.c.state, ENROLLMENTS.c.time_zone, ENROLLMENTS.c.enrolled_at,
        ENROLLMENTS.c.cohort_id, COHORTS.c.required_minutes, COHORTS.c.organization_id,
        ORGANIZATIONS.c.parent_id,
    )
    .join(VERSIONS, VERSIONS.c.id == ENROLLMENTS.c.version_id)
    .outerjoin(COHORTS, COHORTS.c.id == ENROLLMENTS.c.cohort_id)
    .outerjoin(ORGANIZATIONS, ORGANIZATIONS.c.id == COHORTS.c.organization_id)
    .where(among_parameter(ENROLLMENTS.c.user_id, "people"))
    .order_by(ENROLLMENTS.c.id)
)  # fmt: skip
POSTED = sa.select(
    ENTRIES.c.user_id, ENTRIES.c.enrollment_id, ENTRIES.c.cycle, ENTRIES.c.credit_key, ENTRIES.c.sequence,
    ENTRIES.c.effect, ENTRIES.c.minutes, ENTRIES.c.source_key, ENTRIES.c.kind, ENTRIES.c.version_id,
    ENTRIES.c.earned_on, ENTRIES.c.topic, ENTRIES.c.fact, ENTRIES.c.posting, ENTRIES.c.line,
).where(among_parameter(ENTRIES.c.user_id, "people"))  # fmt: skip
APART = (
    sa.select(
        ENTRIES.c.enrollment_id,
        sa.type_coerce(ENTRIES.c.earned_on, sa.Text),  # as the driver has it: most days are never asked for
        ENTRIES.c.fact,
        *(ENTRIES.c[name] for name in SHARED),
    )
    .where(among_parameter(ENTRIES.c.enrollment_id, "enrollments"))
    .order_by(ENTRIES.c.enrollment_id, ENTRIES.c.posting, ENTRIES.c.line)
)
CYCLED = (
    sa.select(CYCLES.c.user_id, CYCLES.c.number, CYCLES.c.starts_on, CYCLES.c.ends_on)
    .where(among_parameter(CYCLES.c.user_id, "people"))
    .order_by(CYCLES.c.number)
)
ISSUED = (
    sa.select(
        CERTIFICATES.c.enrollment_id, CERTIFICATES.c.sequence, CERTIFICATES.c.number, CERTIFICATES.c.digest,
        CERTIFICATES.c.organization_id, CERTIFICATES.c.first_award_on, CERTIFICATES.c.frozen,
        sa.select(sa.func.max(EVENTS.c.event))
        .where(
            EVENTS.c.enrollment_id == CERTIFICATES.c.enrollment_id,
            EVENTS.c.sequence == CERTIFICATES.c.sequence,
        )
        .scalar_subquery()
        .label("events"),
        END.c.kind.label("ended"),
    )
    .outerjoin(
        END,
        sa.and_(
            END.c.enrollment_id == CERTIFICATES.c.enrollment_id,
            END.c.sequence == CERTIFICATES.c.sequence,
            END.c.kind.in_(("corrected", "revoked")),
        ),
    )
    .where(among_parameter(CERTIFICATES.c.enrollment_id, "enrollments"))
    .order_by(CERTIFICATES.c.enrollment_id, CERTIFICATES.c.sequence)
)  # fmt: skip


def lock_people(session: Session, enrollment_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The people of these enrollments, locked in the order of their ids until the commit.

    NO KEY UPDATE: a review points at its reviewer's row, and two peers who review one another would each
    wait for the other's row under a plain FOR UPDATE. SQLite's transaction began IMMEDIATE instead.
    """
    session.flush()
    connection = session.connection()
    owners = connection.scalars(OWNERS, {"enrollments": sorted(enrollment_ids)}).all()
    rows = connection.execute(LOCK, {"people": sorted(owners)})
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
        cycles=read_cycles(session, people),
        certificates=_certificates(session, zones),
    )


def read_enrollments(session: Session, people: Iterable[int]) -> dict[int, list[EnrollmentRead]]:
    found: dict[int, list[EnrollmentRead]] = defaultdict(list)
    for row in session.connection().execute(ENROLLED, {"people": sorted(people)}):
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
    for row in session.connection().execute(POSTED, {"people": sorted(people)}).all():
        found[row[0]].append(Entry._make(row[1:]))
    return found


def read_posted(session: Session, enrollments: Iterable[int], patterns: Patterns) -> dict[int, Posted]:
    """The entries of these enrollments, for whoever reads those of everybody."""
    found = session.connection().execute(APART, {"enrollments": sorted(enrollments)})
    rows = found.cursor.fetchall()  # as the driver has them: a third of all that the audit reads
    return {
        enrollment_id: patterns.posted(enrollment_id, mine)
        for enrollment_id, mine in groupby(rows, key=itemgetter(0))
    }


def read_cycles(session: Session, people: Iterable[int]) -> dict[int, list[Cycle]]:
    found: dict[int, list[Cycle]] = defaultdict(list)
    for row in session.connection().execute(CYCLED, {"people": sorted(people)}):
        found[row.user_id].append(Cycle(row.number, row.starts_on, row.ends_on))
    return found


def _certificates(session: Session, enrollments: Iterable[int]) -> dict[int, list[CertificateRead]]:
    found: dict[int, list[CertificateRead]] = defaultdict(list)
    for row in session.connection().execute(ISSUED, {"enrollments": sorted(enrollments)}):
        read = CertificateRead(
            row.enrollment_id, row.sequence, row.number, row.digest, row.organization_id,
            row.first_award_on, json.loads(row.frozen), row.events, row.ended,
        )  # fmt: skip
        found[row.enrollment_id].append(read)
    return found
