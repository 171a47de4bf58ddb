"""Lines of the review queue, wherever it is shown."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from msgspec import Struct

from lms.content.review import review_piece
from lms.courses.queries import load_compiled
from lms.responses.queries.reviews import QueueRow
from lms.web.reading import session

LATE_DAYS = 5
"""From here on a wait is marked: the site says that reflections are answered within a school week."""
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


class WaitingLine(Struct, frozen=True):
    person: str
    piece: str
    course: str
    words: int
    number: int
    try_words: str
    waited: str
    late: bool
    held_by: str
    """'' when nobody reads it now."""
    hold_href: str


def try_words(number: int) -> str:
    """Second try, Eleventh and later as 'Try 11'."""
    return f"{ORDINALS[number - 1]} try" if number <= len(ORDINALS) else f"Try {number}"


def waiting_line(row: QueueRow, now: datetime) -> WaitingLine:
    course = load_compiled(session(), row.version_id)
    piece = review_piece(course, row.key)
    days = (now - row.at).days
    return WaitingLine(
        person=row.author_name,
        piece=str(piece.title) if piece else row.key,
        course=course.title_text,
        words=row.words,
        number=row.number,
        try_words=try_words(row.number),
        waited="Today" if days < 1 else "1 day" if days == 1 else f"{days} days",
        late=days >= LATE_DAYS,
        held_by=row.claimed_name or "",
        hold_href=url_for(
            "facilitate.hold", enrollment=row.enrollment_public_id, key=row.key, number=row.number
        ),
    )
