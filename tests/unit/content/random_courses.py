"""Courses made by chance from the classes' own annotations: any field, any union, any depth."""

from __future__ import annotations

import random
import types
import typing
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from lms.content import nodes
from lms.content.nodes import Course, SafeHtml

_WORDS = ["", "a", "Words & <em>more</em>", "é\u0301", "“x”", "\\n", "line\nline", "🙂", "is", "\u2028", '"']


def random_course(seed: int) -> Course:
    chance = random.Random(seed)
    course: Course = _value(Course, chance, 0)
    return course


def _value(hint: Any, chance: random.Random, depth: int) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is SafeHtml:
        return SafeHtml(chance.choice(_WORDS))
    if hint is str:
        return chance.choice(_WORDS)
    if hint is bool:
        return chance.random() < 0.5
    if hint is int:
        return chance.choice([0, 1, 7, 100, -1])
    if origin is Literal:
        return chance.choice(arguments)
    if origin is tuple:
        return _tuple(arguments, chance, depth)
    if origin in (Union, types.UnionType):
        if type(None) in arguments and (depth > 6 or chance.random() < 0.4):
            return None
        return _value(chance.choice([each for each in arguments if each is not type(None)]), chance, depth)
    assert issubclass(hint, Struct), hint
    assert isinstance(hint, type)
    return _instance(hint, chance, depth)


def _tuple(arguments: tuple[Any, ...], chance: random.Random, depth: int) -> tuple[Any, ...]:
    if arguments[-1] is Ellipsis:
        number = 0 if depth > 5 else chance.choice([0, 1, 2])
        return tuple(_value(arguments[0], chance, depth + 1) for _ in range(number))
    return tuple(_value(each, chance, depth + 1) for each in arguments)


def _instance(cls: type, chance: random.Random, depth: int) -> Any:
    hints = typing.get_type_hints(cls, vars(nodes))
    values = {
        each.name: _value(hints[each.name], chance, depth + 1)
        for each in fields(cls)
        if each.required or chance.random() < 0.5
    }
    return cls(**values)
