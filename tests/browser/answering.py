"""Answers put into a page. Values have the shape that the whole product uses (lms/responses/fields.py);
inputs have the names that lms/web/learn/forms.py reads: KEY, or KEY:N for a card, a step, a row."""

from __future__ import annotations

from lms.content.nodes import Activity
from lms.responses.checking import fields_of
from lms.responses.fields import Json, Values
from tests.browser.visitor import Visitor


def put_answer(visitor: Visitor, question: Activity, values: Values) -> None:
    """One question, or one part of an activity, with the fields that belong to it. A branching is walked
    to its ending: each of its steps is a page of its own."""
    key = question.key
    answer = values.get(key)
    match question.kind:
        case "choose many" | "spot":
            chosen = answer if isinstance(answer, list) else []
            for place in range(len(question.choices)):
                put_tick(visitor, key, place, place in chosen)
        case "sort" | "match":
            assert isinstance(answer, list)
            for card, group in enumerate(answer):
                visitor.hand.mark(visitor.input(f"{key}:{card}", group))
        case "order":
            assert isinstance(answer, list)
            for number, step in enumerate(answer, 1):
                visitor.hand.write(visitor.input(f"{key}:{step}"), str(number))
        case "branching":
            assert isinstance(answer, list)
            walk(visitor, key, answer)
        case "do" if answer is True:
            visitor.hand.mark(visitor.input(key, "true"))
        case _ if answer is not None:
            put_value(visitor, key, answer)
    put_values(visitor, {field.key: values.get(field.key) for field in fields_of(question)})


def walk(visitor: Visitor, key: str, path: list[Json]) -> None:
    """Press the choice of each turn."""
    for turn in range(1, len(path) + 1):
        way = "-".join(map(str, path[:turn]))
        visitor.hand.press(visitor.main.locator(f'button[name="step"][value="{key}:{way}"]'))
        visitor.page.wait_for_url(f"**way={key}:{way}*".replace(":", "*"))


def put_values(visitor: Visitor, values: Values) -> None:
    """Fields of a worksheet, tables included; an open table gets as many rows as it needs."""
    for key, value in values.items():
        if isinstance(value, dict):
            for row, cells in value.items():
                assert isinstance(cells, dict)
                _put_row(visitor, row, cells)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, cells in enumerate(value, 1):
                assert isinstance(cells, dict)
                if not any(visitor.input(f"{column}:{number}").count() for column in cells):
                    visitor.hand.press(visitor.main.locator(f'[data-add-row="{key}"]'))
                _put_row(visitor, str(number), cells)
        elif value is not None:
            put_value(visitor, key, value)


def _put_row(visitor: Visitor, row: str, cells: Values) -> None:
    for column, cell in cells.items():
        put_value(visitor, f"{column}:{row}", cell)


def put_value(visitor: Visitor, name: str, value: Json) -> None:
    if isinstance(value, bool):
        visitor.hand.mark(visitor.input(name, int(value)))
    elif isinstance(value, list):
        for place in value:
            put_tick(visitor, name, place, True)
    else:
        first = visitor.input(name).first
        kind = first.evaluate("input => input.type")
        if kind == "radio":
            visitor.hand.mark(visitor.input(name, value))
        elif kind == "select-one":
            visitor.hand.pick(first, str(value))
        else:
            visitor.hand.write(first, str(value))


def put_tick(visitor: Visitor, name: str, place: Json, on: bool) -> None:
    box = visitor.input(name, place)
    if on:
        visitor.hand.mark(box)
    elif box.is_checked():
        visitor.hand.unmark(box)
