"""Rules: the entries of one enrollment, taken apart into what many people share and what is hers alone.

Of an entry only the day and the fact are a person's own. The rest is the same for all who were credited for
the same pieces: a pattern. What follows from a pattern alone (which entries stand and what they add up to,
how a posting and a line are spelled, which facts pay for them) is found once for each pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec import Struct, field

from lms.completion.rules import Fact
from lms.credit.awarding import Counted, counted_from
from lms.credit.ledger import Entry, live, said
from lms.credit.lines import LineKind
from lms.credit.statements import made_up
from lms.kernel.canonical import canonical, quoted

SHARED = (
    "posting", "line", "cycle", "credit_key", "sequence", "effect", "minutes", "source_key", "kind",
    "version_id", "topic",
)  # fmt: skip
"""The columns that make a pattern."""
NOBODY, SOMEDAY, NOTHING = -1, date.min, "\0"
"""Stand for the enrollment, the day and the fact until a person's own are filled in."""
PATTERNS, WAYS = 256, 16
"""How many are kept (a course has as many as there are ways through it), and of the ways to each."""
DECIDING = ("kind", "key", "version_id", "passed", "sitting", "verdict", "reviewer", "minutes", "full")
"""What the rules of completion and the ledger take from a fact, beside its moment and its name."""

deciding = attrgetter(*DECIDING)


class Way(Struct, eq=False):
    """A pattern's entries beside facts that are alike in all that decides: what follows from them without a
    moment or a name is the same for all who went this way. `paid`: the facts were found to pay for them."""

    paid: bool = False


class Stand(Struct, frozen=True, eq=False):
    """What stands of a pattern through one posting. `order`: places of the lines, by credit key and cycle."""

    order: tuple[int, ...]
    lines: tuple[Entry, ...]
    """In that order, without day and fact."""
    minutes: int
    balance: int
    """The sum of all entries, reversals too."""
    kinds: Mapping[LineKind, int]
    """Minutes of each kind."""
    made_up: frozenset[str]
    """Keys of sessions that were made up for."""
    contact: Mapping[str, int]
    """Key of a session -> the minutes that stand for it."""
    pieces: frozenset[str]
    """Keys of everything else."""


class Pattern(Struct, frozen=True, eq=False):
    """Entries in the order of posting and line, without enrollment, day and fact."""

    entries: tuple[Entry, ...]
    texts: Mapping[int, tuple[str, slice]]
    """Posting -> its text with gaps, and where its entries are."""
    topics: frozenset[str]
    stands: dict[int, Stand] = field(default_factory=dict)
    """Through which posting -> what stands."""
    ways: dict[tuple[Any, ...], Way] = field(default_factory=dict)
    """By what decides of the facts, in the order of the entries."""

    def through(self, posting: int | None = None) -> Stand:
        """What stands then; without a posting, what stands now."""
        if posting is None:
            posting = max(self.texts, default=0)
        found = self.stands.get(posting)
        if found is None:
            found = self.stands[posting] = _stand(self.entries, posting)
        return found


class Posted(Struct, frozen=True):
    """All entries of one enrollment. `days` ('2026-03-02') and `facts` are hers, in the pattern's order, and
    `spelled` both of each entry as digests take them."""

    enrollment_id: int
    pattern: Pattern
    days: tuple[str, ...]
    facts: tuple[str, ...]
    spelled: tuple[tuple[str, str], ...]

    def texts(self) -> Iterator[tuple[int, str]]:
        """Each posting and what its digest covers: its entries, as `ledger.posting_digest` spells them."""
        number = str(self.enrollment_id)
        for posting, (text, place) in self.pattern.texts.items():
            yield posting, text.replace(NOTHING, number) % tuple(chain.from_iterable(self.spelled[place]))

    def entries(self) -> list[Entry]:
        own = zip(self.pattern.entries, self.days, self.facts, strict=True)
        return [
            shared._replace(enrollment_id=self.enrollment_id, earned_on=date.fromisoformat(on), fact=fact)
            for shared, on, fact in own
        ]

    def stood(self, stand: Stand) -> list[int]:
        """The places of the lines that stand, in the order in which a certificate prints them."""
        return sorted(stand.order, key=self.days.__getitem__)

    def lines(self, stand: Stand) -> list[Entry]:
        """The same as entries."""
        entries = self.entries()
        return [entries[place] for place in self.stood(stand)]

    def live(self) -> list[Entry]:
        """The credits that stand now."""
        return self.lines(self.pattern.through())

    def counted(self, stand: Stand, completed_on: date) -> list[Counted]:
        """The lines that stand, added up (`awarding.counted_from`)."""
        if not self.days or max(self.days) <= completed_on.isoformat():
            return [Counted(kind, minutes, completed_on) for kind, minutes in stand.kinds.items()]
        lines = self.lines(stand)
        return counted_from(((line.kind, line.minutes, line.earned_on) for line in lines), completed_on)

    def way(self, facts: Sequence[Fact | None]) -> Way | None:
        """The way that led here, by the facts of its entries; None when one of them is not there."""
        there = [fact for fact in facts if fact is not None]
        if len(there) < len(facts):
            return None
        ways, name = self.pattern.ways, tuple(map(deciding, there))
        way = ways.get(name)
        if way is None:
            if len(ways) >= WAYS:
                ways.clear()
            way = ways[name] = Way()
        return way


