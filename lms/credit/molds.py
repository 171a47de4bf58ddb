"""Rules: certificates that differ only in what is a person's own, read whole once and then by their spelling.

A mold is a frozen row that was found to follow from its facts, with gaps where a person's own stands: her
facts and days, what she reached in a quiz, and what is taken from a row as it says (who she is, when it was
issued). It is for whoever went the same way: entries of one pattern, beside facts that are alike in all that
decides. For such a row only what moments decide is left to find, from her own facts: the day of completion,
the order of lines, whether another review or other work on the topic changes anything. Then her own is filled
in, and the row must be that text, letter for letter. Whatever fits no mold is read whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from msgspec import Struct

from lms.completion.rules import order
from lms.content.nodes import Requirement
from lms.credit.awarding import Counted, OtherWork, Registration, TopicStanding, topic_standing, valid_then
from lms.credit.cases import Case, other_work
from lms.credit.frozen import topic_values
from lms.credit.gates import Topic
from lms.credit.kept import KeptAward, Known
from lms.credit.ruleset import RuleSet
from lms.credit.statements import acceptances, judged
from lms.kernel.canonical import canonical, quoted

GAP = "\0"
"""Stands for what is filled in."""
_often = lru_cache(maxsize=4096)(canonical)
_spelled = lru_cache(maxsize=4096)(lambda topic: canonical(topic_values(topic)))


class Granted(Struct, frozen=True):
    """What an award's row must say, beside the day. In `gates` a gap stands for what the gate of the
    registration says."""

    values: tuple[str, int, int, int, str | None]
    gates: str
    registration: Registration | None
    rules: RuleSet
    topic: Topic

    def row(self, day: date) -> KeptAward:
        gates = self.gates
        if self.registration is not None:
            gates = gates.replace(GAP, json.dumps(valid_then(self.registration, day))[1:-1])
        return KeptAward(*self.values, gates, day)

    def topic_of(self, case: Case, works: Sequence[OtherWork]) -> TopicStanding:
        """`works`: in other courses on the topic."""
        day = case.row.completed_on
        if works:
            counted = [
                Counted(*each, day) for each in case.stand.kinds.items() if each[0] in self.rules.countable
            ]
            return topic_standing(self.rules, counted, works, day)
        return TopicStanding(self.topic[0], day if self.topic[2] else None)


class Mold(Struct, frozen=True):
    """Places are those of the case's facts."""

    parts: tuple[str, ...]
    """Of the row's text: what all share, and between each two the name of a gap."""
    version_id: int
    topic: str
    met: tuple[int, ...]
    """What the last day of is the day of completion."""
    used: tuple[int, ...]
    assessed: tuple[tuple[int, Requirement], ...]
    before: tuple[tuple[int, int], ...]
    """Pairs whose order decides: facts for the same piece."""
    sessions: tuple[tuple[str, tuple[int, ...]], ...]
    """Where a cohort has an attendance rule, each session and its facts, in the order in which they are added
    up."""
    awards: tuple[Granted, ...]

    def fits(self, case: Case, known: Known) -> bool:
        works = other_work(case.row, self.topic, known) if case.row.current else ()
        topics = [award.topic_of(case, works) for award in self.awards]
        return all(check(self, case, topics, known) for check in CHECKS)


Topics = Sequence[TopicStanding]
"""How the case stands on its topic, by award."""


