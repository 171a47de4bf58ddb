"""A course as canonical JSON and back, and the digest of its sources.

Canonical: keys sorted, no spaces, fields at their default left out, one text for one course. A value
whose class its place does not tell (a block of a page) carries it as `"is"`. Readers for each class are
made once from the classes' own annotations, so that a new field needs no line here.
"""

from __future__ import annotations

import hashlib
import json
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct

from lms.content import nodes
from lms.content.nodes import Course, SafeHtml

FORMAT_VERSION = 1
"""Of the authoring format and of this encoding; part of every digest."""

_CLASS = "is"

_Reader = Callable[[Any], Any] | None
"""Makes a value of what JSON gave; None: it is one already."""


class CodecError(ValueError):
    """The text is not a course of this format."""


def encode(course: Course) -> str:
    """Canonical JSON."""
    return json.dumps(_plain(course, False), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(text: str) -> Course:
    """The course that `encode` wrote. Raises CodecError for any other text."""
    try:
        course: Course = _READ_COURSE(json.loads(text))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as fault:
        raise CodecError(f"not a compiled course: {fault}") from fault
    return course


def source_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the format's version and, in the order of their paths, each path (NFC) and its bytes.

    Lengths stand before each, so that no two sets of files give the same bytes.
    """
    digest = hashlib.sha256(b"course format %d\n" % FORMAT_VERSION)
    named = sorted((unicodedata.normalize("NFC", path).encode(), data) for path, data in files.items())
    for path, data in named:
        digest.update(b"%d %d\n" % (len(path), len(data)))
        digest.update(path)
        digest.update(data)
    return digest.hexdigest()


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────


def _plain(value: Any, named: bool) -> Any:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each, named) for each in value]
    if not isinstance(value, Struct):
        return value
    found: dict[str, Any] = {_CLASS: type(value).__name__} if named else {}
    for name, default, in_union in _fields_of(type(value)):
        own = getattr(value, name)
        if own != default or default is NODEFAULT:
            found[name] = _plain(own, in_union)
    return found


_FIELDS: dict[type[Struct], list[tuple[str, Any, bool]]] = {}


def _fields_of(cls: type[Struct]) -> list[tuple[str, Any, bool]]:
    """Name, default and whether its values must name their class, of each field."""
    known = _FIELDS.get(cls)
    if known is None:
        hints = _hints(cls)
        defaults = cls.__struct_defaults__
        needed = len(cls.__struct_fields__) - len(defaults)
        known = [
            (name, default, len(_classes_in(hints[name])) > 1)
            for name, default in zip(cls.__struct_fields__, (NODEFAULT,) * needed + defaults, strict=True)
        ]
        _FIELDS[cls] = known
    return known


def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls, vars(nodes))


def _classes_in(hint: Any) -> list[type]:
    """The classes that a value of this type may hold directly, tuples opened."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return [hint]
    return [cls for each in get_args(hint) for cls in _classes_in(each)]


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────

_OBJECT_READERS: dict[type, Callable[[Any], Any]] = {}


def _object_reader(cls: type) -> Callable[[Any], Any]:
    known = _OBJECT_READERS.get(cls)
    if known is not None:
        return known
    readers: dict[str, _Reader] = {}

    def read(data: Any) -> Any:
        return cls(
            **{
                name: value if (reader := readers[name]) is None else reader(value)
                for name, value in data.items()
            }
        )

    _OBJECT_READERS[cls] = read  # before its fields: types refer to themselves
    readers.update({name: _reader(hint) for name, hint in _hints(cls).items()})
    return read


def _reader(hint: Any) -> _Reader:
    if hint is SafeHtml:
        return SafeHtml
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _object_reader(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin in (Union, types.UnionType):
        return _union_reader([each for each in arguments if each is not type(None)])
    if origin is Literal or hint in (str, int, bool):
        return None
    raise TypeError(f"no reader for {hint!r}")


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        reader = _reader(arguments[0])
        return tuple if reader is None else lambda values: tuple(map(reader, values))
    readers = [_reader(each) for each in arguments]

    def read(values: Any) -> Any:
        return tuple(
            value if reader is None else reader(value) for value, reader in zip(values, readers, strict=True)
        )

    return read


def _union_reader(members: list[Any]) -> _Reader:
    """Of an optional value, or of one whose class is named in it."""
    if len(members) == 1:
        reader = _reader(members[0])
        return None if reader is None else lambda value: None if value is None else reader(value)
    by_name = {member.__name__: _object_reader(member) for member in members}
    return lambda value: by_name[value.pop(_CLASS)](value)


_READ_COURSE = _object_reader(Course)
"""Made while this module is loaded: two threads that made it at once would find it half done."""
