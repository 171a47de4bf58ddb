"""Rules: what the audit trail says of a posting, a certificate and what happened to one.

The digest in an event covers everything that the row beside it says, so that no number, day or reason can be
changed, and no row taken away, without the chain telling of it.
"""

from __future__ import annotations

from datetime import datetime

from lms.kernel.canonical import canonical_list, digest, moment_text


def posting_said(entries_digest: str, at: datetime, reason: str) -> str:
    return digest(canonical_list((entries_digest, moment_text(at), reason)))


def certificate_said(frozen_digest: str, number: str, issued_at: datetime, through_posting: int) -> str:
    return digest(canonical_list((frozen_digest, number, moment_text(issued_at), through_posting)))


def event_said(frozen_digest: str, kind: str, at: datetime, reason: str) -> str:
    """Of a certificate that was corrected, expired or revoked."""
    return digest(canonical_list((frozen_digest, kind, moment_text(at), reason)))
