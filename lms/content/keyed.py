"""Everything in a course that carries a key, laid out flat, so that two versions can be compared.

Of each keyed thing we keep apart: where it stands, what it says, what counts as right, and what it asks
to be filled in. A change of one is then never mistaken for a change of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

from msgspec import Struct

from lms.content.nodes import (
    Activity,
    Capstone,
    Course,
    Field,
    Insert,
    Lesson,
    Log,
    Module,
    Quiz,
    Reflection,
    Rubric,
    SessionGuide,
    Source,
    Toolkit,
)  # fmt: skip
from lms.content.render import plain_text

Answers = tuple[Hashable, ...]


class Keyed(Struct, frozen=True):
    """`parent` is the key of what holds it ('' for the course); `place` its number among its siblings."""

    key: str
    kind: str
    title: str
    page_key: str
    parent: str
    place: int
    minutes: int
    in_quiz: bool
    was: str | None
    text: Hashable
    answers: Answers
    shape: Hashable
    """Of a field, log or sheet: what must be filled in, and how."""


_PAGES = (Module, Lesson, Quiz, Toolkit, Capstone, SessionGuide)
_SECTIONS = (Activity, Reflection, Log, Field, Rubric)
_FACTS = (Source, Insert)

_NOT_WORDS = frozenset({
    "key", "was", "minutes", "number", "anchor", "citations", "title_text", "label_text", "reading_words",
    "mark", "group", "points", "part_credit", "in_order", "draw", "leads_to", "instead_of", "seen_by",
    "alternative_to", "reviewers", "pass_percent", "attempts", "shuffle", "needs_strong", "kind",
    "kinds", "checked_on", "second_hand", "needed", "at_least", "exactly", "minimum", "maximum", "lines",
    "code", "or_link", "options", "start_rows", "add_rows", "up_to_rows", "count", "carries", "hands_in",
    "entries", "words_min", "words_max", "form", "sittings", "roles", "level", "make_up", "spellings",
    "read_before_release",
})  # fmt: skip
"""Fields that are compared in another place, or follow from others."""

_SHAPE: dict[type, tuple[str, ...]] = {
    Field: (
        "kind", "needed", "seen_by", "options", "at_least", "exactly", "minimum", "maximum", "code",
        "or_link", "add_rows", "up_to_rows", "count", "carries", "hands_in",
    ),
    Log: ("at_least",),
    Toolkit: ("form", "seen_by", "sittings"),
    Quiz: ("pass_percent", "attempts"),
    Reflection: ("words_min", "seen_by"),
    Activity: ("kind", "seen_by", "instead_of"),
    Lesson: ("alternative_to",),
    Capstone: ("reviewers",),
}  # fmt: skip


def keyed_things(course: Course) -> dict[str, Keyed]:
    """By full key; sources and local facts under `source KEY` and `insert KEY`."""
    return {each.key: each for each in _walk(course, "", "", False, _Places())}


def keys_in(value: object) -> Iterator[str]:
    """Every key in a page or a part of one, its fields' and choices' alike."""
    if isinstance(value, tuple):
        for each in value:
            yield from keys_in(each)
    elif isinstance(value, Struct):
        key = getattr(value, "key", None)
        if isinstance(key, str):
            yield key
        for name in value.__struct_fields__:
            yield from keys_in(getattr(value, name))


class _Places:
    """Numbers the children of each parent as they are met."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def next(self, parent: str) -> int:
        self._next[parent] = self._next.get(parent, -1) + 1
        return self._next[parent]


def _walk(value: Any, parent: str, page_key: str, in_quiz: bool, places: _Places) -> Iterator[Keyed]:
    if isinstance(value, tuple):
        for each in value:
            yield from _walk(each, parent, page_key, in_quiz, places)
        return
    if not isinstance(value, Struct):
        return
    if isinstance(value, _PAGES + _SECTIONS + _FACTS):
        page_key = value.key if isinstance(value, _PAGES) else page_key
        in_quiz = in_quiz or isinstance(value, Quiz)
        thing = _keyed(value, parent, page_key, in_quiz, places)
        yield thing
        parent = thing.key
    for name in value.__struct_fields__:
        if name not in ("citations", "requirements", "images"):
            yield from _walk(getattr(value, name), parent, page_key, in_quiz, places)


