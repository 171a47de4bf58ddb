"""`lms courses check`: everything that is wrong with course folders, for people, editors and code hosts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from lms.cli.folders import compiled, files_of
from lms.cli.minutes import minutes_of, tell_minutes
from lms.cli.output import as_json
from lms.content.explanations import EXPLANATIONS
from lms.content.nodes import Activity, Course
from lms.content.problems import NOT_YET, Problem
from lms.content.proof import Proofs
from lms.content.readers import readers_named, to_be_read
from lms.kernel import clock

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LEVELS = {"error": "error", "warning": "warning", "not yet": "notice"}
"""What a code host calls each severity."""


class Checked(Struct, frozen=True):
    """One folder. `not_yet` is empty unless a draft is checked: then its problems are no faults."""

    folder: Path
    course: Course | None
    faults: tuple[Problem, ...]
    not_yet: tuple[Problem, ...]
    proof: Course | None
    """As far as the course goes, errors or not, where its minutes are asked for."""

    def fails(self, strict: bool) -> bool:
        return any(strict or problem.severity == "error" for problem in self.faults)

    def all_with_severity(self) -> Iterable[tuple[Problem, str]]:
        yield from ((problem, problem.severity) for problem in self.faults)
        yield from ((problem, "not yet") for problem in self.not_yet)


@click.command()
@click.argument("folders", type=FOLDER, nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "github")), default="text", show_default=True,
    help="json for editors, github for annotations in a code host.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--draft", is_flag=True, help="What is only not written yet is shown apart and is no fault.")
@click.option("--minutes", is_flag=True, help="Show what each page claims, what is counted, what it earns.")
def check(folders: tuple[Path, ...], form: str, strict: bool, draft: bool, minutes: bool) -> None:
    """Say everything that is wrong with course FOLDERS.

    By file, line and column. Nothing is written and no site is needed. Exit code 1 if a course has errors.
    `lms courses explain CODE` says more about a problem.
    """
    found = [_checked(folder, draft, minutes) for folder in folders]
    if form == "json":
        as_json([_plain(each) for each in found])
    else:
        for each in found:
            _annotate(each) if form == "github" else _tell(each)
    sys.exit(1 if any(each.fails(strict) for each in found) else 0)


def _checked(folder: Path, draft: bool, minutes: bool) -> Checked:
    files = files_of(folder)
    result = compiled(files)
    apart = NOT_YET if draft else frozenset()
    return Checked(
        folder,
        result.course,
        tuple(problem for problem in result.problems if problem.code not in apart),
        tuple(problem for problem in result.problems if problem.code in apart),
        Proofs().make(files, today=clock.now().date()).course if minutes else None,
    )


def _plain(checked: Checked) -> dict[str, Any]:
    return {
        "folder": str(checked.folder),
        "ok": not checked.fails(strict=False),
        "course": facts(checked.course) if checked.course else None,
        "problems": [
            {
                "file": f"{checked.folder}/{p.file}", "line": p.line, "col": p.column, "severity": severity,
                "code": p.code, "message": p.message, "help": EXPLANATIONS[p.code].meaning,
            }
            for p, severity in checked.all_with_severity()
        ],
        **({"minutes": minutes_of(checked.proof)} if checked.proof else {}),
    }  # fmt: skip


def _annotate(checked: Checked) -> None:
    for p, severity in checked.all_with_severity():
        file = _escaped(f"{checked.folder}/{p.file}").replace(":", "%3A").replace(",", "%2C")
        place = f"file={file},line={p.line},col={p.column},title={p.code}"
        click.echo(f"::{LEVELS[severity]} {place}::{_escaped(p.message)}")


def _escaped(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _tell(checked: Checked) -> None:
    folder = checked.folder
    for problem in checked.faults:
        click.echo(f"{folder}/{problem}")
    errors = sum(problem.severity == "error" for problem in checked.faults)
    warnings = len(checked.faults) - errors
    if checked.not_yet:
        click.echo(f"\nNot written yet in {folder}:")
        for p in checked.not_yet:
            click.echo(f"{folder}/{p.file}:{p.line}:{p.column}: {p.code}: {p.message}")
        click.echo("")
    name = folder if folder.name.strip(".") else folder.resolve().name
    if checked.proof is not None:
        tell_minutes(checked.proof)
    if checked.course is None:
        still = f", {len(checked.not_yet)} not written yet" if checked.not_yet else ""
        click.echo(f"{name}: {count(errors, 'error')}, {count(warnings, 'warning')}{still}.")
        return
    numbers = facts(checked.course)
    parts = (
        count(numbers["lessons"], "lesson"),
        count(numbers["activities"], "activity", "activities"),
        count(numbers["toolkits"], "toolkit piece"),
        count(numbers["quizzes"], "quiz", "quizzes"),
        count(numbers["design_minutes"], "design minute"),
        count(numbers["clock_hours"], "clock hour"),
    )
    for page in to_be_read(checked.course):
        who = readers_named(page.read_before_release)
        click.echo(f"{name}: to be read by {who} before release: {page.key}, {page.title_text}")
    click.echo(f"{name}: good, {count(warnings, 'warning')}. {numbers['title']}: {', '.join(parts)}.")


def count(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def facts(course: Course) -> dict[str, Any]:
    """What a course holds, in numbers; `slug` is its key."""
    lessons = [lesson for module in course.modules for lesson in module.lessons]
    return {
        "slug": course.key,
        "title": course.title_text,
        "version": None,
        "digest": course.digest,
        "lessons": len(lessons),
        "activities": sum(isinstance(block, Activity) for lesson in lessons for block in lesson.blocks),
        "toolkits": sum(len(module.toolkits) for module in course.modules),
        "quizzes": sum(module.quiz is not None for module in course.modules),
        "design_minutes": course.design_minutes,
        "clock_hours": course.clock_hours,
    }
