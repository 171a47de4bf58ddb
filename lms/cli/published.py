"""Course folders into the site: compiled, imported as a version, published or kept as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lms.cli.folders import compiled, course_or_fail
from lms.content.codec import source_digest
from lms.content.earlier import earlier_kinds
from lms.content.nodes import Course
from lms.content.reader import SourceFiles, read_folder
from lms.courses.queries import load_compiled, version_with_digest, versions
from lms.courses.services import import_version
from lms.courses.services import publish as publish_version
from lms.kernel import clock
from lms.kernel.db import db, transaction


@dataclass(frozen=True, slots=True)
class Outcome:
    """`same`: this text is the published version already."""

    course_key: str
    number: int
    kind: Literal["published", "draft", "same"]


def bring_in(folder: Path, *, publish: bool) -> Outcome:
    """Import what the folder holds now, one commit. Files that are a version already are not compiled."""
    files = read_folder(folder)
    known = None if files.problems else version_with_digest(db.session(), source_digest(files.files))
    if known is None:
        return _import(_new_course(files, folder), files, publish)
    if publish and not known.current:
        with transaction() as session:
            publish_version(session, known.id, clock.now())
        return Outcome(known.course_key, known.number, "published")
    return Outcome(known.course_key, known.number, "same" if known.current else "draft")


def _new_course(files: SourceFiles, folder: Path) -> Course:
    """Compiled, and held against the versions before it: a key keeps its kind."""
    course = course_or_fail(compiled(files), folder)
    session = db.session()
    before = [(row.number, load_compiled(session, row.id)) for row in versions(session, course.key)]
    return course_or_fail(compiled(files, earlier_kinds(before)), folder) if before else course


def _import(course: Course, files: SourceFiles, publish: bool) -> Outcome:
    now = clock.now()
    with transaction() as session:
        version = import_version(session, course, files.files, now)
        session.flush()
        if publish:
            publish_version(session, version.id, now)
        return Outcome(course.key, version.number, "published" if publish else "draft")
