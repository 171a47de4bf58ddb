"""`lms clear`: takes away the words and the trail whose time is over."""

from __future__ import annotations

import click
from msgspec.structs import asdict

from lms.actions.retention import clear as clear_words
from lms.cli.output import as_json, bar
from lms.cli.site import Site, with_site


@click.command()
@click.option("--dry-run", is_flag=True, help="Count, and clear nothing.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def clear(site: Site, dry_run: bool, json_: bool) -> None:
    """Clear words and trail whose time is over; run it once a night.

    Answers to quizzes go a year after the attempt. Reflections, worksheets, comments and drafts go a
    year after their author completed or left the course and its cohort ended, or the account was
    closed. Of the trail of who looked at or changed what, goes what was sealed three years ago. Scores,
    verdicts, dates, hours and certificates stay, and the audit finds everything as before. Nothing goes
    while the setting LMS_LEGAL_HOLD says why not.
    """
    held = site.config.legal_hold
    with bar(1, "Clearing") as progress:

        def told(steps: int, of: int) -> None:
            progress.length = of
            progress.update(steps)

        done = clear_words(rehearse=dry_run or bool(held), told=told)
    if json_:
        as_json({**asdict(done), "cleared": not (dry_run or held), "legal_hold": held})
        return
    if held:
        click.echo(f"Nothing is cleared while LMS_LEGAL_HOLD is set: {held}.", err=True)
    verb = "would be cleared" if dry_run or held else "cleared"
    click.echo(
        f"{done.answers} answers and {done.texts} texts {verb};"
        f" {done.enrollments} enrollments have been over for a year."
        f" {done.looks} entries of the access trail {verb}."
    )
