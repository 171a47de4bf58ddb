"""`lms courses diff`: what is different between two texts of a course, and what learners would feel of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import asdict

from lms.cli.checking import count
from lms.cli.folders import compiled, compiled_or_fail, course_or_fail
from lms.cli.output import as_json
from lms.cli.site import opened
from lms.content.archive import MAX_ARCHIVE, unpack
from lms.content.diff import VersionDiff, compare
from lms.content.midway import Midway, midway
from lms.content.nodes import Course
from lms.content.release_class import CLASSES, Reason, ReleaseClass, release_class_needed
from lms.courses.queries import load_compiled, published, versions
from lms.kernel.db import db

_VERSION = re.compile(r"([a-z0-9-]+)@(\d{1,6})")
_HEADS = (
    ("new_to_do", "New to do"),
    ("kept", "Work that is kept"),
    ("changed", "What changes under and above an answer"),
    ("gone", "What goes"),
    ("minutes", "Minutes"),
)


class _Text(Struct, frozen=True):
    """A course and how it is called here; `number` of a version of the site."""

    name: str
    course: Course
    number: int | None = None


class _Compared(Struct, frozen=True):
    old: _Text
    new: _Text
    diff: VersionDiff
    needed: ReleaseClass
    reasons: tuple[Reason, ...]
    learner: Midway

    @property
    def understated(self) -> bool:
        declared = self.new.course.release.release_class
        return bool(self.diff) and CLASSES.index(declared) < CLASSES.index(self.needed)


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="[B]", required=False)
@click.option("--demo", is_flag=True, help="Work on the demo site in instance/demo/ instead.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def diff(a: str, b: str | None, demo: bool, json_: bool) -> None:
    """Say what B changes in A, or A in what is published.

    Both are texts of one course. Each is a folder, a zip, or a version of the site as COURSE@NUMBER; only
    for those must the site have been started. Says what kind of release the change is (editorial, minor,
    substantive) and why, and what somebody in the middle would feel: what is new to do, what is kept, what
    changes under an answer, what goes, and the minutes. Exit code 1 if the newer header promises less.
    """
    new = _text(b or a, demo)
    old = _text(a, demo) if b else _published(new.course.key, demo)
    if old is None:
        if json_:
            as_json({"course": new.course.key, "from_version": None, "changed": True})
        else:
            click.echo(f"{new.course.key} is not published yet: everything in it is new.")
        return
    if old.course.key != new.course.key:
        raise click.ClickException(
            f"{old.name} is the course {old.course.key}, {new.name} is {new.course.key}. Compare two texts of"
            " one course."
        )
    found = compare(old.course, new.course)
    compared = _Compared(old, new, found, *release_class_needed(found), midway(old.course, new.course, found))
    if json_:
        as_json(_plain(compared))
    else:
        _tell(compared)
    sys.exit(1 if compared.understated else 0)


def _text(name: str, demo: bool) -> _Text:
    """A folder, a zip, or a version of the site."""
    path = Path(name)
    if path.is_dir():
        return _Text(name, compiled_or_fail(path))
    if path.is_file():
        try:
            with path.open("rb") as file:
                data = file.read(MAX_ARCHIVE + 1)
        except OSError as failure:
            raise click.ClickException(f"{name} cannot be read: {failure.strerror}.") from None
        return _Text(name, course_or_fail(compiled(unpack(data, path.name)), path))
    asked = _VERSION.fullmatch(name)
    if asked is None:
        raise click.BadParameter(f"{name!r} is no folder, no zip, and no version such as our-course@2.")
    with opened(demo=demo):
        key, number = asked[1], int(asked[2])
        row = next((row for row in versions(db.session(), key) if row.number == number), None)
        if row is None:
            raise click.ClickException(f"There is no version {number} of {key}. `lms courses versions {key}`")
        return _Text(f"version {number}", load_compiled(db.session(), row.id), number)


def _published(key: str, demo: bool) -> _Text | None:
    with opened(demo=demo):
        row = published(db.session(), key)
        if row is None:
            return None
        name = f"version {row.number}, which is published"
        return _Text(name, load_compiled(db.session(), row.id), row.number)


def _plain(compared: _Compared) -> dict[str, Any]:
    new = compared.new
    return {
        "course": new.course.key,
        "from": compared.old.name,
        "to": new.name,
        "from_version": compared.old.number,
        "to_version": new.number,
        "changed": bool(compared.diff),
        "declared": new.course.release.release_class,
        "needed": compared.needed,
        "understated": compared.understated,
        "reasons": [{"class": r.release_class, "sentence": r.sentence} for r in compared.reasons],
        "reworded": [thing.key for thing in compared.diff.texts],
        "learner": asdict(compared.learner),
    }


def _tell(compared: _Compared) -> None:
    new = compared.new.course
    if not compared.diff:
        click.echo(f"{new.key}: the same as {compared.old.name}.")
        return
    click.echo(f"{new.key}, compared with {compared.old.name}, needs the release class '{compared.needed}'.")
    for reason in compared.reasons:
        click.echo(f"- {reason.sentence}")
    if compared.diff.texts:
        click.echo(f"- {count(len(compared.diff.texts), 'text')} reworded.")
    click.echo("\nSomebody in the middle would feel:")
    for field, head in _HEADS:
        sentences = getattr(compared.learner, field)
        if sentences:
            click.echo(f"{head}:")
            for sentence in sentences:
                click.echo(f"- {sentence}")
    if compared.understated:
        declared = new.release.release_class
        click.echo(f"\nThe header says '{declared}'. Change `release: class:` to '{compared.needed}'.")
