"""Notes changes of accounts in the audit trail's `access` stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.accounts.models import SITE_ID
from lms.kernel.db import Record


def note(
    session: Session,
    action: str,
    row: Record,
    *,
    by: int | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
    organization_id: int | None = SITE_ID,
) -> None:
    """`row` has been flushed. People without an organization in the matter stand in the site's chain."""
