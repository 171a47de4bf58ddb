"""A learner in the real course, and how a page's form is filled in and sent as a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from lxml import html as dom
from lxml.html import FormElement, HtmlElement
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.content.nodes import Activity, Course, Field, Lesson, Quiz, Toolkit
from lms.kernel.db import Record
from tests.web.conftest import Person, World, post
from tests.web.staff import COURSE, publish_course, real_course

HOME = f"/learn/{COURSE}"


@dataclass(slots=True)
class Learner:
    world: World
    person: Person
    client: FlaskClient

    @property
    def course(self) -> Course:
        return real_course()[0]

    @property
    def home(self) -> str:
        return f"/learn/{self.course.key}"

    def lesson(self, number: int = 0) -> Lesson:
        return [lesson for module in self.course.modules for lesson in module.lessons][number]

    @property
    def toolkits(self) -> list[Toolkit]:
        return [toolkit for module in self.course.modules for toolkit in module.toolkits]

    def quiz(self, number: int = 0) -> Quiz:
        return [module.quiz for module in self.course.modules if module.quiz is not None][number]

    def get(self, key: str, **query: str) -> HtmlElement:
        answer = self.client.get(f"{self.home}/{key}", query_string=query)
        assert answer.status_code == 200, (key, answer.status_code)
        return dom.fromstring(answer.get_data(as_text=True))

    def form(self, key: str, **query: str) -> dict[str, list[str]]:
        """What the page's main form would send as it stands, hidden values included."""
        return fields_of(main_form(self.get(key, **query)))

    def send(self, key: str, action: str, values: dict[str, Any], **query: str) -> TestResponse:
        """The page's form, with these values in place of what stood there."""
        sent: dict[str, Any] = {**self.form(key, **query), **values}
        return self.client.post(f"{self.home}/{key}/{action}", data=sent)

    def rows(self, table: type[Record]) -> list[Any]:
        with self.world.reading() as session:
            return list(session.scalars(select(table)))


def enrolled(world: World, sign_in: Any, name: str = "Rosa Delgado") -> Learner:
    """Publishes the course if nobody has, and joins it through the page."""
    person = world.person(name)
    client = sign_in(person)
    if client.get(f"{HOME}/enroll").status_code == 404:
        publish_course(world)
    answer = post(client, f"{HOME}/enroll")
    assert answer.status_code == 303
    return Learner(world, person, client)


def main_form(page: HtmlElement) -> FormElement:
    forms = page.xpath("//form[@data-drafts]")
    assert len(forms) == 1
    return forms[0]


def fields_of(form: FormElement) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        # A parser of HTML drops the line break that a text area may begin with; this one does not.
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


def text_of(answer: TestResponse) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def activities(lesson: Lesson) -> Iterable[Activity]:
    """What is checked by itself, part by part."""
    for block in lesson.blocks:
        if isinstance(block, Activity):
            yield from block.members if block.kind == "activity" else (block,)


def right_answer(question: Activity) -> dict[str, Any]:
    """Names and values of inputs for an answer that is right."""
    key = question.key
    match question.kind:
        case "choose one" | "true or false":
            return {key: str(next(n for n, c in enumerate(question.choices) if c.mark == "right"))}
        case "choose many" | "spot":
            return {key: ["", *(str(n) for n, c in enumerate(question.choices) if c.mark == "right")]}
        case "sort" | "match":
            return {f"{key}:{n}": str(card.group) for n, card in enumerate(question.cards)}
        case "order":
            return {f"{key}:{n}": str(n + 1) for n in range(len(question.steps))}
        case "short answer":
            right = next(a for a in question.answers if a.mark == "right" and a.spellings)
            return {key: right.spellings[0]}
        case "rewrite":
            return {key: "I would ask what she had noticed, and then wait."}
        case "do":
            fields = [b for b in (*question.blocks, *question.after) if isinstance(b, Field)]
            return {} if fields else {key: "true"}
    raise AssertionError(question.kind)
