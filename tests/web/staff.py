"""A district with its people, the real course, a cohort and a reflection that waits: for staff pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from lms.accounts.permissions import Actor
from lms.accounts.queries import actor
from lms.actions import coordinate
from lms.cohorts.queries import cohort as find_cohort
from lms.cohorts.services import join_cohort
from lms.config import ROOT
from lms.content.compiler import compile_course
from lms.content.nodes import Course
from lms.content.reader import SourceFiles, read_folder
from lms.courses.services import import_version, publish
from lms.credit.services import register_rule_sets, settle
from lms.enrollments.queries import enrollment_by_id
from lms.kernel.clock import now
from lms.kernel.db import db
from lms.responses.services.handins import hand_in
from tests.web.conftest import Person, Place, World

COURSE = "creating-connections"
TEXT = " ".join(["She listened before she spoke and she was dependable every week."] * 12)


@cache
def real_course() -> tuple[Course, SourceFiles]:
    files = read_folder(ROOT / "courses" / COURSE)
    result = compile_course(files, today=now().date())
    assert result.course is not None, result.problems[:5]
    return result.course, files


def publish_course(world: World) -> int:
    """The real course on offer; its version's id."""
    course, files = real_course()
    with world.writing() as session:
        register_rule_sets(session)
        version = import_version(session, course, files.files, now())
        session.flush()
        publish(session, version.id, now())
        return version.id


@dataclass(slots=True)
class Staff:
    """`learner` is in the cohort, has handed in the first reflection, and waits for an answer."""

    world: World
    district: Place
    school: Place
    other: Place
    coordinator: Person
    other_coordinator: Person
    facilitator: Person
    learner: Person
    stranger: Person
    admin: Person
    version_id: int
    cohort: str
    enrollment_id: int
    enrollment: str
    reflection: str

    def acting(self, person: Person) -> Actor:
        with self.world.reading() as session:
            found = actor(session, person.id)
            assert found is not None
            return found.actor


_built: list[tuple[bytes, tuple[Person, ...], Staff]] = []


def build_staff(world: World) -> Staff:
    """Into a database with nothing in it yet. Built once in a process, and copied for every later test."""
    assert not world.made
    config = world.app.extensions["lms"]
    file = config.instance / "lms.db"
    if not _built:
        staff = _build(world)
        with world.app.app_context():
            db.session.remove()
            db.engine.dispose()  # the last connection folds the write-ahead log into the file
        _built.append((file.read_bytes(), tuple(world.made), staff))
        return staff
    with world.app.app_context():
        db.engine.dispose()
    content, people, staff = _built[0]
    file.write_bytes(content)
    world.made.extend(people)
    return replace(staff, world=world)


def _build(world: World) -> Staff:
    version_id = publish_course(world)
    district, other = world.district(), world.district("Other Valley Schools")
    school = world.school(district)
    coordinator = world.belongs(world.person("Carla Nunes"), district)
    world.grant(coordinator, "coordinator", "organization", district.id)
    other_coordinator = world.belongs(world.person("Omar Haddad"), other)
    world.grant(other_coordinator, "coordinator", "organization", other.id)
    facilitator = world.person("Marcus Bell")
    learner = world.belongs(world.person("Rosa Delgado"), school)
    stranger = world.belongs(world.person("Sokha Chea"), school)
    admin = world.grant(world.person("Ada Admin"), "admin")
    with world.reading() as session:
        found = actor(session, coordinator.id)
        assert found is not None
    with world.app.app_context():
        cohort = coordinate.create_cohort(
            found.actor, name="Spring cohort", course_key=COURSE, organization=district.public_id,
            facilitator=facilitator.email, starts_on=now().date(), ends_on=None, required_minutes=None,
        )  # fmt: skip
    reflection = next(r.key for r in real_course()[0].requirements if r.kind == "reflection")
    with world.writing() as session:
        row = find_cohort(session, cohort)
        assert row is not None
        enrollment_id = join_cohort(
            session, cohort_id=row.id, user_id=learner.id, time_zone="America/New_York", basis="join_code",
            now=now(), by=learner.id,
        )  # fmt: skip
        hand_in(
            session, enrollment_id=enrollment_id, author_id=learner.id, version_id=version_id, key=reflection,
            text=TEXT, words_min=80, level="meets", now=now(),
        )  # fmt: skip
        settle(session, [enrollment_id], now(), learner.id, "handed in")
        enrolled = enrollment_by_id(session, enrollment_id)
        assert enrolled is not None
    return Staff(
        world, district, school, other, coordinator, other_coordinator, facilitator, learner, stranger, admin,
        version_id, cohort, enrollment_id, enrolled.public_id, reflection,
    )  # fmt: skip
