"""Notes changes of accounts in the audit trail's `access` stream."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.accounts.models import SITE_ID, Invitation, Organization, User
from lms.kernel.audit import AuditEntry, record


def note(
    session: Session,
    action: str,
    row: User | Organization | Invitation,
    *,
    by: int | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str = "",
    place: Organization | None = None,
) -> None:
    """`row`, flushed, is what it happened to; `place` the organization it concerns, else the site.

    A school's matters stand in the chain of its district.
    """
    chain = SITE_ID if place is None else place.parent_id or place.id or SITE_ID
    entry = AuditEntry(
        organization_id=chain,
        stream="access",
        actor_id=by,
        action=action,
        subject=f"{row.__tablename__}:{row.id}",
        before=before,
        after=after,
        why=why or None,
    )
    record(session, entry, now)
