"""`lms certificates`: list them, print one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from lms.accounts.permissions import Scopes
from lms.actions.printing import print_certificate
from lms.cli.output import as_json, table
from lms.cli.places import course_keyed, organization_named
from lms.cli.site import Site, with_site
from lms.config import Config
from lms.credit import badges
from lms.credit.queries import CertificateRow, certificate
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.keys import read_certificate_number
from lms.records.columns import units_in_words
from lms.records.queries import stream_records
from lms.records.rules import RecordFilter


@click.group()
def certificates() -> None:
    """Certificates: list them, write one as PDF, JSON or badge."""


@certificates.command("list")
@click.option("--organization", default="", metavar="NAME", help="Only of this district or school.")
@click.option("--course", default="", metavar="KEY", help="Only of this course.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def list_(site: Site, organization: str, course: str, json_: bool) -> None:
    """List certificates, the latest first."""
    wanted = RecordFilter(
        course_key=course_keyed(course),
        organization=organization_named(organization).public_id if organization else "",
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
@click.option(
    "--as", "shape", type=click.Choice(["pdf", "json", "ob3", "jwt"]), default="pdf", show_default=True
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file; else NUMBER.pdf, or standard output for the other forms.",
)
@with_site
def export(site: Site, number: str, shape: str, output: Path | None) -> None:
    """Write certificate NUMBER as PDF, frozen record or badge.

    \b
    pdf   tagged, to print
    json  the row that the certificate was frozen as: its digest is the certificate's
    ob3   an Open Badges 3.0 credential with its proof
    jwt   the same as a signed token, for wallets that take only those

    Badges need the site's public https address in LMS_SITE_URL.
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
        _write(_json(row), output)
        return
    if shape in ("ob3", "jwt"):
        _write(_badge(site.config, row, "json" if shape == "ob3" else "jwt"), output)
        return
    target = output or Path(f"{row.number}.pdf")
    target.write_bytes(print_certificate(row, site.config.site_url or "http://127.0.0.1:8000"))
    click.echo(f"Written to {target}.", err=True)


def _json(row: CertificateRow) -> str:
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
    return json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True)


def _badge(config: Config, row: CertificateRow, shape: badges.Shape) -> str:
    refusal = badges.why_no_badges(config.site_url)
    if refusal:
        raise click.ClickException(refusal)
    origin = badges.Origin(config.site_url, config.operator_name)
    return badges.badge(row, shape, origin, badges.key_ring(config.keys_folder, clock.now())).decode()


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(f"{text}\n")
        return
    output.write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"Written to {output}.", err=True)
