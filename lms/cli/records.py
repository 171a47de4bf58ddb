"""`lms records`: completion records as a file, as the coordinators' pages export them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path

import click

from lms.accounts.permissions import Scopes
from lms.cli.output import progressbar
from lms.cli.places import course_keyed, organization_named
from lms.cli.site import Site, with_site
from lms.kernel import audit, clock
from lms.kernel.db import db, transaction
from lms.kernel.tabular import Table
from lms.kernel.writers import csv, iso_moment, json
from lms.records.columns import COMPLETION_COLUMNS, AwardRow, award_rows
from lms.records.perms import CHECK, PERMS_COLUMNS
from lms.records.queries import Record, stream_records, totals
from lms.records.reporting import perms_report, summary
from lms.records.rules import STATUSES, RecordFilter, Status
from lms.records.summary import SUMMARY_COLUMNS

SHAPES = ("csv", "json", "perms", "summary")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def records() -> None:
    """Completion records: who completed what, hours, units."""


@records.command()
@click.option("--as", "shape", type=click.Choice(SHAPES), default="csv", show_default=True)
@click.option("--organization", default="", metavar="NAME", help="Only of this district or school.")
@click.option("--course", default="", metavar="KEY", help="Only of this course.")
@click.option("--from", "from_on", type=DAY, metavar="YYYY-MM-DD", help="Completed on this day or later.")
@click.option("--to", "to_on", type=DAY, metavar="YYYY-MM-DD", help="Completed on this day or earlier.")
@click.option("--status", type=click.Choice([each for each in STATUSES if each]), default=None)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output."
)
@with_site
def export(
    site: Site,
    shape: str,
    organization: str,
    course: str,
    from_on: datetime | None,
    to_on: datetime | None,
    status: Status | None,
    output: Path | None,
) -> None:
    """Write completion records as a file.

    csv, json: one row for each person and award. perms: hours to report to Pennsylvania's PERMS, as CSV;
    who is left out is told with the reason, and the file is to be checked against your PERMS template.
    summary: staff and hours by school, job and school year as CSV, without names; groups of fewer than
    five are not told. The pull is noted in the audit trail: when, with which filter, how many rows.

    \b
    lms records export --organization "Harbor Valley" --from 2026-07-01 -o records.csv
    """
    if from_on and to_on and from_on > to_on:
        raise click.UsageError("--from is a later day than --to.")
    place = organization_named(organization) if organization else None
    wanted = RecordFilter(
        course_key=course_keyed(course),
        organization=place.public_id if place else "",
        from_on=_day(from_on),
        to_on=_day(to_on),
        status=status or "",
    )
    everywhere, now = Scopes(everywhere=True), clock.now()
    notes = (("pulled_at", iso_moment(now)), ("pulled_by", "operator"), *sorted(wanted.as_query().items()))
    if shape == "perms":
        report = perms_report(db.session(), everywhere, wanted)
        for each in report.left_out:
            click.echo(f"Left out: {each.person}, {each.number}. {each.why}.", err=True)
        click.echo(f"{CHECK}.", err=True)
        written = _write(csv.write(Table("perms", PERMS_COLUMNS, report.rows, notes)), output)
        rows, words = len(report.rows), "rows"
    elif shape == "summary":
        groups = summary(db.session(), everywhere, wanted)
        written = _write(csv.write(Table("summary", SUMMARY_COLUMNS, groups, notes)), output)
        rows, words = len(groups), "groups"
    else:
        expected = totals(db.session(), everywhere, wanted).certificates
        counted = _Counted(
            stream_records(db.session(), everywhere, wanted), expected, shown=output is not None
        )
        table: Table[AwardRow] = Table("completion-records", COMPLETION_COLUMNS, award_rows(counted), notes)
        written = _write((csv if shape == "csv" else json).write(table), output)
        rows, words = counted.rows, "certificates"
    if written:
        click.echo(f"{rows} {words} written to {output}.", err=True)
    _note_pull(now, shape, wanted, rows, place.district_id if place else None)


class _Counted:
    """The stream, counted, with a bar beside it where somebody watches."""

    def __init__(self, rows: Iterator[Record], expected: int, *, shown: bool) -> None:
        self._source, self._expected, self._shown = rows, expected, shown
        self.rows = 0

    def __iter__(self) -> Iterator[Record]:
        hidden = not (self._shown and sys.stderr.isatty())
        with progressbar(
            self._source, length=max(self._expected, 1), label="Writing", file=sys.stderr, hidden=hidden
        ) as rows:
            for record in rows:
                self.rows += 1
                yield record


def _write(pieces: Iterator[bytes], output: Path | None) -> bool:
    """To the file, else to standard output; whether it was a file."""
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
    return output is not None


def _note_pull(now: datetime, shape: str, wanted: RecordFilter, rows: int, district_id: int | None) -> None:
    entry = audit.AuditEntry(
        organization_id=district_id or 0,
        stream="access",
        actor_id=None,
        action="records.exported",
        subject="records",
        after={**wanted.as_query(), "format": shape, "rows": rows},
        why="lms records export",
    )
    with transaction() as session:
        audit.record(session, entry, now)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
