"""Writes about courses: a version is imported once and stays, publishing moves a pointer and is noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content import codec
from lms.content.archive import pack
from lms.content.nodes import Course as Compiled
from lms.courses.models import Course, CourseRelease, CourseVersion
from lms.courses.releases import last_release_number
from lms.kernel.errors import Conflict, NotFound, RuleBroken


def import_version(
    session: Session,
    compiled: Compiled,
    sources: Mapping[str, bytes],
    now: datetime,
    imported_by: int | None = None,
) -> CourseVersion:
    """Keep a compiled course as the next version of its key, a draft until it is published.

    `sources`: path -> bytes, as they were compiled. The same digest gives back the version that is there
    already, also when another process brought it in at the same moment. RuleBroken('digest_missing') for
    a course that was not compiled from files.
    """
    if not compiled.digest:
        raise RuleBroken("digest_missing")
    known = _known(session, compiled)
    if known is not None:
        return known
    if session.get(Course, compiled.key) is None:
        session.add(Course(key=compiled.key, title=compiled.title_text))
    last = select(func.max(CourseVersion.number)).where(CourseVersion.course_key == compiled.key)
    version = CourseVersion(
        course_key=compiled.key,
        number=(session.scalar(last) or 0) + 1,
        title=compiled.title_text,
        digest=compiled.digest,
        release_class=compiled.release.release_class,
        notes=compiled.release.notes,
        sources=pack(sources),
        compiled=codec.encode(compiled),
        imported_at=now,
        imported_by=imported_by,
    )
    try:
        with session.begin_nested():
            session.add(version)
            session.flush()
    except IntegrityError:
        known = _known(session, compiled)
        if known is None:
            raise
        return known
    return version


def _known(session: Session, compiled: Compiled) -> CourseVersion | None:
    return session.scalar(
        select(CourseVersion).where(
            CourseVersion.course_key == compiled.key, CourseVersion.digest == compiled.digest
        )
    )


def publish(
    session: Session,
    version_id: int,
    now: datetime,
    *,
    by: int | None = None,
    release_class: str = "",
    note: str = "",
    after: int | None = None,
) -> Course:
    """Offer this version to who enrolls from now on. An earlier version may be published again.

    `release_class` '' takes what the course's header says. `after`: the number of the course's last release
    as the publisher saw it (0: none); Conflict when there has been another one since.
    """
    version = session.get(CourseVersion, version_id)
    if version is None:
        raise NotFound
    course = session.get(Course, version.course_key, with_for_update=True, populate_existing=True)
    if course is None:
        raise NotFound
    last = last_release_number(session, course.key)
    if after is not None and after != last:
        raise Conflict("published meanwhile")
    if course.current_version_id != version_id:
        session.add(
            CourseRelease(
                course_key=course.key,
                number=last + 1,
                version_id=version_id,
                release_class=release_class or version.release_class,
                note=note,
                at=now,
                actor_id=by,
            )
        )
        course.current_version_id = version_id
        course.title = version.title
        course.published_at = now
        session.flush()
    return course
