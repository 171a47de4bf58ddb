"""What a change of rules, bodies or headings makes of certificates that were issued: found at once.

Nothing is issued here. Who holds a certificate that would say something else today is told on its page, and
its coordinator can issue a corrected one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from lms.credit.queries import awarded_since
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import db, transaction

AT_ONCE = 500
"""Enrollments settled in one commit."""


def concerned(since: date) -> tuple[int, ...]:
    """Enrollments that a change counting from `since` can concern."""
    return awarded_since(db.session(), since)


def look_again(
    enrollment_ids: Sequence[int], by: int | None, reason: str, told: Callable[[int], None] = lambda _: None
) -> int:
    """Hold their certificates against what would be printed today; how many are due for correction.

    One commit for each 500, and `told` how many it was. Cut short, what is done stands; again is no harm.
    """
    due = 0
    for start in range(0, len(enrollment_ids), AT_ONCE):
        ids = enrollment_ids[start : start + AT_ONCE]
        with transaction() as session:
            due += len(set(ids).intersection(settle(session, ids, now(), by, reason).due))
        told(len(ids))
    return due
