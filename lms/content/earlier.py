"""Keys of published versions: a key keeps its kind, because what learners did is stored under it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from lms.content.keyed import keyed_things
from lms.content.nodes import Course

_SPOKEN = {"sessionguide": "session guide"}
_ALIKE = {"long": "short"}
"""Kinds whose answers are of one shape, so that one may become the other."""


class Earlier(Struct, frozen=True):
    kind: str
    version: int


def earlier_kinds(versions: Iterable[tuple[int, Course]]) -> dict[str, Earlier]:
    """By full key, from version numbers and courses; the newest version decides."""
    found: dict[str, Earlier] = {}
    for number, course in sorted(versions, key=lambda each: each[0]):
        for key, thing in keyed_things(course).items():
            found[key] = Earlier(_SPOKEN.get(thing.kind, thing.kind), number)
    return found


def changed_kind(earlier: Mapping[str, Earlier], key: str, kind: str) -> str:
    """'was a table in version 3; a key keeps its kind.', or nothing."""
    before = earlier.get(key)
    if before is None or _ALIKE.get(before.kind, before.kind) == _ALIKE.get(kind, kind):
        return ""
    article = "an" if before.kind[0] in "aeiou" else "a"
    return f"was {article} {before.kind} in version {before.version}; a key keeps its kind."
