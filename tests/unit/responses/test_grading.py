"""A quiz attempt: laid out from its seed, graded by the author's marks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.nodes import Activity
from lms.kernel.errors import RuleBroken
from lms.responses.chance import Dice, seed_for
from lms.responses.fields import Json
from lms.responses.grading import (
    fold,
    grade,
    grade_one,
    lay_out,
    leaves,
    passed,
    read_answer,
    read_answers,
    unanswered,
)
from tests.unit.responses.build import branching, order, question, short_answer, sort

RIGHT, FINE, WRONG = "right", "defensible", "wrong"


# ── Chance ───────────────────────────────────────────────────────────────────────────────────────


def test_the_same_seed_gives_the_same_order_in_every_year() -> None:
    """Written out: attempts that were stored must be laid out again as they were shown."""
    assert seed_for(7, "cc-1-quiz", 1) == "ac16379b144c17ca20b171b1a3810b8c"
    assert Dice("fixed").shuffled(10) == (0, 5, 9, 1, 2, 7, 8, 4, 3, 6)


@given(st.text(max_size=20), st.integers(0, 40))
def test_a_shuffle_keeps_every_place(seed: str, count: int) -> None:
    assert sorted(Dice(seed).shuffled(count)) == list(range(count))


@given(st.text(max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_a_draw_gives_different_places_in_the_authors_order(seed: str, count: int, wanted: int) -> None:
    drawn = Dice(seed).drawn(count, wanted)
    assert list(drawn) == sorted(set(drawn))
    assert len(drawn) == min(count, wanted)


def test_every_order_of_three_comes_up_about_as_often() -> None:
    counts: dict[tuple[int, ...], int] = {}
    for number in range(6000):
        found = Dice(seed_for(1, "k", number)).shuffled(3)
        counts[found] = counts.get(found, 0) + 1
    assert len(counts) == 6
    assert all(850 < count < 1150 for count in counts.values())


# ── Layout ───────────────────────────────────────────────────────────────────────────────────────


def test_a_question_added_later_leaves_the_others_as_they_were() -> None:
    first, second = question("q.a", "choose one", *[RIGHT] + [WRONG] * 6), order("q.b", 6)
    before = lay_out((first, second), "s")
    after = lay_out((question("q.new", "choose one", RIGHT, WRONG), first, second), "s")
    assert before == after[1:]


def test_the_author_can_fix_the_order_of_choices() -> None:
    fixed = question("q.a", "choose one", *[RIGHT] + [WRONG] * 8, in_order=True)
    assert lay_out((fixed,), "s")[0].order == tuple(range(9))


def test_true_comes_before_false() -> None:
    for number in range(20):
        shown = lay_out((question("q.a", "true or false", RIGHT, WRONG),), str(number))
        assert shown[0].order == (0, 1)


@given(st.text(max_size=10), st.integers(2, 6))
def test_steps_are_never_shown_in_their_right_order(seed: str, count: int) -> None:
    shown = lay_out((order("q.o", count),), seed)[0]
    assert shown.order != tuple(range(count))
    assert sorted(shown.order) == list(range(count))


@given(st.text(max_size=10))
def test_every_draw_from_a_pool_is_worth_the_same(seed: str) -> None:
    parts = tuple(question(f"q.s{i}", "choose one", RIGHT, WRONG) for i in range(2))
    scenario = question("q.s", "scenario", members=parts)
    members = (scenario, *(question(f"q.{i}", "choose one", RIGHT, WRONG, points=2) for i in range(4)))
    pool = question("q.pool", "pool", members=members, draw=3)
    shown = lay_out((pool,), seed)
    assert grade(shown, {}).out_of == 6
    assert len(shown[0].members) == 3


def test_shuffled_questions_are_the_same_questions() -> None:
    questions = [question(f"q.{i}", "choose one", RIGHT, WRONG) for i in range(8)]
    shown = lay_out(questions, "s", shuffle=True)
    assert {each.question.key for each in shown} == {q.key for q in questions}
    assert [each.question.key for each in shown] != [q.key for q in questions]


# ── Grading ──────────────────────────────────────────────────────────────────────────────────────


def test_what_can_be_defended_counts_as_right() -> None:
    assert grade_one(question("q", "choose one", RIGHT, FINE, WRONG), 1).points == 1
    many = question("q", "choose many", RIGHT, FINE, WRONG)
    assert grade_one(many, [0]).right
    assert grade_one(many, [0, 1]).right
    assert not grade_one(many, [1]).right
    assert not grade_one(many, [0, 2]).right


def test_none_can_be_the_right_answer() -> None:
    none_right = question("q", "choose many", WRONG, WRONG)
    assert grade_one(none_right, []).points == 1
    assert grade_one(none_right, None).points == 1
    assert unanswered((none_right,), {}) == ()


def test_all_or_nothing_unless_part_credit() -> None:
    elements = sort("q", 0, 1, 2, 1, points=2)
    assert grade_one(elements, [0, 1, 2, 0]).points == 0
    assert grade_one(sort("q", 0, 1, 2, 1, points=2, part_credit=True), [0, 1, 2, 0]).points == 1
    assert grade_one(sort("q", 0, 1, 2, 1, points=4, part_credit=True), [0, 1, 2, 0]).points == 3


def test_part_credit_never_pays_an_unanswered_question() -> None:
    many = question("q", "choose many", RIGHT, WRONG, WRONG, WRONG, points=4, part_credit=True)
    assert grade_one(many, None).points == 0


def test_a_card_gets_the_note_for_the_group_it_was_put_in() -> None:
    notes = grade_one(sort("q", 0, 1), [1, 2]).notes
    assert [str(note.feedback) for note in notes] == ["plain 0", "two? 1"]
    assert [(note.given, note.right) for note in notes] == [(1, False), (2, False)]


def test_every_note_is_there_before_and_after_an_answer() -> None:
    for each in (
        question("q", "choose one", RIGHT, FINE, WRONG), sort("q", 0, 1, 2), order("q", 4), short_answer("q"),
    ):  # fmt: skip
        assert [n.place for n in grade_one(each, None).notes] == list(
            range(len(each.choices) or len(each.cards) or len(each.steps) or len(each.answers))
        )


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("20", RIGHT), (" Twenty. ", RIGHT), ("TWENTY", RIGHT),
        ("quebec  city", FINE), ("QUÉBEC CITY.", FINE), ("25", WRONG), ("dreißig", WRONG), ("2 0", WRONG),
    ],
)  # fmt: skip
def test_short_answers_ignore_what_does_not_matter(typed: str, mark: str) -> None:
    graded = grade_one(short_answer("q"), typed)
    assert [note.mark for note in graded.notes if note.mine] == [mark]
    assert graded.right == (mark != WRONG)


def test_folding_keeps_letters_that_are_not_accents() -> None:
    assert fold("नमस्ते") == fold("नमस्ते.")
    assert fold("कि") != fold("क")
    assert fold("Ça va ?") == "ca va ?"
    assert fold("don’t") == fold("don't")


def test_a_scenario_earns_the_points_of_its_parts() -> None:
    parts = (question("q.words", "choose one", WRONG, RIGHT), order("q.order", 3, points=2))
    van = question("q.van", "scenario", members=parts, points=9)
    shown = lay_out((van,), "s")
    score = grade(shown, {"q.words": 1, "q.order": [0, 1, 2]})
    assert (score.points, score.out_of) == (3, 3)
    assert [q.key for q in leaves(shown)] == ["q.words", "q.order"]


def test_four_of_five_passes_at_eighty_and_no_rounding_helps() -> None:
    assert passed(4, 5, 80)
    assert not passed(79, 99, 80)
    assert passed(0, 0, 80)


marks = st.lists(st.sampled_from([RIGHT, FINE, WRONG]), min_size=2, max_size=6)


@st.composite
def graded_question(draw: st.DrawFn) -> tuple[Activity, object]:
    points, part = draw(st.integers(1, 5)), draw(st.booleans())
    kind = draw(st.sampled_from(["choose one", "choose many", "spot", "sort", "order"]))
    if kind == "sort":
        groups = draw(st.lists(st.integers(0, 2), min_size=1, max_size=6))
        answer = draw(st.lists(st.none() | st.integers(0, 2), min_size=len(groups), max_size=len(groups)))
        return sort("q", *groups, points=points, part_credit=part), answer
    if kind == "order":
        steps = draw(st.integers(2, 6))
        return order("q", steps, points=points, part_credit=part), draw(st.permutations(range(steps)))
    chosen = draw(marks)
    answer = draw(st.lists(st.integers(0, len(chosen) - 1), unique=True, max_size=len(chosen)))
    asked = question("q", kind, *chosen, points=points, part_credit=part)
    return asked, (answer[0] if answer else None) if kind == "choose one" else answer


@given(graded_question())
def test_points_are_never_below_zero_or_above_the_questions(case: tuple[Activity, object]) -> None:
    asked, raw = case
    graded = grade_one(asked, read_answer(asked, raw))  # type: ignore[arg-type]
    assert 0 <= graded.points <= graded.out_of == asked.points
    assert (graded.points == graded.out_of) >= graded.right
    if asked.part_credit and not graded.right and graded.points:
        share = Fraction(sum(note.right for note in graded.notes), len(graded.notes))
        assert graded.points == int(asked.points * share)


# ── Answers that no page sends ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "raw"),
    [
        (question("q", "choose one", RIGHT, WRONG), 2),
        (question("q", "choose one", RIGHT, WRONG), -1),
        (question("q", "choose one", RIGHT, WRONG), True),
        (question("q", "choose one", RIGHT, WRONG), "0"),
        (question("q", "choose many", RIGHT, WRONG), [0, 5]),
        (question("q", "choose many", RIGHT, WRONG), {"0": 1}),
        (sort("q", 0, 1), [0]),
        (sort("q", 0, 1), [0, 9]),
        (order("q", 3), [0, 1]),
        (order("q", 3), [0, 0, 1]),
        (short_answer("q"), ["20"]),
        (order("q", 3), {"0": 1}),
        (order("q", 3), {"3": "1"}),
    ],
)
def test_an_answer_of_another_shape_is_refused(asked: Activity, raw: object) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_answer(asked, raw)  # type: ignore[arg-type]
    assert refused.value.field == "q"


@pytest.mark.parametrize(
    ("asked", "typed", "kept"),
    [
        (order("q", 3), {"0": "1", "1": " 2", "2": ""}, {"0": "1", "1": "2"}),
        (order("q", 3), {"0": "1", "1": "2", "2": "01"}, {"0": "1", "1": "2", "2": "01"}),
        (order("q", 2), {"0": "first", "1": "²"}, {"0": "first", "1": "²"}),
        (short_answer("q"), "x" * 201, "x" * 201),
    ],
)
def test_what_is_no_answer_yet_is_kept_as_it_was_typed(asked: Activity, typed: Json, kept: Json) -> None:
    assert read_answer(asked, typed) == kept
    assert read_answer(asked, kept) == kept
    assert unanswered((asked,), {"q": kept}) == ("q",)
    assert not grade_one(asked, kept).answered and grade_one(asked, kept).points == 0


def test_numbers_that_give_an_order_are_an_answer() -> None:
    assert read_answer(order("q", 3), {"0": "7", "1": "0", "2": "3"}) == [1, 2, 0]
    assert read_answer(order("q", 3), {"0": "", "1": " "}) is None


def test_answers_to_other_questions_are_left_out() -> None:
    assert read_answers((question("q.a", "choose one", RIGHT, WRONG),), {"q.a": 0, "q.z": 1}) == {"q.a": 0}


def test_a_half_sorted_question_still_wants_an_answer() -> None:
    asked = sort("q", 0, 1)
    assert unanswered((asked,), {"q": [0, None]}) == ("q",)
    assert unanswered((asked,), {"q": [0, 0]}) == ()


def test_a_branching_has_no_shuffle() -> None:
    assert lay_out((branching(),), "s")[0].order == ()
