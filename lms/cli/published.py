"""Course folders into the site: compiled, imported as a version, published or kept as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from lms.content.compiler import CompileResult, compile_course
from lms.content.earlier import Earlier, earlier_kinds
from lms.content.nodes import Course
from lms.content.reader import SourceFiles, read_folder
from lms.courses.queries import load_compiled, published, versions
from lms.courses.services import import_version
from lms.courses.services import publish as publish_version
from lms.kernel import clock
from lms.kernel.db import transaction


@dataclass(frozen=True, slots=True)
class Outcome:
    """`same`: this text is the published version already."""

    course_key: str
    number: int
    kind: Literal["published", "draft", "same"]


def course_folders(parent: Path) -> tuple[Path, ...]:
    """Folders of courses below `parent`: those with a course.md."""
    return tuple(sorted(path.parent for path in parent.glob("*/course.md"))) if parent.is_dir() else ()


def compiled(folder: Path) -> CompileResult:
    return _compiled(read_folder(folder))


def _compiled(files: SourceFiles, earlier: Mapping[str, Earlier] | None = None) -> CompileResult:
    return compile_course(files, today=clock.now().date(), earlier=earlier or {})


def compiled_or_fail(folder: Path) -> tuple[Course, SourceFiles]:
    """The course of a folder and its files; the first errors and exit code 1 if it does not compile."""
    files = read_folder(folder)
    return _course_of(_compiled(files), folder), files


def _course_of(result: CompileResult, folder: Path) -> Course:
    if result.course is None:
        for problem in result.errors[:10]:
            click.echo(f"{folder}/{problem}", err=True)
        raise click.ClickException(
            f"{folder} has {len(result.errors)} errors. `lms courses check {folder}` shows all of them."
        )
    return result.course


def bring_in(folder: Path, *, publish: bool) -> Outcome:
    """Import what the folder holds now, one commit."""
    course, files = compiled_or_fail(folder)
    now = clock.now()
    with transaction() as session:
        current = published(session, course.key)
        if current is not None and current.digest == course.digest:
            return Outcome(course.key, current.number, "same")
        known = ((row.number, load_compiled(session, row.id)) for row in versions(session, course.key))
        course = _course_of(_compiled(files, earlier_kinds(known)), folder)
        version = import_version(session, course, files.files, now)
        session.flush()
        if not publish:
            return Outcome(course.key, version.number, "draft")
        publish_version(session, version.id, now)
        return Outcome(course.key, version.number, "published")
