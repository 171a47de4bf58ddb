"""The header of a file: YAML between `---` lines, read as plain strings, checked against a closed table.

Parsing walks PyYAML's events (no composer, no constructor): nothing recursive, no anchors, no types, and
every value keeps its line and column.
"""

from __future__ import annotations

import re

import yaml
from msgspec import Struct, field

from lms.content.fields import FIELDS, MARKDOWN, Spec
from lms.content.plain import markup_at
from lms.content.problems import Problem, did_you_mean, error, nearest
from lms.content.screen import UNREADABLE, unseen

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_LINES = 200


class Scalar(Struct, frozen=True):
    text: str
    line: int
    column: int

    def at(self, offset: int) -> Scalar:
        """The same from there on; in a text of several lines, its beginning."""
        return self if "\n" in self.text else Scalar(self.text, self.line, self.column + offset)


class Listing(Struct):
    line: int
    column: int
    items: list[Scalar] = field(default_factory=list)


class Mapping(Struct):
    line: int
    column: int
    entries: dict[str, Value] = field(default_factory=dict)
    names: dict[str, Scalar] = field(default_factory=dict)


Value = Scalar | Listing | Mapping


class Header(Struct):
    """Checked values by field name. A field that was wrong or left out is absent."""

    file: str
    body: int
    """Index of the first line below the header."""
    values: dict[str, Scalar] = field(default_factory=dict)
    lists: dict[str, list[Scalar]] = field(default_factory=dict)
    maps: dict[str, dict[str, Scalar]] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where each field's name stands."""
    usable: bool = True
    """False: the header itself could not be read; nothing in it is known."""
    sound: bool = True
    """False: some of its fields were wrong or missing."""

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value.text if value else ""

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return int(value.text) if value else None

    def items(self, name: str) -> tuple[str, ...]:
        return tuple(item.text for item in self.lists.get(name, ()))

    def at(self, name: str) -> tuple[int, int]:
        """Line and column of a field's value, for problems that are found later."""
        value = self.values.get(name)
        return (value.line, value.column) if value else self.places.get(name, (1, 1))


class _Fault(Exception):
    def __init__(self, line: int, column: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.code, self.message = line, column, code, message


def read_header(file: str, kind: str, lines: list[str], problems: list[Problem]) -> Header:
    """The header of a file of this kind, and where its text begins. `kind` is a key of FIELDS."""
    specs = FIELDS[kind]
    if not specs:
        if lines[0].rstrip() == "---":
            message = f"{file} has no header: begin with its # title."
            problems.append(error(file, 1, 1, "header-unknown", message))
            return Header(file, (_end(lines, 1) or 0) + 1)
        return Header(file, 0)
    if lines[0].rstrip() != "---":
        problems.append(error(file, 1, 1, "header-missing", "Start the file with --- and the header."))
        end = _end(lines, 0)
        return Header(file, 0 if end is None else end + 1, usable=False)
    end = _end(lines, 1)
    if end is None:
        problems.append(error(file, 1, 1, "header-open", "The header never ends: add a line with only ---."))
        heading = next((i for i, line in enumerate(lines) if line.startswith("# ")), len(lines))
        return Header(file, heading, usable=False)
    header = Header(file, end + 1)
    before = len(problems)
    try:
        tree = _parse("\n".join(lines[1:end]).translate(_BREAKS))
    except _Fault as fault:
        header.usable = False
        _check_the_rest(file, kind, lines[1:end], fault, problems)
        return header
    _check(header, kind, specs, tree, problems)
    header.sound = len(problems) == before
    return header


def _end(lines: list[str], start: int) -> int | None:
    """Index of the line that ends a header; None if the page's title comes first."""
    for i in range(start, min(len(lines), MAX_LINES)):
        if lines[i].rstrip() == "---":
            return i
        if lines[i].startswith("# "):
            return None
    return None


def _check_the_rest(file: str, kind: str, lines: list[str], fault: _Fault, problems: list[Problem]) -> None:
    """Reports the fault. Where it is a colon in the text of one line, the other lines are read without that
    one, so that what is wrong with them is told in the same run.
    """
    unread: set[str] = set()
    for _ in FIELDS[kind]:
        problems.append(error(file, fault.line, fault.column, fault.code, fault.message))
        at = fault.line - 2
        named = _ONE_LINE.match(lines[at]) if _COLON in fault.message.lower() and at < len(lines) else None
        if named is None or (lines[at + 1 : at + 2] and lines[at + 1].startswith((" ", "-"))):
            return
        unread.add(named[1])
        lines[at] = "#"
        try:
            tree = _parse("\n".join(lines).translate(_BREAKS))
        except _Fault as another:
            fault = another
            continue
        specs = {name: spec for name, spec in FIELDS[kind].items() if name not in unread}
        _check(Header(file, 0), kind, specs, tree, problems)
        return


_COLON = "mapping values are not allowed"
"""What the YAML library says of a colon and a space inside a text."""
_ONE_LINE = re.compile(r"([a-z-]+): ")
_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}
"""Ends of lines for YAML and for nobody else; with them its line numbers would not be the file's."""


