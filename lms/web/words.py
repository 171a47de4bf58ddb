"""How the site says things: days, times, minutes, counts."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

IRREGULAR = {"person": "people", "entry": "entries", "activity": "activities", "quiz": "quizzes"}


def day(value: date | datetime, time_zone: str) -> str:
    """March 12, 2026. A moment is shown in `time_zone`, a date as it is."""
    shown = value.astimezone(ZoneInfo(time_zone)) if isinstance(value, datetime) else value
    return f"{shown:%B} {shown.day}, {shown.year}"


def clock_time(value: datetime, time_zone: str) -> str:
    """4:05 pm."""
    shown = value.astimezone(ZoneInfo(time_zone))
    return f"{shown.hour % 12 or 12}:{shown:%M} {'am' if shown.hour < 12 else 'pm'}"


def day_time(value: datetime, time_zone: str) -> str:
    """March 10, 2026 at 4:05 pm."""
    return f"{day(value, time_zone)} at {clock_time(value, time_zone)}"


def minutes(total: int) -> str:
    """12 h 36 min, 9 min, 3 h."""
    hours, rest = divmod(total, 60)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def units(hundredths: int) -> str:
    """15, 7.5, 0.25."""
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def plural(count: int, noun: str, many: str | None = None) -> str:
    """1 lesson, 3 lessons, 2 people."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {many or IRREGULAR.get(noun) or noun + 's'}"


def plain(html: str) -> str:
    """The words of cleaned HTML without its tags, for names that stand where no markup can."""
    return str(Markup(html).striptags())


def quoted(words: str) -> str:
    """“words”; quotation marks inside become single ones."""
    inner = re.sub('"([^"]*)"|“([^”]*)”', lambda found: f"‘{found[1] or found[2] or ''}’", words)
    return f"“{inner}”"


def listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """a, b, and c."""
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])}, {last} {words[-1]}"
