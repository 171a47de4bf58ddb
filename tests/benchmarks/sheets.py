"""Answers as a browser sends them: the names and values of a form's inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlencode

from lms.cli.demo.answers import quiz_values
from lms.content.nodes import Activity

_HIDDEN = re.compile(r"<input[^>]*type=\"hidden\"[^>]*>")
_NAME = re.compile(r"\bname=\"([^\"]*)\"")
_VALUE = re.compile(r"\bvalue=\"([^\"]*)\"")


def form_with(page: str, marker: str) -> str:
    """The first form of the page whose opening tag holds `marker`."""
    for found in re.finditer(r"<form\b[^>]*>.*?</form>", page, re.DOTALL):
        if marker in found[0].partition(">")[0]:
            return found[0]
    raise LookupError(f"the page has no form with {marker}")


def hidden(form: str) -> list[tuple[str, str]]:
    """Names and values of its hidden inputs."""
    pairs = []
    for found in _HIDDEN.findall(form):
        name, value = _NAME.search(found), _VALUE.search(found)
        if name:
            pairs.append((unescape(name[1]), unescape(value[1]) if value else ""))
    return pairs


def answers(questions: Iterable[Activity]) -> list[tuple[str, str]]:
    """The right answer to each question, by the names of its inputs."""
    pairs: list[tuple[str, str]] = []
    for question in questions:
        value = quiz_values([question])[question.key]
        if question.kind in ("sort", "match") and isinstance(value, list):
            pairs += [(f"{question.key}:{card}", str(group)) for card, group in enumerate(value)]
        elif question.kind == "order" and isinstance(value, list):
            pairs += [(f"{question.key}:{step}", str(place + 1)) for place, step in enumerate(value)]
        elif isinstance(value, list):
            pairs += [(question.key, str(place)) for place in value]
        else:
            pairs.append((question.key, str(value)))
    return pairs


def body(pairs: Iterable[tuple[str, str]]) -> bytes:
    return urlencode(list(pairs)).encode()
