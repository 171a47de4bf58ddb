"""Course folders on disk, compiled; no site is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

import click

from lms.content.compiler import CompileResult, compile_course
from lms.content.earlier import Earlier
from lms.content.nodes import Course
from lms.content.problems import Problem
from lms.content.reader import SourceFiles, read_folder
from lms.content.reader import course_folders as course_folders
from lms.kernel import clock


def files_of(folder: Path) -> SourceFiles:
    """The files of a course; refused in one line if this is the folder that courses lie in."""
    inside = course_folders(folder)
    if inside and not (folder / "course.md").exists():
        names = ", ".join(each.name for each in inside)
        raise click.ClickException(f"{folder} is no course. The courses in it: {names}. Name one of these.")
    return read_folder(folder)


def compiled(files: SourceFiles, earlier: Mapping[str, Earlier] | None = None) -> CompileResult:
    """Compiled as of today."""
    return compile_course(files, today=clock.now().date(), earlier=earlier or {})


def compiled_or_fail(folder: Path) -> Course:
    """The course of a folder; the first errors and exit code 1 if it does not compile."""
    return course_or_fail(compiled(files_of(folder)), folder)


def course_or_fail(result: CompileResult, folder: Path) -> Course:
    """The same for what was compiled already."""
    if result.course is None:
        refuse(folder, result.problems)
    return result.course


def refuse(folder: Path, problems: Iterable[Problem]) -> NoReturn:
    """The first errors, and exit code 1."""
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors[:10]:
        click.echo(f"{folder}/{problem}", err=True)
    number = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    raise click.ClickException(f"{folder} has {number}. `lms courses check {folder}` shows all of them.")
