"""Course folders on disk, compiled; no site is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from lms.content.compiler import CompileResult, compile_course
from lms.content.earlier import Earlier
from lms.content.nodes import Course
from lms.content.reader import SourceFiles, read_folder
from lms.content.reader import course_folders as course_folders
from lms.kernel import clock


def compiled(files: SourceFiles, earlier: Mapping[str, Earlier] | None = None) -> CompileResult:
    """Compiled as of today."""
    return compile_course(files, today=clock.now().date(), earlier=earlier or {})


def compiled_or_fail(folder: Path) -> Course:
    """The course of a folder; the first errors and exit code 1 if it does not compile."""
    return course_or_fail(compiled(read_folder(folder)), folder)


def course_or_fail(result: CompileResult, folder: Path) -> Course:
    """The same for what was compiled already."""
    if result.course is None:
        for problem in result.errors[:10]:
            click.echo(f"{folder}/{problem}", err=True)
        raise click.ClickException(
            f"{folder} has {len(result.errors)} errors. `lms courses check {folder}` shows all of them."
        )
    return result.course