def _same_first_day(_mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    return case.row.first_award_on == case.first.first_award_on


def _same_person(_mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    return case.said.person_id == case.row.user_id


def _same_minutes(_mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    return case.row.minutes == case.stand.balance


def _same_awards(mold: Mold, case: Case, topics: Topics, known: Known) -> bool:
    row = case.row
    rows = known.awards.get((row.enrollment_id, row.sequence), ())
    return list(rows) == [
        award.row(_met_on(case, topic)) for award, topic in zip(mold.awards, topics, strict=True)
    ]


def _met_on(case: Case, topic: TopicStanding) -> date:
    return max(case.row.completed_on, topic.reached_on or case.row.completed_on)


def _registered_then(mold: Mold, case: Case, topics: Topics, _known: Known) -> bool:
    return all(
        award.registration is None or award.registration.valid(_met_on(case, topic))
        for award, topic in zip(mold.awards, topics, strict=True)
    )


def _completed_on_the_day(mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    facts = case.facts
    return max([facts[place].on for place in mold.met]) == case.row.completed_on


def _nothing_later_on_the_ledger(_mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    """Or minutes count from days of their own."""
    return max(case.held.posted.days) <= case.row.completed_on.isoformat()


def _in_the_same_order(mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    facts = case.facts
    return all(order(facts[one]) < order(facts[other]) for one, other in mold.before)


def _added_up_in_the_same_order(mold: Mold, case: Case, _topics: Topics, _known: Known) -> bool:
    days = [(max(case.facts[place].on for place in places), key) for key, places in mold.sessions]
    return days == sorted(days)


def _no_other_review(mold: Mold, case: Case, _topics: Topics, known: Known) -> bool:
    """A certificate that is current answers for every review of what was assessed."""
    number = case.row.enrollment_id
    if not case.row.current:
        return True
    if number in known.again:
        return False
    reviews = [fact for fact in known.facts[number] if fact.kind == "review"]
    return all(
        [found.fact for found in acceptances(requirement, reviews)] == [case.facts[place].ref]
        for place, requirement in mold.assessed
        if requirement.kind != "quiz"
    )


def _same_on_the_topic(mold: Mold, _case: Case, topics: Topics, _known: Known) -> bool:
    """And for all work on its topic."""
    return [award.topic for award in mold.awards] == [_numbers(topic) for topic in topics]


def _numbers(topic: TopicStanding) -> Topic:
    """What the gate of the topic tells."""
    return topic.minutes, sum(work.minutes for work in topic.others), topic.reached_on is not None


def _same_text(mold: Mold, case: Case, topics: Topics, known: Known) -> bool:
    row, said, facts, posted = case.row, case.said, case.facts, case.held.posted
    own = {
        "person": said.person,
        "enrollment": str(row.enrollment_id),
        "completed_on": f'"{row.completed_on.isoformat()}"',
        "first_award_on": f'"{row.first_award_on.isoformat()}"',
        "issued_on": said.issued_on,
        "started_on": said.started_on,
        "expires_on": said.expires_on,
        "lines": known.speller.lines(posted, case.stand, mold.version_id, case.held.facts),
        "used": f"[{','.join(map(quoted, sorted([facts[place].ref for place in mold.used])))}]",
    }
    for place, requirement in mold.assessed:
        fact = facts[place]
        own[f"fact{place}"] = quoted(fact.ref)
        own[f"on{place}"] = f'"{fact.on.isoformat()}"'
        own[f"detail{place}"] = _often(judged(requirement, fact, fact.on))
    for number, (award, topic) in enumerate(zip(mold.awards, topics, strict=True)):
        met_on = _met_on(case, topic)
        own[f"met_on{number}"] = f'"{met_on.isoformat()}"'
        own[f"topic{number}"] = _spelled(topic)
        if award.registration is not None:
            own[f"registered{number}"] = quoted(valid_then(award.registration, met_on))
    parts = list(mold.parts)
    parts[1::2] = [own[name] for name in parts[1::2]]
    return "".join(parts) == row.frozen


CHECKS: tuple[Callable[[Mold, Case, Topics, Known], bool], ...] = (
    _same_first_day, _same_person, _same_minutes, _same_awards, _registered_then, _completed_on_the_day,
    _nothing_later_on_the_ledger, _in_the_same_order, _added_up_in_the_same_order, _no_other_review,
    _same_on_the_topic, _same_text,
)  # fmt: skip
"""What is left to find of a row of the same kind."""
