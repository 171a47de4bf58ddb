"""The limit: what the same server does with bare Flask.

Page `/d`: a base layout, a user loaded by Flask-Login, 40 rows by one ORM select printed through a macro, and
one row with a pre-rendered body of 8 KB: 3 queries, about 28 KB. `/write`: the user is loaded, one row is
added and committed. No forms library, no logging, no headers, no ORM beyond that.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import Any

from flask import Flask, render_template, session
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from markupsafe import Markup
from sqlalchemy import ForeignKey, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lms.server import run_server

PEOPLE = 64
ROWS = 40
BODY_BYTES = 8_192
PAGE_BYTES = (27_000, 29_000)
QUERIES = 3


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Person(UserMixin, db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Row(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    words: Mapped[str]
    minutes: Mapped[int]
    done: Mapped[bool]


class Body(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    html: Mapped[str]


class Progress(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    row_id: Mapped[int]


def _pragmas(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


BASE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/site.css"></head>
<body><header><nav><ul>{% for name in ("Home", "Courses", "Records", "Help", "Account") %}
<li><a href="/{{ name|lower }}">{{ name }}</a></li>
{% endfor %}</ul></nav><p>{{ person.name }}</p></header>
<main>{% block main %}{% endblock %}</main>
<footer><p>Every page of this site works without a script, in any window, on any machine.</p></footer></body>
</html>
"""
MACROS = """{% macro line(row) %}<tr class="row {{ 'done' if row.done else 'open' }}" id="row-{{ row.id }}">
<th scope="row"><a class="row-title" href="/rows/{{ row.id }}">{{ row.title }}</a></th>
<td class="row-words"><span class="words">{{ row.words }}</span></td>
<td class="row-minutes"><span class="minutes">{{ row.minutes }} minutes</span></td>
<td class="row-state">
<span class="state state-{{ 'done' if row.done else 'open' }}">{{ 'Done' if row.done else 'Open' }}</span>
</td>
<td class="row-links"><a class="button button-quiet" href="/rows/{{ row.id }}/edit">Change</a></td>
</tr>{% endmacro %}
"""
PAGE = """{% extends "base.html" %}{% from "macros.html" import line %}
{% block title %}Page d{% endblock %}
{% block main %}<h1>Page d</h1>
<table><thead><tr><th>Title</th><th>Words</th><th>Minutes</th><th>State</th><th>Links</th></tr></thead>
<tbody>{% for row in rows %}{{ line(row) }}
{% endfor %}</tbody></table>
<article>{{ body }}</article>{% endblock %}
"""


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.secret_key = os.environ["BARE_SECRET"]
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ['BARE_DATABASE']}"
    app.jinja_loader = DictLoader({"base.html": BASE, "macros.html": MACROS, "d.html": PAGE})
    event.listen(Engine, "connect", _pragmas)
    event.listen(Engine, "begin", _begin)
    db.init_app(app)
    login = LoginManager(app)

    @login.user_loader
    def load(user_id: str) -> Person | None:
        return db.session.get(Person, int(user_id))

    @app.get("/sign-in/<int:number>")
    def sign_in(number: int) -> str:
        session["_user_id"], session["_fresh"] = str(number), True
        return "signed in"

    @app.get("/d")
    @login_required
    def page() -> str:
        rows = db.session.scalars(select(Row).order_by(Row.id)).all()
        body = db.session.get_one(Body, 1)
        return render_template("d.html", person=current_user, rows=rows, body=Markup(body.html))

    @app.post("/write")
    @login_required
    def write() -> tuple[str, int]:
        person_id = current_user.id
        db.session.rollback()
        db.session.connection(execution_options={"writing": True})
        db.session.add(Progress(person_id=person_id, row_id=1))
        db.session.commit()
        return "", 204

    return app


def fill(app: Flask) -> None:
    """The rows that the page prints, and who asks for it."""
    sentence = "A greeting at the door costs a minute and is remembered all day. "
    with app.app_context():
        db.create_all()
        db.session.connection(execution_options={"writing": True})
        db.session.add_all(Person(id=number, name=f"Person {number}") for number in range(1, PEOPLE + 1))
        db.session.add_all(
            Row(
                id=number,
                title=f"Lesson {number}",
                words=(sentence * 2)[: 50 + number],
                minutes=number,
                done=number % 3 == 0,
            )
            for number in range(1, ROWS + 1)
        )
        html = "<p>" + sentence * 200
        db.session.add(Body(id=1, html=html[: BODY_BYTES - 4] + "</p>"))
        db.session.commit()


def queries(app: Flask) -> int:
    """Statements of one page."""
    sent: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    client = app.test_client()
    client.get("/sign-in/1")
    client.get("/d")
    return len(sent)


if __name__ == "__main__":
    # A process of its own: our site's database events would reach this one's engine. The server and its
    # settings are those of `lms serve`; only the application is bare.
    match sys.argv[1:]:
        case ["fill"]:
            fill(create_app())
        case ["queries"]:
            print(queries(create_app()))
        case [port]:
            run_server(create_app(), "127.0.0.1", int(port))
