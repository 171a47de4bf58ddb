"""Clearing what the privacy page says is cleared: words after a year, who looked after three, never facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.models import SITE_ID
from lms.kernel.audit import AuditEntry, record
from lms.kernel.clock import now
from lms.kernel.db import db, transaction
from lms.kernel.sealing import cut
from lms.records.retention import over_before
from lms.responses.services.retention import clear_answers, clear_words

LIFE = timedelta(days=365)
"""After a quiz attempt its answers go; after a course was over, the words written in it."""
TRAIL = timedelta(days=3 * 365 + 1)
"""After a seal this old, what it vouches for goes from the chains of who looked at or changed what."""
BATCH = 500


class Cleared(Struct, frozen=True):
    answers: int
    texts: int
    enrollments: int
    looks: int


def clear(rehearse: bool = False, told: Callable[[int, int], object] = lambda _steps, _all: None) -> Cleared:
    """Clear batch by batch. With `rehearse` everything is counted and kept. `told` gets steps done, of how
    many there are in all."""
    moment = now()
    ids = over_before(db.session(), (moment - LIFE).date())
    db.session.rollback()
    steps = len(ids) + 2
    answers = _answers(moment, rehearse)
    told(1, steps)
    texts = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        texts += _words(batch, moment, rehearse)
        told(len(batch), steps)
    looks = _looks(moment, rehearse)
    told(1, steps)
    return Cleared(answers, texts, len(ids), looks)


def _answers(moment: datetime, rehearse: bool) -> int:
    with transaction() as session:
        gone = clear_answers(session, moment - LIFE)
        _end(session, "answers.cleared", gone, moment, rehearse)
    return gone


def _words(ids: Sequence[int], moment: datetime, rehearse: bool) -> int:
    with transaction() as session:
        gone = clear_words(session, ids)
        _end(session, "texts.cleared", gone, moment, rehearse)
    return gone


def _looks(moment: datetime, rehearse: bool) -> int:
    with transaction() as session:
        gone = cut(session, "access", moment - TRAIL)
        _end(session, "trail.cut", gone, moment, rehearse)
    return gone


def _end(session: Session, action: str, gone: int, moment: datetime, rehearse: bool) -> None:
    if rehearse:
        session.rollback()
    elif gone:
        entry = AuditEntry(SITE_ID, "access", None, action, "site", after={"count": gone})
        record(session, entry, moment)
