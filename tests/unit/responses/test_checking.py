"""An activity of a lesson is done when it was checked once, all parts; never when it is right."""

from __future__ import annotations

import pytest

from lms.kernel.errors import RuleBroken
from lms.responses.checking import all_checked, check, part_of, read_part, walk
from tests.unit.responses.build import branching, field, order, question, sort


def test_a_wrong_answer_is_a_done_activity() -> None:
    marks = question("p.a", "choose one", "right", "wrong")
    checked = check(marks, read_part(marks, {"p.a": 1}))
    assert checked.done
    assert not checked.graded["p.a"].right


def test_an_open_activity_says_what_is_missing() -> None:
    asked = sort("p.s", 0, 1)
    assert check(asked, read_part(asked, {"p.s": [0, None]})).missing == ("p.s",)


def test_choose_and_justify_wants_both() -> None:
    why = field("p.why", needed=True)
    asked = question("p.a", "choose one", "right", "wrong", after=(why,))
    assert check(asked, {"p.a": 0}).missing == ("p.why",)
    assert check(asked, {"p.why": "because"}).missing == ("p.a",)
    assert check(asked, {"p.a": 0, "p.why": "because"}).done


def test_a_doing_with_fields_wants_the_needed_ones_and_at_least_one() -> None:
    optional = question("p.d", "do", blocks=(field("p.one"), field("p.two")))
    assert check(optional, {}).missing == ("p.one",)
    assert check(optional, {"p.two": "x"}).done
    needed = question("p.d", "do", blocks=(field("p.one", needed=True), field("p.two")))
    assert check(needed, {"p.two": "x"}).missing == ("p.one",)


def test_a_doing_without_fields_is_ticked() -> None:
    walked = question("p.d", "do")
    assert check(walked, read_part(walked, {})).missing == ("p.d",)
    assert check(walked, read_part(walked, {"p.d": True})).done
    assert not check(walked, read_part(walked, {"p.d": False})).done


def test_a_rewrite_wants_a_text() -> None:
    rewrite = question("p.r", "rewrite")
    assert not check(rewrite, read_part(rewrite, {"p.r": "  "})).done
    assert check(rewrite, read_part(rewrite, {"p.r": "Glad you are here."})).done


def test_a_branching_is_done_at_an_ending_and_may_loop() -> None:
    late = branching()
    assert not check(late, read_part(late, {"p.b": [0, 0, 1]})).done
    assert check(late, read_part(late, {"p.b": [0, 0, 1, 0]})).done
    path = walk(late, [0, 1])
    assert (path.part.anchor, path.ended) == ("desk", False)
    assert [(step.part.anchor, step.place) for step in path.taken] == [("door", 0), ("door", 1)]


@pytest.mark.parametrize("path", [[3], [2, 0], [-1], ["0"], [True], [0] * 201])
def test_a_path_that_the_branching_does_not_have_is_refused(path: list[object]) -> None:
    late = branching()
    with pytest.raises(RuleBroken):
        read_part(late, {"p.b": path})  # type: ignore[dict-item]


def test_an_activity_with_parts_is_done_with_the_last_of_them() -> None:
    parts = (question("p.a.1", "choose one", "right", "wrong"), order("p.a.2", 2))
    whole = question("p.a", "activity", members=parts)
    assert part_of(whole, "p.a.2") is parts[1]
    assert not all_checked(whole, {"p.a.1"})
    assert all_checked(whole, {"p.a.1", "p.a.2", "p.other"})
    with pytest.raises(RuleBroken):
        part_of(whole, "p.a.3")


@pytest.mark.parametrize("raw", [{"p.zzz": 1}, {"p.d": "yes"}, {"p.d": [1]}])
def test_what_the_activity_does_not_hold_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        read_part(question("p.d", "do"), raw)  # type: ignore[arg-type]
