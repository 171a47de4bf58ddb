"""Lessons and their activities through the client: what is kept, what is said, what stays out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as dom
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from lms.completion.models import LessonProgress
from lms.enrollments.models import Enrollment
from lms.kernel.db import db
from lms.responses.fields import fields_in
from lms.responses.models import ActivityAttempt, Draft, DraftConflict
from tests.web.conftest import Person, World, post, tokens
from tests.web.learner import HOME, Learner, activities, enrolled, right_answer, text_of


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Learner:
    return enrolled(world, sign_in)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Statements sent to the database meanwhile, transaction control apart."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def question(me: Learner, kind: str, lesson: int | None = None) -> tuple[str, Any]:
    """(page key, part) of the first activity of this kind."""
    lessons = [me.lesson(n) for n in range(7)] if lesson is None else [me.lesson(lesson)]
    for each in lessons:
        for part in activities(each):
            if part.kind == kind:
                return each.key, part
    raise AssertionError(kind)


def test_a_lesson_shows_its_title_outline_and_one_main_button(me: Learner) -> None:
    page = me.get(me.lesson().key)
    assert page.xpath("//h1")[0].text_content() == me.lesson().title_text
    assert len(page.xpath("//nav[@aria-labelledby='ol-h']//li")) >= len(me.course.modules[0].lessons)
    buttons = page.xpath("//div[@class='next']//button")
    assert [b.text_content().strip() for b in buttons] == ["Mark complete and continue"]


def test_a_lesson_takes_at_most_six_queries_whatever_was_typed(app: Flask, me: Learner) -> None:
    key = me.lesson().key
    me.get(key)
    for part in activities(me.lesson()):
        if part.kind != "branching":
            me.send(key, "check", {"check": part.key, **right_answer(part)})
    with counted(app) as statements:
        page = me.client.get(f"{HOME}/{key}")
    assert len(statements) <= 6, statements
    assert len(page.data) <= 60_000


def test_the_readers_own_role_is_open_and_the_others_are_closed(me: Learner) -> None:
    for number in range(7):
        page = me.get(me.lesson(number).key)
        variants = page.xpath("//details[@class='variant']")
        if variants:
            for variant in variants:
                is_open = variant.get("open") is not None
                assert is_open == ("teachers" in variant.xpath(".//h3")[0].text_content().lower())
            return
    raise AssertionError("no lesson has role variants")


def test_my_learning_says_start_until_something_was_opened_and_resume_from_then_on(me: Learner) -> None:
    def button() -> str:
        page = dom.fromstring(me.client.get("/learn").get_data(as_text=True))
        (link,) = page.xpath("//ul[@class='course-rows']//a[contains(@class, 'btn')]")
        return str(link.text_content()).strip()

    assert button().startswith("Start")
    me.send("cc-1-1", "open", {})
    assert button().startswith("Resume")


def test_marking_complete_goes_on_to_the_next_page_and_says_what_is_still_open(me: Learner) -> None:
    key = me.lesson().key
    page = me.get(key)
    assert "Still open on this page" in page.text_content()
    answer = me.send(key, "done", {})
    assert answer.status_code == 303
    assert "marked complete" in text_of(me.client.get(answer.location))
    assert "Completed" in me.get(key).xpath("//p[@class='lesson-meta']")[0].text_content()
    assert [row.key for row in me.rows(LessonProgress) if row.completed_at] == [key]


def test_marking_complete_twice_is_one_fact(me: Learner) -> None:
    key = me.lesson().key
    me.send(key, "done", {})
    first = me.rows(LessonProgress)[0].completed_at
    assert me.send(key, "done", {}).status_code == 303
    assert me.rows(LessonProgress)[0].completed_at == first


def test_a_content_note_stands_before_the_lesson_until_it_is_opened(me: Learner) -> None:
    lesson = next(me.lesson(n) for n in range(7) if me.lesson(n).content_note)
    shown = me.client.get(f"{HOME}/{lesson.key}").get_data(as_text=True)
    assert "Before you open this lesson" in shown
    assert 'name="check"' not in shown
    answer = me.client.post(f"{HOME}/{lesson.key}/open", data=tokens(me.client))
    assert answer.status_code == 303
    assert 'name="check"' in me.client.get(answer.location).get_data(as_text=True)


@pytest.mark.parametrize("kind", ["choose one", "choose many", "spot", "sort", "match", "order"])
def test_checking_shows_a_note_for_every_choice(me: Learner, kind: str) -> None:
    try:
        key, part = question(me, kind)
    except AssertionError:
        pytest.skip(f"the course has no '{kind}' in its lessons")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    answer = me.send(key, "check", {"check": part.key, **right_answer(part)})
    assert answer.status_code == 303
    page = me.client.get(answer.location).get_data(as_text=True)
    count = len(part.choices) or len(part.cards) or len(part.steps)
    assert page.count(f'id="f-{part.key.replace(".", "-")}-') >= count
    assert "Yes." in text_of(me.client.get(answer.location))
    assert part.key in {row.key for row in me.rows(ActivityAttempt)}


def test_an_answer_that_is_not_right_yet_counts_as_done(me: Learner) -> None:
    key, part = question(me, "choose one")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    wrong = next(n for n, choice in enumerate(part.choices) if choice.mark == "wrong")
    page = me.client.get(me.send(key, "check", {"check": part.key, part.key: str(wrong)}).location)
    assert "Not yet." in text_of(page)
    assert part.key in {row.key for row in me.rows(ActivityAttempt)}


def test_checking_without_an_answer_asks_for_one_and_records_nothing(me: Learner) -> None:
    key, part = question(me, "choose one")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    answer = me.send(key, "check", {"check": part.key})
    assert "Choose an answer" in text_of(me.client.get(answer.location))
    assert me.rows(ActivityAttempt) == []


def test_checking_one_activity_keeps_what_is_typed_in_the_others(me: Learner) -> None:
    for number in range(7):
        parts = list(activities(me.lesson(number)))
        writing = next((p for p in parts if p.kind == "rewrite"), None)
        other = next((p for p in parts if p.kind in ("choose one", "choose many", "sort", "spot")), None)
        if writing is not None and other is not None:
            break
    else:
        pytest.skip("no lesson has both")
    key = me.lesson(number).key
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    me.send(key, "check", {"check": other.key, **right_answer(other), writing.key: "Half a thought"})
    assert "Half a thought" in me.client.get(f"{HOME}/{key}").get_data(as_text=True)


def test_the_save_button_keeps_everything_on_the_page(me: Learner) -> None:
    key, part = question(me, "choose one")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    answer = me.send(key, "save", right_answer(part))
    assert answer.status_code == 303
    assert "saved" in text_of(me.client.get(answer.location))
    assert [row.key for row in me.rows(Draft)] == [part.key]


def test_a_page_that_nobody_touched_leaves_no_drafts(me: Learner) -> None:
    me.send(me.lesson().key, "save", {})
    assert me.rows(Draft) == []


def draft(me: Learner, key: str, part: Any, revision: int, values: dict[str, Any]) -> Any:
    data = {**tokens(me.client), "draft": part.key, f"revision:{part.key}": str(revision), **values}
    return me.client.post(f"{HOME}/{key}/draft", data=MultiDict(data), headers={"Accept": "application/json"})


def test_a_script_saves_one_draft_with_its_revision(me: Learner) -> None:
    key, part = question(me, "choose one")
    first = draft(me, key, part, 0, {part.key: "0"})
    assert (first.status_code, first.json["revision"]) == (200, 1)
    assert draft(me, key, part, 1, {part.key: "1"}).json["revision"] == 2


def test_a_stale_draft_is_kept_beside_and_the_page_asks_which_one_to_keep(me: Learner) -> None:
    key, part = question(me, "choose one")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    draft(me, key, part, 0, {part.key: "0"})
    draft(me, key, part, 1, {part.key: "1"})
    stale = draft(me, key, part, 1, {part.key: "2"})
    assert stale.status_code == 409
    assert stale.json["conflict"] == 1
    page = me.get(key)
    assert len(page.xpath("//div[@class='clash']")) == 1
    form = page.xpath("//form[contains(@action, '/choose')]")[1]
    answer = me.client.post(form.get("action"), data=dict(form.form_values()))
    assert answer.status_code == 303
    assert me.rows(DraftConflict) == []
    assert me.get(key).xpath(f"//input[@name='{part.key}' and @value='2']")[0].get("checked") is not None


def test_a_stale_page_that_is_sent_whole_loses_neither_text(me: Learner) -> None:
    key, part = (
        question(me, "rewrite")
        if any(p.kind == "rewrite" for n in range(7) for p in activities(me.lesson(n)))
        else question(me, "choose one")
    )
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    old = me.form(key)
    values = right_answer(part)
    me.send(key, "save", values)
    me.client.post(f"{HOME}/{key}/save", data={**old, **dict.fromkeys(values, "0")})
    assert len(me.rows(Draft)) == 1
    assert len(me.rows(DraftConflict)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("value", "99"), ("value", "-1"), ("value", "abc"), ("value", "1" * 30), ("check", "cc-9-9.nothing")],
)
def test_bad_input_is_refused_with_a_page_and_nothing_is_stored(me: Learner, field: str, value: str) -> None:
    key, part = question(me, "choose one")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    values = {"check": part.key, part.key: "0"}
    values["check" if field == "check" else part.key] = value
    answer = me.send(key, "check", values)
    if field == "check":
        assert answer.status_code == 404
    else:
        assert "could not be read" in text_of(me.client.get(answer.location))
    assert me.rows(ActivityAttempt) == []


def test_unknown_pages_and_courses_are_not_found(me: Learner) -> None:
    for path in (f"{HOME}/cc-9-9", "/learn/no-such-course", "/learn/no-such-course/cc-1-1", f"{HOME}/../etc"):
        assert me.client.get(path).status_code == 404, path
    for action in ("check", "done", "save", "draft", "step", "finish", "submit", "hand-in", "choose", "open"):
        assert post(me.client, f"{HOME}/cc-9-9/{action}", page="/join").status_code == 404, action


def test_actions_of_one_kind_of_page_do_not_work_on_another(me: Learner) -> None:
    lesson, toolkit, quiz = me.lesson().key, me.toolkits[0].key, me.quiz().key
    for key, action in (
        (lesson, "finish"), (lesson, "submit"), (lesson, "entry"), (lesson, "paper"), (lesson, "hand-in"),
        (toolkit, "done"), (toolkit, "check"), (toolkit, "submit"), (quiz, "done"), (quiz, "finish"),
    ):  # fmt: skip
        assert post(me.client, f"{HOME}/{key}/{action}", page="/join").status_code == 404, (key, action)


def test_somebody_who_has_not_joined_is_shown_the_way_in(
    me: Learner, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    other = sign_in(world.person("Ines Okafor"))
    answer = other.get(f"{HOME}/{me.lesson().key}")
    assert (answer.status_code, answer.location) == (303, f"{HOME}/enroll")
    sent = post(other, f"{HOME}/{me.lesson().key}/done", page="/join")
    assert sent.status_code == 404
    assert me.rows(LessonProgress) == []


def test_leaving_keeps_what_was_done_and_joining_again_is_possible(me: Learner) -> None:
    me.send(me.lesson().key, "done", {})
    assert "1 of" in text_of(me.client.get(f"{HOME}/leave"))
    assert post(me.client, f"{HOME}/leave").status_code == 303
    assert me.client.get(f"{HOME}/{me.lesson().key}").status_code == 303
    assert [row.state for row in me.rows(Enrollment)] == ["left"]
    assert me.client.get(f"{HOME}/texts").status_code == 200
    assert post(me.client, f"{HOME}/enroll").status_code == 303
    assert sorted(row.state for row in me.rows(Enrollment)) == ["active", "left"]


def test_joining_twice_makes_one_enrollment(me: Learner) -> None:
    assert post(me.client, f"{HOME}/enroll", page="/join").status_code == 303
    assert len(me.rows(Enrollment)) == 1


def test_too_large_a_body_is_refused_in_words(me: Learner) -> None:
    key, part = question(me, "choose one")
    answer = me.client.post(
        f"{HOME}/{key}/save", data={**tokens(me.client), part.key: "x" * (3 * 1024 * 1024)}
    )
    assert answer.status_code == 413


def test_a_branching_goes_step_by_step_with_the_way_in_the_address(me: Learner) -> None:
    try:
        key, part = question(me, "branching")
    except AssertionError:
        pytest.skip("the course has no branching in its lessons")
    me.client.post(f"{HOME}/{key}/open", data=tokens(me.client))
    way, here = "", part.parts[0]
    by_anchor = {each.anchor: each for each in part.parts}
    for _ in range(30):
        if not here.choices:
            break
        place = max(range(len(here.choices)), key=lambda n: here.choices[n].mark == "right")
        way = f"{way}-{place}".strip("-")
        answer = me.send(key, "step", {"step": f"{part.key}:{way}"})
        assert answer.status_code == 303
        assert f"way={part.key}:{way}" in answer.location
        here = by_anchor[here.choices[place].leads_to]
    assert part.key in {row.key for row in me.rows(ActivityAttempt)}
    assert "The way you went" in text_of(me.client.get(f"{HOME}/{key}"))


def test_the_way_back_from_a_source_leads_to_a_place_that_is_there(me: Learner) -> None:
    """What is cited in feedback is there once the answer is checked."""
    keys = [me.lesson(0).key, *(toolkit.key for toolkit in me.toolkits), me.quiz(0).key, me.quiz(2).key]
    for key in keys:
        page = me.get(key)
        ids = {*page.xpath("//main//@id")}
        back = page.xpath("//*[contains(@class, 'footnotes')]//a[starts-with(@href, '#ref-')]/@href")
        assert [way for way in back if way.removeprefix("#") not in ids] == [], key
        referred = page.xpath("//main//a[contains(@class, 'fn-ref')]/@href")
        assert {way.removeprefix("#ref-") for way in back} == {
            way.removeprefix("#fn-") for way in referred
        }, key


def test_a_checked_answer_brings_the_way_back_with_it(me: Learner) -> None:
    for lesson in (me.lesson(n) for n in range(12)):
        for part in activities(lesson):
            if part.kind == "choose one" and any('id="ref-' in choice.feedback for choice in part.choices):
                post(me.client, f"{HOME}/{lesson.key}/open")
                before = me.get(lesson.key).xpath("//a[starts-with(@href, '#ref-')]/@href")
                me.send(lesson.key, "check", {"check": part.key, **right_answer(part)})
                after = me.get(lesson.key).xpath("//a[starts-with(@href, '#ref-')]/@href")
                assert len(after) > len(before)
                return
    pytest.skip("no feedback of the course cites a source")


def test_a_sheet_that_the_capstone_asks_for_is_not_called_a_choice(me: Learner) -> None:
    capstone = me.course.capstone
    assert capstone is not None
    asked = {field.hands_in for field in fields_in(capstone.blocks)}
    optional = {toolkit.key: toolkit.key in asked for toolkit in me.toolkits if not toolkit.minutes}
    for module in me.course.modules:
        for lesson in module.lessons:
            post(me.client, f"{HOME}/{lesson.key}/open")
            for kit in me.get(lesson.key).xpath("//section[@class='kit']"):
                key = kit.get("aria-labelledby").removeprefix("kit-")
                if key in optional:
                    assert ("with the capstone" in kit.text_content()) is optional[key], key
                    assert ("if you want to" in kit.text_content()) is not optional[key], key
