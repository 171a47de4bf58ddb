"""`lms certificates`: list them, print one."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from lms.accounts.permissions import Scopes
from lms.cli.output import as_json, table
from lms.cli.places import organization_named
from lms.cli.site import Site, with_site
from lms.credit.pdf import Standing, certificate_pdf
from lms.credit.queries import CertificateRow, certificate
from lms.kernel.db import db
from lms.kernel.keys import read_certificate_number
from lms.records.columns import units_in_words
from lms.records.queries import stream_records
from lms.records.rules import RecordFilter


@click.group()
def certificates() -> None:
    """Certificates: list them, write one as PDF or JSON."""


@certificates.command("list")
@click.option("--organization", default="", metavar="NAME", help="Only of this district or school.")
@click.option("--course", default="", metavar="KEY", help="Only of this course.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def list_(site: Site, organization: str, course: str, json_: bool) -> None:
    """List certificates, the latest first."""
    wanted = RecordFilter(
        course_key=course, organization=organization_named(organization).public_id if organization else ""
    )
    rows = [
        {
            "number": record.number,
            "name": record.frozen["person"]["name"],
            "course": record.frozen["course"]["title"],
            "completed_on": record.completed_on.isoformat(),
            "minutes": record.minutes,
            "units": units_in_words(record.frozen),
            "status": record.status,
        }
        for record in stream_records(db.session(), Scopes(everywhere=True), wanted)
    ]
    if json_:
        as_json(rows)
        return
    heads = ("number", "name", "course", "completed_on", "minutes", "units", "status")
    table(heads, [[row[head] for head in heads] for row in rows], empty="No certificate has been issued yet.")


@certificates.command()
@click.argument("number")
@click.option("--as", "shape", type=click.Choice(["pdf", "json"]), default="pdf", show_default=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file; else NUMBER.pdf, or standard output for JSON.",
)
@with_site
def export(site: Site, number: str, shape: str, output: Path | None) -> None:
    """Write certificate NUMBER as a tagged PDF, or its frozen record as JSON.

    The JSON is the row that the certificate was frozen as: its digest is the certificate's.
    """
    spelled = read_certificate_number(number)
    if spelled is None:
        raise click.ClickException(
            f"{number} is not a certificate number; the last sign does not check the others."
        )
    row = certificate(db.session(), spelled)
    if row is None:
        raise click.ClickException(f"There is no certificate {spelled}.")
    if shape == "json":
        _write_json(row, output)
        return
    target = output or Path(f"{row.number}.pdf")
    target.write_bytes(
        certificate_pdf(
            row.number,
            row.issued_at,
            dict(row.frozen),
            standing_of(row),
            site.config.site_url or "http://127.0.0.1:8000",
        )
    )
    click.echo(f"Written to {target}.", err=True)


def standing_of(row: CertificateRow) -> Standing:
    return Standing(kind=row.state, on=_day(row), replaced_by=row.replaced_by, replaces=row.replaces)


def _day(row: CertificateRow) -> date | None:
    return row.state_at.date() if row.state_at else None


def _write_json(row: CertificateRow, output: Path | None) -> None:
    said: dict[str, Any] = {
        "number": row.number,
        "sequence": row.sequence,
        "issued_at": row.issued_at.isoformat(),
        "state": row.state,
        "replaces": row.replaces,
        "replaced_by": row.replaced_by,
        "digest": row.digest,
        "record": row.frozen,
    }
    text = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"Written to {output}.", err=True)
