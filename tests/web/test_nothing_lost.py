"""Whatever is refused comes back as it was typed, with words at the place where something is to be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.content.nodes import Activity, Field
from lms.responses.bodies import read
from lms.responses.fields import LONG_LIMIT, SHORT_LIMIT
from lms.responses.models import ActivityAttempt, Draft, QuizAttempt, WorksheetCompletion
from lms.responses.worksheets import Sheet
from tests.web.conftest import Person, World
from tests.web.learner import HOME, Learner, activities, enrolled, right_answer, text_of
from tests.web.test_learn_quizzes import right
from tests.web.test_learn_worksheets import whole, with_a


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Learner:
    return enrolled(world, sign_in)


def part_of_kind(me: Learner, kind: str) -> tuple[str, Activity]:
    """(page key, part) of the first part of this kind."""
    number = 0
    while True:
        lesson = me.lesson(number)
        for part in activities(lesson):
            if part.kind == kind:
                return lesson.key, part
        number += 1


def plain_line(field: Field) -> bool:
    return field.kind == "short" and not field.code and not field.or_link


def test_a_text_beyond_its_limit_comes_back_at_its_field_beside_everything_else(me: Learner) -> None:
    toolkit = with_a(
        me, lambda t: t.form != "paper" and any(map(plain_line, Sheet.of(t.key, t.blocks).fields))
    )
    field = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if plain_line(f))
    values = {**whole(toolkit), field.key: "x" * (SHORT_LIMIT + 1)}
    for action in ("save", "finish"):
        answer = me.send(toolkit.key, action, values)
        assert answer.status_code == 303, action
        assert "Shorten this to 1,000 characters" in text_of(me.client.get(answer.location))
        shown = me.form(toolkit.key)
        for name, value in values.items():
            assert shown[name] == (value if isinstance(value, list) else [value]), (action, name)
    assert me.rows(WorksheetCompletion) == []
    box = me.get(toolkit.key).get_element_by_id(f"f-{field.key.replace('.', '-')}")
    assert (box.get("data-limit"), box.get("maxlength")) == (str(SHORT_LIMIT), None)  # a paste is not cut
    assert box.get("aria-invalid") == "true"


def test_a_version_of_ones_own_beyond_its_limit_is_kept_and_not_checked(me: Learner) -> None:
    page, part = part_of_kind(me, "rewrite")
    text = "x" * (LONG_LIMIT + 1)
    answer = me.send(page, "check", {"check": part.key, part.key: text})
    assert "Shorten this to 20,000 characters" in text_of(me.client.get(answer.location))
    assert me.form(page)[part.key] == [text]
    assert me.rows(ActivityAttempt) == []


def test_an_order_that_is_not_finished_comes_back_as_it_was_numbered(me: Learner) -> None:
    page, part = part_of_kind(me, "order")
    names = [f"{part.key}:{n}" for n in range(len(part.steps))]
    whole_order = right_answer(part)
    for change, words in [  # numbers are kept as they are typed
        ({names[-1]: ""}, "One step has no number yet"),
        ({names[-1]: "1"}, "More than one step has the number 1"),
        ({names[-1]: "last"}, "“last” is not a number"),
    ]:
        typed = {**whole_order, **change}
        answer = me.send(page, "check", {"check": part.key, **typed})
        assert words in text_of(me.client.get(answer.location))
        assert me.rows(ActivityAttempt) == []
        for _ in range(2):  # and saving the page as it stands keeps it so
            assert {name: me.form(page)[name] for name in names} == {n: [v] for n, v in typed.items()}
            me.send(page, "save", {})
    assert me.send(page, "check", {"check": part.key, **whole_order}).status_code == 303
    assert len(me.rows(ActivityAttempt)) == 1


def test_a_quiz_checked_in_another_window_loses_no_reflection(me: Learner) -> None:
    key, node = me.quiz().key, me.quiz().reflections[0]
    old = MultiDict({**me.form(key), **right(me), "submit_token": "another-window", node.key: "He was late."})
    me.send(key, "submit", right(me))
    shown = me.client.post(f"{HOME}/{key}/submit", data=old, follow_redirects=True)
    assert "was checked in another window" in text_of(shown)
    assert "He was late." in text_of(shown)
    assert len(me.rows(QuizAttempt)) == 1
    assert [read(row.body) for row in me.rows(Draft)] == [{node.key: "He was late."}]


def test_what_cannot_be_read_takes_nothing_with_it(me: Learner) -> None:
    key, node = me.quiz().key, me.quiz().reflections[0]
    question = next(q for q in me.quiz().questions if q.kind == "choose one")
    sent = {**right(me), question.key: "77", node.key: "He was late."}
    for action, more in [("submit", {}), ("save", {}), ("hand-in", {"reflection": node.key})]:
        answer = me.send(key, action, {**sent, **more})
        assert answer.status_code == 303, action
        page = me.client.get(answer.location).get_data(as_text=True)
        assert f'id="f-{question.key.replace(".", "-")}-error"' in page and "could not be read" in page
        assert "is saved" not in page
    shown = me.form(key)
    assert shown[node.key] == ["He was late."]
    assert question.key not in shown
    assert all(shown[name] for name in right(me) if name != question.key)
    assert me.rows(QuizAttempt) == []
