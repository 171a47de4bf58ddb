"""Texts kept beside a draft because two pages changed it at once, until their author has chosen."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.responses.bodies import read
from lms.responses.fields import Values
from lms.responses.models import DraftConflict
from lms.responses.queries.states import on_page


class BesideRow(Struct, frozen=True):
    key: str
    sitting: str
    entry: int
    number: int
    values: Values
    saved_at: datetime


def kept_beside(session: Session, enrollment_id: int, page_key: str) -> tuple[BesideRow, ...]:
    """All of one page, the oldest first."""
    rows = session.execute(
        select(
            DraftConflict.key, DraftConflict.sitting, DraftConflict.entry, DraftConflict.number,
            DraftConflict.body, DraftConflict.saved_at,
        )
        .where(DraftConflict.enrollment_id == enrollment_id, on_page(DraftConflict.key, page_key))
        .order_by(DraftConflict.key, DraftConflict.sitting, DraftConflict.entry, DraftConflict.number)
    )  # fmt: skip
    return tuple(
        BesideRow(row.key, row.sitting, row.entry, row.number, read(row.body), row.saved_at) for row in rows
    )