def _keyed(value: Any, parent: str, page_key: str, in_quiz: bool, places: _Places) -> Keyed:
    kind = type(value).__name__.lower()
    key = f"{kind} {value.key}" if isinstance(value, _FACTS) else value.key
    if isinstance(value, Rubric) and key == parent:
        key = f"rubric {key}"
    title = getattr(value, "title_text", "") or plain_text(
        getattr(value, "title", "") or getattr(value, "label", "")
    )
    return Keyed(
        key=key,
        kind=str(getattr(value, "kind", kind)),
        title=title,
        page_key=page_key,
        parent=parent,
        place=places.next(parent),
        minutes=getattr(value, "minutes", 0),
        in_quiz=in_quiz,
        was=getattr(value, "was", None),
        text=_words(value, top=True),
        answers=_answers(value),
        shape=tuple((name, getattr(value, name)) for name in _SHAPE.get(type(value), ())),
    )


def _words(value: Any, top: bool = False) -> Hashable:
    """What a learner reads of it, keyed things inside left out: they speak for themselves."""
    if isinstance(value, tuple):
        return tuple(_words(each) for each in value)
    if not isinstance(value, Struct):
        return value if isinstance(value, Hashable) else repr(value)
    if not top and isinstance(value, _PAGES + _SECTIONS + _FACTS):
        return None
    words = tuple(
        (name, _words(getattr(value, name))) for name in value.__struct_fields__ if name not in _NOT_WORDS
    )
    return tuple((name, _without_gaps(own)) for name, own in words)


def _without_gaps(words: Hashable) -> Hashable:
    """So that adding or moving an activity is not a change of the page's words."""
    return tuple(each for each in words if each is not None) if isinstance(words, tuple) else words


# ── What counts as right ─────────────────────────────────────────────────────────────────────────


def _answers(value: Any) -> Answers:
    if isinstance(value, Rubric):
        return tuple(("criterion", each.number, each.needs_strong) for each in value.criteria)
    if isinstance(value, Activity):
        return (
            ("points", value.points, value.part_credit, value.draw, len(value.members)),
            *_choices(value),
            *_cards(value),
            *(("step", plain_text(each.html), place) for place, each in enumerate(value.steps)),
            *(("spelling", frozenset(each.spellings), each.mark) for each in value.answers),
        )
    return ()


def _choices(activity: Activity) -> Iterator[Hashable]:
    for choice in activity.choices:
        yield "choice", plain_text(choice.html), choice.mark
    numbers = {part.anchor: number for number, part in enumerate(activity.parts)}
    for number, part in enumerate(activity.parts):
        for choice in part.choices:
            goes = numbers.get(choice.leads_to or "", -1)
            yield "choice", plain_text(choice.html), (choice.mark, number, goes)


def _cards(activity: Activity) -> Iterator[Hashable]:
    for card in activity.cards:
        yield "card", plain_text(card.html), card.group


def same_answers(old: Answers, new: Answers) -> bool:
    """Whether what was right stays right. A choice may be reworded or moved; its mark may not change.

    A reworded one is known by standing, among the reworded, where one with the same mark stood.
    Steps of an `order` are right by their place.
    """
    if old == new:
        return True
    old_rest, new_rest = Counter(old) - Counter(new), Counter(new) - Counter(old)
    old_worded = [each for each in old if each in old_rest]
    new_worded = [each for each in new if each in new_rest]
    if not {_words_of(each) for each in old_worded}.isdisjoint(_words_of(each) for each in new_worded):
        return False
    return [_mark(each) for each in old_worded] == [_mark(each) for each in new_worded]


def _words_of(answer: Hashable) -> Hashable:
    return answer[:2] if isinstance(answer, tuple) else answer


def _mark(answer: Hashable) -> Hashable:
    """An answer without its words; a reworded one compares equal."""
    if isinstance(answer, tuple) and answer[0] in ("choice", "card", "step"):
        return answer[0], answer[2]
    return answer
