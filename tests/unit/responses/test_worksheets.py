"""Worksheets: what may be typed, what is still needed, what is worked out, what is brought over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.nodes import Count
from lms.kernel.errors import RuleBroken
from lms.responses.fields import Fault, Json, faults, filled, needs, read_values
from lms.responses.words import count_words
from lms.responses.worksheets import (
    Home,
    Sheet,
    carried_keys,
    entry_standing,
    standing,
    starting_values,
    totals,
)
from tests.unit.responses.build import field, log, table

OFTEN = field("p.often", "scale", options=("rarely", "sometimes", "often"))
FIELDS = (
    field("p.short", "short"),
    field("p.long", "long"),
    field("p.code", "short", code=True),
    field("p.number", "number", minimum=1, maximum=15),
    field("p.date", "date"),
    field("p.flag", "yes or no"),
    field("p.one", "choose one", options=("keep", "erase")),
    field("p.many", "choose many", options=("a", "b", "c"), exactly=2),
    field("p.link", "link"),
    table("p.fixed", OFTEN, fixed=3),
    table("p.own", field("p.what", "short"), field("p.tried", "date"), up_to_rows=5),
    field("p.sum", "total", count=Count("sum", "p.number")),
)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**10) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


# ── Shape ────────────────────────────────────────────────────────────────────────────────────────


@given(st.dictionaries(st.sampled_from([f.key for f in FIELDS] + ["p.zzz"]), json_values))
def test_reading_anything_gives_values_or_a_refusal_and_reading_again_changes_nothing(raw: Any) -> None:
    try:
        values = read_values(FIELDS, raw)
    except RuleBroken:
        return
    assert read_values(FIELDS, values) == values
    assert json.loads(json.dumps(values)) == values
    faults(FIELDS, values)
    needs(FIELDS, values)
    assert filled(FIELDS, values) >= len(values) - 2


def test_a_draft_keeps_a_number_and_a_date_that_are_not_finished() -> None:
    values = read_values(FIELDS, {"p.number": " 1x", "p.date": "2026-1"})
    assert values == {"p.number": " 1x", "p.date": "2026-1"}
    assert [(f.key, f.code) for f in faults(FIELDS, values)] == [
        ("p.number", "number_form"), ("p.date", "date_form"),
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "limit"), [("p.short", 1_000), ("p.long", 20_000), ("p.link", 2_000)])
def test_a_draft_keeps_a_text_of_any_length_and_its_limit_is_told(key: str, limit: int) -> None:
    text = "https://example.org/" + "x" * (limit - 19)
    values = read_values(FIELDS, {key: text})
    assert values == {key: text}
    assert faults(FIELDS, values) == (Fault(key, "text_long", limit=limit),)
    assert faults(FIELDS, {key: text[:-1]}) == ()


def test_a_typed_number_becomes_one() -> None:
    assert read_values(FIELDS, {"p.number": " 12 "}) == {"p.number": 12}


def test_blank_is_left_out_and_line_ends_are_one_kind() -> None:
    raw: dict[str, Json] = {"p.short": " ", "p.long": "a\r\nb", "p.many": [], "p.own": [{}, {}]}
    assert read_values(FIELDS, raw) == {"p.long": "a\nb"}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("p.zzz", "x", "field_unknown"),
        ("p.sum", 3, "field_unknown"),
        ("p.short", 4, "field_shape"),
        ("p.one", 2, "field_shape"),
        ("p.one", True, "field_shape"),
        ("p.many", [0, 3], "field_shape"),
        ("p.flag", "yes", "field_shape"),
        ("p.fixed", {"3": {"p.often": 1}}, "field_unknown"),
        ("p.fixed", {"2": {"p.zzz": 1}}, "field_unknown"),
        ("p.fixed", [{"p.often": 1}], "field_shape"),
        ("p.own", {"1": {}}, "field_shape"),
        ("p.own", [{"p.what": "x"}] * 201, "rows_many"),
    ],
)
def test_what_no_page_sends_is_refused(key: str, value: Json, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_values(FIELDS, {key: value})
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"p.number": 16}, "number_range"),
        ({"p.long": "x" * 20_001}, "text_long"),
        ({"p.own": [{"p.what": "x" * 1_001}]}, "text_long"),
        ({"p.own": [{"p.what": "x"}] * 6}, "rows_many"),
        ({"p.number": 0}, "number_range"),
        ({"p.date": "2026-02-30"}, "date_form"),
        ({"p.code": "Jaylen"}, "code_long"),
        ({"p.link": "http://example.org"}, "link_form"),
        ({"p.link": "https://user@example.org/"}, "link_form"),
        ({"p.many": [0]}, "exactly"),
        ({"p.own": [{"p.what": "x", "p.tried": "soon"}]}, "date_form"),
    ],
)
def test_what_cannot_stand_is_named_before_finish(values: dict[str, Json], code: str) -> None:
    assert [fault.code for fault in faults(FIELDS, values)] == [code]


def test_a_link_stands_in_for_the_words_where_the_author_allows_it() -> None:
    account = field("p.account", "long", minimum=3, or_link=True)
    assert [f.code for f in faults((account,), {"p.account": "two words"})] == ["words_few"]
    assert faults((account,), {"p.account": "https://example.org/recording?x=1"}) == ()


# ── Needed ───────────────────────────────────────────────────────────────────────────────────────


def test_needed_on_a_table_is_every_fixed_row_or_one_row_of_ones_own() -> None:
    fixed = table("p.t", OFTEN, fixed=2, needed=True)
    assert [n.row for n in needs((fixed,), {"p.t": {"2": {"p.often": 0}}})] == [4]
    own = table("p.t", field("p.what", "short"), needed=True)
    assert [(n.have, n.need) for n in needs((own,), {})] == [(0, 1)]
    assert needs((own,), {"p.t": [{}, {"p.what": "x"}]}) == ()


def test_needed_in_a_head_cell_is_that_cell_of_each_such_row() -> None:
    cell = field("p.what", "short", needed=True)
    other = field("p.other", "short")
    own = table("p.t", cell, other)
    rows: Json = [{"p.what": "x"}, {"p.other": "y"}, {}]
    assert [(n.key, n.row) for n in needs((own,), {"p.t": rows})] == [("p.what", 2)]
    fixed = table("p.t", cell, other, fixed=2)
    assert [n.row for n in needs((fixed,), {"p.t": {"2": {"p.what": "x"}}})] == [4]


def test_a_table_may_ask_for_a_number_of_rows() -> None:
    four = table("p.t", field("p.what", "short"), at_least=4)
    assert [(n.have, n.need) for n in needs((four,), {"p.t": [{"p.what": "x"}] * 2})] == [(2, 4)]


def test_a_sheet_may_be_finished_with_its_needed_fields_its_log_and_no_faults() -> None:
    day, minutes = field("p.day", "date", needed=True), field("p.minutes", "number", minimum=1, maximum=15)
    sheet = Sheet.of("p", (field("p.first", "short", needed=True), log("p.log", day, minutes, at_least=2)))
    entry: dict[str, Json] = {"p.day": "2026-11-02"}
    assert not standing(sheet, {"p.first": "Moon"}, {"p.log": [entry]}).may_finish
    assert standing(sheet, {"p.first": "Moon"}, {"p.log": [entry, entry]}).may_finish
    assert not standing(sheet, {}, {"p.log": [entry, entry]}).may_finish
    assert [n.key for n in entry_standing(sheet.log("p.log"), {"p.minutes": 3}).needs] == ["p.day"]
    with pytest.raises(RuleBroken):
        sheet.log("p.other")


def test_an_empty_sheet_is_never_finished() -> None:
    sheet = Sheet.of("p", (field("p.a"), field("p.b")))
    assert not standing(sheet, {}, {}).may_finish
    assert standing(sheet, {"p.b": "x"}, {}).may_finish


def test_a_table_counts_by_its_cells() -> None:
    assert filled(FIELDS, {"p.fixed": {"2": {"p.often": 0}, "4": {"p.often": 2}}, "p.short": "x"}) == 3


# ── Totals ───────────────────────────────────────────────────────────────────────────────────────


def _total(count: Count, values: dict[str, Json], entries: dict[str, list[dict[str, Json]]]) -> int:
    who = field("p.who", "choose one", options=("us", "our leader", "nobody"))
    marks = field("p.marks", "choose many", options=("seen", "heard"))
    blocks = (
        *FIELDS,
        log("p.log", field("p.minutes", "number"), who, marks, field("p.tried-it", "yes or no")),
        field("p.answer", "total", count=count),
    )
    return totals(Sheet.of("p", blocks), values, entries)["p.answer"]


LOG: dict[str, list[dict[str, Json]]] = {
    "p.log": [
        {"p.minutes": 3, "p.who": 0, "p.marks": [0, 1], "p.tried-it": True},
        {"p.minutes": 4, "p.who": 1},
        {"p.who": 2, "p.tried-it": False},
        {},
    ]
}


@pytest.mark.parametrize(
    ("count", "answer"),
    [
        (Count("sum", "p.minutes"), 7),
        (Count("count", "p.log"), 3),
        (Count("count", "p.who"), 3),
        (Count("count", "p.who", ("us", "our leader")), 2),
        (Count("count", "p.marks", ("none",)), 2),
        (Count("count", "p.marks", ("seen", "heard")), 1),
        (Count("count", "p.tried-it", ("yes",)), 1),
    ],
)
def test_a_log_is_counted(count: Count, answer: int) -> None:
    assert _total(count, {}, LOG) == answer


@pytest.mark.parametrize(
    ("count", "answer"),
    [
        (Count("count", "p.often", ("often",)), 2),
        (Count("count", "p.often", ("none",)), 0),
        (Count("count", "p.fixed"), 2),
        (Count("count", "p.own"), 2),
        (Count("count", "p.tried"), 1),
        (Count("count", "p.one", ("keep",)), 1),
        (Count("sum", "p.number"), 5),
    ],
)
def test_tables_and_fields_are_counted(count: Count, answer: int) -> None:
    values: dict[str, Json] = {
        "p.fixed": {"2": {"p.often": 2}, "6": {"p.often": 2}},
        "p.own": [{"p.what": "bell"}, {}, {"p.what": "lunch", "p.tried": "2026-03-04"}],
        "p.one": 0,
        "p.number": 5,
    }
    assert _total(count, values, {}) == answer


def test_an_unfinished_number_adds_nothing() -> None:
    assert _total(Count("sum", "p.number"), {"p.number": "1x"}, {}) == 0


# ── Carrying over ────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_taken_over_only_where_it_means_the_same() -> None:
    def home(node: Any) -> Home:
        return Home(node, "q", "q", "me")

    keep = ("keep", "erase")
    sources = {
        "q.text": home(field("q.text", "long")),
        "q.one": home(field("q.one", "choose one", options=keep)),
        "q.table": home(table("q.table", field("q.c", "short"))),
    }
    fields = (
        field("p.a", "short", carries="q.text"),
        field("p.b", "choose one", options=keep, carries="q.one"),
        field("p.c", "choose one", options=("erase", "keep"), carries="q.one"),
        field("p.d", "show", carries="q.text"),
        field("p.e", "number", carries="q.text"),
        field("p.f", "short", carries="q.gone"),
    )
    values: dict[str, Json] = {"q.text": "the late bus", "q.one": 1, "q.table": [{"q.c": "x"}]}
    assert starting_values(fields, sources, values) == {"p.a": "the late bus", "p.b": 1}
    assert starting_values(fields, sources, {"q.text": "  "}) == {}
    assert carried_keys(fields) == ("q.text", "q.one", "q.gone")


# ── Words ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("One, two;\nthree.", 3),
        ("don't well-known O’Neill", 3),
        ("before—after and/or 3 … – ***", 5),
        ("नमस्ते दुनिया", 2),
        ("مرحبا بالعالم", 2),
        ("안녕하세요 세계", 2),
        ("你好世界 ok", 5),
        ("こんにちは", 5),
        ("Zoë naïve ½", 3),
        ("👍 yes", 1),
    ],
)
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(), st.text())
def test_two_texts_have_the_words_of_both(first: str, second: str) -> None:
    assert count_words(f"{first} {second}") == count_words(first) + count_words(second)
