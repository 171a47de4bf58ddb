"""What the transcript shows, on the page and in print: the same words in both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from msgspec import Struct

from lms.credit.pdf.printed import BRAND
from lms.credit.transcript import CycleRecord, Earned, Learning, Target, heading_of
from lms.web.words import day, minutes, plural, units

STATES = {"valid": "", "expired": "Expired", "revoked": "Revoked", "corrected": "Corrected since"}
ADDED = "Added by you"


class Line(Struct, frozen=True):
    title: str
    provider: str
    topic: str
    activity: str
    dates: str
    minutes: int
    points: str
    number: str
    """Of the certificate, or ''."""
    outside: str
    """Public id of what the person added, or ''."""
    note: str


class Group(Struct, frozen=True):
    heading: str
    lines: tuple[Line, ...]


class Bar(Struct, frozen=True):
    """Progress towards one total. `taken` and `total` in hundredths of the unit."""

    title: str
    words: str
    taken: int
    total: int
    headings: tuple[str, ...]


class CyclePart(Struct, frozen=True):
    title: str
    running: bool
    groups: tuple[Group, ...]
    bars: tuple[Bar, ...]
    sums: str


class TranscriptPage(Struct, frozen=True):
    cycles: tuple[CyclePart, ...]


def transcript_page(cycles: Sequence[CycleRecord], today: date) -> TranscriptPage:
    return TranscriptPage(tuple(_cycle(record, today) for record in cycles))


def _cycle(record: CycleRecord, today: date) -> CyclePart:
    cycle = record.cycle
    running = cycle is not None and cycle.starts_on <= today < cycle.ends_on
    return CyclePart(
        title="Before your first cycle" if cycle is None else _span(cycle.starts_on, cycle.ends_on),
        running=running,
        groups=tuple(
            Group(heading, tuple(map(_line, lines))) for heading, lines in groupby(record.lines, heading_of)
        ),
        bars=tuple(map(_bar, record.targets)),
        sums=_sums(record),
    )


def _span(starts_on: date, ends_on: date) -> str:
    return f"{_day(starts_on)} to {_day(ends_on - timedelta(days=1))}"


def _day(value: date) -> str:
    return day(value, "UTC")


def _sums(record: CycleRecord) -> str:
    if record.cycle is None:
        return "This counts towards no cycle. If your license began earlier, change the dates of your cycle."
    earned = f"{minutes(record.minutes)} of contact time credited here"
    if record.added_minutes:
        return f"{earned}, and {minutes(record.added_minutes)} that you added."
    return f"{earned}."


def _line(line: Learning) -> Line:
    return Line(
        title=line.title,
        provider=line.provider,
        topic=line.topic,
        activity=line.activity,
        dates=_dates(line.started_on, line.ended_on),
        minutes=line.minutes,
        points=_points(line),
        number=line.reference if line.source == "certificate" else "",
        outside=line.reference if line.source == "outside" else "",
        note=ADDED if line.source == "outside" else STATES[line.state],
    )


def _dates(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _points(line: Learning) -> str:
    if not line.counts:
        return "Does not count"
    return ", ".join(_units(line.earned)) or "Contact time"


def _units(earned: Iterable[Earned]) -> Iterable[str]:
    for unit in earned:
        yield f"{units(unit.hundredths)} {unit.label}"


def _bar(target: Target) -> Bar:
    total = units(target.total)
    said = f"{units(target.awarded)} of {total} {target.label} awarded"
    if target.added:
        said += f", and {units(target.added)} that you added"
    left = max(0, target.total - target.awarded - target.added)
    said += f". {units(left)} to go" if left else ". The total is reached"
    if target.may_carry:
        said += f". {units(target.may_carry)} from before may carry over, as the authority decides"
    if target.prorated:
        said += ". Who works part of the time or year needs fewer; your district says how many"
    return Bar(
        title=f"{target.label}, {_span(target.starts_on, target.ends_on)}",
        words=f"{said}.",
        taken=min(target.awarded + target.added, target.total),
        total=target.total,
        headings=tuple(
            f"{heading.label}: {units(heading.awarded + heading.added)} of at least {units(heading.minimum)}"
            for heading in target.headings
        ),
    )


def printed_transcript(cycles: Sequence[CycleRecord], name: str, today: date) -> dict[str, Any]:
    """The same for paper, as plain values. `transcript.typ` prints them."""
    parts = [_cycle(record, today) for record in cycles]
    count = sum(len(record.lines) for record in cycles)
    return {
        "language": "en",
        "brand": BRAND,
        "title": f"Transcript of {name}",
        "columns": ["Topic", "Type of activity", "Title", "Dates", "Contact time", "Points", "Certificate"],
        "lead": f"{plural(count, 'activity')}, as of {_day(today)}.",
        "note": (
            "Lines marked 'added' were entered by the person and were not checked by this site. "
            "Every other line can be checked by the number of its certificate."
        ),
        "cycles": [
            {
                "title": part.title,
                "sums": part.sums.replace("you added", f"{name} added"),
                "bars": [
                    {"title": bar.title, "words": bar.words.replace("you added", "was added"),
                     "headings": list(bar.headings)}
                    for bar in part.bars
                ],
                "groups": [
                    {
                        "heading": group.heading,
                        "lines": [
                            [line.topic, line.activity, f"{line.title}{_by(line.provider)}", line.dates,
                             minutes(line.minutes), line.points, _proof(line)]
                            for line in group.lines
                        ],
                    }
                    for group in part.groups
                ],
            }
            for part in parts
        ],
    }  # fmt: skip


def _proof(line: Line) -> str:
    if line.outside:
        return "added"
    return f"{line.number} {line.note.lower()}".strip()


def _by(provider: str) -> str:
    return f" ({provider})" if provider else ""
