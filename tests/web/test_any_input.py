"""Whatever arrives, the answer is a page. Every endpoint, for everybody, with values that nobody planned for.

The values come from a seeded choice, so a failure comes back; `ANY_INPUT_ROUNDS` asks for more rounds than
a test run has time for.
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Request, url_for
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from lms.kernel.db import db
from lms.web.kept_posts import OURS
from tests.web.access_matrix import ROWS, Row
from tests.web.conftest import Person, World, tokens
from tests.web.test_access import ids, staff, stage

__all__ = ["ids", "staff", "stage"]

ROUNDS = int(os.environ.get("ANY_INPUT_ROUNDS", "2"))
MARKER, ASKED = "zxqmarker", "zxqasked"
"""In what is typed, and in what an address asks for: the trail keeps the filter of a pull of records."""
HOSTILE = (
    "", " ", "\x00", "\ufffd", "0", "-1", "1", "2", "9" * 40, "9" * 5000, "1e309", "NaN", "²", "١٢", "true", "None",
    "9999-12-31", "0001-01-01", "2026-02-30", "2026-03-08T02:30", "25:61", "09:00", "00:00", "23:59",
    "'; drop table user; --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "a" * 5000,
    "word " * 400, "\u202egnp.exe", "🦉" * 50, "a\r\nb: c", "//elsewhere.example", "javascript:alert(1)",
    "a@b", "name@harbor.example", "met", "meets", "not-yet", "strong", "confirm", "valid", "teacher",
    "America/New_York", "cc-1-1", "cc-t1", "cc-1-quiz", "creating-connections", "a", "b", "person", "license",
)  # fmt: skip


class Typed(ImmutableMultiDict[str, str]):
    """A form in which every field was filled in: it answers any name, with a value that `draw` gives."""

    def __init__(self, draw: Callable[[], str], sent: dict[str, str]) -> None:
        super().__init__({**{draw() or "x": draw() for _ in range(6)}, **sent})
        self._draw, self._drawn = draw, dict(sent)

    def _value(self, key: str) -> str:
        return self._drawn.setdefault(key, self._draw())

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> str:
        return self._value(key)

    def get(self, key: str, default: Any = None, type: Callable[[str], Any] | None = None) -> Any:
        value = self._value(key)
        if type is None:
            return value
        try:
            return type(value)
        except (TypeError, ValueError):
            return default

    def getlist(self, key: str, type: Callable[[str], Any] | None = None) -> list[Any]:
        return [self._value(key)] * 2


def _hostile_requests(app: Flask, choice: random.Random) -> None:
    def draw(mark: str = MARKER) -> str:
        return choice.choice(HOSTILE) + choice.choice(("", "", mark))

    class HostileRequest(app.request_class):  # type: ignore[misc, name-defined]
        @property
        def form(self) -> ImmutableMultiDict[str, str]:
            sent = {name: value for name, value in Request.form.__get__(self).items() if name in OURS}
            return self.__dict__.setdefault("_typed_form", Typed(draw, sent))

        @property
        def args(self) -> ImmutableMultiDict[str, str]:
            return self.__dict__.setdefault("_typed_args", Typed(lambda: draw(ASKED), {}))

        @property
        def files(self) -> ImmutableMultiDict[str, FileStorage]:
            file = FileStorage(io.BytesIO(draw().encode()), filename=draw())
            return ImmutableMultiDict({"file": file})

    app.request_class = HostileRequest


def _paths(app: Flask, row: Row, ids: dict[str, str], draw: Callable[[], str]) -> Iterator[str]:
    """The row's own address, and one with every part of it replaced."""
    real = {name: ids.get(value, value) for name, value in row.arguments.items()}
    for arguments in (real, {name: draw().replace("/", "") or "x" for name in real}):
        with app.test_request_context():
            try:
                path = url_for(row.endpoint, **arguments)
            except ValueError:  # this address takes numbers alone
                path = url_for(row.endpoint, **dict.fromkeys(real, "9" * 40))
        yield path


@pytest.mark.parametrize("who", ["anonymous", "learner", "no_cohort", "facilitator", "coordinator", "admin"])
def test_nothing_that_is_sent_makes_a_page_fail_or_stands_in_a_log(
    who: str,
    app: Flask,
    stage: dict[str, Person | None],
    ids: dict[str, str],
    sign_in: Callable[[Person], FlaskClient],
    world: World,
    capfd: pytest.CaptureFixture[str],
) -> None:
    person = stage[who]
    client = app.test_client() if person is None else sign_in(person)
    hidden = tokens(client, "/sign-in")
    choice = random.Random(who)
    _hostile_requests(app, choice)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    failed = []
    for _ in range(ROUNDS):
        rows = [
            row
            for row in ROWS
            if row.endpoint not in ("auth.sign_out", "learn.leave", "auth.change_password")
        ]
        choice.shuffle(rows)
        for row in rows:
            for path in _paths(app, row, ids, lambda: choice.choice(HOSTILE)):
                answer = client.open(path, method=row.method, data=hidden if row.method == "POST" else None)
                answer.get_data()
                answer.close()
                if answer.status_code >= 500:
                    failed.append(f"{row.method} {path[:80]!r}: {answer.status_code}")
    out, err = capfd.readouterr()
    assert failed == [], "\n".join([*failed, err[-6000:]])
    assert MARKER not in out + err and ASKED not in out + err
    with world.reading():
        assert not [table for table in _tables_of_the_trail() if _holds_marker(table)]


def _tables_of_the_trail() -> list[str]:
    return [name for name in inspect(db.engine).get_table_names() if name.startswith("audit")]


def _holds_marker(table: str) -> bool:
    rows = db.session.execute(text(f"select * from {table}")).all()
    return any(MARKER in str(row) for row in rows)
