"""Rules: when an activity of a lesson is done, and the way taken through a branching.

Done means checked once with all parts, never 'correct'. An activity with several parts is checked part
by part; each part is an attempt under its own full key, and the whole is done with the last of them.
The private note of a `rewrite` and the tick of a `do` without fields stand under the activity's own key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from lms.content.nodes import Activity, Choice, Field, Part
from lms.kernel.errors import RuleBroken
from lms.responses.fields import (
    LONG_LIMIT,
    Fault,
    Json,
    Values,
    faults,
    fields_in,
    filled,
    needs,
    read_values,
    storable,
)
from lms.responses.grading import GRADED, Graded, grade_one, read_answer, unanswered

LONGEST_PATH = 200
"""Choices of one walk through a branching; loops are allowed."""


class Checked(Struct, frozen=True):
    """`missing`: full keys still to be answered. `graded`: by question key, for whom has choices."""

    done: bool
    missing: tuple[str, ...]
    faults: tuple[Fault, ...]
    graded: dict[str, Graded]


class Taken(Struct, frozen=True):
    part: Part
    choice: Choice
    place: int


class Walk(Struct, frozen=True):
    """Where a path through a branching has come to, and the choices that led there."""

    part: Part
    taken: tuple[Taken, ...]

    @property
    def ended(self) -> bool:
        return not self.part.choices


def checkable(activity: Activity) -> tuple[Activity, ...]:
    """What is checked by itself: the parts of an `activity`, or the activity."""
    return activity.members if activity.kind == "activity" else (activity,)


def part_of(activity: Activity, key: str) -> Activity:
    for part in checkable(activity):
        if part.key == key:
            return part
    raise RuleBroken("part_unknown", key)


def fields_of(part: Activity) -> tuple[Field, ...]:
    return tuple(fields_in((*part.blocks, *part.after)))


def read_part(part: Activity, raw: Mapping[str, Json]) -> Values:
    """What was sent for one part, in its stored form: answer under its key, fields under theirs."""
    fields = fields_of(part)
    values = read_values(fields, {key: value for key, value in raw.items() if key != part.key})
    answer = _read_answer(part, raw.get(part.key), bool(fields))
    if answer is not None:
        values = {part.key: answer, **values}
    return values


def _read_answer(part: Activity, raw: Json, has_fields: bool) -> Json:
    if raw is None or part.kind in GRADED:
        return read_answer(part, raw)
    if part.kind == "branching" and isinstance(raw, list):
        walk(part, raw)
        return raw or None
    if part.kind == "rewrite" and isinstance(raw, str):
        return storable(raw) if raw.strip() else None
    if part.kind == "do" and isinstance(raw, bool) and not has_fields:
        return raw or None
    raise RuleBroken("answer_shape", part.key)


def check(part: Activity, values: Mapping[str, Json]) -> Checked:
    """One part, from values that `read_part` gave."""
    fields = fields_of(part)
    missing = [need.key for need in needs(fields, values)]
    wrong = wrongs(part, values)
    if part.kind in GRADED:
        missing = [*unanswered((part,), values), *missing]
    elif part.kind == "do" and fields:
        if not missing and not filled(fields, values):
            missing = [fields[0].key]
    elif part.kind == "branching":
        path = values.get(part.key)
        if not walk(part, path if isinstance(path, list) else ()).ended:
            missing = [part.key, *missing]
    elif values.get(part.key) is None:
        missing = [part.key, *missing]
    graded = {part.key: grade_one(part, values.get(part.key))} if part.kind in GRADED else {}
    return Checked(not missing and not wrong, tuple(dict.fromkeys(missing)), wrong, graded)


def wrongs(part: Activity, values: Mapping[str, Json]) -> tuple[Fault, ...]:
    """What cannot stand in one part: in its fields, and in a version of one's own."""
    own = values.get(part.key) if part.kind == "rewrite" else None
    long = isinstance(own, str) and len(own) > LONG_LIMIT
    first = (Fault(part.key, "text_long", limit=LONG_LIMIT),) if long else ()
    return (*first, *faults(fields_of(part), values))


def all_checked(activity: Activity, checked: Iterable[str]) -> bool:
    """Is the whole done, when the parts with these keys are?"""
    return {part.key for part in checkable(activity)} <= set(checked)


def walk(branching: Activity, path: Iterable[Json]) -> Walk:
    """Follow choices from the first part. RuleBroken('path') for one that the part does not have."""
    parts = {part.anchor: part for part in branching.parts}
    here = branching.parts[0]
    taken: list[Taken] = []
    for place in path:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(here.choices):
            raise RuleBroken("path", branching.key)
        if len(taken) == LONGEST_PATH:
            raise RuleBroken("path_long", branching.key)
        choice = here.choices[place]
        taken.append(Taken(here, choice, place))
        here = parts[choice.leads_to or ""]
    return Walk(here, tuple(taken))
