"""The audit: every certificate, posting and chain re-derived, in constant memory at any number of people.

No column with words that somebody wrote is read: texts may all be gone.
"""

from __future__ import annotations

import gc
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from operator import attrgetter
from secrets import token_hex

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from lms.completion.evidence import facts_of
from lms.completion.models import CompletionSnapshot
from lms.content.nodes import Course
from lms.courses.models import CourseVersion
from lms.courses.queries import load_compiled
from lms.credit.casting import Molds
from lms.credit.checking import certificate_faults, in_force_faults, ledger_faults
from lms.credit.cycles import Cycle
from lms.credit.evidence import EnrollmentRead, read_cycles, read_enrollments, read_posted
from lms.credit.kept import Fault, Held, Kept, KeptAward, Known
from lms.credit.models import Award, Certificate, CertificateEvent, LedgerEntry, LedgerPosting, RuleSetRow
from lms.credit.posted import Patterns
from lms.credit.reckoning import Standing, Taken, cycles_for, standing_of
from lms.credit.ruleset import rule_set
from lms.credit.spelling import KeptRule, Speller
from lms.credit.told import Written, trail_faults
from lms.enrollments.models import Enrollment
from lms.kernel.among import among_parameter
from lms.kernel.canonical import digest
from lms.kernel.db import table
from lms.kernel.sealing import verify

BATCH = 400
"""People read at once."""

# Made once: to build such a statement anew costs more than to run it.
END = table(CertificateEvent).alias("end_of_it")
ENROLLED, SNAPSHOTS = table(Enrollment).c, table(CompletionSnapshot).c
CERTIFICATES, POSTED, AWARDS = table(Certificate).c, table(LedgerPosting).c, table(Award).c
ISSUED = (
    sa.select(
        CERTIFICATES.number, CERTIFICATES.issued_at, CERTIFICATES.enrollment_id, ENROLLED.user_id,
        CERTIFICATES.sequence, CERTIFICATES.through_posting, CERTIFICATES.minutes,
        CERTIFICATES.first_award_on, CERTIFICATES.completed_on, CERTIFICATES.frozen, CERTIFICATES.digest,
        END.c.kind, SNAPSHOTS.certificate_current,
    )
    .join_from(table(Certificate), table(Enrollment), ENROLLED.id == CERTIFICATES.enrollment_id)
    .outerjoin(table(CompletionSnapshot), SNAPSHOTS.enrollment_id == CERTIFICATES.enrollment_id)
    .outerjoin(
        END,
        sa.and_(
            END.c.enrollment_id == CERTIFICATES.enrollment_id,
            END.c.sequence == CERTIFICATES.sequence,
            END.c.kind.in_(("corrected", "revoked")),
        ),
    )
    .where(among_parameter(ENROLLED.user_id, "people"))
)  # fmt: skip
POSTINGS = sa.select(POSTED.enrollment_id, POSTED.number, POSTED.digest, POSTED.at, POSTED.reason).where(
    among_parameter(POSTED.enrollment_id, "enrollments")
)
AWARDED = sa.select(
    AWARDS.enrollment_id, AWARDS.certificate_sequence, AWARDS.rule_key, AWARDS.rule_version, AWARDS.minutes,
    AWARDS.units_hundredths, AWARDS.registration, sa.cast(AWARDS.gates, sa.Text), AWARDS.met_on,
).where(among_parameter(AWARDS.enrollment_id, "enrollments")).order_by(AWARDS.rule_key)  # fmt: skip


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
    rule_sets: dict[tuple[str, int], KeptRule] = {}
    for kept in session.scalars(sa.select(RuleSetRow)):
        if digest(kept.data) != kept.digest:
            yield Fault(f"rule_sets:{kept.key}:{kept.version}", "digest", "it is not the one first used")
        data = json.loads(kept.data)
        rule_sets[kept.key, kept.version] = KeptRule(kept.data, data, rule_set(data), token_hex())
    versions = _Versions(session)
    site = _Site(digests, rule_sets, versions, Patterns(), Speller(versions), Molds(), Written())
    with _no_collecting() as collect:
        for people in _people(session):
            done = yield from _checked(session, people, site)
            collect()
            if progress is not None:
                progress(done)
    yield from _nobodys(session)
    yield from trail_faults(session, site.written)
    for detail in verify(session, keys or {}):
        yield Fault("audit_events", "chain", detail)


def _checked(
    session: Session,
    people: list[int],
    site: _Site,
) -> Generator[Fault, None, int]:
    """The faults of these people's ledger and certificates; returns how many certificates there were."""
    certificates = _certificates(session, people, site.written)
    known = _known(session, people, certificates, site)
    yield from ledger_faults(known)
    for _, group in groupby(certificates, key=lambda row: row.enrollment_id):
        rows = list(group)
        yield from in_force_faults(rows)
        for row in rows:
            yield from certificate_faults(row, rows[0], known, site.molds)
    return len(certificates)


