"""Rules: a certificate's row beside what it is held against, and its kind.

Rows are of one kind when the same is said of them but for what is a person's own: entries of one pattern,
beside facts that are alike in all that decides, signed by the same, for somebody whom gates take alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lms.completion.rules import Fact
from lms.credit.awarding import OtherWork
from lms.credit.certifying import mastered_in
from lms.credit.cycles import number_of
from lms.credit.kept import NOTHING_HELD, Frozen, Held, Kept, Known
from lms.credit.posted import Stand, deciding

_DAY = re.compile(r'null|"\d{4}-\d\d-\d\d"')
_is_day = lru_cache(maxsize=4096)(_DAY.fullmatch)


UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What a row that may have any shape can bring about."""


class Said(NamedTuple):
    """What a row says of itself that is taken as it says: values as they are spelled, days or null."""

    person: str
    signed_by: str
    issued_on: str
    started_on: str
    expires_on: str
    person_id: int
    takes: tuple[Any, ...]
    """What gates take from the person: job, and where a license is stated."""
    used: Sequence[str]


class Case(NamedTuple):
    """A row beside what it is held against. `facts`: those that it rests on, lines first."""

    row: Kept
    first: Kept
    held: Held
    stand: Stand
    said: Said
    facts: Sequence[Fact]
    kind: tuple[Any, ...]


def case_of(row: Kept, first: Kept, known: Known) -> Case | None:
    """None where a fact is not there or named twice, or the row is laid out otherwise."""
    try:
        return _case(row, first, known)
    except UNREADABLE:
        return None


def _case(row: Kept, first: Kept, known: Known) -> Case | None:
    held = known.held.get(row.enrollment_id, NOTHING_HELD)
    said = _said(row.frozen)
    if held.way is None or said is None:
        return None
    stand = held.posted.pattern.through(row.through_posting)
    lines = {held.posted.facts[place]: held.facts[place] for place in stand.order}
    own = known.own[row.user_id]
    more = [own[name] for name in said.used if name not in lines]
    facts = [fact for fact in (*lines.values(), *more) if fact is not None]
    if len(lines) < len(stand.order) or len({fact.ref for fact in more}) < len(more):
        return None
    kind = (held.way, stand, tuple(map(deciding, more)), said.signed_by, said.takes, row.current)
    return Case(row, first, held, stand, said, facts, kind)


def _said(text: str) -> Said | None:
    """Wrongly cut is no harm: what is cut out is put in again before anything is compared."""
    first = text.find(',"first_award_on":"')
    lines = text.find(',"lines":[', first)
    person = text.rfind(',"person":{')
    signed = text.find(',"signed_by":{', person)
    started = text.find(',"started_on":"', signed)
    used = text.find(',"used":[', started)
    if not 0 < first < lines < person < signed < started < used:
        return None
    expires_on = "null" if text.endswith("null", 0, first) else text[first - 12 : first]
    issued_on, started_on = text[lines - 12 : lines], text[started + 14 : used]
    if not (_is_day(expires_on) and _is_day(issued_on) and _is_day(started_on)):
        return None
    spelled = text[person + 10 : signed]
    # It is an object of its own, so nothing in it reaches beyond its gap.
    who: Frozen = json.loads(spelled)
    takes = (who["job"], *[each["jurisdiction"] for each in who["licenses"]])
    signed_by = text[signed + 13 : started]
    return Said(
        spelled, signed_by, issued_on, started_on, expires_on, who["id"], takes, _names(text[used + 8 : -1])
    )


def _names(spelled: str) -> Sequence[str]:
    """The texts in a list that is spelled so; nearly none has anything in it that is written otherwise."""
    if "\\" in spelled:
        return list(json.loads(spelled))
    return spelled[2:-2].split('","')


def other_work(row: Kept, topic: str, known: Known) -> list[OtherWork]:
    """What stands on the person's ledger from other completed courses on the topic, in the same cycle."""
    found = [
        ((entry.cycle, entry.credit_key), entry)
        for other in known.on_topic(row, topic)
        for entry in known.held[other].posted.live()
        if entry.topic == topic
    ]
    if not found:
        return []
    cycle = number_of(known.cycles(row.user_id), row.completed_on)
    works = []
    for (number, key), entry in sorted(found, key=lambda each: each[0]):
        standing = known.standing(row.user_id, entry.enrollment_id)
        done_on = standing.status.completed_on
        if number == cycle and done_on is not None and not standing.void:
            counts_on = max(entry.earned_on, done_on)
            works.append(OtherWork(entry.enrollment_id, key, entry.minutes, counts_on, mastered_in(standing)))
    return works
