"""Rules: the ledger as a difference between what facts earn and what was posted.

Credits of a key are odd in sequence, reversals even. The balance of a key is therefore 0 or the minutes of
one entry, and an enrollment's balance the sum of its live entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from lms.credit.lines import Line, LineKind
from lms.kernel.canonical import canonical, digest

Place = tuple[int, str]
"""(cycle, credit key)"""


class Entry(NamedTuple):
    """One credit (effect 1) or reversal (-1). `posting` and `line` are 0 until it has its place."""

    enrollment_id: int
    cycle: int
    credit_key: str
    sequence: int
    effect: int
    minutes: int
    source_key: str
    kind: LineKind
    version_id: int
    earned_on: date
    topic: str
    fact: str
    posting: int = 0
    line: int = 0

    @property
    def key(self) -> str:
        """What it stands for in the course: 'c-1' of 'care/c-1'."""
        return self.credit_key.partition("/")[2]

    @property
    def reverses(self) -> int | None:
        return self.sequence - 1 if self.effect < 0 else None

    @property
    def follows(self) -> int | None:
        return self.sequence - 1 if self.effect > 0 and self.sequence > 1 else None


def live(entries: Iterable[Entry]) -> dict[Place, Entry]:
    """The credits that stand: for each place the last entry, if it is a credit."""
    return {place: entry for place, entry in _last(entries).items() if entry.effect > 0}


def entries_due(wanted: Mapping[Place, tuple[int, Line]], entries: Sequence[Entry]) -> list[Entry]:
    """What must be posted so that the ledger says what is wanted. Nothing when it does already.

    `wanted`: place -> (enrollment that is paid, line).
    """
    last = _last(entries)
    due: list[Entry] = []
    for place in sorted(last.keys() | wanted.keys()):
        before = last.get(place)
        stands = before is not None and before.effect > 0
        want = wanted.get(place)
        if want is not None and stands and before is not None and _same(want, before):
            continue
        sequence = before.sequence if before is not None else 0
        if stands and before is not None:
            sequence += 1
            due.append(before._replace(sequence=sequence, effect=-1, posting=0, line=0))
        if want is not None:
            enrollment_id, line = want
            due.append(
                Entry(
                    enrollment_id=enrollment_id,
                    cycle=place[0],
                    credit_key=place[1],
                    sequence=sequence + 1,
                    effect=1,
                    minutes=line.minutes,
                    source_key=line.source_key,
                    kind=line.kind,
                    version_id=line.version_id,
                    earned_on=line.earned_on,
                    topic=line.topic,
                    fact=line.fact,
                )
            )
    return due


def placed(due: Iterable[Entry], last_postings: Mapping[int, int]) -> list[Entry]:
    """The same entries with posting and line: one new posting for each enrollment that changes."""
    lines: dict[int, int] = {}
    out: list[Entry] = []
    for entry in sorted(due, key=lambda e: (e.enrollment_id, e.cycle, e.credit_key, e.sequence)):
        number = lines.get(entry.enrollment_id, 0) + 1
        lines[entry.enrollment_id] = number
        posting = last_postings.get(entry.enrollment_id, 0) + 1
        out.append(entry._replace(posting=posting, line=number))
    return out


def posting_digest(entries: Iterable[Entry]) -> str:
    """SHA-256 over the entries of one posting, in the order of their lines."""
    return digest(canonical([said(entry) for entry in sorted(entries, key=attrgetter("line"))]))


def said(entry: Entry) -> list[Any]:
    """An entry as its posting's digest takes it."""
    (
        enrollment,
        cycle,
        key,
        sequence,
        effect,
        minutes,
        source,
        kind,
        version,
        on,
        topic,
        fact,
        posting,
        line,
    ) = entry
    return [
        enrollment, posting, line, cycle, key, sequence, effect, minutes, source, kind, version,
        on.isoformat(), topic, fact,
    ]  # fmt: skip


def _last(entries: Iterable[Entry]) -> dict[Place, Entry]:
    last: dict[Place, Entry] = {}
    for entry in entries:
        place = (entry.cycle, entry.credit_key)
        before = last.get(place)
        if before is None or before.sequence < entry.sequence:
            last[place] = entry
    return last


def _same(want: tuple[int, Line], entry: Entry) -> bool:
    """A session's line also rests on the same attendance entry: another one has other times to print."""
    enrollment_id, line = want
    if line.kind == "live" and line.fact != entry.fact:
        return False
    return (enrollment_id, line.source_key, line.kind, line.minutes, line.version_id) == (
        entry.enrollment_id, entry.source_key, entry.kind, entry.minutes, entry.version_id,
    )  # fmt: skip
