"""Printing a certificate: the file, and the digest that its first print leaves behind."""

from __future__ import annotations

import logging
from functools import cache
from importlib.metadata import version

from lms.credit.files import file_digest, keep_digest, kept_digest
from lms.credit.pdf import Standing, certificate_pdf
from lms.credit.queries import CertificateRow
from lms.kernel.canonical import canonical, digest
from lms.kernel.clock import now
from lms.kernel.db import db, transaction

log = logging.getLogger("lms.printing")


@cache
def release() -> str:
    """What makes the bytes: this site's version and the typesetter's."""
    return f"{version('ria-learning')}, typst {version('typst')}"


def standing_of(row: CertificateRow) -> Standing:
    return Standing(
        row.state, row.ended_on, row.replaced_by, row.replaces, row.issued_on if row.replaces else None
    )


def print_certificate(row: CertificateRow, site_url: str) -> bytes:
    """The PDF of a certificate as it stands, shown at this address.

    The same words are the same bytes within a release: the first print leaves its digest, every later one is
    compared with it, and a difference is logged as an error, since the record itself is not in doubt.
    """
    standing = standing_of(row)
    made = certificate_pdf(row.number, row.issued_at, dict(row.frozen), standing, site_url)
    days = [day.isoformat() if day else None for day in (standing.on, standing.issued_on)]
    said = digest(
        canonical(
            [row.number, row.digest, standing.kind, *days, standing.replaced_by, standing.replaces, site_url]
        )
    )
    found = file_digest(made)
    kept = kept_digest(db.session(), row.enrollment_id, row.sequence, release(), said)
    if kept is None:
        with transaction() as session:
            keep_digest(session, row.enrollment_id, row.sequence, release(), said, found, now())
    elif kept != found:
        log.error("certificate %s: %s printed other bytes than before", row.number, release())
    return made
