"""Every construct of the authoring format on the pages, from the example course of the authors' guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.accounts.grants import grant_role
from lms.config import ROOT
from lms.content.compiler import compile_course
from lms.content.nodes import Course
from lms.content.reader import SourceFiles, read_folder
from lms.courses.services import import_version, publish
from lms.credit.services import register_rule_sets
from lms.kernel.clock import now
from lms.responses import wording
from lms.responses.models import ActivityAttempt, PaperStatement, QuizAttempt, Submission
from lms.web.local_facts import LocalWords
from tests.web.conftest import Person, World, post
from tests.web.learner import Learner, fields_of, main_form, text_of

WORDS = "On Monday I stood at the door and said each name once, slowly, and then I waited a breath. "


@cache
def example() -> tuple[Course, SourceFiles]:
    files = read_folder(ROOT / "docs" / "example-course")
    result = compile_course(files, today=now().date())
    assert result.course is not None, result.problems[:5]
    return result.course, files


@dataclass(slots=True)
class Pupil(Learner):
    @property
    def course(self) -> Course:
        return example()[0]


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Pupil:
    course, files = example()
    with world.writing() as session:
        register_rule_sets(session)
        version = import_version(session, course, files.files, now())
        session.flush()
        publish(session, version.id, now())
    person = world.person()
    client = sign_in(person)
    assert post(client, f"/learn/{course.key}/enroll").status_code == 303
    post(client, f"/learn/{course.key}/fm-1-1/open", page="/join")
    return Pupil(world, person, client)


def test_every_page_of_the_example_course_is_shown(me: Pupil) -> None:
    for path in ("", "/left", "/texts", "/leave"):
        assert me.client.get(me.home + path).status_code == 200, path
    keys = [p.key for m in me.course.modules for p in (*m.lessons, *m.toolkits)]
    for key in [*keys, "fm-1-quiz", "fm-cap"]:
        assert me.client.get(f"{me.home}/{key}").status_code == 200, key
        assert me.client.get(f"{me.home}/{key}?print=blank").status_code == 200, key


def test_pictures_are_served_under_the_name_with_their_digest(me: Pupil) -> None:
    source = me.get("fm-1-1").xpath("//figure/img")[0].get("src")
    answer = me.client.get(f"{me.home}/{source}")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert me.client.get(f"{me.home}/media/nothing.svg").status_code == 404


def test_sources_are_listed_with_the_way_back(me: Pupil) -> None:
    page = me.get("fm-1-1")
    for reference in page.xpath("//a[@class='fn-ref']"):
        note = page.get_element_by_id(reference.get("href").removeprefix("#"))
        assert note.xpath(".//a[starts-with(@href, '#ref-')]")


@pytest.mark.parametrize(
    ("key", "values", "says"),
    [
        ("which", {"fm-1-1.which": "1", "fm-1-1.my-words": "Morning, Amir."}, "Yes."),
        ("which", {"fm-1-1.which": "0"}, "Not yet."),
        ("which", {"fm-1-1.which": "2"}, "can be defended"),
        ("seen", {"fm-1-1.seen": ["", "0"]}, "Yes."),
        ("seen", {"fm-1-1.seen": ["", "0", "1"]}, "Not yet."),
        ("claims", {"fm-1-1.claims:0": "0", "fm-1-1.claims:1": "0"}, "The hope is fair. The verb is not."),
        ("minute", {"fm-1-1.minute:0": "1", "fm-1-1.minute:1": "2", "fm-1-1.minute:2": "3"}, "Yes."),
        ("minute", {"fm-1-1.minute:0": "2", "fm-1-1.minute:1": "1", "fm-1-1.minute:2": "3"}, "this is step 1"),
        ("minute", {"fm-1-1.minute:0": "1", "fm-1-1.minute:1": "1", "fm-1-1.minute:2": "3"}, "a number of its own"),
        ("minute", {"fm-1-1.minute:0": "first"}, "a number of its own"),
        ("minute", {f"fm-1-1.minute:{n}": f"{n + 1}" * 5000 for n in range(3)}, "a number of its own"),
        ("again", {"fm-1-1.again": "Good morning. Hood, please?"}, "Hoods down in here, please"),
        ("again", {}, "Write your version first"),
        ("bus", {"fm-1-1.bus": ["", "0"]}, "Yes."),
        ("counter", {"fm-1-1.counter": "0"}, "Yes. For some students it is the first one."),
        ("walk", {"fm-1-1.places": "One at the stairs"}, "Done. It is saved."),
        ("walk", {}, "still to be filled in"),
        ("map", {"fm-1-1.map": "true"}, "Done. It is saved."),
        ("map", {}, "Tick it once you have done it"),
    ],
)  # fmt: skip
def test_activities_of_every_kind_answer(me: Pupil, key: str, values: dict[str, object], says: str) -> None:
    answer = me.send("fm-1-1", "check", {"check": f"fm-1-1.{key}", **values})
    assert answer.status_code == 303
    assert says in text_of(me.client.get(answer.location))


def test_what_stands_in_for_an_activity_completes_it(me: Pupil) -> None:
    assert "Walk the hall" in text_of(me.client.get(f"{me.home}/left"))
    me.send("fm-1-1", "check", {"check": "fm-1-1.map", "fm-1-1.map": "true"})
    assert "Walk the hall" not in text_of(me.client.get(f"{me.home}/left"))
    assert "Walk the hall" not in me.get("fm-1-1").get_element_by_id("still-open").text_content()


def test_an_activity_with_parts_is_done_with_its_last_part(me: Pupil) -> None:
    me.send("fm-1-1", "check", {"check": "fm-1-1.bus", "fm-1-1.bus": ["", "0"]})
    assert "fm-1-1.four-doors" not in {row.key for row in me.rows(ActivityAttempt)}
    me.send("fm-1-1", "check", {"check": "fm-1-1.counter", "fm-1-1.counter": "1"})
    assert "fm-1-1.four-doors" in {row.key for row in me.rows(ActivityAttempt)}


def test_a_way_that_does_not_exist_in_a_branching_is_refused(me: Pupil) -> None:
    for way in ("9", "0-0", "x", "0-" * 300 + "0"):
        answer = me.send("fm-1-1", "step", {"step": f"fm-1-1.late:{way}"})
        assert answer.status_code == 422, way
    assert me.client.get(f"{me.home}/fm-1-1?way=fm-1-1.late:77").status_code == 200
    assert me.client.get(f"{me.home}/fm-1-1?way=fm-1-1.late:x-y").status_code in (200, 422)


def test_a_branching_can_go_back_and_begin_again(me: Pupil) -> None:
    answer = me.send("fm-1-1", "step", {"step": "fm-1-1.late:0"})
    page = text_of(me.client.get(answer.location))
    assert "A few people laugh." in page
    assert "The way you went" in page
    back = me.send("fm-1-1", "step", {"step": "fm-1-1.late:"})
    assert "The way you went" not in text_of(me.client.get(back.location))


def test_a_pool_draws_and_the_attempt_shows_what_it_drew(me: Pupil) -> None:
    form = me.form("fm-1-quiz")
    drawn = {n for n in ("fm-1-quiz.names", "fm-1-quiz.nods")
             if me.get("fm-1-quiz").xpath(f"//input[@name='{n}']")}  # fmt: skip
    assert len(drawn) == 1
    values = {"fm-1-quiz.long": "One.", "fm-1-quiz.pairs:0": "0", "fm-1-quiz.pairs:1": "1",
              "fm-1-quiz.first": "0", drawn.copy().pop(): "0" if "names" in str(drawn) else "1"}  # fmt: skip
    answer = me.client.post(f"{me.home}/fm-1-quiz/submit", data={**form, **values})
    assert answer.location.endswith("attempt=1#result"), answer.get_data(as_text=True)[:500]
    page = text_of(me.client.get(answer.location))
    assert "Passed." in page
    assert "Read again" in page
    assert drawn <= set(me.rows(QuizAttempt)[0].drawn)


def test_a_piece_on_paper_has_no_inputs_and_is_done_by_a_statement(me: Pupil) -> None:
    page = me.get("fm-t3")
    assert page.xpath("//div[contains(@class, 'worksheet')]//input") == []
    answer = post(me.client, f"{me.home}/fm-t3/paper", page="/join")
    assert me.rows(PaperStatement) == []
    assert answer.status_code == 303
    for _ in range(2):
        answer = post(me.client, f"{me.home}/fm-t3/paper", {"stated": "1"}, page="/join")
    assert "You have stated that this is done" in text_of(me.client.get(answer.location))
    assert len(me.rows(PaperStatement)) == 1
    assert post(me.client, f"{me.home}/fm-t3/draft", {"draft": "fm-t3"}, page="/join").status_code == 404
    assert post(me.client, f"{me.home}/fm-t3/finish", page="/join").status_code in (404, 422, 303)


SHEET = {
    "fm-t1.code": "Moon", "fm-t1.size": "24", "fm-t1.begun": "2026-03-02", "fm-t1.told": "1", "fm-t1.door": "0",
    "fm-t1.tries": ["0", "1"], "fm-t1.ready": ["1"], "fm-t1.feels": "2", "fm-t1.page": "https://example.org/a",
    "fm-t1.often:1": "0", "fm-t1.often:2": "2", "fm-t1.change:1": "Moved my chair", "fm-t1.tried:1": "2026-03-04",
    "fm-t1.noticed": WORDS * 2,
}  # fmt: skip


def finish_the_sheet(me: Pupil, sitting: str) -> str:
    for day in range(1, 6):
        me.send("fm-t1", "entry", {
            "entry": "fm-t1.days", "fm-t1.day": f"2026-03-0{day}", "fm-t1.minutes": "5",
        }, sitting=sitting)  # fmt: skip
    answer = me.send("fm-t1", "finish", SHEET, sitting=sitting)
    return text_of(me.client.get(answer.location))


def test_every_kind_of_field_comes_back_as_it_was_given(me: Pupil) -> None:
    me.send("fm-t1", "save", SHEET)
    form = fields_of(main_form(me.get("fm-t1")))
    for name, value in SHEET.items():
        assert form[name] == (value if isinstance(value, list) else [value]), name


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("fm-t1.size", "forty", "whole number"),
        ("fm-t1.size", "41", "outside what the sheet asks for"),
        ("fm-t1.begun", "March 2", "year-month-day"),
        ("fm-t1.page", "example", "starts with https://"),
        ("fm-t1.code", "Amira", "four characters"),
        ("fm-t1.noticed", "Little.", "a few more words"),
    ],
)
def test_what_cannot_stand_is_kept_and_said_at_finish(me: Pupil, name: str, value: str, says: str) -> None:
    answer = me.send("fm-t1", "finish", {**SHEET, name: value})
    page = me.client.get(answer.location)
    assert says in text_of(page)
    assert fields_of(main_form(me.get("fm-t1")))[name] == [value]


def test_answers_are_carried_over_to_read_and_to_begin_with(me: Pupil) -> None:
    assert "is finished" in finish_the_sheet(me, "Week 1")
    page = me.get("fm-t2")
    assert WORDS.strip() in " ".join(page.xpath("//div[@class='carried']")[0].text_content().split())
    assert WORDS.strip() in fields_of(main_form(page))["fm-t2.next"][0]


def test_totals_are_worked_out(me: Pupil) -> None:
    finish_the_sheet(me, "Week 1")
    page = me.get("fm-t1", sitting="Week 1")
    assert page.xpath("//b[@data-total='fm-t1.sum']")[0].text_content().strip() == "25"
    assert page.xpath("//b[@data-total='fm-t1.rarely']")[0].text_content().strip() == "1"


def test_the_capstone_goes_in_with_its_sheet_and_stays_to_be_added_to(
    me: Pupil, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = {"fm-cap.account": WORDS * 12}
    answer = me.send("fm-cap", "hand-in", account)
    page = text_of(me.client.get(answer.location))
    assert "The worksheet is not finished yet" in page
    assert me.rows(Submission) == []
    finish_the_sheet(me, "Week 1")
    finish_the_sheet(me, "Week 4")
    answer = me.send("fm-cap", "hand-in", {"fm-cap.account": "Too short."})
    assert "a few more words" in text_of(me.client.get(answer.location))
    with monkeypatch.context() as small:
        small.setattr(wording, "WHOLE_LIMIT", 20)
        answer = me.send("fm-cap", "hand-in", account)
    page = me.client.get(answer.location).get_data(as_text=True)
    assert page.count("This is the longest part of a capstone") == 2  # above, with a link, and at the field
    assert me.form("fm-cap")["fm-cap.account"] == [account["fm-cap.account"]]
    answer = me.send("fm-cap", "hand-in", account)
    page = text_of(me.client.get(answer.location))
    assert "You will see the answer here" in page
    assert "Moved my chair" in page
    assert [row.key for row in me.rows(Submission)] == ["fm-cap"]
    assert "With your reviewer" in text_of(me.client.get(f"{me.home}/left"))


def test_help_lines_of_the_course_stand_on_every_page(me: Pupil) -> None:
    if not me.course.every_page:
        pytest.skip("the example has none")
    for key in ("fm-1-1", "fm-t1", "fm-1-quiz", "fm-cap"):
        assert me.get(key).xpath("//aside[contains(@class, 'help-lines')]"), key


def test_fields_for_each_person_are_kept_totaled_finished_and_printed(me: Pupil) -> None:
    typed = {
        "fm-t5.who-1": "Moon", "fm-t5.who-2": "Sun", "fm-t5.talked-1": "5", "fm-t5.talked-2": "7",
        "fm-t5.monday:1": "1", "fm-t5.friday:1": "1", "fm-t5.monday:2": "0",
    }  # fmt: skip
    me.send("fm-t5", "finish", typed)
    page = me.get("fm-t5", missing="1")
    assert "Person C: A made-up code:" in page.text_content()
    me.send("fm-t5", "finish", {**typed, "fm-t5.who-3": "Star"})
    page = me.get("fm-t5")
    assert [head.text_content() for head in page.xpath("//h3")][:3] == ["Person A", "Person B", "Person C"]
    assert fields_of(main_form(page))["fm-t5.who-2"] == ["Sun"]
    assert page.xpath("//b[@data-total='fm-t5.talked-in-all']")[0].text_content().strip() == "12"
    assert page.xpath("//b[@data-total='fm-t5.staffed']")[0].text_content().strip() == "2"
    blank = me.get("fm-t5", print="blank")
    assert len(blank.xpath("//*[contains(., 'A made-up code') and contains(@class, 'label')]")) == 3


def test_this_sites_own_local_facts_stand_in_for_those_of_the_course(me: Pupil, tmp_path: Path) -> None:
    fact = "# Ours\n\n## report-to\n`insert, checked 2026-11-24`\n\nMs. Abara in *room 4*\n"
    assert "the person your principal has named" in me.get("fm-1-1").text_content()
    (tmp_path / "first-minute.md").write_text(fact)
    before = me.world.app.extensions["local_words"]
    me.world.app.extensions["local_words"] = LocalWords(tmp_path)
    try:
        page = me.get("fm-1-1").text_content()
    finally:
        me.world.app.extensions["local_words"] = before
    assert "Ms. Abara in room 4" in page
    assert "the person your principal has named" not in page


def test_who_must_read_a_page_before_release_is_told_to_authors_alone(me: Pupil) -> None:
    words = "Before release, a counselor must read this page."
    assert words not in me.get("fm-1-2").text_content()
    with me.world.writing() as session:
        grant_role(
            session, user_id=me.person.id, role="author", scope_kind="site", scope_id=0, now=now(), by=None
        )
    assert words in me.get("fm-1-2").text_content()
