"""Quizzes and open reflections through the client, to the certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html as dom
from werkzeug.datastructures import MultiDict

from lms.completion.queries import snapshot
from lms.content.nodes import Field
from lms.credit.models import Certificate
from lms.credit.services import settle
from lms.enrollments.queries import current_enrollment
from lms.kernel.clock import now
from lms.responses.grading import GRADED
from lms.responses.models import Draft, QuizAttempt, Review, ReviewComment, Submission, SubmissionText
from tests import builders
from tests.web.conftest import Person, World, post
from tests.web.learner import HOME, Learner, activities, enrolled, right_answer, text_of
from tests.web.test_learn_worksheets import add_entries, filled, whole

TEXT = " ".join(["On Tuesday she noticed that he was late, and she asked what he needed from her."] * 8)


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Learner:
    return enrolled(world, sign_in)


def right(me: Learner, number: int = 0) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for question in me.quiz(number).questions:
        for each in question.members or (question,):
            if each.kind in GRADED:
                values.update(right_answer(each))
    return values


def test_a_whole_attempt_is_checked_at_once_with_a_note_on_every_choice(me: Learner) -> None:
    key = me.quiz().key
    answer = me.send(key, "submit", right(me))
    assert answer.location.endswith("attempt=1#result")
    shown = me.client.get(answer.location)
    assert "Passed." in text_of(shown)
    before, settled = shown.get_data(as_text=True).split('<fieldset class="settled"')
    assert settled.startswith(' aria-label="What you answered" disabled>')  # to read, not to tap
    assert 'type="radio"' in settled
    assert 'type="radio"' not in before
    for question in me.quiz().questions:
        for each in question.members or (question,):
            assert each.key in {k for row in me.rows(QuizAttempt) for k in row.drawn}
    assert [(row.number, row.passed) for row in me.rows(QuizAttempt)] == [(1, True)]


def test_open_questions_hold_the_check_back_and_what_was_given_is_kept(me: Learner) -> None:
    key = me.quiz().key
    values = right(me)
    question = next(q for q in me.quiz().questions if q.kind == "choose one")
    del values[question.key]
    answer = me.send(key, "submit", values)
    page = me.client.get(answer.location)
    assert "still open" in text_of(page)
    assert me.rows(QuizAttempt) == []
    kept = me.form(key)
    for name, value in values.items():
        given = [v for v in (value if isinstance(value, list) else [value]) if v]
        assert [v for v in kept[name] if v] == given, name


def test_not_yet_can_be_tried_again_and_every_try_stays(me: Learner) -> None:
    key = me.quiz().key
    values = right(me)
    for question in me.quiz().questions:
        if question.kind == "choose one":
            values[question.key] = str(next(n for n, c in enumerate(question.choices) if c.mark == "wrong"))
        if question.kind in ("match", "sort"):
            values |= {f"{question.key}:{n}": "0" for n in range(len(question.cards))}
    first = me.client.get(me.send(key, "submit", values).location)
    assert "Not yet." in text_of(first)
    me.send(key, "submit", right(me), again="1")
    assert [(row.number, row.passed) for row in me.rows(QuizAttempt)] == [(1, False), (2, True)]
    assert "Try 1" in text_of(me.client.get(f"{HOME}/{key}"))
    assert "Not yet." in text_of(me.client.get(f"{HOME}/{key}?attempt=1"))
    assert me.client.get(f"{HOME}/{key}?attempt=9").status_code == 404


def test_a_result_does_not_say_to_change_an_answer_that_cannot_be_changed(me: Learner) -> None:
    key = me.quiz().key
    question = next(q for q in me.quiz().questions if q.kind == "choose one")
    wrong = next(n for n, choice in enumerate(question.choices) if choice.mark == "wrong")
    answer = me.send(key, "submit", {**right(me), question.key: str(wrong)})
    page = text_of(me.client.get(answer.location))
    assert "Not yet. Read the notes" in page.replace("Not yet.Read", "Not yet. Read")
    assert "check again" not in page


def test_a_double_click_is_one_attempt(me: Learner) -> None:
    key = me.quiz().key
    sent = MultiDict({**me.form(key), **right(me)})
    for _ in range(2):
        answer = me.client.post(f"{HOME}/{key}/submit", data=sent)
        assert answer.location.endswith("attempt=1#result")
    assert len(me.rows(QuizAttempt)) == 1


def test_an_old_page_of_an_earlier_attempt_is_refused_in_words(me: Learner) -> None:
    key = me.quiz().key
    old = MultiDict({**me.form(key), **right(me), "submit_token": "another-window"})
    me.send(key, "submit", right(me))
    answer = me.client.post(f"{HOME}/{key}/submit", data=old)
    assert "was checked in another window" in text_of(me.client.get(answer.location))
    assert len(me.rows(QuizAttempt)) == 1


@pytest.mark.parametrize("token", ["", "x" * 200])
def test_a_form_without_a_proper_token_makes_no_attempt(me: Learner, token: str) -> None:
    answer = me.send(me.quiz().key, "submit", {**right(me), "submit_token": token})
    assert answer.status_code == 422
    assert me.rows(QuizAttempt) == []


def test_answers_out_of_range_make_no_attempt(me: Learner) -> None:
    question = next(q for q in me.quiz().questions if q.kind == "choose one")
    answer = me.send(me.quiz().key, "submit", {**right(me), question.key: "77"})
    assert "could not be read" in text_of(me.client.get(answer.location))
    assert me.rows(QuizAttempt) == []


def hand_in(me: Learner, text: str, number: int = 0) -> Any:
    quiz = me.quiz(number)
    node = quiz.reflections[0]
    return me.send(quiz.key, "hand-in", {"reflection": node.key, node.key: text})


def test_a_reflection_that_is_too_short_is_held_back_and_kept(me: Learner) -> None:
    node = me.quiz().reflections[0]
    answer = hand_in(me, "Too short.")
    page = me.client.get(answer.location)
    assert "shorter than the reflection asks for" in text_of(page)
    assert me.rows(Submission) == []
    assert [row.key for row in me.rows(Draft)] == [node.key]
    assert me.form(me.quiz().key)[node.key] == ["Too short."]


def test_a_reflection_is_handed_in_once_and_waits(me: Learner) -> None:
    sent = MultiDict({**me.form(me.quiz().key), "reflection": me.quiz().reflections[0].key,
                      me.quiz().reflections[0].key: TEXT})  # fmt: skip
    for _ in range(2):
        answer = me.client.post(f"{HOME}/{me.quiz().key}/hand-in", data=sent)
        assert answer.status_code == 303
    assert len(me.rows(Submission)) == 1
    page = text_of(me.client.get(f"{HOME}/{me.quiz().key}"))
    assert "You will see the answer here" in page
    assert "With your reviewer" in text_of(me.client.get(f"{HOME}/left"))


def answer_it(me: Learner, verdict: str, comment: str = "Add what he said.", key: str = "") -> None:
    """The last hand-in under this key, that of the first quiz without one."""
    reviewer = me.world.person("Marcus Bell")
    key = key or me.quiz().reflections[0].key
    row = max((row for row in me.rows(Submission) if row.key == key), key=lambda row: row.number)
    place = {"enrollment_id": row.enrollment_id, "key": row.key, "number": row.number, "review": 1}
    with me.world.writing() as session:
        session.add(Review(
            **place, author_id=row.author_id, reviewer_id=reviewer.id, reviewer_kind="organization",
            verdict=verdict, at=now(),
        ))  # fmt: skip
        session.flush()
        session.add(ReviewComment(**place, body=comment))
        session.flush()
        settle(session, [row.enrollment_id], now(), reviewer.id, "reviewed")


def test_not_yet_comes_back_with_the_note_and_the_text_to_add_to(me: Learner) -> None:
    node = me.quiz().reflections[0]
    hand_in(me, TEXT)
    answer_it(me, "not_yet")
    page = text_of(me.client.get(f"{HOME}/{me.quiz().key}"))
    assert "Add what he said." in page
    assert "Hand it in again" in page
    assert me.form(me.quiz().key)[node.key] == [TEXT]
    home = text_of(me.client.get("/learn"))
    assert "A note from Marcus" in home
    hand_in(me, f"{TEXT} And he said that he would try.")
    assert [row.number for row in me.rows(Submission)] == [1, 2]
    assert "A note from Marcus" not in text_of(me.client.get("/learn"))


def test_an_accepted_reflection_cannot_be_handed_in_again(me: Learner) -> None:
    hand_in(me, TEXT)
    answer_it(me, "meets")
    page = me.get(me.quiz().key)
    assert page.xpath("//textarea") == []
    answer = post(
        me.client, f"{HOME}/{me.quiz().key}/hand-in",
        {"reflection": me.quiz().reflections[0].key, me.quiz().reflections[0].key: TEXT}, page="/join",
    )  # fmt: skip
    assert "accepted" in text_of(me.client.get(answer.location))
    assert len(me.rows(Submission)) == 1


def test_a_text_can_be_downloaded_and_deleted_after_its_answer_and_not_before(me: Learner) -> None:
    hand_in(me, TEXT)
    form = me_delete_form(me)
    answer = me.client.post(f"{HOME}/texts/delete", data=form)
    assert "waits for its answer" in text_of(me.client.get(answer.location))
    answer_it(me, "meets")
    told = json.loads(me.client.get(f"{HOME}/texts.json").get_data(as_text=True))
    hand_ins = [each for each in told if each["what"] == "hand in"]
    assert hand_ins[0]["text"] == TEXT
    assert hand_ins[0]["salt"]
    answer = me.client.post(f"{HOME}/texts/delete", data=me_delete_form(me))
    assert "is deleted" in text_of(me.client.get(answer.location))
    assert me.rows(SubmissionText) == []
    assert len(me.rows(Submission)) == 1
    assert "has been deleted" in text_of(me.client.get(f"{HOME}/{me.quiz().key}"))


def me_delete_form(me: Learner) -> dict[str, Any]:
    page = dom.fromstring(me.client.get(f"{HOME}/texts").get_data(as_text=True))
    return dict(page.xpath("//form[contains(@action, '/texts/delete')]")[0].form_values())


def test_nobody_can_delete_the_text_of_somebody_else(
    me: Learner, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    hand_in(me, TEXT)
    answer_it(me, "meets")
    form = me_delete_form(me)
    other = enrolled(world, sign_in, "Ines Okafor")
    sent = {k: v for k, v in form.items() if k not in ("csrf_token", "owner")}
    assert post(other.client, f"{HOME}/texts/delete", sent, page="/join").status_code == 404
    assert len(me.rows(SubmissionText)) == 1


def finish_everything(me: Learner) -> Any:
    """The first module through the pages; of the others the facts that pages leave, as they fell."""
    for lesson in me.course.modules[0].lessons:
        post(me.client, f"{HOME}/{lesson.key}/open", page="/join")
        for part in activities(lesson):
            if part.kind == "branching":
                way, here = "", part.parts[0]
                while here.choices:
                    place = max(range(len(here.choices)), key=lambda n: here.choices[n].mark == "right")
                    way = f"{way}-{place}".strip("-")
                    here = next(p for p in part.parts if p.anchor == here.choices[place].leads_to)
                me.send(lesson.key, "step", {"step": f"{part.key}:{way}"})
            else:
                values = right_answer(part)
                for block in (*part.blocks, *part.after):
                    values |= filled(block) if isinstance(block, Field) else {}
                me.send(lesson.key, "check", {"check": part.key, **values})
        me.send(lesson.key, "done", {})
    for toolkit in me.course.modules[0].toolkits:
        for sitting in toolkit.sittings or ("",):
            add_entries(me, toolkit)
            me.send(toolkit.key, "finish", whole(toolkit), **({"sitting": sitting} if sitting else {}))
    me.send(me.quiz().key, "submit", right(me))
    hand_in(me, TEXT)
    _leave_the_facts_of_the_rest(me)
    return me.client.get(f"{HOME}/left")


def _leave_the_facts_of_the_rest(me: Learner) -> None:
    with me.world.writing() as session:
        row = current_enrollment(session, me.person.id, me.course.key)
        assert row is not None
        found = snapshot(session, row.id)
        assert found is not None
        left = {unmet.key for unmet in found.unmet} - {me.quiz().reflections[0].key}
        for requirement in me.course.requirements:
            if requirement.key in left:
                builders.met(session, row.id, row.version_id, requirement, now())
        settle(session, [row.id], now(), me.person.id, "finished")


def test_the_whole_way_ends_with_a_certificate_that_its_owner_can_open(
    me: Learner, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    left = text_of(finish_everything(me))
    assert "To do" not in left, left
    for requirement in me.course.requirements:
        if requirement.kind in ("reflection", "capstone"):
            answer_it(me, "meets", key=requirement.key)
    finished = text_of(me.client.get(f"{HOME}/complete"))
    number = me.rows(Certificate)[0].number
    assert "is complete" in finished
    assert number in finished
    page = text_of(me.client.get(f"/certificates/{number}"))
    assert me.person.name in page
    pdf = me.client.get(f"/certificates/{number}.pdf")
    assert (pdf.status_code, pdf.data[:5]) == (200, b"%PDF-")
    again = me.client.get(f"/certificates/{number}.pdf", headers={"If-None-Match": pdf.headers["ETag"]})
    assert again.status_code == 304
    home = text_of(me.client.get("/learn"))
    assert "Completed" in home
    assert "Transcript" in home
    other = sign_in(world.person("Ines Okafor"))
    assert other.get(f"/certificates/{number}").status_code == 404
    assert other.get(f"/certificates/{number}.pdf").status_code == 404
    assert me.client.get("/certificates/RIA-AAAA-AAAA").status_code == 404


def test_before_the_end_the_completion_page_says_what_is_left(me: Learner) -> None:
    answer = me.client.get(f"{HOME}/complete")
    assert (answer.status_code, answer.location) == (303, f"{HOME}/left")
    assert "0 of" in text_of(me.client.get(answer.location))


def test_my_learning_begins_with_resume_and_counts_steps_without_percentages(me: Learner) -> None:
    home = text_of(me.client.get("/learn"))
    assert "steps done" in home
    assert "%" not in home
    me.send(me.lesson().key, "done", {})
    page = me.client.get("/learn").get_data(as_text=True)
    assert f'href="{HOME}/{me.lesson(1).key}"' in page or "Toolkit" in text_of(me.client.get("/learn"))
    assert "percent" not in text_of(me.client.get(HOME))
