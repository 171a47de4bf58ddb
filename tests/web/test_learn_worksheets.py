"""Worksheets, quizzes and reflections through the client."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.content.nodes import Field, Toolkit
from lms.responses.bodies import read
from lms.responses.fields import columns_of, fields_in
from lms.responses.models import Draft, DraftConflict, WorksheetCompletion, WorksheetEntry, WorksheetText
from lms.responses.worksheets import Sheet
from lms.web.words import plain
from tests.web.conftest import Person, World, post, tokens
from tests.web.learner import HOME, Learner, enrolled, text_of


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Learner:
    return enrolled(world, sign_in)


def filled(field: Field) -> dict[str, object]:
    """An honest answer to any field."""
    match field.kind:
        case "choose one" | "scale" | "choose many" | "checklist":
            return {field.key: [str(n) for n in range(field.exactly or field.at_least or 1)]}
        case "number":
            return {field.key: str(field.minimum or 1)}
        case "date":
            return {field.key: "2026-03-12"}
        case "yes or no":
            return {field.key: "1"}
        case "table":
            rows = [row.number for row in field.rows] or range(1, (field.at_least or 1) + 1)
            cells = {}
            for number in rows:
                for column in columns_of(field):
                    for name, value in filled(column).items():
                        cells[f"{name}:{number}"] = value
            return cells
        case "total" | "show" | "hand in":
            return {}
        case _ if field.code:
            return {field.key: "Moon"}
        case _:
            return {
                field.key: "Where they sit, and when I see them " * 12 if field.minimum else "By the door"
            }


def whole(toolkit: Toolkit) -> dict[str, object]:
    values: dict[str, object] = {}
    for field in Sheet.of(toolkit.key, toolkit.blocks).fields:
        values.update(filled(field))
    return values


def with_a(me: Learner, what: Callable[[Toolkit], bool]) -> Toolkit:
    for toolkit in me.toolkits:
        if what(toolkit):
            return toolkit
    pytest.skip("the course has no such piece")


def logs(toolkit: Toolkit) -> tuple[object, ...]:
    return Sheet.of(toolkit.key, toolkit.blocks).logs


def test_a_sheet_that_is_saved_comes_back_as_it_was(me: Learner) -> None:
    toolkit = with_a(me, lambda t: bool(Sheet.of(t.key, t.blocks).fields) and t.form != "paper")
    values = whole(toolkit)
    before = me.form(toolkit.key)
    assert me.send(toolkit.key, "save", values).status_code == 303
    after = me.form(toolkit.key)
    for name, value in values.items():
        assert after[name] == (value if isinstance(value, list) else [value]), name
    assert after[f"revision:{toolkit.key}"] == ["1"]
    assert before[f"revision:{toolkit.key}"] == ["0"]


def test_every_field_of_free_text_says_who_sees_it_and_that_names_stay_out(me: Learner) -> None:
    for toolkit in me.toolkits:
        page = me.get(toolkit.key)
        for field in Sheet.of(toolkit.key, toolkit.blocks).fields:
            if field.kind in ("short", "long") and toolkit.form != "paper":
                seen = page.get_element_by_id(f"f-{field.key.replace('.', '-')}-seen").text_content()
                assert "see" in seen or "read" in seen
                assert "name" in seen.lower()


def test_the_privacy_line_stands_once_on_a_sheet(me: Learner) -> None:
    for toolkit in me.toolkits:
        line = plain(toolkit.privacy_line or me.course.privacy_line)
        assert me.get(toolkit.key).text_content().count(line) == 1, toolkit.key


def test_where_nothing_can_be_typed_nothing_is_said_of_who_sees_it(me: Learner) -> None:
    for toolkit in me.toolkits:
        page = me.get(toolkit.key, print="blank")
        assert page.xpath("//main//*[contains(@class, 'seen')]") == [], toolkit.key


def test_what_is_typed_into_a_line_is_printed_whole(me: Learner) -> None:
    toolkit = with_a(
        me, lambda t: any(c.kind == "short" for f in Sheet.of(t.key, t.blocks).fields for c in columns_of(f))
    )
    assert me.send(toolkit.key, "save", whole(toolkit)).status_code == 303
    lines = me.get(toolkit.key).xpath("//main//td//input[@value = 'By the door']")
    assert lines
    for line in lines:
        assert line.getnext().text_content() == "By the door"


def test_finishing_with_something_missing_says_what_and_keeps_the_rest(me: Learner) -> None:
    toolkit = with_a(
        me, lambda t: any(f.needed for f in Sheet.of(t.key, t.blocks).fields) and t.form != "paper"
    )
    sheet = Sheet.of(toolkit.key, toolkit.blocks)
    optional = next(
        (f for f in sheet.fields if f.kind in ("short", "long") and not f.needed and not f.code), None
    )
    values = filled(optional) if optional is not None else {}
    answer = me.send(toolkit.key, "finish", values)
    assert answer.status_code == 303
    page = me.client.get(answer.location)
    assert "Not finished yet" in text_of(page)
    assert me.rows(WorksheetCompletion) == []
    if optional is not None:
        assert me.form(toolkit.key)[optional.key] == [values[optional.key]]


def add_entries(me: Learner, toolkit: Toolkit) -> None:
    for log in logs(toolkit):
        for _ in range(log.at_least or 1):
            values: dict[str, object] = {}
            for field in fields_in(log.blocks):
                values.update(filled(field))
            answer = me.send(toolkit.key, "entry", {"entry": log.key, **values})
            assert "is added" in text_of(me.client.get(answer.location))


def test_every_sheet_can_be_finished_without_scripts(me: Learner) -> None:
    for toolkit in me.toolkits:
        if toolkit.form == "paper":
            continue
        for sitting in toolkit.sittings or ("",):
            query = {"sitting": sitting} if sitting else {}
            add_entries(me, toolkit)
            answer = me.send(toolkit.key, "finish", whole(toolkit), **query)
            assert "is finished" in text_of(me.client.get(answer.location)), toolkit.key
    done = {(row.key, row.sitting) for row in me.rows(WorksheetCompletion)}
    assert done == {(t.key, s) for t in me.toolkits if t.form != "paper" for s in (t.sittings or ("",))}
    kinds = {r.kind for r in me.course.requirements}
    left = text_of(me.client.get(f"{HOME}/left"))
    assert ("Worksheet:" in left) == any(r.kind == "try-out" and r.paper for r in me.course.requirements), (
        kinds
    )


def test_finishing_twice_is_one_fact_with_the_newer_words(me: Learner) -> None:
    toolkit = with_a(me, lambda t: not t.sittings and not logs(t) and t.form != "paper")
    me.send(toolkit.key, "finish", whole(toolkit))
    field = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind in ("short", "long"))
    if not field.code and not field.minimum:
        me.send(toolkit.key, "finish", {field.key: "Something else"})
        assert me.form(toolkit.key)[field.key] == ["Something else"]
    assert len(me.rows(WorksheetCompletion)) == 1
    assert len(me.rows(WorksheetText)) == 1


def test_the_second_sitting_shows_the_first_answers_beside_the_new_ones(me: Learner) -> None:
    toolkit = with_a(me, lambda t: len(t.sittings) > 1)
    first, second = toolkit.sittings[:2]
    me.send(toolkit.key, "finish", whole(toolkit), sitting=first)
    page = me.get(toolkit.key)
    assert page.xpath("//li[@aria-current='step']")[0].text_content().strip().endswith(second)
    assert len(page.xpath("//p[@class='earlier']")) >= 2


def test_a_log_counts_its_entries_and_an_entry_can_be_changed(me: Learner) -> None:
    toolkit = with_a(me, lambda t: bool(logs(t)))
    log = logs(toolkit)[0]
    add_entries(me, toolkit)
    page = me.get(toolkit.key)
    least = log.at_least or 1
    assert len(page.xpath("//section[@class='log']//tbody/tr")) == least
    text = next(f for f in fields_in(log.blocks) if f.kind == "short" and not f.code)
    changed = me.send(
        toolkit.key, "entry", {"entry": log.key, text.key: "About drums"}, change=f"{log.key}:1"
    )
    shown = me.client.get(changed.location)
    assert "Entry 1 is changed" in text_of(shown)
    assert "About drums" in text_of(shown)
    assert len(me.rows(WorksheetEntry)) == least


def test_an_entry_that_lacks_something_is_kept_as_a_draft_and_says_what(me: Learner) -> None:
    toolkit = with_a(me, lambda t: any(f.needed for log in logs(t) for f in fields_in(log.blocks)))
    log = logs(toolkit)[0]
    text = next(f for f in fields_in(log.blocks) if f.kind == "short" and not f.code)
    answer = me.send(toolkit.key, "entry", {"entry": log.key, text.key: "Half of it"})
    page = me.client.get(answer.location)
    assert "still to be filled in" in text_of(page)
    assert me.rows(WorksheetEntry) == []
    assert me.form(toolkit.key)[text.key] == ["Half of it"]


def test_a_row_is_added_without_scripts_and_nothing_typed_is_lost(me: Learner) -> None:
    def growing(toolkit: Toolkit) -> list[Field]:
        return [f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind == "table" and f.add_rows]

    toolkit = with_a(me, lambda t: bool(growing(t)))
    table = growing(toolkit)[0]
    rows = len(me.get(toolkit.key).xpath(f"//table[@data-rows='{table.key}']/tbody/tr"))
    text = next(c for c in columns_of(table) if c.kind in ("short", "long"))
    answer = me.send(toolkit.key, "row", {"add": table.key, f"{text.key}:1": "First in line"})
    page = me.client.get(answer.location).get_data(as_text=True)
    assert page.count(f'name="{text.key}:') == rows + 1
    assert "First in line" in page


def test_totals_come_back_with_the_saved_draft(me: Learner) -> None:
    toolkit = with_a(
        me, lambda t: any(f.kind == "total" for f in Sheet.of(t.key, t.blocks).fields) and not logs(t)
    )
    sent = {**me.form(toolkit.key), **whole(toolkit), "draft": toolkit.key}
    answer = me.client.post(
        f"{HOME}/{toolkit.key}/draft", data=MultiDict(sent), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    assert any(answer.json["totals"].values())


def test_a_blank_copy_holds_nothing_of_what_was_typed_and_no_example(me: Learner) -> None:
    toolkit = with_a(me, lambda t: any(f.kind == "long" for f in Sheet.of(t.key, t.blocks).fields))
    field = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind == "long")
    me.send(toolkit.key, "save", {field.key: "Mine alone"})
    page = me.client.get(f"{HOME}/{toolkit.key}?print=blank").get_data(as_text=True)
    assert "Mine alone" not in page
    assert "An example" not in page
    assert "<textarea" not in page


def test_a_finished_sheet_that_was_changed_elsewhere_is_not_overwritten(me: Learner) -> None:
    toolkit = with_a(me, lambda t: not t.sittings and not logs(t) and t.form != "paper")
    old = me.form(toolkit.key)
    values = whole(toolkit)
    me.send(toolkit.key, "save", values)
    text = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind in ("short", "long"))
    me.client.post(
        f"{HOME}/{toolkit.key}/finish",
        data=MultiDict({**old, **values, text.key: "From another device, later"}),
    )
    assert me.rows(WorksheetCompletion) == []
    assert len(me.rows(DraftConflict)) == 1
    assert "Two texts for" in text_of(me.client.get(f"{HOME}/{toolkit.key}"))


def test_an_entry_that_was_begun_elsewhere_is_not_lost_when_another_is_added(me: Learner) -> None:
    toolkit = with_a(me, lambda t: bool(logs(t)))
    log = logs(toolkit)[0]
    old = me.form(toolkit.key)
    values: dict[str, object] = {}
    for field in fields_in(log.blocks):
        values.update(filled(field))
    text = next(f for f in fields_in(log.blocks) if f.kind == "short" and not f.code)
    me.send(toolkit.key, "save", {text.key: "Begun on the phone"})
    answer = me.client.post(
        f"{HOME}/{toolkit.key}/entry", data=MultiDict({**old, **values, "entry": log.key})
    )
    assert me.rows(WorksheetEntry) == []
    assert [read(row.body)[text.key] for row in me.rows(Draft)] == ["Begun on the phone"]
    assert [read(row.body)[text.key] for row in me.rows(DraftConflict)] == [values[text.key]]
    page = text_of(me.client.get(answer.location))
    assert "Two texts for" in page
    assert "is added" not in page


def test_unknown_sittings_rows_and_keys_are_refused(me: Learner) -> None:
    toolkit = with_a(me, lambda t: t.form != "paper")
    assert me.send(toolkit.key, "save", {"sitting": "Never"}).status_code == 422
    assert me.send(toolkit.key, "row", {"add": "cc-t1.nothing"}).status_code == 404
    assert me.send(toolkit.key, "entry", {"entry": "cc-t1.nothing"}).status_code in (404, 422)
    bad = {**tokens(me.client), "draft": "cc-9.other"}
    assert me.client.post(f"{HOME}/{toolkit.key}/draft", data=bad).status_code in (404, 422)
    assert me.rows(Draft) == []


def test_what_is_far_too_long_is_kept_and_its_page_says_so(me: Learner) -> None:
    toolkit = with_a(me, lambda t: any(f.kind == "long" for f in Sheet.of(t.key, t.blocks).fields))
    field = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind == "long")
    sent = {**me.form(toolkit.key), "draft": toolkit.key, field.key: "x" * 30_000}
    answer = me.client.post(
        f"{HOME}/{toolkit.key}/draft", data=MultiDict(sent), headers={"Accept": "application/json"}
    )
    assert answer.json["revision"] == 1
    assert me.form(toolkit.key)[field.key] == ["x" * 30_000]
    assert "Shorten this to 20,000 characters" in me.get(toolkit.key).text_content()


def test_nobody_else_can_read_or_change_a_sheet(
    me: Learner, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    toolkit = with_a(me, lambda t: any(f.kind == "long" for f in Sheet.of(t.key, t.blocks).fields))
    field = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind == "long")
    me.send(toolkit.key, "save", {field.key: "Mine alone"})
    other = enrolled(world, sign_in, "Ines Okafor")
    assert "Mine alone" not in other.client.get(f"{HOME}/{toolkit.key}").get_data(as_text=True)
    other.send(toolkit.key, "save", {field.key: "Theirs"})
    assert me.form(toolkit.key)[field.key] == ["Mine alone"]


def test_a_post_after_the_session_has_ended_is_given_back_after_sign_in(me: Learner) -> None:
    toolkit = with_a(me, lambda t: any(f.kind == "long" for f in Sheet.of(t.key, t.blocks).fields))
    field = next(f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind == "long")
    sent = {**me.form(toolkit.key), field.key: "Written in the last minute"}
    post(me.client, "/sign-out", page="/profile")
    answer = me.client.post(f"{HOME}/{toolkit.key}/save", data=MultiDict(sent))
    assert answer.status_code == 303
    assert "/sign-in" in answer.location
    assert me.rows(Draft) == []
