"""Kinds and settings of tags: the closed lists, and what each kind may be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct, field

from lms.content.nodes import ActivityKind, FieldKind, SeenBy

Place = Literal["heading", "label", "cell"]

ACTIVITY_KINDS: tuple[ActivityKind, ...] = (
    "choose one", "choose many", "true or false", "sort", "match", "order", "spot",
    "branching", "rewrite", "do", "activity",
)  # fmt: skip
QUESTION_KINDS = (*ACTIVITY_KINDS[:7], "short answer", "scenario", "pool", "reflection")
FIELD_KINDS: tuple[FieldKind, ...] = (
    "short", "long", "number", "date", "yes or no", "choose one", "choose many", "checklist",
    "scale", "table", "total", "show", "link", "hand in",
)  # fmt: skip
FIELD_KIND: Mapping[str, FieldKind] = {str(kind): kind for kind in FIELD_KINDS}
ACTIVITY_KIND: Mapping[str, ActivityKind] = {
    str(kind): kind for kind in (*ACTIVITY_KINDS, "short answer", "scenario", "pool")
}
HEADING_KINDS = (
    *dict.fromkeys((*ACTIVITY_KINDS, *QUESTION_KINDS, "log", "for each", "rubric", "source", "insert")),
)
KINDS = tuple(sorted({*HEADING_KINDS, *FIELD_KINDS}, key=lambda kind: (-len(kind), kind)))
STUDIES = (
    "experiment", "quasi-experiment", "correlational", "meta-analysis", "review", "argument",
    "framework", "law", "guidance", "data", "practice",
)  # fmt: skip
PATH_KINDS = {"show", "hand in"}
KEYLESS = {*PATH_KINDS, "for each", "source", "insert"}
OPTION_KINDS = {"choose one", "choose many", "checklist", "scale"}

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PATH = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)?")


class Tag(Struct):
    """A tag that was read. `kind` is '' when it was wrong and has been reported."""

    kind: str
    line: int
    column: int
    """Of the first character inside the backticks."""
    key: str = ""
    key_column: int = 0
    path: str = ""
    minutes: int | None = None
    points: int | None = None
    part_credit: bool = False
    in_order: bool = False
    draw: int | None = None
    low: int | None = None
    high: int | None = None
    lines: int | None = None
    entries: int | None = None
    rows: int | None = None
    up_to: int | None = None
    add_rows: bool = False
    at_least: int | None = None
    exactly: int | None = None
    needed: bool = False
    code: bool = False
    or_link: bool = False
    options: tuple[str, ...] = ()
    sum_of: tuple[str, ...] = ()
    count_of: tuple[str, ...] = ()
    count_values: tuple[str, ...] = ()
    starts_from: str = ""
    seen_by: SeenBy | None = None
    instead_of: str = ""
    needs_strong: bool = False
    was: str | None = None
    checked: date | None = None
    studies: tuple[str, ...] = ()
    second_hand: bool = False
    columns: dict[str, int] = field(default_factory=dict)
    """Where each setting stands, by its name."""

    def at(self, setting: str) -> int:
        return self.columns.get(setting, self.column)


_Setter = Callable[[Tag, "re.Match[str]"], None]


def _number(name: str) -> _Setter:
    return lambda tag, found: setattr(tag, name, int(found[1]))


def _flag(name: str) -> _Setter:
    return lambda tag, found: setattr(tag, name, True)


def _text(name: str) -> _Setter:
    return lambda tag, found: setattr(tag, name, found[1])


def _range(tag: Tag, found: re.Match[str]) -> None:
    tag.low, tag.high = int(found[1]), int(found[2])


def _count(tag: Tag, found: re.Match[str]) -> None:
    tag.count_of = _keys(found[1])
    tag.count_values = _options(found[2] or "")


def _sum(tag: Tag, found: re.Match[str]) -> None:
    tag.sum_of = _keys(found[1])


def _study(tag: Tag, found: re.Match[str]) -> None:
    tag.studies = (*tag.studies, found[0])


def _checked(tag: Tag, found: re.Match[str]) -> None:
    tag.checked = date.fromisoformat(found[1])


def _listed(tag: Tag, found: re.Match[str]) -> None:
    tag.options = _options(found[0])


def _options(text: str) -> tuple[str, ...]:
    return tuple(option.strip() for option in text.split(" / ") if option.strip())


def _keys(text: str) -> tuple[str, ...]:
    return tuple(key.removeprefix("#") for key in text.split(" / "))


_K = r"#([a-z0-9]+(?:-[a-z0-9]+)*)"
_KS = r"(#[a-z0-9]+(?:-[a-z0-9]+)*(?: / #[a-z0-9]+(?:-[a-z0-9]+)*)*)"
_P = rf"({PATH.pattern})"
SETTINGS: Mapping[str, tuple[str, re.Pattern[str], _Setter]] = {
    name: (form, re.compile(pattern), setter)
    for name, form, pattern, setter in (
        ("minutes", "N min", r"(\d{1,4}) min", _number("minutes")),
        ("points", "N points", r"(\d{1,3}) points?", _number("points")),
        ("part_credit", "part credit", "part credit", _flag("part_credit")),
        ("in_order", "in this order", "in this order", _flag("in_order")),
        ("draw", "draw N", r"draw (\d{1,3})", _number("draw")),
        ("words", "N to N words", r"(\d{1,5}) to (\d{1,5}) words", _range),
        ("range", "N to N", r"(\d{1,9}) to (\d{1,9})", _range),
        ("lines", "N lines", r"(\d{1,2}) lines?", _number("lines")),
        ("entries", "N entries", r"(\d{1,3}) entries", _number("entries")),
        ("up_to", "up to N rows", r"up to (\d{1,3}) rows?", _number("up_to")),
        ("rows", "N rows", r"(\d{1,3}) rows?", _number("rows")),
        ("add_rows", "add rows", "add rows", _flag("add_rows")),
        ("at_least", "at least N", r"at least (\d{1,3})", _number("at_least")),
        ("exactly", "exactly N", r"exactly (\d{1,3})", _number("exactly")),
        ("needed", "needed", "needed", _flag("needed")),
        ("needs_strong", "needs strong", "needs strong", _flag("needs_strong")),
        ("code", "code", "code", _flag("code")),
        ("or_link", "or link", "or link", _flag("or_link")),
        ("sum_of", "sum of #key", rf"sum of {_KS}", _sum),
        ("count_of", "count of #key", rf"count of {_KS}(?: = (.+))?", _count),
        ("starts_from", "starts from key", rf"starts from {_P}", _text("starts_from")),
        ("seen_by", "seen by me", r"seen by (me|reviewer|cohort|counts)", _text("seen_by")),
        ("instead_of", "instead of #key", rf"instead of {_K}", _text("instead_of")),
        ("was", "was key", rf"was {_P}", _text("was")),
        ("checked", "checked N-N-N", r"checked (\d{4}-\d\d-\d\d)", _checked),
        ("second_hand", "second-hand", "second-hand", _flag("second_hand")),
        ("studies", "review", "|".join(STUDIES), _study),
        ("options", "one / two", r"[^/]+(?: / [^/]+)+", _listed),
    )
}

_ACTIVITY = frozenset({"minutes", "instead_of", "seen_by", "was"})
_FIELD = frozenset({"needed", "seen_by", "starts_from", "was"})
_WRITING = _FIELD | {"words", "lines", "code", "or_link"}
_QUESTION = frozenset({"points", "was"})
_SHUFFLED = {"choose one", "choose many", "true or false", "sort", "match", "spot"}
_SHARED_OUT = {"choose many", "sort", "match", "order", "spot"}

ACTIVITY_SETTINGS: Mapping[str, frozenset[str]] = {
    kind: _ACTIVITY | ({"in_order"} if kind in {*_SHUFFLED, "branching"} else set())
    for kind in ACTIVITY_KINDS
}
QUESTION_SETTINGS: Mapping[str, frozenset[str]] = {
    kind: _QUESTION
    | ({"in_order"} if kind in _SHUFFLED else set())
    | ({"part_credit"} if kind in _SHARED_OUT else set())
    for kind in QUESTION_KINDS
} | {
    "scenario": frozenset({"was"}),
    "pool": frozenset({"draw", "was"}),
    "reflection": frozenset({"words", "minutes", "seen_by", "was"}),
}
FIELD_SETTINGS: Mapping[str, frozenset[str]] = {
    "short": _WRITING,
    "long": _WRITING,
    "number": _FIELD | {"range"},
    "date": _FIELD,
    "yes or no": _FIELD,
    "choose one": _FIELD | {"options"},
    "choose many": _FIELD | {"options", "exactly", "at_least"},
    "checklist": _FIELD | {"options", "exactly", "at_least"},
    "scale": _FIELD | {"options"},
    "table": _FIELD | {"rows", "add_rows", "up_to", "at_least"},
    "total": frozenset({"sum_of", "count_of", "was"}),
    "show": frozenset({"seen_by"}),
    "link": _FIELD,
    "hand in": frozenset({"needed"}),
}
OTHER_SETTINGS: Mapping[str, frozenset[str]] = {
    "log": frozenset({"entries", "at_least", "was"}),
    "for each": frozenset({"options"}),
    "rubric": frozenset({"was"}),
    "source": frozenset({"studies", "second_hand", "checked"}),
    "insert": frozenset({"checked"}),
}


def settings_of(kind: str, place: Place, page: str) -> frozenset[str]:
    if place != "heading":
        return FIELD_SETTINGS[kind]
    if kind in OTHER_SETTINGS:
        return OTHER_SETTINGS[kind]
    return QUESTION_SETTINGS[kind] if page == "quiz" else ACTIVITY_SETTINGS[kind]
