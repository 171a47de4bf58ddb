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
from lms.kernel.latest import Latest

KEPT = 32
"""Certificates, of some 50 KB each, in every process: who opens one often opens it again."""

_printed: Latest[bytes] = Latest(KEPT)
log = logging.getLogger("lms.printing")


@cache
def release() -> str:
    """What makes the bytes: this site's version and the typesetter's."""
    return f"{version('ria-learning')}, typst {version('typst')}"


def standing_of(row: CertificateRow) -> Standing:
    return Standing(
        row.state, row.ended_on, row.replaced_by, row.replaces, row.issued_on if row.replaces else None
    )


def print_tag(row: CertificateRow, site_url: str) -> str:
    """Names the bytes that this certificate is printed as, without printing it."""
    return digest(canonical([release(), _said(row, site_url)]))


def print_certificate(row: CertificateRow, site_url: str) -> bytes:
    """The PDF of a certificate as it stands, shown at this address; the latest are kept in memory."""
    return _printed.get(print_tag(row, site_url), lambda: _print(row, site_url))


def _said(row: CertificateRow, site_url: str) -> str:
    """The digest of all that the words on it follow from."""
    standing = standing_of(row)
    days = [day.isoformat() if day else None for day in (standing.on, standing.issued_on)]
    return digest(
        canonical(
            [row.number, row.digest, standing.kind, *days, standing.replaced_by, standing.replaces, site_url]
        )
    )


def _print(row: CertificateRow, site_url: str) -> bytes:
    """The same words are the same bytes within a release: the first print leaves its digest, every later one
    is compared with it, and a difference is logged as an error, since the record itself is not in doubt.
    """
    made = certificate_pdf(row.number, row.issued_at, dict(row.frozen), standing_of(row), site_url)
    said = _said(row, site_url)
    found = file_digest(made)
    kept = kept_digest(db.session(), row.enrollment_id, row.sequence, release(), said)
    if kept is None:
        with transaction() as session:
            keep_digest(session, row.enrollment_id, row.sequence, release(), said, found, now())
    elif kept != found:
        log.error("certificate %s: %s printed other bytes than before", row.number, release())
    return made
