"""Whom a release concerns: the people of a course by state, and what moving them would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Organization
from lms.cohorts.models import Cohort
from lms.completion.models import CompletionSnapshot, LessonProgress
from lms.content.nodes import Course
from lms.courses.models import Course as CourseRow
from lms.courses.models import CourseVersion
from lms.credit.foreseeing import Foreseen
from lms.credit.moves import NOT_IMPORTED, foresee_moves
from lms.enrollments.models import Enrollment

State = Literal["not started", "in progress", "complete", "certificate issued", "left"]
STATES: tuple[State, ...] = ("not started", "in progress", "complete", "certificate issued", "left")
Told = Callable[[int, int], None]
"""Hears how many people were looked at or moved just now, and of how many."""
SELF_PACED = "self-paced"
BATCH = 1_000
"""People whose evidence is read at once."""


class Person(Struct, frozen=True):
    """One enrollment, without a name: whoever publishes a course need not know who takes it."""

    enrollment_id: int
    enrollment: str
    """Its public id."""
    state: State
    group: str
    """Public id of the cohort, or 'self-paced'."""
    version_id: int
    foreseen: Foreseen | None
    """None for who stays whatever happens: finished, left, or on this version already."""


class Group(Struct, frozen=True):
    """People who can be moved together. `moving` and `staying` of those who have not finished: who could
    move, and who would lose a step and therefore stays."""

    value: str
    title: str
    organization: str
    moving: int
    staying: int


class Affected(Struct, frozen=True):
    people: tuple[Person, ...]
    groups: tuple[Group, ...]

    @property
    def states(self) -> dict[State, int]:
        found = Counter(person.state for person in self.people)
        return {state: found[state] for state in STATES}

    @property
    def movable(self) -> tuple[Person, ...]:
        return tuple(each for each in self.people if each.foreseen is not None and each.foreseen.may_move)


def affected(
    session: Session, new: Course, version_id: int = NOT_IMPORTED, told: Told = lambda _, __: None
) -> Affected:
    """Everybody in the course, with what this version would change for those who have not finished.

    Two statements, and six for each thousand people who could move; nobody is locked, so it is a forecast.
    """
    rows = session.execute(_people(), {"course_key": new.key}).all()
    moving = sorted({row.user_id for row in rows if row.state == "active" and row.version_id != version_id})
    foreseen: dict[int, Foreseen] = {}
    for start in range(0, len(moving), BATCH):
        batch = moving[start : start + BATCH]
        for move in foresee_moves(session, batch, new, version_id):
            foreseen[move.foreseen.enrollment_id] = move.foreseen
        told(len(batch), len(moving))
    people = tuple(
        Person(
            row.id, row.public_id, _state(row), row.cohort or SELF_PACED, row.version_id,
            foreseen.get(row.id),
        )
        for row in rows
    )  # fmt: skip
    titles = {row.cohort: (row.title, row.organization) for row in rows if row.cohort}
    return Affected(people, _groups(people, titles))


def _people() -> sa.Select[*tuple[Any, ...]]:
    opened = sa.exists().where(LessonProgress.enrollment_id == Enrollment.id)
    return (
        sa.select(
            Enrollment.id,
            Enrollment.public_id,
            Enrollment.user_id,
            Enrollment.state,
            Enrollment.version_id,
            Cohort.public_id.label("cohort"),
            Cohort.title,
            Organization.name.label("organization"),
            CompletionSnapshot.certificate_current,
            sa.or_(opened, sa.func.coalesce(CompletionSnapshot.done, 0) > 0).label("started"),
        )
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
        .outerjoin(Organization, Organization.id == Cohort.organization_id)
        .outerjoin(CompletionSnapshot, CompletionSnapshot.enrollment_id == Enrollment.id)
        .where(Enrollment.course_key == sa.bindparam("course_key"))
        .order_by(Enrollment.id)
    )


def _state(row: sa.Row[*tuple[Any, ...]]) -> State:
    if row.state == "left":
        return "left"
    if row.state == "completed":
        return "complete" if row.certificate_current is None else "certificate issued"
    return "in progress" if row.started else "not started"


def _groups(people: Iterable[Person], titles: dict[str, tuple[str, str]]) -> tuple[Group, ...]:
    moving: Counter[str] = Counter()
    staying: Counter[str] = Counter()
    for person in people:
        if person.foreseen is not None:
            (moving if person.foreseen.may_move else staying)[person.group] += 1
    found = [
        Group(value, *titles.get(value, ("Self-paced", "")), moving[value], staying[value])
        for value in {*moving, *staying}
    ]
    return tuple(sorted(found, key=lambda group: (group.value != SELF_PACED, group.title, group.value)))


# ── Courses and versions ─────────────────────────────────────────────────────────────────────────


class CourseLine(Struct, frozen=True):
    key: str
    title: str
    number: int | None
    """Of the version offered now; None for a draft."""
    published_at: datetime | None
    versions: int
    newest: int
    active: int
    elsewhere: int
    """Of the active, those pinned to another version than the one offered."""


class VersionPeople(Struct, frozen=True):
    version_id: int
    active: int
    completed: int


def course_lines(session: Session) -> tuple[CourseLine, ...]:
    """Every course with its version and its people, in one statement."""
    offered = aliased(CourseVersion)
    counted = (
        sa.select(
            Enrollment.course_key,
            sa.func.count().label("active"),
            sa.func.sum(sa.case((Enrollment.version_id == CourseRow.current_version_id, 0), else_=1)).label(
                "elsewhere"
            ),
        )
        .join(CourseRow, CourseRow.key == Enrollment.course_key)
        .where(Enrollment.state == "active")
        .group_by(Enrollment.course_key)
        .subquery()
    )
    made = (
        sa.select(
            CourseVersion.course_key,
            sa.func.count().label("versions"),
            sa.func.max(CourseVersion.number).label("newest"),
        )
        .group_by(CourseVersion.course_key)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            CourseRow.key, CourseRow.title, offered.number, CourseRow.published_at,
            sa.func.coalesce(made.c.versions, 0), sa.func.coalesce(made.c.newest, 0),
            sa.func.coalesce(counted.c.active, 0), sa.func.coalesce(counted.c.elsewhere, 0),
        )
        .outerjoin(offered, offered.id == CourseRow.current_version_id)
        .outerjoin(made, made.c.course_key == CourseRow.key)
        .outerjoin(counted, counted.c.course_key == CourseRow.key)
        .order_by(CourseRow.title, CourseRow.key)
    )  # fmt: skip
    return tuple(CourseLine(*row) for row in rows)


def people_on_versions(session: Session, course_key: str) -> dict[int, VersionPeople]:
    """By version: who is learning with it, and who finished with it."""
    rows = session.execute(
        sa.select(
            Enrollment.version_id,
            sa.func.sum(sa.case((Enrollment.state == "active", 1), else_=0)),
            sa.func.sum(sa.case((Enrollment.state == "completed", 1), else_=0)),
        )
        .where(Enrollment.course_key == course_key)
        .group_by(Enrollment.version_id)
    )
    return {version_id: VersionPeople(version_id, active, done) for version_id, active, done in rows}
