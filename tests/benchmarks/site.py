"""Our site for the measurements: the real course, learners in the middle of it, and their cookies."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from lms.accounts import services
from lms.app import create_app
from lms.cli.first_start import prepare
from lms.completion.services import open_lesson
from lms.config import Config, load_config
from lms.content.nodes import Course, Lesson, Quiz
from lms.courses.queries import catalog, load_compiled
from lms.credit.services import settle
from lms.enrollments.services import enroll
from lms.kernel import clock
from lms.kernel.db import db, transaction

LMS = str(Path(sys.executable).with_name("lms"))
AT_ONCE = 500


@dataclass(frozen=True)
class Site:
    instance: Path
    config: Config
    app: Flask
    course: Course
    version_id: int
    user_ids: tuple[int, ...]
    enrollment_ids: tuple[int, ...]

    @property
    def lesson(self) -> Lesson:
        """The longest one: nobody's page is dearer."""
        return _longest(self.course)

    @property
    def quiz(self) -> Quiz:
        return next(module.quiz for module in self.course.modules if module.quiz is not None)

    def address(self, page_key: str) -> str:
        return f"/learn/{self.course.key}/{page_key}"

    def environment(self) -> dict[str, str]:
        return {"LMS_INSTANCE_PATH": str(self.instance)}

    def command(self, port: int) -> list[str]:
        return [LMS, "serve", "--port", str(port)]

    def cookies(self) -> tuple[str, ...]:
        """A signed-in session for each learner, as the sign-in page would give it, without its argon2."""
        signer = self.app.session_interface.get_signing_serializer(self.app)
        minutes = int(clock.now().timestamp() // 60)
        return tuple(f"lms={signer.dumps(_session(user_id, minutes))}" for user_id in self.user_ids)


def _session(user_id: int, minutes: int) -> dict[str, object]:
    return {
        "_user_id": f"{user_id}.1",
        "_fresh": True,
        "_permanent": True,
        "renewed": minutes,
        "csrf_token": CSRF,
    }


CSRF = "0" * 40
"""What the session holds of the forms' token; pages sign it anew."""


def _longest(course: Course) -> Lesson:
    lessons = [lesson for module in course.modules for lesson in module.lessons]
    return max(lessons, key=lambda lesson: lesson.reading_words)


def build(instance: Path, learners: int) -> Site:
    """A migrated site with the published course and this many people enrolled in it."""
    config = load_config({"LMS_INSTANCE_PATH": str(instance), "LMS_LOG_LEVEL": "WARNING"})
    app = create_app(config)
    prepare(app, config, lambda _words: None)
    now = clock.now()
    user_ids: list[int] = []
    enrollment_ids: list[int] = []
    with app.app_context():
        version = catalog(db.session())[0]
        course = load_compiled(db.session(), version.id)
        for start in range(0, learners, AT_ONCE):
            with transaction() as session:
                fresh = []
                for number in range(start, min(start + AT_ONCE, learners)):
                    user = services.create_account(
                        session,
                        email=f"learner{number}@example.org",
                        name=f"Learner {number}",
                        job="teacher",
                        time_zone="America/New_York",
                        now=now,
                    )
                    fresh.append(
                        enroll(
                            session, user_id=user.id, course_key=version.course_key, version_id=version.id,
                            time_zone="America/New_York", now=now,
                        ).id
                    )  # fmt: skip
                    user_ids.append(user.id)
                for enrollment_id in fresh:  # its note on what it tells of is read, the lesson itself is open
                    open_lesson(
                        session,
                        enrollment_id=enrollment_id,
                        key=_longest(course).key,
                        version_id=version.id,
                        now=now,
                    )
                settle(session, fresh, now, None, "enrolled")
                enrollment_ids += fresh
        db.session.remove()
        db.engine.dispose()
    return Site(instance, config, app, course, version.id, tuple(user_ids), tuple(enrollment_ids))
