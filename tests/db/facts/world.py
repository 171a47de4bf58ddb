"""A small course and the people in it, for tests of services and queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import Affiliation, Organization, RoleGrant, User
from lms.content.nodes import (
    NOTHING,
    Course,
    Criterion,
    Lesson,
    Module,
    Quiz,
    Reflection,
    Release,
    Rubric,
    SafeHtml,
    SessionGuide,
    Toolkit,
)
from lms.courses.models import CourseVersion
from lms.courses.services import import_version, publish
from lms.enrollments.models import Enrollment
from lms.enrollments.services import enroll
from tests.db.conftest import Database
from tests.unit.responses import build

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"


def later(minutes: float = 0, days: float = 0) -> datetime:
    return NOW + timedelta(minutes=minutes, days=days)


LEVELS = (NOTHING, NOTHING, NOTHING)
REFLECTION = Reflection(
    key="cc-1-quiz.adult",
    title=SafeHtml("An adult"),
    anchor="an-adult",
    blocks=(),
    rubric=Rubric("cc-1-quiz.adult", (Criterion(1, NOTHING, LEVELS),)),
    minutes=15,
    words_min=3,
    words_max=300,
)
QUIZ = Quiz(
    key="cc-1-quiz",
    title=SafeHtml("Quiz"),
    title_text="Quiz",
    pass_percent=80,
    attempts=None,
    minutes=10,
    shuffle=True,
    blocks=(),
    questions=(
        build.question("cc-1-quiz.one", "choose one", "right", "wrong", "defensible"),
        build.question("cc-1-quiz.many", "choose many", "right", "right", "wrong"),
        build.sort("cc-1-quiz.sort", 0, 1, 2, points=2),
        build.order("cc-1-quiz.order", 4),
        build.short_answer("cc-1-quiz.short"),
    ),
    reflections=(REFLECTION,),
)
RIGHT: dict[str, Any] = {
    "cc-1-quiz.one": 0, "cc-1-quiz.many": [0, 1], "cc-1-quiz.sort": [0, 1, 2],
    "cc-1-quiz.order": [0, 1, 2, 3], "cc-1-quiz.short": "Twenty.",
}  # fmt: skip
CASES = build.question(
    "cc-1-1.cases",
    "activity",
    members=(
        build.question("cc-1-1.first", "choose one", "right", "wrong"),
        build.question("cc-1-1.second", "choose one", "right", "wrong", after=(build.field("cc-1-1.why"),)),
    ),
)
REWRITE = build.question("cc-1-1.rewrite", "rewrite")
LOG = Toolkit(
    key="cc-t3",
    title=SafeHtml("Log"),
    title_text="Log",
    who="Everyone",
    minutes=30,
    form="worksheet",
    seen_by="me",
    sittings=(),
    blocks=(
        build.field("cc-t3.code", "short", code=True, needed=True),
        build.log(
            "cc-t3.contacts",
            build.field("cc-t3.day", "date", needed=True),
            build.field("cc-t3.minutes", "number", minimum=1, maximum=15),
            build.field("cc-t3.topic", "short"),
            at_least=2,
        ),
        build.field("cc-t3.flat"),
    ),
)
TWICE = replace(
    LOG,
    key="cc-t1",
    sittings=("Before", "At the end"),
    blocks=(build.field("cc-t1.missing"), build.field("cc-t1.easy")),
)
PAPER = replace(LOG, key="cc-t9", form="paper", blocks=())
GUIDE = SessionGuide(
    key="cc-s1", number=1, title=SafeHtml("One"), title_text="One", minutes=75, when="", group="", bring=(),
    needs="", make_up=None, blocks=(), agenda=(),
)  # fmt: skip


def course(key: str = "cc", digest: str = "d1", title: str = "Creating Connections") -> Course:
    module = Module(
        key=f"{key}-1",
        number=1,
        title=SafeHtml("One"),
        title_text="One",
        objective="",
        blocks=(),
        lessons=(
            Lesson(
                key=f"{key}-1-1", title=SafeHtml("1.1"), title_text="1.1", objective="", minutes=20,
                reading_words=1000, blocks=(CASES, REWRITE),
            ),
        ),
        toolkits=(LOG, TWICE, PAPER),
        quiz=QUIZ,
    )  # fmt: skip
    return Course(
        key=key, title=SafeHtml(title), title_text=title, language="en", license="CC BY 4.0",
        audience=("teachers",), topic="Relationships", content_areas=(), needs_assessment="", objectives=(),
        clock_hours=1, design_minutes=75, reviewers="facilitator", privacy_line=NOTHING, every_page=(),
        release=Release("minor", "notes"), blocks=(), modules=(module,), capstone=None, sessions=(GUIDE,),
        requirements=(), sources=(), inserts=(), digest=digest,
    )  # fmt: skip


@dataclass
class World:
    database: Database
    people: int = 0

    @property
    def session(self) -> Session:
        return self.database.session

    def person(self, name: str = "", *, at: Organization | None = None) -> User:
        self.people += 1
        user = User(email=f"p{self.people}@example.org", name=name or f"Person {self.people}", created_at=NOW)
        self.session.add(user)
        self.session.flush()
        if at is not None:
            self.session.add(
                Affiliation(
                    user_id=user.id, organization_id=at.id or 0, sequence=1, state="confirmed",
                    basis="coordinator", from_on=date(2026, 1, 1),
                )
            )  # fmt: skip
            self.session.flush()
        return user

    def district(self, name: str = "Bridgeway") -> Organization:
        return self._organization(name, "district", None)

    def school(self, name: str, district: Organization) -> Organization:
        return self._organization(name, "school", district.id)

    def _organization(self, name: str, kind: str, parent: int | None) -> Organization:
        row = Organization(kind=kind, name=name, parent_id=parent, created_at=NOW)
        self.session.add(row)
        self.session.flush()
        return row

    def grant(self, user: User, role: str, scope_kind: str, scope_id: int) -> None:
        self.session.add(
            RoleGrant(user_id=user.id, role=role, scope_kind=scope_kind, scope_id=scope_id, granted_at=NOW)
        )
        self.session.flush()

    def version(self, compiled: Course | None = None) -> CourseVersion:
        compiled = compiled or course()
        version = import_version(self.session, compiled, {"course.md": compiled.digest.encode()}, NOW)
        publish(self.session, version.id, NOW)
        return version

    def enrolled(self, user: User | None = None, version: CourseVersion | None = None) -> Enrollment:
        version = version or self.version()
        return enroll(
            self.session, user_id=(user or self.person()).id, course_key=version.course_key,
            version_id=version.id, time_zone=ZONE, now=NOW,
        )  # fmt: skip

    def all(self, table: Any) -> list[Any]:
        """What the database holds, not what the session remembers."""
        self.session.flush()
        self.session.expire_all()
        return list(self.session.scalars(select(table)))
