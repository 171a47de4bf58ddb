"""Rules: steps put in order by the numbers that are typed beside them: the order these give, or what they
still lack. Numbers are kept as they were typed, place of the step -> text, until they give an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from lms.content.nodes import Activity
from lms.kernel.errors import RuleBroken
from lms.responses.fields import Json, storable

LONGEST_NUMBER = 6
"""Digits."""


class Lack(Struct, frozen=True):
    """Why numbers give no order yet. `text`: the first that is not a number, or that stands twice. `count`:
    how many steps have none."""

    code: Literal["not_a_number", "twice", "none_yet"]
    text: str = ""
    count: int = 0


def read_numbers(question: Activity, raw: Mapping[str, Json]) -> Json:
    """The places of the steps in the order of their numbers; the numbers while they give none; None where
    nothing is typed. RuleBroken('answer_shape') for what no page sends."""
    places = {str(place) for place in range(len(question.steps))}
    typed: dict[str, Json] = {}
    for place, text in raw.items():
        if place not in places or not isinstance(text, str):
            raise RuleBroken("answer_shape", question.key)
        if kept := storable(text).strip():
            typed[place] = kept
    if not typed or lack_of(question, typed) is not None:
        return typed or None
    return [*sorted(map(int, typed), key=lambda place: int(str(typed[str(place)])))]


def lack_of(question: Activity, typed: Mapping[str, Json]) -> Lack | None:
    """None: they give an order."""
    texts = [str(typed.get(str(place), "")) for place in range(len(question.steps))]
    given = [text for text in texts if text]
    odd = next((text for text in given if not is_number(text)), None)
    if odd is not None:
        return Lack("not_a_number", odd)
    number, times = Counter(map(int, given)).most_common(1)[0] if given else (0, 0)
    if times > 1:
        return Lack("twice", str(number))
    return Lack("none_yet", count=len(texts) - len(given)) if len(given) < len(texts) else None


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
