"""Activities and quizzes: checked part by part, graded whole, one attempt for one form."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from lms.enrollments.models import Enrollment
from lms.kernel.errors import Conflict, RuleBroken
from lms.responses.chance import seed_for
from lms.responses.grading import grade, lay_out
from lms.responses.models import ActivityAttempt, Answer, Draft, DraftConflict, QuizAttempt
from lms.responses.queries.quizzes import answers, attempts, layout
from lms.responses.queries.states import course_states, page_states
from lms.responses.services.activities import record_activity
from lms.responses.services.drafts import Place, Stale, choose, save_draft
from lms.responses.services.quizzes import AttemptMade, record_attempt
from tests.db.facts.world import CASES, NOW, QUIZ, REWRITE, RIGHT, World, later


@pytest.fixture
def one(world: World) -> Enrollment:
    return world.enrolled()


def check(world: World, one: Enrollment, part: str, values: dict[str, Any], minutes: float = 0) -> bool:
    return record_activity(
        world.session, enrollment_id=one.id, version_id=one.version_id, activity=CASES, part_key=part,
        values=values, now=later(minutes),
    ).done  # fmt: skip


def submit(
    world: World, one: Enrollment, token: str = "t1", number: int = 1, values: Any = None, quiz: Any = QUIZ,
    revision: int | None = None,
) -> Any:  # fmt: skip
    return record_attempt(
        world.session, enrollment_id=one.id, version_id=one.version_id, quiz=quiz, number=number,
        values=RIGHT if values is None else values, submit_token=token, now=later(number), revision=revision,
    )  # fmt: skip


# ── Activities ───────────────────────────────────────────────────────────────────────────────────


def test_an_activity_is_done_with_its_last_part_and_only_once(world: World, one: Enrollment) -> None:
    assert check(world, one, "cc-1-1.first", {"cc-1-1.first": 1})
    assert course_states(world.session, one.id).activities == {"cc-1-1.first"}
    assert check(world, one, "cc-1-1.second", {"cc-1-1.second": 0}, 1)
    assert check(world, one, "cc-1-1.first", {"cc-1-1.first": 0}, 2)
    rows = {(row.key, row.number) for row in world.all(ActivityAttempt)}
    assert rows == {("cc-1-1.first", 1), ("cc-1-1.first", 2), ("cc-1-1.second", 1), ("cc-1-1.cases", 1)}


def test_an_open_part_keeps_what_was_typed_and_makes_no_attempt(world: World, one: Enrollment) -> None:
    assert not check(world, one, "cc-1-1.second", {"cc-1-1.why": "because"})
    assert world.all(ActivityAttempt) == []
    draft = page_states(world.session, one.id, "cc-1-1").draft("cc-1-1.second")
    assert draft is not None and draft.values == {"cc-1-1.why": "because"}


def test_notes_go_when_the_answer_is_changed_after_the_check(world: World, one: Enrollment) -> None:
    check(world, one, "cc-1-1.first", {"cc-1-1.first": 1})
    assert page_states(world.session, one.id, "cc-1-1").checked("cc-1-1.first")
    place = Place(one.id, "cc-1-1.first")
    save_draft(world.session, place, revision=1, values={"cc-1-1.first": 0}, now=later(3))
    states = page_states(world.session, one.id, "cc-1-1")
    assert not states.checked("cc-1-1.first")
    assert states.checks["cc-1-1.first"].tries == 1


def test_a_stale_check_keeps_the_text_of_the_other_device(world: World, one: Enrollment) -> None:
    place = Place(one.id, REWRITE.key)
    save_draft(world.session, place, revision=0, values={REWRITE.key: "on the phone"}, now=NOW)
    record_activity(
        world.session, enrollment_id=one.id, version_id=one.version_id, activity=REWRITE,
        part_key=REWRITE.key, values={REWRITE.key: "on the laptop"}, now=later(1), revision=0,
    )  # fmt: skip
    draft = page_states(world.session, one.id, "cc-1-1").draft(REWRITE.key)
    assert draft is not None
    assert (draft.values, draft.conflicts) == ({REWRITE.key: "on the laptop"}, 1)


def test_a_page_reads_its_states_in_one_query(world: World, one: Enrollment) -> None:
    def statements() -> int:
        with world.database.counted() as sent:
            page_states(world.session, one.id, "cc-1-1")
            course_states(world.session, one.id)
        return len(sent)

    assert statements() == 2
    for minute in range(3):
        check(world, one, "cc-1-1.first", {"cc-1-1.first": 1}, minute)
        check(world, one, "cc-1-1.second", {"cc-1-1.second": 1}, minute)
    submit(world, one)
    assert statements() == 2


def test_another_page_and_another_person_are_not_in_it(world: World, one: Enrollment) -> None:
    other = world.enrolled(version=world.version())
    save_draft(world.session, Place(one.id, "cc-1-10.x"), revision=0, values={"a": "b"}, now=NOW)
    save_draft(world.session, Place(other.id, "cc-1-1.x"), revision=0, values={"a": "b"}, now=NOW)
    assert page_states(world.session, one.id, "cc-1-1").drafts == {}


# ── Quizzes ──────────────────────────────────────────────────────────────────────────────────────


def test_a_stale_page_spends_no_attempt_and_loses_nothing(world: World, one: Enrollment) -> None:
    place, phone = Place(one.id, QUIZ.key), {next(iter(RIGHT)): RIGHT[next(iter(RIGHT))]}
    save_draft(world.session, place, revision=0, values=phone, now=NOW)
    assert submit(world, one, revision=0) == Stale(1, phone, 1)
    assert submit(world, one, revision=1) == Stale(2, RIGHT, 1), "the other text waits for a choice"
    assert world.all(QuizAttempt) == []
    assert len(world.all(DraftConflict)) == 1
    choose(world.session, place, number=1, keep="draft", now=later(1))
    assert isinstance(submit(world, one, revision=2), AttemptMade)
    assert world.all(Draft) == []


def test_a_form_sent_twice_is_one_attempt(world: World, one: Enrollment) -> None:
    first = submit(world, one)
    second = submit(world, one)
    assert (first.again, second.again) == (False, True)
    assert (second.number, second.points) == (first.number, first.points)
    assert len(world.all(QuizAttempt)) == 1


def test_a_window_left_open_does_not_spend_an_attempt(world: World, one: Enrollment) -> None:
    submit(world, one, "t1")
    with pytest.raises(Conflict):
        submit(world, one, "t2", number=1)
    with pytest.raises(Conflict):
        submit(world, one, "t2", number=3)
    assert submit(world, one, "t2", number=2).number == 2


def test_somebody_elses_form_is_refused(world: World, one: Enrollment) -> None:
    submit(world, one, "t1")
    other = world.enrolled(version=world.version())
    with pytest.raises(Conflict):
        submit(world, other, "t1")


def test_an_open_question_spends_no_attempt_and_keeps_the_draft(world: World, one: Enrollment) -> None:
    save_draft(world.session, Place(one.id, QUIZ.key), revision=0, values={"cc-1-quiz.one": 1}, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        submit(world, one, values=RIGHT | {"cc-1-quiz.sort": [0, None, 1]})
    assert (refused.value.code, refused.value.field) == ("unanswered", "cc-1-quiz.sort")
    assert world.all(QuizAttempt) == []
    assert len(world.all(Draft)) == 1
    submit(world, one)
    assert world.all(Draft) == []


def test_the_number_of_attempts_may_be_bounded(world: World, one: Enrollment) -> None:
    twice = replace(QUIZ, attempts=2)
    for number in (1, 2):
        submit(world, one, f"t{number}", number, quiz=twice)
    with pytest.raises(RuleBroken) as refused:
        submit(world, one, "t3", 3, quiz=twice)
    assert refused.value.code == "attempts_used"


def test_an_attempt_is_laid_out_again_as_it_was_shown(world: World, one: Enrollment) -> None:
    given = RIGHT | {"cc-1-quiz.one": 1, "cc-1-quiz.many": [], "cc-1-quiz.short": "25"}
    made = submit(world, one, values=given)
    assert (made.points, made.out_of, made.passed) == (3, 6, False)
    (row,) = attempts(world.session, one.id, QUIZ.key)
    assert layout(QUIZ, row) == lay_out(QUIZ.questions, seed_for(one.id, QUIZ.key, 1), QUIZ.shuffle)
    assert list(row.drawn) == [each.question.key for each in layout(QUIZ, row)]
    assert answers(world.session, one.id, QUIZ, row) == given
    assert grade(layout(QUIZ, row), given).points == row.points


def test_a_verdict_outlives_its_answers(world: World, one: Enrollment) -> None:
    submit(world, one)
    for answer in world.all(Answer):
        world.session.delete(answer)
    (row,) = attempts(world.session, one.id, QUIZ.key)
    assert row.passed
    assert answers(world.session, one.id, QUIZ, row) is None


def test_the_best_attempt_stands_for_the_quiz(world: World, one: Enrollment) -> None:
    submit(world, one, "t1", 1)
    submit(world, one, "t2", 2, RIGHT | {"cc-1-quiz.one": 1})
    state = course_states(world.session, one.id).quizzes[QUIZ.key]
    assert (state.tries, state.best, state.passed) == (2, 6, True)


def test_what_a_database_refuses_is_taken_out_of_a_short_answer(world: World, one: Enrollment) -> None:
    submit(world, one, values=RIGHT | {"cc-1-quiz.short": "tw\x00enty\ud800"})
    (row,) = attempts(world.session, one.id, QUIZ.key)
    kept = answers(world.session, one.id, QUIZ, row)
    assert kept is not None and kept["cc-1-quiz.short"] == "twenty?"
