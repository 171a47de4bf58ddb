"""A lane: one story of a few people, told in facts; after every settle the invariants are checked.

Lanes share a database and may be interleaved. A lazy lane settles only where its story insists, and at its
end: what comes out must be the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from lms.accounts.models import User
from lms.cohorts.models import CohortSession
from lms.completion.queries import SnapshotRow, snapshot
from lms.content.nodes import Requirement, SessionGuide
from lms.courses.queries import load_compiled
from lms.credit.evidence import read_enrollments, read_evidence
from lms.credit.frozen import explain
from lms.credit.ledger import live
from lms.credit.models import LedgerEntry
from lms.credit.queries import CertificateRow, certificates_of, ledger_of, verification
from lms.credit.reckoning import reckon
from lms.credit.services import Changes, revoke, settle, taken_from
from lms.enrollments.models import Enrollment, EnrollmentMove
from lms.kernel.db import transaction
from tests import builders as b
from tests.db.conftest import Database

_numbers = itertools.count(1)


class Lane:
    def __init__(self, database: Database, lazy: bool = False) -> None:
        self.database = database
        self.session = database.session
        self.lazy = lazy
        self.key = f"care-{next(_numbers)}"
        self.clock = b.day(0)
        self.people: list[int] = []
        self.enrollments: list[int] = []
        self.staff = b.person(self.session, "Facilitator")
        self.session.commit()

    # ── Setting the scene ────────────────────────────────────────────────────────────────────────

    def version(
        self,
        *requirements: Requirement,
        sessions: Sequence[SessionGuide] = (),
        topic: str = "healing",
        key: str | None = None,
    ) -> int:
        with transaction(self.session):
            course = b.course(*requirements, key=key or self.key, topic=topic, sessions=sessions)
            return b.version(self.session, course)

    def person(self, name: str | None = None, license: str | None = None, job: str = "teacher") -> int:
        with transaction(self.session):
            user = b.person(self.session, name, job)
            if license:
                b.license(self.session, user, license)
        self.people.append(user)
        return user

    def enroll(self, user: int, version: int, day: int = 0, cohort: int | None = None) -> int:
        with transaction(self.session):
            key = load_compiled(self.session, version).key
            made = b.enroll(self.session, user, version, key, b.day(day), cohort)
        self.enrollments.append(made)
        self._passed(day)
        return made

    def cohort(self, version: int, required: int | None = None) -> int:
        with transaction(self.session):
            return b.cohort(self.session, version, course_key=self.key, required_minutes=required)

    def meeting(
        self, cohort: int, version: int, key: str, day: int, minutes: int = 90, breaks: int = 0
    ) -> int:
        with transaction(self.session):
            return b.cohort_session(self.session, cohort, version, key, b.day(day), minutes, breaks)

    def body(
        self,
        cohort: int,
        kind: str = "district",
        registered: tuple[int, int | None] | None = None,
        jurisdictions: Sequence[str] = ("US-MA",),
    ) -> int:
        """A body that signs for the cohort; `registered`: first and last day of a registration."""
        with transaction(self.session):
            made = b.body(self.session, kind, jurisdictions)
            b.assign(self.session, made, "cohort", cohort)
            if registered is not None:
                first, last = registered
                until = None if last is None else b.day(last).date()
                b.register(self.session, made, "US-MA", b.day(first).date(), until)
        return made

    # ── Facts ────────────────────────────────────────────────────────────────────────────────────

    def lesson(self, enrollment: int, key: str, day: int) -> None:
        self._fact(day, lambda at: b.lesson_done(self.session, enrollment, self._pinned(enrollment), key, at))

    def activity(self, enrollment: int, key: str, day: int, number: int = 1, whole: bool = True) -> None:
        self._fact(
            day,
            lambda at: b.activity_checked(
                self.session, enrollment, self._pinned(enrollment), key, at, number, whole
            ),
        )

    def quiz(self, enrollment: int, key: str, day: int, number: int = 1, passed: bool = True) -> None:
        self._fact(
            day,
            lambda at: b.quiz_tried(
                self.session, enrollment, self._pinned(enrollment), key, at, number, passed
            ),
        )

    def sheet(self, enrollment: int, key: str, day: int, sitting: str = "") -> None:
        self._fact(
            day,
            lambda at: b.sheet_finished(self.session, enrollment, self._pinned(enrollment), key, at, sitting),
        )

    def paper(self, enrollment: int, key: str, day: int) -> None:
        self._fact(
            day, lambda at: b.paper_stated(self.session, enrollment, self._pinned(enrollment), key, at)
        )

    def hand_in(self, enrollment: int, key: str, day: int, number: int = 1) -> None:
        self._fact(
            day,
            lambda at: b.handed_in(self.session, enrollment, self._pinned(enrollment), key, at, number),
        )

    def review(
        self,
        enrollment: int,
        key: str,
        day: int,
        verdict: str = "meets",
        kind: str = "facilitator",
        number: int = 1,
        review: int = 1,
        by: int | None = None,
    ) -> None:
        self._fact(
            day,
            lambda at: b.reviewed(
                self.session, enrollment, key, by or self.staff, at, number, review, verdict, kind
            ),
        )

    def attend(
        self, enrollment: int, meeting: int, minutes: int, day: int, sequence: int = 1, late: int = 0
    ) -> None:
        self._fact(
            day,
            lambda at: b.attended(
                self.session, meeting, enrollment, minutes, self.staff, at, sequence, late=late
            ),
        )

    def move(self, enrollment: int, version: int, day: int) -> None:
        def moved(at: datetime) -> None:
            row = self.session.get_one(Enrollment, enrollment)
            count = sa.select(sa.func.count()).where(EnrollmentMove.enrollment_id == enrollment)
            number = (self.session.scalar(count) or 0) + 1
            self.session.add(
                EnrollmentMove(
                    enrollment_id=enrollment, number=number, from_version_id=row.version_id,
                    to_version_id=version, at=at, actor_id=self.staff, reason="new version",
                )
            )  # fmt: skip
            row.version_id = version
            self.session.flush()

        self._fact(day, moved)

    def leave(self, enrollment: int, day: int) -> None:
        def left(at: datetime) -> None:
            row = self.session.get_one(Enrollment, enrollment)
            row.state, row.left_at = "left", at
            self.session.flush()

        self._fact(day, left)

    def rename(self, user: int, name: str, day: int) -> None:
        def renamed(_: datetime) -> None:
            self.session.get_one(User, user).name = name
            self.session.flush()

        self._fact(day, renamed)

    # ── Settling, and what came out ──────────────────────────────────────────────────────────────

    def settle(self, amend: Collection[int] = ()) -> Changes:
        """Now, whether lazy or not."""
        with transaction(self.session):
            changes = settle(self.session, self.enrollments, self.clock, self.staff, "told", amend)
        self.check()
        return changes

    def amend(self, enrollment: int, day: int) -> Changes:
        self._passed(day)
        return self.settle(amend=[enrollment])

    def revoke(self, enrollment: int, day: int) -> Changes:
        self._passed(day)
        with transaction(self.session):
            changes = revoke(self.session, enrollment, self.clock, self.staff, "issued by mistake")
        self.check()
        return changes

    def certificates(self, enrollment: int) -> list[CertificateRow]:
        """In order of sequence."""
        user = self.session.get_one(Enrollment, enrollment).user_id
        rows = [row for row in certificates_of(self.session, user) if row.enrollment_id == enrollment]
        return sorted(rows, key=lambda row: row.sequence)

    def units(self, enrollment: int, rule: str = "us-ma-pdp") -> int | None:
        """Hundredths on the last certificate; None when the rule set was not applied."""
        return next(
            (
                award["units_hundredths"]
                for award in self.certificates(enrollment)[-1].frozen["awards"]
                if award["rule_set"]["key"] == rule
            ),
            None,
        )

    def gate(self, enrollment: int, name: str, rule: str = "us-ma-pdp") -> bool:
        (award,) = [
            award
            for award in self.certificates(enrollment)[-1].frozen["awards"]
            if award["rule_set"]["key"] == rule
        ]
        return bool(next(gate["passed"] for gate in award["gates"] if gate["gate"] == name))

    def paid(self, enrollment: int) -> dict[str, int]:
        """What stands on the ledger for an enrollment: key within the course -> minutes."""
        user = self.session.get_one(Enrollment, enrollment).user_id
        return {
            row.credit_key.partition("/")[2]: row.minutes
            for row in ledger_of(self.session, user)
            if row.enrollment_id == enrollment
        }

    def entries(self, enrollment: int) -> int:
        """All entries ever written for it, reversals as well."""
        count = sa.select(sa.func.count()).select_from(LedgerEntry)
        return self.session.scalar(count.where(LedgerEntry.enrollment_id == enrollment)) or 0

    def snapshot(self, enrollment: int) -> SnapshotRow:
        found = snapshot(self.session, enrollment)
        assert found is not None
        return found

    def check(self) -> None:
        """The invariants that hold after any settle, for this lane's people."""
        before = {enrollment: snapshot(self.session, enrollment) for enrollment in self.enrollments}
        with self.database.counted() as statements, transaction(self.session):
            again = settle(self.session, self.enrollments, self.clock, self.staff, "again")
        written = [text for text in statements.texts if text.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == []
        assert (again.postings, again.certificates, again.completed) == (0, (), ())
        self._check_ledger()
        for enrollment in self.enrollments:
            shot = before[enrollment]
            assert shot is not None
            assert shot.done <= shot.needed
            assert shot.complete == (not shot.unmet and shot.needed > 0)
            assert shot.minutes == sum(self.paid(enrollment).values())
            self._check_certificates(enrollment)

    def _check_ledger(self) -> None:
        users = dict.fromkeys(self.people, ("", ""))
        evidence = read_evidence(self.session, users)
        ids = {row.version_id for rows in evidence.enrollments.values() for row in rows}
        ids |= {fact.version_id for facts in evidence.facts.values() for fact in facts}
        versions = {version: load_compiled(self.session, version) for version in ids}
        for user, rows in read_enrollments(self.session, users).items():
            standing = live(evidence.entries.get(user, ()))
            balance: dict[tuple[int, str], int] = {}
            for entry in evidence.entries.get(user, ()):
                place = (entry.cycle, entry.credit_key)
                balance[place] = balance.get(place, 0) + entry.effect * entry.minutes
            for place, minutes in balance.items():
                assert minutes in (0, standing[place].minutes if place in standing else 0)
            taken = [taken_from(evidence, row) for row in rows]
            anew = reckon(taken, (), evidence.cycles.get(user, ()), versions).live
            assert {place: (e.enrollment_id, e.source_key, e.minutes) for place, e in anew.items()} == {
                place: (e.enrollment_id, e.source_key, e.minutes) for place, e in standing.items()
            }

    def _check_certificates(self, enrollment: int) -> None:
        rows = self.certificates(enrollment)
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
        assert sum(row.state == "valid" for row in rows) <= 1
        assert len({row.first_award_on for row in rows}) <= 1
        for row in rows:
            assert explain(row.frozen)
            assert row.minutes == sum(line["minutes"] for line in row.frozen["lines"])
            seen = verification(self.session, row.number)
            assert seen is not None  # whatever was amended, whoever checks the number is told the truth
            assert (seen.state, seen.minutes, seen.name, seen.replaced_by) == (
                row.state, row.minutes, row.frozen["person"]["name"], row.replaced_by,
            )  # fmt: skip

    def _pinned(self, enrollment: int) -> int:
        return self.session.get_one(Enrollment, enrollment).version_id

    def _passed(self, day: int) -> None:
        self.clock = max(self.clock, b.day(day, 1))

    def _fact(self, day: int, write: object) -> None:
        self._passed(day)
        assert callable(write)
        with transaction(self.session):
            write(b.day(day))
            if not self.lazy:
                settle(self.session, self.enrollments, self.clock, self.staff, "told")
        if not self.lazy:
            self.check()


def session_of(lane: Lane, meeting: int) -> CohortSession:
    return lane.session.get_one(CohortSession, meeting)
