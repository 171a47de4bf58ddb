"""What a status list is made of."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from lms.credit.badges.status import StatusList
from lms.credit.models import Certificate, CertificateEvent


class Ended(Struct, frozen=True):
    enrollment_ids: tuple[int, ...]
    """Whose certificate on this list was corrected or revoked. One that expires says so itself."""
    changed_at: datetime
    """The last moment at which something on it began or ended."""


def ended(session: Session, wanted: StatusList) -> Ended | None:
    """None for a list on which no certificate stands."""
    places = wanted.enrollments
    first = session.scalar(
        sa.select(sa.func.min(Certificate.issued_at)).where(
            Certificate.sequence == wanted.sequence,
            Certificate.enrollment_id >= places.start,
            Certificate.enrollment_id < places.stop,
        )
    )
    if first is None:
        return None
    rows = session.execute(
        sa.select(CertificateEvent.enrollment_id, sa.func.max(CertificateEvent.at))
        .where(
            CertificateEvent.sequence == wanted.sequence,
            CertificateEvent.enrollment_id >= places.start,
            CertificateEvent.enrollment_id < places.stop,
            CertificateEvent.kind.in_(("corrected", "revoked")),
        )
        .group_by(CertificateEvent.enrollment_id)
        .order_by(CertificateEvent.enrollment_id)
    ).all()
    return Ended(tuple(row[0] for row in rows), max((row[1] for row in rows), default=first))
