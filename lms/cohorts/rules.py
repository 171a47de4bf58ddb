"""Rules: credited minutes of a live session, and what arrival and departure say about somebody.

All arithmetic is done in UTC: two moments with the same zone subtract as clock faces in Python, which is
an hour wrong across a daylight-saving change.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from lms.kernel.errors import RuleBroken

Status = Literal["unmarked", "present", "partial", "absent", "made up"]
NOTE_CODES = ("excused", "technical", "late_arrival", "left_early")
"""Notes beside a mark. None of them earns or costs a minute."""
Basis = Literal["join_code", "coordinator", "facilitator"]
Method = Literal["roster", "sign_in", "code", "platform_log"]
TITLE_LIMIT = 120
REASON_LIMIT = 300
"""Characters of a cohort's title or a session's place, and of the reason for a correction."""
LONGEST_SESSION = 24 * 60
YEARS = range(2000, 2100)
"""In which a live session can be: a slip of the keyboard must not reach the ledger, or the end of time."""


class Schedule(Struct, frozen=True):
    """When a session was planned. Its end is counted from the start in true minutes."""

    starts_at: datetime
    scheduled_minutes: int
    break_minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at.astimezone(UTC) + timedelta(minutes=self.scheduled_minutes)

    @property
    def full_minutes(self) -> int:
        """The most that can be credited: scheduled minus breaks."""
        return self.scheduled_minutes - self.break_minutes


def contact_minutes(schedule: Schedule, arrived: datetime | None, left: datetime | None) -> int:
    """Whole minutes spent inside the session, breaks taken off; never more than scheduled minus breaks.

    Where a break fell is not recorded, so it is taken off in full: nobody is credited a break, and
    whoever left before it loses its minutes at most. Without arrival: 0.
    """
    return max(minutes_inside(schedule, arrived, left) - schedule.break_minutes, 0)


def minutes_inside(schedule: Schedule, arrived: datetime | None, left: datetime | None) -> int:
    """Whole minutes between the session's start and end, breaks among them. Without arrival: 0."""
    if arrived is None or left is None:
        if arrived is not left:
            raise RuleBroken("left_missing" if left is None else "arrived_missing")
        return 0
    if left.astimezone(UTC) < arrived.astimezone(UTC):
        raise RuleBroken("left_before_arrived")
    start = max(arrived.astimezone(UTC), schedule.starts_at.astimezone(UTC))
    end = min(left.astimezone(UTC), schedule.ends_at)
    return min(max(int((end - start).total_seconds()) // 60, 0), schedule.scheduled_minutes)


def status_of(credited: int | None, full_minutes: int, made_up: bool = False) -> Status:
    """`credited`: minutes of the mark in force, None when there is none yet. A made-up session is one
    that was missed in part or whole and whose make-up piece is done."""
    if credited is not None and credited >= full_minutes:
        return "present"
    if made_up and credited is not None:
        return "made up"
    if credited is None:
        return "unmarked"
    return "partial" if credited > 0 else "absent"


def moment_of(clock: time, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """The moment (UTC) that somebody means who writes a clock time on the sheet of a session.

    A session may cross midnight or a change of the clocks, so the same words may stand for several
    moments: the one nearest to the session counts, the earlier of two that are equally near. A time that
    the clocks skipped is taken as the moment they jumped over it.
    """
    first = schedule.starts_at.astimezone(zone).date()
    candidates = sorted(
        datetime.combine(first + timedelta(days=days), clock, tzinfo=zone).replace(fold=fold).astimezone(UTC)
        for days in (-1, 0, 1)
        for fold in (0, 1)
    )
    return min(candidates, key=lambda moment: _distance(moment, schedule))


def _distance(moment: datetime, schedule: Schedule) -> timedelta:
    before = schedule.starts_at.astimezone(UTC) - moment
    return max(before, moment - schedule.ends_at, timedelta(0))


# ── What may be written ──────────────────────────────────────────────────────────────────────────


def _line(text: str) -> str:
    """One line, without control characters and halves of surrogate pairs."""
    return " ".join("".join(c for c in text if c.isspace() or unicodedata.category(c) not in "CcCs").split())


def clean_title(text: str) -> str:
    title = _line(text)
    if not title or len(title) > TITLE_LIMIT:
        raise RuleBroken("title_long" if title else "title_missing", "title")
    return title


def clean_place(text: str) -> str:
    """Where a session is: a room, an address, 'online'."""
    place = _line(text) or "online"
    if len(place) > TITLE_LIMIT:
        raise RuleBroken("place_long", "place")
    return place


def clean_reason(text: str) -> str:
    reason = _line(text)
    if len(reason) > REASON_LIMIT:
        raise RuleBroken("reason_long", "reason")
    return reason


def check_note(code: str | None) -> str | None:
    if code and code not in NOTE_CODES:
        raise RuleBroken("note_unknown", "note_code")
    return code or None


def check_dates(starts_on: date, ends_on: date | None, required_minutes: int | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("dates_crossed", "ends_on")
    if required_minutes is not None and required_minutes < 1:
        raise RuleBroken("required_minutes", "required_minutes")


def check_schedule(starts_at: datetime, scheduled_minutes: int, break_minutes: int) -> None:
    """RuleBroken: day_far, scheduled_minutes, breaks_long."""
    if starts_at.year not in YEARS:
        raise RuleBroken("day_far", "day")
    if not 1 <= scheduled_minutes <= LONGEST_SESSION:
        raise RuleBroken("scheduled_minutes", "scheduled_minutes")
    if not 0 <= break_minutes < scheduled_minutes:
        raise RuleBroken("breaks_long", "break_minutes")
