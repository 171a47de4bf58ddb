"""Rules: how a mold is made of a row that was read whole, and how long it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct

from lms.completion.rules import Attendance, Fact, attended, contacts, evaluate, order
from lms.credit.awarding import valid_then
from lms.credit.cases import UNREADABLE, Case
from lms.credit.frozen import Json, registrations_from
from lms.credit.kept import Known
from lms.credit.molds import GAP, Granted, Mold
from lms.kernel.canonical import canonical

KINDS, EACH, TRIES = 512, 8, 64
"""How many kinds of rows molds are kept of, how many of each (bodies choose headings, and versions change
words), and how many rows of a kind are tried: some kinds make none."""
_GAPS = re.compile(r'"\\u0000(\w+)\\u0000"')


class _Molds(Struct):
    """Of one kind."""

    found: list[Mold] = []
    tries: int = 0


class Molds:
    """Keeps molds, within bounds."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], _Molds] = {}

    def fit(self, case: Case, known: Known) -> bool:
        """Does the row fit a mold? Then it follows from its facts."""
        try:
            molds = self._kept.get(case.kind)
            return molds is not None and any(mold.fits(case, known) for mold in molds.found)
        except UNREADABLE:
            return False

    def take(self, case: Case, known: Known) -> None:
        """From now on there is a mold of this row, which was read whole and has no fault."""
        if case.kind not in self._kept and len(self._kept) >= KINDS:
            self._kept.clear()
        molds = self._kept.setdefault(case.kind, _Molds())
        if molds.tries < TRIES and len(molds.found) < EACH:
            molds.tries += 1
            mold = _cast(case, known)
            if mold is not None and mold.fits(case, known):
                molds.found.append(mold)


def _cast(case: Case, known: Known) -> Mold | None:
    """None where more than what is her own depends on who it is: on days, or on work in other courses."""
    frozen = json.loads(case.row.frozen)
    course = known.versions[frozen["course"]["version_id"]]
    places = {fact.ref: place for place, fact in enumerate(case.facts)}
    before = _before(case.facts, [(each.key, *each.also) for each in course.requirements if each.also])
    granted = _granted(case, frozen["awards"], known)
    if before is None or granted is None:
        return None
    sessions = contacts(case.facts, known.versions)
    required = frozen["enrollment"]["required_minutes"]
    rule = Attendance(required, sessions) if required is not None else None
    status = evaluate(course.requirements, case.facts, rule)
    met = {found.fact.ref for found in status.met.values()}
    if rule is not None:
        met.update((attended(rule) or (None, ()))[1])
    requirements = {each.key: each for each in course.requirements}
    assessed = [(places[thing["fact"]], requirements[thing["key"]]) for thing in frozen["mastery"]]
    for (place, _), thing in zip(assessed, frozen["mastery"], strict=True):
        thing |= {name: _gap(f"{name}{place}") for name in ("fact", "on", "detail")}
    for award in frozen["awards"]:
        for found in award["accepted"]:
            if found["fact"] not in met or places[found["fact"]] not in dict(assessed):
                return None
            found |= {name: _gap(f"{name}{places[found['fact']]}") for name in ("fact", "on")}
    used = tuple(places[name] for name in frozen["used"])
    frozen["enrollment"]["id"] = _gap("enrollment")
    days = ("completed_on", "first_award_on", "issued_on", "started_on", "expires_on")
    frozen |= {name: _gap(name) for name in (*days, "person", "lines", "used")}
    return Mold(
        parts=tuple(_GAPS.split(canonical(frozen))),
        version_id=frozen["course"]["version_id"],
        topic=frozen["course"]["topic"],
        met=tuple(places[name] for name in met),
        used=used,
        assessed=tuple(assessed),
        before=before,
        sessions=tuple((each.key, tuple(places[name] for name in each.used)) for each in sessions)
        if rule is not None
        else (),
        awards=granted,
    )


def _granted(case: Case, printed: Sequence[Json], known: Known) -> tuple[Granted, ...] | None:
    """What the rows of these awards say; in the awards their days become gaps. None when one is of a later
    review, or lacks a registration that was valid, or an old one names work in other courses."""
    row, found = case.row, []
    rows = {award.rule_key: award for award in known.awards[row.enrollment_id, row.sequence]}
    for number, award in enumerate(printed):
        kept = rows[award["rule_set"]["key"]]
        topic = award["topic"]
        day = max(row.completed_on.isoformat(), topic["reached_on"] or "")
        if award["met_on"] != day or (topic["others"] and not row.current):
            return None
        gates = kept.gates
        registration = next(iter(registrations_from(award["registration"])), None)
        for gate in award["gates"]:
            if gate["gate"] == "registration":
                if registration is None or gate["detail"] != valid_then(registration, kept.met_on):
                    return None
                gates = gates.replace(json.dumps(gate["detail"])[1:-1], GAP)
                gate["detail"] = _gap(f"registered{number}")
        numbers = (
            topic["minutes"],
            sum(work[2] for work in topic["others"]),
            topic["reached_on"] is not None,
        )
        rules = known.rule_sets[kept.rule_key, kept.rule_version].rules
        found.append(Granted(kept[:5], gates, registration, rules, numbers))
        award |= {"met_on": _gap(f"met_on{number}"), "topic": _gap(f"topic{number}")}
    return tuple(found)


def _gap(name: str) -> str:
    return f"{GAP}{name}{GAP}"


def _before(
    facts: Sequence[Fact], alternatives: Sequence[Sequence[str]]
) -> tuple[tuple[int, int], ...] | None:
    """Pairs of facts for the same piece, and of missed sessions, since a piece makes up for the first of
    them; earlier ones first. None where several decide otherwise: attendance at one, and alternatives."""
    of_key: dict[str, list[int]] = {}
    for place, fact in enumerate(facts):
        of_key.setdefault(fact.key, []).append(place)
    if any(sum(len(of_key.get(key, ())) for key in keys) > 1 for keys in alternatives):
        return None
    missed = [
        place for place, fact in enumerate(facts) if fact.kind == "attendance" and fact.minutes < fact.full
    ]
    several = [places for places in of_key.values() if len(places) > 1]
    if any(facts[place].kind == "attendance" for places in several for place in places):
        return None
    return tuple(
        pair
        for places in (*several, missed)
        for pair in pairwise(sorted(places, key=lambda place: order(facts[place])))
    )