def _parse(text: str) -> Mapping:
    """The top mapping. Raises _Fault at the first thing that is not of the header's simple shape."""
    root = Mapping(1, 1)
    stack: list[Mapping | Listing] = []
    pending: list[Scalar | None] = []
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            mark = event.start_mark
            at = (mark.line + 2, mark.column + 1) if mark else (2, 1)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or _typed(event):
                raise _Fault(*at, "header-yaml", "Anchors, aliases and types are not used here.")
            if isinstance(event, yaml.ScalarEvent):
                _place(stack, pending, Scalar(event.value.strip(), *_inside(event, at)), at)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                is_map = isinstance(event, yaml.MappingStartEvent)
                container: Mapping | Listing = Mapping(*at) if is_map else Listing(*at)
                if not stack:
                    if not isinstance(container, Mapping):
                        raise _Fault(*at, "header-yaml", "Write one 'field: value' a line.")
                    root = container
                else:
                    _place(stack, pending, container, at)
                stack.append(container)
                pending.append(None)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
                pending.pop()
            elif isinstance(event, yaml.DocumentEndEvent) and event.explicit:
                raise _Fault(*at, "header-yaml", "A header is one block; '...' has no meaning in it.")
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = (mark.line + 2, mark.column + 1) if mark else (2, 1)
        what = (fault.problem or "this cannot be read").strip()
        message = f'{what[0].upper()}{what[1:]}; if the text holds a colon, put it in "quotes".'
        raise _Fault(*where, "header-yaml", message) from None
    except yaml.YAMLError:
        raise _Fault(2, 1, "header-yaml", "This header holds a character that cannot be read.") from None
    return root


def _typed(event: yaml.Event) -> bool:
    return getattr(event, "tag", None) is not None


def _inside(event: yaml.ScalarEvent, at: tuple[int, int]) -> tuple[int, int]:
    """Where the words begin: behind an opening quotation mark."""
    return (at[0], at[1] + 1) if event.style in ("'", '"') else at


def _place(
    stack: list[Mapping | Listing], pending: list[Scalar | None], value: Value, at: tuple[int, int]
) -> None:
    if not stack:
        raise _Fault(*at, "header-yaml", "Write one 'field: value' a line.")
    top, name = stack[-1], pending[-1]
    if isinstance(top, Listing):
        if not isinstance(value, Scalar):
            raise _Fault(*at, "header-yaml", 'A list holds words only; put an item with a colon in "quotes".')
        top.items.append(value)
    elif name is None:
        if not isinstance(value, Scalar):
            raise _Fault(*at, "header-yaml", "Write one 'field: value' a line.")
        pending[-1] = value
    else:
        if len(stack) > 1 and not isinstance(value, Scalar):
            raise _Fault(*at, "header-yaml", "This is nested too deep for a header.")
        if name.text in top.entries:
            first = top.names[name.text].line
            message = f"'{name.text}' is given twice (first on line {first})."
            raise _Fault(name.line, name.column, "header-twice", message)
        top.entries[name.text] = value
        top.names[name.text] = name
        pending[-1] = None


