"""What an author does: bring a course in, publish a version, move people to it.

Publishing is one commit. Moves follow in commits of 500 people, each settled with its move; whoever is not
moved because the work was cut short is moved by asking again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor, Permission, Target, may
from lms.cohorts.services import pin_version
from lms.content.compiler import compile_course
from lms.content.diff import VersionDiff, compare
from lms.content.nodes import Course
from lms.content.problems import Problem
from lms.content.reader import SourceFiles
from lms.content.release_class import CLASSES, Reason, ReleaseClass, release_class_needed
from lms.courses import queries, releases
from lms.courses.queries import VersionRow, load_compiled
from lms.courses.services import import_version
from lms.courses.services import publish as offer
from lms.credit.moves import move_who_may
from lms.credit.services import settle
from lms.enrollments.services import REASON_LIMIT
from lms.kernel import audit
from lms.kernel.clock import now
from lms.kernel.db import db, transaction
from lms.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from lms.records.releases import SELF_PACED, Affected, Told, affected

AT_ONCE = 500
"""Enrollments moved in one commit."""
Who = Literal["nobody", "not started", "everybody", "groups"]
WHO: tuple[Who, ...] = ("nobody", "not started", "everybody", "groups")


class TakenIn(Struct, frozen=True):
    """A course that was read: its version, or everything that is wrong with it (`problems` may hold warnings
    of a good one, too)."""

    version: VersionRow | None
    problems: tuple[Problem, ...]


class Comparison(Struct, frozen=True):
    """A course against the version that is published now. `release`: number of the last release."""

    current: VersionRow | None
    release: int
    diff: VersionDiff
    declared: ReleaseClass
    """What the release is called: by the course's header, or, where an earlier version is published again, by
    what the way back changes."""
    needed: ReleaseClass
    reasons: tuple[Reason, ...]
    again: bool
    """The version was published before."""

    @property
    def understated(self) -> bool:
        return CLASSES.index(self.declared) < CLASSES.index(self.needed)


class Wanted(Struct, frozen=True):
    """Who is moved. `groups` (cohorts' public ids, 'self-paced') counts for `who` 'groups' alone."""

    who: Who = "nobody"
    groups: frozenset[str] = frozenset()

    def takes(self, state: str, group: str) -> bool:
        match self.who:
            case "nobody":
                return False
            case "not started":
                return state == "not started"
            case "everybody":
                return True
            case "groups":
                return group in self.groups


class Published(Struct, frozen=True):
    version: VersionRow
    moved: int
    completed: int
    """Of the moved, who had everything that this version asks for."""


def _require(actor: Actor | None) -> int | None:
    """Who acts; None for the operator at the command line."""
    if actor is None:
        return None
    if not may(actor, Permission.COURSE_PUBLISH, Target()):
        raise NotAllowed
    return actor.user_id


# ── Reading and comparing ────────────────────────────────────────────────────────────────────────


def read_course(session: Session, files: SourceFiles) -> tuple[Course | None, tuple[Problem, ...]]:
    """Compiled, and held against the versions that people were offered: a key keeps its kind there."""
    today = now().date()
    result = compile_course(files, today=today)
    if result.course is None:
        return None, result.problems
    earlier = releases.published_kinds(session, result.course.key)
    if earlier:
        result = compile_course(files, today=today, earlier=earlier)
    return result.course, result.problems


def take_in(actor: Actor | None, files: SourceFiles) -> TakenIn:
    """Keep these files as a version of their course, a draft until it is published.

    The same files are the version that is there already. Nothing is kept of a course with an error.
    """
    by = _require(actor)
    course, problems = read_course(db.session(), files)
    if course is None:
        return TakenIn(None, problems)
    with transaction() as session:
        made = import_version(session, course, files.files, now(), by)
        session.flush()
        return TakenIn(queries.version(session, made.id), problems)


def compare_with_published(session: Session, new: Course, version_id: int | None = None) -> Comparison:
    """What publishing would change for who begins from now on; `version_id` None for files only."""
    current = queries.published(session, new.key)
    release = releases.last_release_number(session, new.key)
    again = version_id is not None and releases.was_published(session, version_id)
    declared = new.release.release_class
    if current is None:
        return Comparison(None, release, VersionDiff(), declared, "editorial", (), again)
    diff = compare(load_compiled(session, current.id), new)
    needed, reasons = release_class_needed(diff)
    return Comparison(current, release, diff, needed if again else declared, needed, reasons, again)


def forecast(
    session: Session, new: Course, version_id: int | None = None, told: Told = lambda _, __: None
) -> Affected:
    """Whom it concerns, and what would change for them."""
    if version_id is None:
        return affected(session, new, told=told)
    return affected(session, new, version_id, told)


# ── Publishing and moving ────────────────────────────────────────────────────────────────────────


def publish(
    actor: Actor | None,
    *,
    version_id: int,
    release: int,
    note: str = "",
    wanted: Wanted | None = None,
    told: Told = lambda _, __: None,
) -> Published:
    """Offer the version from now on, then move whom `wanted` names and nobody who would lose a step.

    `release`: the last release as the publisher saw it; Conflict when somebody published meanwhile. The
    version that is offered already is not published again, its people are moved. RuleBroken:
    class_understated, note_needed (an earlier version is published again only with a reason), note_long.
    """
    by = _require(actor)
    wanted = wanted or Wanted()
    note = note.strip()
    if len(note) > REASON_LIMIT:
        raise RuleBroken("note_long", "note")
    moment = now()
    with transaction() as session:
        version = queries.version(session, version_id)
        if version is None:
            raise NotFound
        compared = compare_with_published(session, load_compiled(session, version_id), version_id)
        if compared.release != release:
            raise Conflict("published meanwhile")
        if not version.current:
            if compared.understated:
                raise RuleBroken("class_understated")
            if compared.again and not note:
                raise RuleBroken("note_needed", "note")
        offer(session, version_id, moment, by=by, release_class=compared.declared, note=note, after=release)
        if not version.current:
            audit.record(session, _published(version, compared, by, note), moment)
    reason = note or f"version {version.number} was published"
    moved = completed = 0
    named = _named(db.session(), version, wanted)
    for ids in _batches(named):
        done, finished = _move(ids, version, by, reason)
        moved, completed = moved + done, completed + finished
        told(len(ids), len(named))
    if wanted.who in ("everybody", "groups"):
        _pin_cohorts(version, wanted, by)
    shown = queries.version(db.session(), version_id)
    return Published(shown or version, moved, completed)


def _published(version: VersionRow, compared: Comparison, by: int | None, note: str) -> audit.AuditEntry:
    before = compared.current
    return audit.AuditEntry(
        organization_id=0, stream="access", actor_id=by, action="course.published",
        subject=f"courses:{version.course_key}",
        before={"version": before.number, "digest": before.digest} if before else None,
        after={"version": version.number, "digest": version.digest, "release_class": compared.declared},
        why=note or None,
    )  # fmt: skip


def _named(session: Session, version: VersionRow, wanted: Wanted) -> list[int]:
    if wanted.who == "nobody":
        return []
    people = forecast(session, load_compiled(session, version.id), version.id).movable
    return [each.enrollment_id for each in people if wanted.takes(each.state, each.group)]


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _move(ids: list[int], version: VersionRow, by: int | None, reason: str) -> tuple[int, int]:
    """One commit: locked, foreseen again on what is true now, moved and settled."""
    moment: datetime = now()
    with transaction() as session:
        moved = move_who_may(session, ids, version_id=version.id, actor_id=by, reason=reason, now=moment)
        changes = settle(session, moved, moment, by, reason)
        return len(moved), len(changes.completed)


def _pin_cohorts(version: VersionRow, wanted: Wanted, by: int | None) -> None:
    """Who joins a moved cohort later learns with the same version."""
    only = None if wanted.who == "everybody" else wanted.groups - {SELF_PACED}
    with transaction() as session:
        pin_version(
            session, course_key=version.course_key, version_id=version.id, only=only, now=now(), by=by
        )
