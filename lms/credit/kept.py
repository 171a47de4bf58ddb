"""Rules: what the audit takes: certificates as their rows have them, and what they are held against."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from lms.completion.rules import Fact
from lms.content.nodes import Course
from lms.credit.awarding import Counted
from lms.credit.cycles import Cycle
from lms.credit.posted import NOTHING_POSTED, Posted, Way
from lms.credit.reckoning import Standing
from lms.credit.spelling import KeptRule, Speller

Frozen = Mapping[str, Any]


class Fault(Struct, frozen=True):
    """`subject` is the natural key of what is wrong, `code` one word, `detail` what was found."""

    subject: str
    code: str
    detail: str


class Kept(NamedTuple):
    """A certificate as its row has it."""

    enrollment_id: int
    user_id: int
    sequence: int
    through_posting: int
    minutes: int
    first_award_on: date
    completed_on: date
    frozen: str
    digest: str
    end: str | None
    said_current: bool | None

    @property
    def current(self) -> bool:
        """In force, and said to be what would be printed today."""
        return self.end is None and bool(self.said_current)

    @property
    def subject(self) -> str:
        return f"certificates:{self.enrollment_id}:{self.sequence}"


class KeptAward(NamedTuple):
    """An award as its row has it, with the text of its gates."""

    rule_key: str
    rule_version: int
    minutes: int
    units_hundredths: int
    registration: str | None
    gates: str
    met_on: date


class Held(NamedTuple):
    """The entries of one enrollment, each beside the fact that it names (None where there is no such fact of
    this person), and the way that these make."""

    posted: Posted
    facts: tuple[Fact | None, ...]
    way: Way | None


NOTHING_HELD = Held(NOTHING_POSTED, (), None)


class Known(Struct, frozen=True):
    """What the rows of some people are held against."""

    facts: Mapping[int, Sequence[Fact]]
    """By enrollment."""
    own: Mapping[int, Mapping[str, Fact]]
    """Person -> name of a fact -> the fact: nobody is credited for what another one did."""
    held: Mapping[int, Held]
    """By enrollment; nothing for one without entries."""
    enrollments: Mapping[int, Sequence[int]]
    """By person, in the order of their ids."""
    again: Collection[int]
    """Enrollments of somebody who took the same course more than once."""
    postings: Mapping[tuple[int, int], str]
    """(enrollment, number) -> digest."""
    awards: Mapping[tuple[int, int], Sequence[KeptAward]]
    """By (enrollment, certificate's sequence)."""
    versions: Mapping[int, Course]
    digests: Mapping[int, str]
    """Version -> digest of its sources, as the version's row has it."""
    rule_sets: Mapping[tuple[str, int], KeptRule]
    cycles: Callable[[int], Sequence[Cycle]]
    """Of a person, as all facts plan them."""
    standing: Callable[[int, int], Standing]
    """Of a person with several enrollments: where one of these stands, by all facts."""
    speller: Speller

    def on_topic(self, row: Kept, topic: str) -> Iterator[int]:
        """The person's other enrollments that were ever credited for anything on the topic."""
        for other in self.enrollments[row.user_id]:
            held = self.held.get(other, NOTHING_HELD)
            if other != row.enrollment_id and topic in held.posted.pattern.topics:
                yield other


class Lines(Struct, frozen=True):
    """What a row says in its lines. `as_posted`: word for word what stood on the ledger."""

    minutes: int
    facts: frozenset[str]
    counted: Sequence[Counted]
    as_posted: bool