def _nobodys(session: Session) -> Iterator[Fault]:
    """Entries under another person than their enrollment's, or of no enrollment that there is."""
    owners = sa.select(LedgerEntry.enrollment_id, LedgerEntry.user_id).distinct().subquery()
    owned = sa.exists().where(Enrollment.id == owners.c.enrollment_id, Enrollment.user_id == owners.c.user_id)
    for enrollment_id, user_id in session.execute(sa.select(owners).where(~owned)):
        detail = f"it has entries of user {user_id}, who was never enrolled there"
        yield Fault(f"enrollments:{enrollment_id}", "person", detail)


@contextmanager
def _no_collecting() -> Iterator[Callable[[], object]]:
    """Python looks for cycles only when it is asked to, between batches: what a batch makes goes with it, and
    the collector would walk through all of it many times."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(0)
    finally:
        if collecting:
            gc.enable()


class _Site(Struct, frozen=True):
    """What is the same for everybody, read once or kept as it is met."""

    digests: Mapping[int, str]
    rule_sets: Mapping[tuple[str, int], KeptRule]
    versions: Mapping[int, Course]
    patterns: Patterns
    speller: Speller
    molds: Molds
    written: Written


class _Versions(dict[int, Course]):
    """The compiled versions that anything names, each read once."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def __missing__(self, number: int) -> Course:
        course = self[number] = load_compiled(self._session, number)
        return course


def _people(session: Session) -> Iterator[list[int]]:
    """Ids of everybody who ever took a course, some at a time."""
    last = -1
    while True:
        ids = list(
            session.scalars(
                sa.select(Enrollment.user_id)
                .where(Enrollment.user_id > last)
                .distinct()
                .order_by(Enrollment.user_id)
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
    certificates: Sequence[Kept],
    site: _Site,
) -> Known:
    taken = read_enrollments(session, people)
    zones = {row.id: row.time_zone for rows in taken.values() for row in rows}
    facts = facts_of(session, zones)
    cycles = read_cycles(session, [number for number, rows in taken.items() if len(rows) > 1])
    revoked = {row.enrollment_id for row in certificates if row.end == "revoked"}

    @cache
    def mine(user_id: int) -> tuple[Taken, ...]:
        return tuple(
            Taken(
                row.id, row.course_key, row.version_id, row.enrolled_on, row.required_minutes,
                row.id in revoked, tuple(facts[row.id]),
            )
            for row in taken[user_id]
        )  # fmt: skip

    @cache
    def planned(user_id: int) -> Sequence[Cycle]:
        return cycles_for(mine(user_id), cycles.get(user_id, ()))

    @cache
    def standing(user_id: int, enrollment_id: int) -> Standing:
        ordered = mine(user_id)
        one = next(each for each in ordered if each.id == enrollment_id)
        return standing_of(one, ordered, planned(user_id), site.versions)

    own = {
        user_id: {fact.ref: fact for row in rows for fact in facts[row.id]} for user_id, rows in taken.items()
    }
    owners = {row.id: user_id for user_id, rows in taken.items() for row in rows}
    held = {}
    for enrollment_id, posted in read_posted(session, zones, site.patterns).items():
        found = tuple(map(own[owners[enrollment_id]].get, posted.facts))
        held[enrollment_id] = Held(posted, found, posted.way(found))
    return Known(
        facts=facts,
        own=own,
        held=held,
        enrollments={user_id: [row.id for row in rows] for user_id, rows in taken.items()},
        again=_again(taken.values()),
        postings=_postings(session, zones, site.written),
        awards=_awards(session, zones),
        versions=site.versions,
        digests=site.digests,
        rule_sets=site.rule_sets,
        cycles=planned,
        standing=standing,
        speller=site.speller,
    )


def _again(taken: Iterable[Sequence[EnrollmentRead]]) -> set[int]:
    """The enrollments of those who took the same course more than once."""
    found: set[int] = set()
    for rows in taken:
        if len(rows) > 1:
            times = Counter(row.course_key for row in rows)
            found.update(row.id for row in rows if times[row.course_key] > 1)
    return found


def _postings(session: Session, enrollments: Iterable[int], written: Written) -> dict[tuple[int, int], str]:
    rows = session.connection().execute(POSTINGS, {"enrollments": sorted(enrollments)}).all()
    for row in rows:
        written.posting(*row)
    return {(row[0], row[1]): row[2] for row in rows}


def _awards(session: Session, enrollments: Iterable[int]) -> dict[tuple[int, int], list[KeptAward]]:
    found: dict[tuple[int, int], list[KeptAward]] = defaultdict(list)
    for row in session.connection().execute(AWARDED, {"enrollments": sorted(enrollments)}).all():
        found[row[0], row[1]].append(KeptAward._make(row[2:]))
    return found


def _certificates(session: Session, people: Iterable[int], written: Written) -> list[Kept]:
    """By enrollment and sequence."""
    found = []
    for number, issued_at, *row in session.connection().execute(ISSUED, {"people": sorted(people)}).all():
        kept = Kept._make(row)
        written.certificate(
            kept.enrollment_id, kept.sequence, kept.digest, number, issued_at, kept.through_posting
        )
        found.append(kept)
    return sorted(found, key=attrgetter("enrollment_id", "sequence"))
