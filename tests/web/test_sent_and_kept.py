"""What a page's script needs to lose nothing: which forms have arrived, and texts kept beside a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.responses.models import Draft, DraftConflict, QuizAttempt, Submission
from tests.web.conftest import Person, World
from tests.web.learner import Learner, enrolled, fields_of, main_form, text_of
from tests.web.test_learn_quizzes import right

SCHOOL, HOME = "Written at school, between two bells.", "Written at home, after supper."


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Learner:
    return enrolled(world, sign_in)


@pytest.fixture
def reflection(me: Learner) -> str:
    return me.quiz().reflections[0].key


def taken(me: Learner, page_key: str) -> str:
    return main_form(me.get(page_key)).attrib["data-taken"]


def save(me: Learner, key: str, words: str, **more: Any) -> TestResponse:
    """As the script of a page that was opened before anything was written."""
    page_key = me.quiz().key
    hidden = {name: me.form(page_key)[name] for name in ("csrf_token", "owner")}
    data = {**hidden, "draft": key, f"revision:{key}": "0", key: words, **more}
    return me.client.post(f"{me.home}/{page_key}/draft", data=data, headers={"Accept": "application/json"})


def test_a_form_that_arrived_is_named_on_the_pages_after_it(me: Learner, reflection: str) -> None:
    quiz, lesson = me.quiz(), me.lesson()
    assert taken(me, quiz.key) == ""
    assert (
        me.send(
            quiz.key, "hand-in", {"reflection": reflection, reflection: "word " * 400, "sent": "k3x9"}
        ).status_code
        == 303
    )
    assert taken(me, quiz.key) == "k3x9"
    assert taken(me, lesson.key) == "k3x9"


def test_a_form_that_did_not_arrive_is_not_named(me: Learner, reflection: str) -> None:
    quiz = me.quiz()
    assert me.send(quiz.key, "hand-in", {"reflection": "no-such-thing", "sent": "aa11"}).status_code == 404
    hidden = me.form(quiz.key)
    me.client.delete_cookie("lms")
    assert me.client.post(f"{me.home}/{quiz.key}/save", data={**hidden, "sent": "bb22"}).status_code == 303
    fresh = enrolled_again(me)
    assert taken(fresh, quiz.key) == ""


def enrolled_again(me: Learner) -> Learner:
    me.client.post(
        "/sign-in",
        data={"email": me.person.email, "password": me.person.password},
        headers={"Origin": "http://localhost"},
    )
    return me


def test_asking_a_peer_keeps_what_was_typed_on_the_page(me: Learner, reflection: str) -> None:
    quiz = me.quiz()
    question = next(q for q in quiz.questions if q.kind == "choose one")
    me.send(quiz.key, "hand-in", {"reflection": reflection, reflection: "word " * 400})
    asked = me.send(quiz.key, "ask-peer", {"reflection": reflection, question.key: "1"})
    assert asked.status_code == 303
    assert [row.key for row in me.rows(Draft)] == [quiz.key]
    assert me.form(quiz.key)[question.key] == ["1"]


@pytest.mark.parametrize("token", ["<b>", "x" * 13, "two words", ""])
def test_a_token_of_another_shape_is_not_remembered(me: Learner, token: str) -> None:
    assert me.send(me.quiz().key, "save", {"sent": token}).status_code == 303
    assert taken(me, me.quiz().key) == ""


def test_only_the_last_few_forms_are_remembered(me: Learner) -> None:
    for number in range(12):
        me.send(me.quiz().key, "save", {"sent": f"t{number}"})
    assert taken(me, me.quiz().key).split() == [f"t{number}" for number in range(4, 12)]


def test_two_texts_of_a_reflection_are_shown_in_their_words(me: Learner, reflection: str) -> None:
    assert save(me, reflection, SCHOOL).status_code == 200
    assert save(me, reflection, HOME).status_code == 409
    page = text_of(me.client.get(f"{me.home}/{me.quiz().key}"))
    assert "Two texts for" in page
    assert page.count(SCHOOL) == 2  # beside the other one, and in the field
    assert page.count(HOME) == 1


def test_the_same_text_is_kept_beside_once_however_often_it_comes(me: Learner, reflection: str) -> None:
    save(me, reflection, SCHOOL)
    numbers = {save(me, reflection, HOME).get_json()["conflict"] for _ in range(3)}
    assert len(numbers) == len(me.rows(DraftConflict)) == 1


@pytest.mark.parametrize("what", ["reflection", "quiz"])
def test_nothing_is_handed_in_before_one_of_two_texts_is_chosen(
    me: Learner, reflection: str, what: str
) -> None:
    quiz = me.quiz()
    if what == "reflection":
        first, second, action = {reflection: SCHOOL}, {reflection: HOME}, "hand-in"
        whole: dict[str, Any] = {"reflection": reflection, reflection: "word " * 400}
    else:
        question = next(q for q in quiz.questions if q.kind == "choose one")
        first, second, action = {question.key: "0"}, {question.key: "1"}, "submit"
        whole = right(me)
    old = me.form(quiz.key)
    me.send(quiz.key, "save", first)
    me.client.post(f"{me.home}/{quiz.key}/save", data={**old, **second})
    kept = [row.body for row in me.rows(DraftConflict)]
    assert len(kept) == 1
    answer = me.send(quiz.key, action, whole)
    assert "Two texts for" in text_of(me.client.get(answer.location))
    assert [row.body for row in me.rows(DraftConflict)] == kept
    assert [*me.rows(Submission), *me.rows(QuizAttempt)] == []
    choice = me.get(quiz.key).xpath("//form[contains(@action, '/choose')]")[0]
    me.client.post(choice.get("action"), data=fields_of(choice))
    me.send(quiz.key, action, whole)
    assert len([*me.rows(Submission), *me.rows(QuizAttempt)]) == 1


def test_a_text_kept_beside_grows_with_the_page_that_writes_it(me: Learner, reflection: str) -> None:
    save(me, reflection, SCHOOL)
    number = save(me, reflection, HOME).get_json()["conflict"]
    assert save(me, reflection, f"{HOME} And more.", conflict=str(number)).get_json()["conflict"] == number
    assert len(me.rows(DraftConflict)) == 1
    assert len(me.rows(Draft)) == 1
