"""Live sessions to come, as the dates that pages show beside the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from lms.cohorts.queries import SessionRow, cohort_by_id, sessions_of
from lms.content.nodes import Course
from lms.enrollments.queries import EnrollmentRow
from lms.kernel.clock import now
from lms.web.reading import session
from lms.web.words import clock_time


class DateBlock(Struct, frozen=True):
    starts_at: datetime
    month: str
    day: str
    weekday: str
    title: str
    words: str


def coming_up(enrollment: EnrollmentRow, course: Course) -> tuple[DateBlock, ...]:
    """Sessions of the enrollment's cohort that are not over, the next one first."""
    if enrollment.cohort_id is None:
        return ()
    cohort = cohort_by_id(session(), enrollment.cohort_id)
    if cohort is None:
        return ()
    titles = {guide.key: guide for guide in course.sessions}
    moment = now()
    blocks = []
    for row in sessions_of(session(), enrollment.id):
        if row.starts_at + timedelta(minutes=row.scheduled_minutes) < moment:
            continue
        guide = titles.get(row.session_key)
        title = guide.title_text if guide is not None else row.session_key
        blocks.append(_block(row, title, cohort.time_zone))
    return tuple(blocks)


def _block(row: SessionRow, title: str, time_zone: str) -> DateBlock:
    local = row.starts_at.astimezone(ZoneInfo(time_zone))
    ends = row.starts_at + timedelta(minutes=row.scheduled_minutes)
    words = f"{clock_time(row.starts_at, time_zone)} to {clock_time(ends, time_zone)}"
    return DateBlock(
        row.starts_at, f"{local:%b}", str(local.day), f"{local:%a}", title,
        f"{words}, {row.place}" if row.place else words,
    )  # fmt: skip
