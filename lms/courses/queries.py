"""Reads of courses: what is offered, which versions there are, and the compiled course itself."""

from __future__ import annotations

import io
import threading
import weakref
import zipfile
from collections import OrderedDict
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Row, Select, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, aliased

from lms.content import codec
from lms.content.nodes import Course as Compiled
from lms.courses.models import Course, CourseVersion
from lms.kernel.errors import NotFound

CACHED = 12
"""Compiled versions a process keeps; a few courses with the versions that learners are pinned to."""


class VersionRow(Struct, frozen=True):
    id: int
    course_key: str
    number: int
    title: str
    digest: str
    release_class: str
    notes: str
    imported_at: datetime
    current: bool
    """It is the one offered now."""


# ── The compiled course ──────────────────────────────────────────────────────────────────────────

_cache: weakref.WeakKeyDictionary[Engine, OrderedDict[int, Compiled]] = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def load_compiled(session: Session, version_id: int) -> Compiled:
    """The version as it was compiled. Versions never change, so a process reads each of them once.

    NotFound when there is no such version.
    """
    engine = session.get_bind().engine
    with _guard:
        kept = _cache.setdefault(engine, OrderedDict())
        course = kept.get(version_id)
        if course is not None:
            kept.move_to_end(version_id)
            return course
    text = session.scalar(select(CourseVersion.compiled).where(CourseVersion.id == version_id))
    if text is None:
        raise NotFound
    course = codec.decode(text)
    keep_compiled(session, version_id, course)
    return course


def keep_compiled(session: Session, version_id: int, course: Compiled) -> None:
    """Spare `load_compiled` its first reading of a version, for who has just compiled it."""
    with _guard:
        kept = _cache.setdefault(session.get_bind().engine, OrderedDict())
        kept[version_id] = course
        while len(kept) > CACHED:
            kept.popitem(last=False)


def forget_compiled() -> None:
    """Drop what was read, for a database whose ids start anew (a test that is rolled back)."""
    with _guard:
        _cache.clear()


# ── Versions ─────────────────────────────────────────────────────────────────────────────────────


def _versions() -> Select[CourseVersion, int | None]:
    return select(CourseVersion, Course.current_version_id).outerjoin(
        Course, Course.key == CourseVersion.course_key
    )


def _row(row: Row[CourseVersion, int | None]) -> VersionRow:
    version, current = row
    return VersionRow(
        version.id, version.course_key, version.number, version.title, version.digest,
        version.release_class, version.notes, version.imported_at, version.id == current,
    )  # fmt: skip


def version(session: Session, version_id: int) -> VersionRow | None:
    row = session.execute(_versions().where(CourseVersion.id == version_id)).one_or_none()
    return None if row is None else _row(row)


def version_with_digest(session: Session, digest: str) -> VersionRow | None:
    """The version that was compiled from files with this digest."""
    row = session.execute(_versions().where(CourseVersion.digest == digest)).one_or_none()
    return None if row is None else _row(row)


def versions(session: Session, course_key: str) -> tuple[VersionRow, ...]:
    """Every version of a course, the newest first."""
    rows = session.execute(
        _versions().where(CourseVersion.course_key == course_key).order_by(CourseVersion.number.desc())
    )
    return tuple(map(_row, rows))


def latest_versions(session: Session) -> tuple[VersionRow, ...]:
    """The newest version of every course, by key; one that is not `current` is a draft."""
    other = aliased(CourseVersion)
    newest = select(func.max(other.number)).where(other.course_key == CourseVersion.course_key)
    rows = session.execute(
        _versions().where(CourseVersion.number == newest.scalar_subquery()).order_by(CourseVersion.course_key)
    )
    return tuple(map(_row, rows))


def published(session: Session, course_key: str) -> VersionRow | None:
    """The version offered now; None for a course that is unknown or a draft."""
    row = session.execute(
        _versions().where(CourseVersion.id == Course.current_version_id, Course.key == course_key)
    ).one_or_none()
    return None if row is None else _row(row)


def catalog(session: Session) -> tuple[VersionRow, ...]:
    """What is offered, by title. The page reads hours and objectives from the compiled course."""
    rows = session.execute(
        _versions().where(CourseVersion.id == Course.current_version_id).order_by(Course.title, Course.key)
    )
    return tuple(map(_row, rows))


def sources_of(session: Session, version_id: int) -> dict[str, bytes]:
    """The files that a version was compiled from, by path."""
    data = session.scalar(select(CourseVersion.sources).where(CourseVersion.id == version_id))
    if data is None:
        raise NotFound
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
