"""Who may read a hand-in, and what the criteria add up to."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.nodes import NOTHING, Criterion, Rubric
from lms.kernel.errors import RuleBroken
from lms.responses.reviewing import (
    ReviewCase,
    Reviewer,
    may_hand_in,
    may_review,
    peers_allowed,
    read_criteria,
    verdict_of,
)

LEVELS = (NOTHING, NOTHING, NOTHING)
PEER = "facilitator, or self and one peer"


def rubric(count: int, strong: tuple[int, ...] = ()) -> Rubric:
    return Rubric("p.r", tuple(Criterion(n, NOTHING, LEVELS, n in strong) for n in range(1, count + 1)))


flags = st.booleans()


@given(flags, flags, st.sampled_from(["facilitator", PEER]), flags, flags, flags)
def test_nobody_ever_reviews_themselves(a: bool, b: bool, c: str, d: bool, e: bool, f: bool) -> None:
    assert may_review(ReviewCase(1, a, b, c), Reviewer(1, d, e, f)) is None  # type: ignore[arg-type]


def test_the_nearest_reader_wins() -> None:
    everything = Reviewer(2, True, True, True)
    assert may_review(ReviewCase(1, True, True, PEER), everything) == "facilitator"
    assert may_review(ReviewCase(1, False, True, PEER), everything) == "organization"
    assert may_review(ReviewCase(1, False, False, PEER), everything) == "peer"
    assert may_review(ReviewCase(1, False, False, "facilitator"), everything) is None


def test_a_queue_or_a_peer_does_not_reach_into_a_cohort() -> None:
    for queue, peer in product((True, False), repeat=2):
        assert may_review(ReviewCase(1, True, True, PEER), Reviewer(2, False, queue, peer)) is None
    assert may_review(ReviewCase(1, False, True, PEER), Reviewer(2, False, False, True)) is None


def test_a_peer_is_asked_only_where_nobody_else_answers() -> None:
    assert peers_allowed(ReviewCase(1, False, False, PEER))
    assert not peers_allowed(ReviewCase(1, False, True, PEER))
    assert not peers_allowed(ReviewCase(1, False, False, "facilitator"))


def test_a_criterion_that_must_be_strong_holds_the_whole_back() -> None:
    four = rubric(4, strong=(2,))
    assert verdict_of(four, {1: "strong", 2: "meets", 3: "strong", 4: "strong"}) == "not_yet"
    assert verdict_of(four, {1: "meets", 2: "strong", 3: "meets", 4: "strong"}) == "meets"
    assert verdict_of(four, {1: "meets", 2: "strong", 3: "not_yet", 4: "strong"}) == "not_yet"
    assert verdict_of(four, dict.fromkeys(range(1, 5), "strong")) == "strong"


@pytest.mark.parametrize(
    "given_", [{}, {1: "meets"}, {1: "meets", 2: "great"}, {1: "meets", 2: "meets", 3: "meets"}]
)
def test_each_criterion_is_read_and_no_other(given_: dict[int, str]) -> None:
    with pytest.raises(RuleBroken):
        read_criteria(rubric(2), given_)


def test_a_text_is_handed_in_again_only_after_an_answer_below_the_level() -> None:
    assert may_hand_in(None, "meets")
    assert not may_hand_in("waiting", "meets")
    assert may_hand_in("not_yet", "meets")
    assert not may_hand_in("meets", "meets")
    assert may_hand_in("meets", "strong")
    assert not may_hand_in("strong", "strong")
