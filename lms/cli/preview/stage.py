"""A throw-away site, onto which a course folder is put again and again, each time with a new reader.

So every save costs the same: there are no earlier enrollments that settling would have to look at.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from threading import Condition
from typing import Any

from flask import Flask
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.accounts.grants import grant_role
from lms.accounts.places import ensure_site
from lms.accounts.services import create_account
from lms.app import create_app
from lms.cohorts.services import create_cohort
from lms.completion.queries import lessons
from lms.completion.services import open_lesson
from lms.config import load_config
from lms.content.nodes import Course
from lms.content.problems import Problem
from lms.content.proof import Proof, Proofs
from lms.content.reader import read_folder
from lms.courses.queries import keep_compiled
from lms.courses.services import import_version, publish
from lms.credit.services import register_rule_sets, settle
from lms.enrollments.queries import current_enrollment
from lms.enrollments.services import enroll
from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.kernel.migration import upgrade

TIME_ZONE = "America/New_York"
READER = "Your Reader"
UNNAMED = "course"
"""Key of a course whose header cannot be read; it stays at the address it had."""
_WITHOUT_PAGES: Mapping[str, Any] = {
    "blocks": (), "modules": (), "capstone": None, "sessions": (), "requirements": (), "sources": (),
    "inserts": (), "images": (), "citations": (),
}  # fmt: skip
CANNOT_BE_SHOWN = "Nothing can be shown until what is listed here is put right."


class Shown(Struct, frozen=True):
    """What is on. `number` grows with every save. `course` is None where nothing can be shown, and `words`
    then says why. `reader`: the account that reads it. `cohort`: under which the session guides stand."""

    number: int
    proof: Proof
    course: Course | None = None
    reader: int = 0
    cohort: str = ""
    words: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.proof.problems

    @property
    def sign_in(self) -> str:
        """What the session of the reader says."""
        return f"{self.reader}.1"

    @property
    def home(self) -> str:
        return f"/learn/{self.course.key}" if self.course else "/"

    def address(self, file: str) -> str | None:
        """Where a file of the course is read; None for one that has no page."""
        key = self.proof.keys.get(file)
        if self.course is None or key is None or file in ("sources.md", "local.md"):
            return None
        if file.startswith("sessions/"):
            return f"/facilitate/cohorts/{self.cohort}/guides/{key}" if self.cohort else None
        return self.home if file == "course.md" or file.endswith("/module.md") else f"{self.home}/{key}"


class Stage:
    """`instance` is an empty folder; everything that is kept stands in it."""

    def __init__(self, instance: Path, folder: Path) -> None:
        config = load_config({"LMS_INSTANCE_PATH": str(instance), "LMS_LOG_LEVEL": "WARNING"})
        self.app: Flask = create_app(config)
        self.app.config["SESSION_COOKIE_NAME"] = "lms-preview"  # cookies do not tell ports apart
        self.folder = folder
        self.changed = Condition()
        self.shown = Shown(0, Proof(None, (), {}))
        self._proofs = Proofs()
        with self.app.app_context():
            event.listen(db.engine, "connect", _hurry)
            upgrade(db.engine)
            with transaction() as session:
                ensure_site(session, name=config.operator_name, now=clock.now())
                register_rule_sets(session)
            db.session.remove()

    def show(self) -> None:
        """Put on what the folder holds now, and wake whoever waits for it. Never raises."""
        number = self.shown.number + 1
        proof = Proof(None, (), {})
        try:
            proof = self._proofs.make(read_folder(self.folder), today=clock.now().date())
            shown = self._put_on(number, proof)
        except Exception as fault:
            logging.getLogger("lms").exception("The course could not be shown")
            shown = Shown(
                number,
                proof,
                reader=self.shown.reader,
                words=f"This could not be shown ({type(fault).__name__}).",
            )
        with self.changed:
            self.shown = shown
            self.changed.notify_all()

    def _put_on(self, number: int, proof: Proof) -> Shown:
        course = proof.course
        if course is None:
            return Shown(number, proof, reader=self.shown.reader, words=CANNOT_BE_SHOWN)
        if course.key == UNNAMED and self.shown.course is not None:
            course = replace(course, key=self.shown.course.key)
        with self.app.app_context():
            with transaction() as session:
                reader, cohort = self._enroll(session, number, course)
            db.session.remove()
        return Shown(number, proof, course, reader, cohort)

    def _enroll(self, session: Session, number: int, course: Course) -> tuple[int, str]:
        """Somebody new with the new text: nothing that was answered before can fail to fit it. What the
        reader before has opened is open."""
        now = clock.now()
        # Pages are read from memory alone: nobody else reads here, and no version but the newest.
        version = import_version(session, replace(course, **_WITHOUT_PAGES), {}, now)
        session.flush()
        publish(session, version.id, now)
        keep_compiled(session, version.id, course)
        reader = create_account(
            session, email=f"reader-{number}@example.org", name=READER, job="teacher",
            time_zone=TIME_ZONE, now=now,
        ).id  # fmt: skip
        enrollment = enroll(
            session,
            user_id=reader,
            course_key=course.key,
            version_id=version.id,
            time_zone=TIME_ZONE,
            now=now,
        )
        settle(session, [enrollment.id], now, reader, "enrolled")
        before = current_enrollment(session, self.shown.reader, course.key)
        opened = set(lessons(session, before.id)) if before else set()
        for module in course.modules:
            for lesson in module.lessons:
                if lesson.key in opened:
                    open_lesson(
                        session, enrollment_id=enrollment.id, key=lesson.key, version_id=version.id, now=now
                    )
        return reader, self._cohort(session, reader, version.id) if course.sessions else ""

    def _cohort(self, session: Session, reader: int, version_id: int) -> str:
        """The reader leads a cohort too: session guides are shown to nobody else."""
        now = clock.now()
        cohort = create_cohort(
            session, organization_id=0, version_id=version_id, title="Preview", time_zone=TIME_ZONE,
            starts_on=now.date(), ends_on=None, now=now, by=reader,
        )  # fmt: skip
        grant_role(
            session, user_id=reader, role="facilitator", scope_kind="cohort", scope_id=cohort.id,
            now=now, by=reader,
        )  # fmt: skip
        return cohort.public_id

    def wait(self, number: int, seconds: float) -> int:
        """The number of what is on, as soon as it is higher than `number`, at most so many seconds later."""
        with self.changed:
            self.changed.wait_for(lambda: self.shown.number > number, seconds)
            return self.shown.number

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _hurry(connection: Any, _record: object) -> None:
    """Nothing here is to outlive a power cut, so no save waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")
