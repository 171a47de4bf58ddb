"""Rules: what the audit takes: certificates as their rows have them, and what they are held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from lms.completion.rules import Fact
from lms.content.nodes import Course
from lms.credit.awarding import Counted
from lms.credit.posted import Posted
from lms.credit.reckoning import Reckoned
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
    rule_key: str
    rule_version: int
    minutes: int
    units_hundredths: int
    met_on: date
    gates: Any
    registration: str | None


class Known(Struct, frozen=True):
    """What the rows of some people are held against."""

    facts: Mapping[int, Sequence[Fact]]
    """By enrollment."""
    posted: Mapping[int, Posted]
    """By enrollment; nothing for one without entries."""
    enrollments: Mapping[int, Sequence[int]]
    """By person, in the order of their ids."""
    postings: Mapping[tuple[int, int], str]
    """(enrollment, number) -> digest."""
    awards: Mapping[tuple[int, int], Sequence[KeptAward]]
    """By (enrollment, certificate's sequence)."""
    versions: Mapping[int, Course]
    digests: Mapping[int, str]
    """Version -> digest of its sources, as the version's row has it."""
    rule_sets: Mapping[tuple[str, int], KeptRule]
    reckoned: Callable[[int], Reckoned]
    """What all facts of a person give, for somebody with several enrollments."""
    speller: Speller


class Lines(Struct, frozen=True):
    """What a row says in its lines. `as_posted`: word for word what stood on the ledger."""

    minutes: int
    facts: frozenset[str]
    counted: Sequence[Counted]
    as_posted: bool