class Patterns:
    """Takes rows apart. Keeps the patterns it has met, within bounds: most rows have one of few."""

    def __init__(self) -> None:
        self._kept: dict[tuple[tuple[Any, ...], ...], Pattern] = {}

    def posted(self, enrollment_id: int, rows: Iterable[Sequence[Any]]) -> Posted:
        """`rows`: enrollment, earned_on, fact, and `SHARED`, in the order of posting and line."""
        _, days, facts, *shared = zip(*rows, strict=True)
        name = tuple(shared)
        pattern = self._kept.get(name)
        if pattern is None:
            if len(self._kept) >= PATTERNS:
                self._kept.clear()
            pattern = self._kept[name] = pattern_of(
                Entry(
                    enrollment_id=NOBODY, earned_on=SOMEDAY, fact=NOTHING,
                    **dict(zip(SHARED, row, strict=True)),
                )
                for row in zip(*shared, strict=True)
            )  # fmt: skip
        days = tuple(map(str, days))
        spelled = tuple(zip(map(quoted, days), map(quoted, facts), strict=True))
        return Posted(enrollment_id, pattern, days, facts, spelled)


def pattern_of(entries: Iterable[Entry]) -> Pattern:
    """Of entries in the order of posting and line."""
    entries = tuple(entries)
    places: dict[int, list[int]] = {}
    for place, entry in enumerate(entries):
        places.setdefault(entry.posting, []).append(place)
    return Pattern(
        entries,
        {
            posting: (_text(entries[mine[0] : mine[-1] + 1]), slice(mine[0], mine[-1] + 1))
            for posting, mine in places.items()
        },
        frozenset(entry.topic for entry in entries),
    )


NOTHING_POSTED = Posted(NOBODY, pattern_of(()), (), (), ())


def _text(entries: Iterable[Entry]) -> str:
    """A posting's text, the enrollment as `NOTHING`, and '%s' for each day and fact."""
    spelled = []
    for entry in entries:
        _, posting, line, *between, _, topic, _ = said(entry)
        head = canonical([posting, line, *between]).replace("%", "%%")
        topic = canonical(topic).replace("%", "%%")
        spelled.append(f"[{NOTHING},{head[1:-1]},%s,{topic},%s]")
    return f"[{','.join(spelled)}]"


def _stand(entries: Sequence[Entry], through: int) -> Stand:
    mine = [place for place, entry in enumerate(entries) if entry.posting <= through]
    stands = live(entries[place] for place in mine)
    order = sorted(
        (place for place in mine if entries[place] in stands.values()),
        key=lambda place: (entries[place].credit_key, entries[place].cycle),
    )
    lines = tuple(entries[place] for place in order)
    kinds: dict[LineKind, int] = {}
    contact: dict[str, int] = {}
    for line in lines:
        kinds[line.kind] = kinds.get(line.kind, 0) + line.minutes
        if line.kind in ("live", "make_up"):
            contact[line.key] = max(contact.get(line.key, 0), line.minutes)
    return Stand(
        order=tuple(order),
        lines=lines,
        minutes=sum(line.minutes for line in lines),
        balance=sum(entries[place].effect * entries[place].minutes for place in mine),
        kinds=kinds,
        made_up=made_up(lines),
        contact=contact,
        pieces=frozenset(line.key for line in lines if line.kind not in ("live", "make_up")),
    )
