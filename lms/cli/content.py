"""`lms courses diff|list`: course folders beside the versions that the site has."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lms.cli.checking import FOLDER, count, facts
from lms.cli.folders import compiled_or_fail
from lms.cli.output import as_json, table
from lms.cli.site import Site, with_site
from lms.content.diff import compare
from lms.content.nodes import Course
from lms.content.release_class import release_class_needed
from lms.courses.queries import catalog, latest_versions, load_compiled, published
from lms.kernel.db import db


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def diff(site: Site, folder: Path, json_: bool) -> None:
    """Compare FOLDER with the published version of the course.

    Says what kind of release the change is (editorial, minor, substantive) and why. Exit code 1 if the
    course's header promises less than that.
    """
    new = compiled_or_fail(folder)
    current = published(db.session(), new.key)
    if current is None:
        if json_:
            as_json({"course": new.key, "from_version": None, "changed": True})
        else:
            click.echo(f"{new.key} is not published yet: everything in it is new.")
        return
    changes = compare(load_compiled(db.session(), current.id), new)
    needed, reasons = release_class_needed(changes)
    order = ("editorial", "minor", "substantive")
    understated = bool(changes) and order.index(new.release.release_class) < order.index(needed)
    if json_:
        as_json(
            {
                "course": new.key, "from_version": current.number, "changed": bool(changes),
                "declared": new.release.release_class, "needed": needed,
                "reasons": [{"class": r.release_class, "sentence": r.sentence} for r in reasons],
                "reworded": [thing.key for thing in changes.texts],
            }
        )  # fmt: skip
    else:
        _show_diff(
            new, current.number, bool(changes), needed, [r.sentence for r in reasons], len(changes.texts)
        )
        if understated:
            click.echo(
                f"The header says '{new.release.release_class}'. Change `release: class:` to '{needed}'."
            )
    sys.exit(1 if understated else 0)


def _show_diff(new: Course, number: int, changed: bool, needed: str, reasons: list[str], texts: int) -> None:
    if not changed:
        click.echo(f"{new.key}: the same as version {number}, which is published.")
        return
    click.echo(f"{new.key}, compared with version {number}, needs the release class '{needed}'.")
    for reason in reasons:
        click.echo(f"- {reason}")
    if texts:
        click.echo(f"- {count(texts, 'text')} reworded.")


@click.command("list")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def list_(site: Site, json_: bool) -> None:
    """List the published courses, with what is in them."""
    session = db.session()
    rows = [
        facts(load_compiled(session, row.id))
        | {"slug": row.course_key, "version": row.number, "digest": row.digest}
        for row in catalog(session)
    ]
    drafts = [row for row in latest_versions(session) if not row.current]
    if json_:
        as_json(rows)
        return
    heads = (
        "slug",
        "title",
        "version",
        "lessons",
        "activities",
        "toolkits",
        "quizzes",
        "design_minutes",
        "clock_hours",
    )
    table(heads, [[row[head] for head in heads] for row in rows], empty="No course is published.")
    for row in drafts:
        click.echo(f"Draft: {row.course_key}, version {row.number}.")
