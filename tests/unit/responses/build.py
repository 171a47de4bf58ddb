"""Small activities and fields to try the rules on."""

from __future__ import annotations

from typing import Any

from lms.content.nodes import (
    Activity,
    Card,
    Choice,
    Column,
    Field,
    Log,
    Mark,
    Part,
    Row,
    SafeHtml,
    Spelling,
    Step,
)


def choices(*marks: Mark) -> tuple[Choice, ...]:
    return tuple(Choice(SafeHtml(f"c{i}"), mark, SafeHtml(f"note {i}")) for i, mark in enumerate(marks))


def question(key: str, kind: Any, *marks: Mark, **more: Any) -> Activity:
    return Activity(
        key=key, kind=kind, title=SafeHtml(key), anchor=key, level=2, choices=choices(*marks), **more
    )


def sort(key: str, *groups: int, kind: Any = "sort", **more: Any) -> Activity:
    cards = tuple(
        Card(SafeHtml(f"card {i}"), group, SafeHtml(f"plain {i}"), ((2, SafeHtml(f"two? {i}")),))
        for i, group in enumerate(groups)
    )
    return question(key, kind, cards=cards, groups=tuple(SafeHtml(g) for g in "abc"), **more)


def order(key: str, count: int, **more: Any) -> Activity:
    steps = tuple(Step(SafeHtml(f"step {i}"), SafeHtml(f"why {i}")) for i in range(count))
    return question(key, "order", steps=steps, **more)


def short_answer(key: str, **more: Any) -> Activity:
    answers = (
        Spelling(("20", "twenty"), "right", SafeHtml("yes")),
        Spelling(("Québec City",), "defensible", SafeHtml("nearly")),
        Spelling(("25",), "wrong", SafeHtml("close")),
        Spelling((), "wrong", SafeHtml("it is twenty")),
    )
    return question(key, "short answer", answers=answers, **more)


def branching(key: str = "p.b") -> Activity:
    def part(anchor: str, *leads: str) -> Part:
        ways = tuple(Choice(SafeHtml(to), "wrong", SafeHtml(to), to) for to in leads)
        return Part(anchor, SafeHtml(anchor), (), ways)

    return question(
        key, "branching", parts=(part("door", "door", "desk", "out"), part("desk", "out"), part("out"))
    )


def field(key: str, kind: Any = "long", **more: Any) -> Field:
    return Field(key=key, kind=kind, label=SafeHtml(key), label_text=key, **more)


def table(key: str, *columns: Field, fixed: int = 0, **more: Any) -> Field:
    head = (Column(SafeHtml("Action")), *(Column(SafeHtml(c.key), c) for c in columns))
    rows = tuple(Row(2 * n, (SafeHtml(f"row {n}"),)) for n in range(1, fixed + 1))
    return field(key, "table", columns=head if fixed else head[1:], rows=rows, **more)


def log(key: str, *fields: Field, at_least: int | None = None) -> Log:
    return Log(key, SafeHtml(key), key, 20, at_least, fields)
