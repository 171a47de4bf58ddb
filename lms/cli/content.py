"""`lms courses list`: what is published."""

from __future__ import annotations

import click

from lms.cli.checking import facts
from lms.cli.output import as_json, table
from lms.cli.site import Site, with_site
from lms.courses.queries import catalog, latest_versions, load_compiled
from lms.kernel.db import db


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
