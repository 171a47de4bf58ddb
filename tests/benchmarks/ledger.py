"""`python -m tests.benchmarks.ledger`: a ledger of any size, and what it costs to audit it.

    python -m tests.benchmarks.ledger build FILE --people 100000
    python -m tests.benchmarks.ledger audit FILE

The people are made up, the rows are not: facts go in as they are, and `settle` makes the ledger, certificates
and audit trail of them, sealed at the end. A course of 30 required pieces and 3 live sessions, as the courses
here are. One person in fifty has a corrected certificate, one in two hundred a revoked one, one in seven
two short courses on one topic that make ten hours together. Beyond 2,000 people the first are copied under
numbers of their own (`copies.py`), with digests and chains of their own: 100,000 certificates are 78,000 people.

The audit's cost is judged as a ratio to the least that any proof must do on the same rows: read every fact,
entry and certificate, hash what is hashed and parse what was frozen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.accounts import models as accounts
from lms.cohorts.models import AttendanceEntry
from lms.completion.models import LessonProgress
from lms.courses.queries import forget_compiled
from lms.credit.audit import audit
from lms.credit.models import Certificate
from lms.credit.services import register_rule_sets, revoke, settle
from lms.enrollments.models import Enrollment
from lms.kernel.db import Base, engine_options, table, transaction
from lms.kernel.sealing import seal
from lms.responses.models import QuizAttempt, Review, Submission
from tests import builders as b
from tests.benchmarks.copies import FIRST, Copies

AT_ONCE = 500
SETTLED = 2000
"""People who are settled; more are copies of them."""
WEEKS = 9
"""Over which people begin."""
DISTRICTS = 20
LESSONS = [f"c-{number}" for number in range(1, 28)]
QUIZZES = ("c-q1", "c-q2")
TEXT = "c-1.look"
SESSIONS = ("s-1", "s-2", "s-3")
KEY_ID, KEY = "bench", b"a key that only benchmarks have"
ATTENDED = 90


def build(path: Path, people: int) -> None:
    """A settled, sealed ledger of so many people in one SQLite file."""
    engine = _engine(path)
    sa.event.listen(engine, "connect", _hurried)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        b.site(session)
        register_rule_sets(session)
        session.commit()
        scene = _Scene(session)
        for start in range(0, min(people, SETTLED), AT_ONCE):
            scene.add(min(AT_ONCE, people - start))
        copies = Copies(session) if people > SETTLED else None
        for _ in range(SETTLED, people, SETTLED):
            assert copies is not None
            copies.add()
        with transaction(session):
            seal(session, b.day(200), KEY, KEY_ID)
    engine.dispose()


class _Scene:
    """Courses, cohorts and districts; `add` brings more people who finish everything."""

    def __init__(self, session: Session) -> None:
        self.session = session
        with transaction(session):
            guides = [b.guide(key, ATTENDED) for key in SESSIONS]
            parts = [*(b.lesson(key, 20) for key in LESSONS), *(b.quiz(key, 30) for key in QUIZZES)]
            self.version = b.version(session, b.course(*parts, b.reflection(TEXT, 30), sessions=guides))
            self.short = [
                b.version(session, b.course(b.lesson(f"{key}-1", 300), key=key, topic="another topic"))
                for key in ("short-a", "short-b")
            ]
            self.staff = b.person(session, "Facilitator")
            self.schools = [b.school(session, b.district(session)) for _ in range(DISTRICTS)]
            b.assign(session, b.body(session))
        self.user_id = self.enrollment_id = FIRST

    def add(self, people: int) -> None:
        """One cohort: its facts, their settling, a few corrections and revocations."""
        with transaction(self.session) as session:
            cohort = b.cohort(session, self.version)
            meetings = [b.cohort_session(session, cohort, self.version, key) for key in SESSIONS]
            rows: dict[Any, list[dict[str, Any]]] = {}
            mine = [self._person(rows, cohort, meetings) for _ in range(people)]
            for model, values in rows.items():
                session.connection().execute(sa.insert(table(model)), values)
            settle(session, range(mine[0], self.enrollment_id + 1), b.day(140), None, "imported")
        amended = mine[::50]
        with transaction(self.session) as session:
            for enrollment in amended:
                b.attended(session, meetings[0], enrollment, 60, self.staff, b.day(141), sequence=2)
            settle(session, amended, b.day(141), self.staff, "left early", amend=amended)
        for enrollment in mine[1::200]:
            with transaction(self.session) as session:
                revoke(session, enrollment, b.day(142), self.staff, "another person")

    def _person(self, rows: dict[Any, list[dict[str, Any]]], cohort: int, meetings: list[int]) -> int:
        self.user_id += 1
        user = self.user_id
        put = _Put(rows)
        put(
            accounts.User, id=user, email=f"p{user}@example.org", name=f"Person {user}", job="teacher",
            time_zone=b.ZONE, created_at=b.MONDAY, active=True, public_id=f"{user:016d}", session_epoch=1,
        )  # fmt: skip
        put(
            accounts.License, user_id=user, jurisdiction="MA", number=str(user), stated_at=b.MONDAY,
            withdrawn_at=None, renews_on=None,
        )  # fmt: skip
        put(
            accounts.Affiliation, user_id=user, organization_id=self.schools[user % DISTRICTS], sequence=1,
            state="confirmed", basis="coordinator", from_on=b.MONDAY.date(), to_on=None, confirmed_by=None,
        )  # fmt: skip
        mine = self._enroll(put, user, "care", self.version, cohort)
        start = user % (7 * WEEKS)
        for place, key in enumerate(LESSONS):
            self._lesson(put, mine, key, self.version, start + place % 30)
        for key in QUIZZES:
            put(
                QuizAttempt, enrollment_id=mine, key=key, number=1, version_id=self.version,
                at=_moment(mine, start + 20), points=9, out_of=10, passed=True, seed="s", drawn=[], submit_token=f"{mine}{key}",
            )  # fmt: skip
        put(
            Submission, enrollment_id=mine, key=TEXT, number=1, author_id=user, version_id=self.version,
            at=_moment(mine, start + 21), words=200, text_digest="0" * 64,
        )  # fmt: skip
        put(
            Review, enrollment_id=mine, key=TEXT, number=1, review=1, author_id=user, reviewer_id=self.staff,
            reviewer_kind="facilitator", verdict="meets", at=_moment(mine, start + 22),
        )  # fmt: skip
        for meeting in meetings:
            put(
                AttendanceEntry, session_id=meeting, enrollment_id=mine, sequence=1, corrects=None,
                arrived_at=b.MONDAY, left_at=b.MONDAY + timedelta(minutes=ATTENDED), scheduled_minutes=90,
                break_minutes=0, credited_minutes=ATTENDED, method="roster", note_code=None,
                recorded_by=self.staff, at=b.MONDAY, reason=None,
            )  # fmt: skip
        if user % 7 == 0:
            for version, key in zip(self.short, ("short-a", "short-b"), strict=True):
                self._lesson(
                    put, self._enroll(put, user, key, version, None), f"{key}-1", version, start + 25
                )
        return mine

    def _enroll(self, put: _Put, user: int, course: str, version: int, cohort: int | None) -> int:
        self.enrollment_id += 1
        put(
            Enrollment, id=self.enrollment_id, public_id=f"{self.enrollment_id:016d}", user_id=user,
            course_key=course, version_id=version, cohort_id=cohort, time_zone=b.ZONE, state="active",
            enrolled_at=b.MONDAY, left_at=None,
        )  # fmt: skip
        return self.enrollment_id

    @staticmethod
    def _lesson(put: _Put, enrollment: int, key: str, version: int, day: int) -> None:
        at = _moment(enrollment + len(key), day)
        put(
            LessonProgress, enrollment_id=enrollment, key=key, version_id=version, opened_at=at, seen_at=at,
            completed_at=at, active_seconds=0,
        )  # fmt: skip


def _moment(number: int, day: int) -> datetime:
    """Hardly two people do anything in the same second."""
    return b.day(day) + timedelta(
        seconds=number * 7919 % 18_000 - 9000, microseconds=number * 7907 % 1_000_000
    )


class _Put:
    def __init__(self, rows: dict[Any, list[dict[str, Any]]]) -> None:
        self.rows = rows

    def __call__(self, model: Any, /, **values: Any) -> None:
        known = table(model).c
        self.rows.setdefault(model, []).append({n: v for n, v in values.items() if n in known})


def measure(path: Path) -> dict[str, Any]:
    """What an audit of the file costs, and the least that reading, hashing and parsing the same rows costs."""
    engine = _engine(path)
    with Session(engine) as session:
        certificates = session.scalar(sa.select(sa.func.count()).select_from(Certificate)) or 0
        cpu, wall = time.process_time(), time.perf_counter()
        faults = list(audit(session, {KEY_ID: KEY}))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    engine.dispose()
    least = time.process_time()
    read = sum(_least(path))
    least = time.process_time() - least
    return {
        "audit_certificates": certificates,
        "audit_faults": len(faults),
        "audit_wall_s": round(wall, 1),
        "audit_cpu_s": round(cpu, 1),
        "audit_certificates_per_cpu_s": round(certificates / cpu),
        "audit_cpu_vs_bare": round(cpu / least, 2),
        "audit_bare_cpu_s": round(least, 1),
        "audit_bare_rows": read,
        "audit_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _least(path: Path) -> Iterator[int]:
    """Read, parse and hash with nothing but the driver: a floor that no check can go below."""
    import sqlite3

    connection = sqlite3.connect(path)
    for name in (
        "lesson_progress", "quiz_attempts", "submissions", "reviews", "attendance_entries", "ledger_entries",
        "audit_events",
    ):  # fmt: skip
        for row in connection.execute(f"SELECT * FROM {name}"):
            hashlib.sha256(repr(row).encode()).digest()
            yield 1
    for frozen, digest in connection.execute("SELECT frozen, digest FROM certificates"):
        assert hashlib.sha256(frozen.encode()).hexdigest() == digest
        json.loads(frozen)
        yield 1
    connection.close()


def _hurried(connection: Any, _record: Any) -> None:
    """Nobody mourns a half-built file, and what points at what the audit tells."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")


def _engine(path: Path) -> sa.Engine:
    forget_compiled()
    url = f"sqlite:///{path}"
    return sa.create_engine(url, **engine_options(url))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ledger", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("file", type=Path)
    building.add_argument("--people", type=int, default=20_000)
    auditing = commands.add_parser("audit")
    auditing.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    if given.command == "build":
        build(given.file, given.people)
    else:
        print(json.dumps(measure(given.file), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
