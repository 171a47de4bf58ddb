"""`lms credit`: does the ledger still say what the facts say?"""

from __future__ import annotations

import hashlib
import sys

import click
from sqlalchemy import func, select

from lms.cli.output import as_json, bar, table
from lms.cli.site import Site, with_site
from lms.config import Config
from lms.credit.audit import audit as audit_credit
from lms.credit.models import Certificate
from lms.credit.queries import due_for_correction
from lms.kernel.db import db


@click.group()
def credit() -> None:
    """The ledger: certificates due for correction, and the audit of everything issued."""


@credit.command()
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def check(site: Site, json_: bool) -> None:
    """List certificates whose evidence has changed since they were issued.

    Each waits for a person to issue a corrected one or to leave it. Exit code 1 if there is any.
    """
    rows = [
        {"number": row.number, "name": row.frozen["person"]["name"], "course": row.frozen["course"]["title"]}
        for row in due_for_correction(db.session(), None)
    ]
    if json_:
        as_json(rows)
    else:
        table(
            ("number", "name", "course"),
            [list(row.values()) for row in rows],
            empty="Every certificate says what its evidence says.",
        )
    sys.exit(1 if rows else 0)


@credit.command()
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def audit(site: Site, json_: bool) -> None:
    """Check every certificate, the ledger, and the audit trail's chains and seals.

    Each certificate is recomputed from the facts it names; no text that anybody wrote is read. Exit code 1
    if a fault is found.
    """
    session = db.session()
    certificates = session.scalar(select(func.count()).select_from(Certificate)) or 0
    with bar(certificates, "Auditing") as progress:
        faults = list(audit_credit(session, audit_keys(site.config), progress.update))
    if json_:
        as_json(
            {
                "certificates": certificates,
                "faults": [{"subject": f.subject, "code": f.code, "detail": f.detail} for f in faults],
            }
        )
    elif faults:
        table(("subject", "code", "detail"), [(f.subject, f.code, f.detail) for f in faults], empty="")
        click.echo(f"{len(faults)} faults in {certificates} certificates.", err=True)
    else:
        click.echo(f"{certificates} certificates checked, with ledger and audit trail: no fault.")
    sys.exit(1 if faults else 0)


def audit_key_id(config: Config) -> str:
    """Names the key that signs checkpoints without giving it away."""
    return hashlib.sha256(b"audit key " + config.keys.audit).hexdigest()[:12]


def audit_keys(config: Config) -> dict[str, bytes]:
    return {audit_key_id(config): config.keys.audit}
