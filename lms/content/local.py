"""An operator's own words for local facts: read from a file like `local.md`, put into a compiled course.

The course stays as it was published; what learners read is a copy with other words in a few places.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lms.content.compiler import first_hundreds, has_error, put_on_shelf, read_file
from lms.content.desk import Desk, Shelf
from lms.content.facts import build_inserts
from lms.content.languages import DEFAULT
from lms.content.nodes import Course, Insert, SafeHtml
from lms.content.problems import Problem
from lms.content.render import render
from lms.content.screen import screen

LocalFacts = Mapping[str, Insert]
"""By key of the insert."""


def compile_local(name: str, data: bytes, *, today: date) -> tuple[LocalFacts, tuple[Problem, ...]]:
    """The facts of one file, and everything that is wrong with it. `name` is what problems call it."""
    shelf = Shelf(DEFAULT, today)
    reading = read_file(name, "local", data, DEFAULT)
    put_on_shelf(reading, shelf)
    page = reading.page
    if page is None:
        return {}, first_hundreds(shelf.problems)
    shelf.problems += screen([text.piece for text in page.texts])
    if not reading.fit or has_error(shelf.problems):
        return {}, first_hundreds(shelf.problems)
    rendering = render([text.piece for text in page.texts])
    shelf.problems += rendering.problems
    page.rendered = True
    for text, html in zip(page.texts, rendering.html, strict=True):
        text.html = html
    desk = Desk(page, shelf)
    facts = build_inserts(desk)
    desk.close()
    return facts, first_hundreds(shelf.problems)


def with_local(course: Course, facts: LocalFacts) -> Course:
    """The course with these words in place of its own; the very same one where it uses none of them."""
    own = {each.key: each for each in course.inserts if each.key in facts}
    if not own:
        return course
    words = {
        _shown(key, insert.html): _shown(key, facts[key].html) for key, insert in own.items() if insert.html
    }
    told = tuple(facts[each.key] if each.key in own else each for each in course.inserts)
    changed: Course = _replaced(course, words)
    return replace(changed, inserts=told)


def _shown(key: str, html: str) -> str:
    return f'<span data-insert="{key}">{html}</span>'


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    """The value itself where nothing in it is different."""
    if isinstance(value, SafeHtml):
        return _in_html(value, words) if "data-insert" in value else value
    if isinstance(value, tuple):
        made = tuple(_replaced(each, words) for each in value)
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    if not isinstance(value, Struct):
        return value
    found = {}
    for name in value.__struct_fields__:
        old = getattr(value, name)
        new = _replaced(old, words)
        if new is not old:
            found[name] = new
    return replace(value, **found) if found else value


def _in_html(html: SafeHtml, words: Mapping[str, str]) -> SafeHtml:
    text = str(html)
    for old, new in words.items():
        text = text.replace(old, new)
    return SafeHtml(text)
