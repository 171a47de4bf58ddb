"""Printed certificates: the digest of the file that a release makes of one is kept for good."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.credit.models import CertificateFile
from lms.kernel.db import table


def kept_digest(session: Session, enrollment_id: int, sequence: int, release: str, said: str) -> str | None:
    """The digest of what this release printed of the same words before, if it did."""
    return session.scalar(
        sa.select(CertificateFile.digest).where(
            CertificateFile.enrollment_id == enrollment_id, CertificateFile.sequence == sequence,
            CertificateFile.release == release, CertificateFile.said == said,
        )
    )  # fmt: skip


def keep_digest(
    session: Session, enrollment_id: int, sequence: int, release: str, said: str, digest: str, now: datetime
) -> None:
    """Of two who print at once one row stays; they printed the same."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    row = {
        "enrollment_id": enrollment_id, "sequence": sequence, "release": release, "said": said,
        "digest": digest, "at": now,
    }  # fmt: skip
    session.execute(insert(table(CertificateFile)).on_conflict_do_nothing(), [row])


def file_digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()