def _check(header: Header, kind: str, specs: dict[str, Spec], tree: Mapping, problems: list[Problem]) -> None:
    """Every problem of every field, in one go."""
    owner = OWNERS[kind]
    meant: set[str] = set()
    for name, value in tree.entries.items():
        at = tree.names[name]
        header.places[name] = (at.line, at.column)
        spec = specs.get(name)
        if spec is None:
            near = nearest(name, [other for other in specs if other not in tree.entries])
            meant.add(near)
            hint = f" Did you mean '{near}'?" if near else ""
            message = f"{owner} has no field '{name}'.{hint}"
            problems.append(error(header.file, at.line, at.column, "header-unknown", message))
            continue
        _take(header, name, spec, value, problems)
    for name, spec in specs.items():
        if spec.needed and name not in tree.entries and name not in meant:
            code = "key-missing" if name == "key" else "header-needed"
            message = f"{owner} needs '{name}'."
            if name == "key":
                message += " Give it one, or let 'lms courses keys' write one."
            problems.append(error(header.file, 1, 1, code, message))


def _take(header: Header, name: str, spec: Spec, value: Value, problems: list[Problem]) -> None:
    def refuse(at: Scalar | Listing | Mapping, code: str, message: str) -> None:
        problems.append(error(header.file, at.line, at.column, code, message))

    for scalar in _scalars(value):
        if found := UNREADABLE.search(scalar.text):
            refuse(scalar.at(found.start()), "encoding", unseen(found[0]))
        elif name not in MARKDOWN and (start := markup_at(scalar.text)) is not None:
            message = f"'{name}' is plain words: a citation, a local fact or a link has no place in it."
            refuse(scalar.at(start), "header-value", message)
    if spec.parts is not None:
        if not isinstance(value, Mapping):
            refuse(value, "header-value", f"'{name}' holds lines of its own, such as '{spec.example}'.")
            return
        known: dict[str, Scalar] = {}
        for part, inner in value.entries.items():
            shape = spec.parts.get(part)
            if shape is None:
                place = value.names[part]
                hint = did_you_mean(part, spec.parts)
                refuse(place, "header-unknown", f"'{name}' has no line '{part}'.{hint}")
            elif not isinstance(inner, Scalar) or not re.fullmatch(shape.pattern, inner.text, re.DOTALL):
                refuse(inner, "header-value", f"'{part}' is {shape.says}.{_near(inner, shape)}")
            else:
                known[part] = inner
        for part, shape in spec.parts.items():
            if shape.needed and part not in value.entries:
                refuse(value, "header-needed", f"'{name}' needs '{part}'.")
        header.maps[name] = known
    elif spec.listed:
        if isinstance(value, Mapping):
            refuse(value, "header-value", f"'{name}' is {spec.says}.")
            return
        items = value.items if isinstance(value, Listing) else [value] if value.text else []
        if not items:
            refuse(value, "header-value", f"'{name}' is empty; it is {spec.says}.")
            return
        for item in items:
            if not re.fullmatch(spec.pattern, item.text, re.DOTALL):
                message = f"'{item.text}' does not fit: '{name}' is {spec.says}.{_near(item, spec)}"
                refuse(item, "header-value", message)
        header.lists[name] = items
    elif not isinstance(value, Scalar):
        refuse(value, "header-value", f"'{name}' is {spec.says}.")
    elif not value.text:
        refuse(value, "header-value", f"'{name}' is empty; it is {spec.says}.")
    elif not re.fullmatch(spec.pattern, value.text, re.DOTALL):
        code = "key-form" if name == "key" else "header-value"
        message = spec.says if name == "key" else f"'{name}' is {spec.says}.{_near(value, spec)}"
        refuse(value, code, message)
    else:
        header.values[name] = value


def _scalars(value: Value) -> tuple[Scalar, ...]:
    if isinstance(value, Scalar):
        return (value,)
    inside = value.items if isinstance(value, Listing) else value.entries.values()
    return tuple(each for each in inside if isinstance(each, Scalar))


def _near(value: Value, spec: Spec) -> str:
    return did_you_mean(value.text, spec.words) if spec.words and isinstance(value, Scalar) else ""


OWNERS = {
    "course": "A course",
    "module": "A module",
    "lesson": "A lesson",
    "quiz": "A quiz",
    "toolkit": "A toolkit piece",
    "session": "A session guide",
    "capstone": "A capstone",
}
