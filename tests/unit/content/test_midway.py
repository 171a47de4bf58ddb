"""What somebody in the middle would feel of another version, in words."""

from __future__ import annotations

from lms.content.diff import compare
from lms.content.midway import Midway, midway
from tests.unit.content.builder import compile_files, example

QUIZ = "1-the-first-minute/quiz.md"
SHEET = "1-the-first-minute/toolkit/t1-week-sheet.md"
LESSON = "1-the-first-minute/1-at-the-door.md"


def _felt(*edits: tuple[str, str, str]) -> Midway:
    """Of the example course with these words changed: file, before, after."""
    files = example()
    old = compile_files(files).course
    for file, before, after in edits:
        assert before.encode() in files[file]
        files[file] = files[file].replace(before.encode(), after.encode())
    result = compile_files(files)
    assert old is not None and result.course is not None, result.problems
    return midway(old, result.course, compare(old, result.course))


def test_the_same_text_is_felt_by_nobody() -> None:
    felt = _felt()
    assert (felt.new_to_do, felt.changed, felt.gone, felt.minutes) == ((), (), (), ())
    assert felt.kept[0].startswith("Who has done them keeps 13 of the 13 steps")


def test_another_right_answer_and_other_words_stand_under_an_answer() -> None:
    felt = _felt(
        (QUIZ, "- [x] Say good morning.", "- [ ] Say good morning."),
        (QUIZ, "- [ ] Ask for the pass.", "- [x] Ask for the pass."),
        (QUIZ, "How many seconds does", "How many seconds, then, does"),
    )
    assert felt.changed == (
        "What counts as right changes in 'First' (fm-1-quiz.first).",
        "'How long?' (fm-1-quiz.long) is worded anew above its answers.",
    )
    assert (felt.new_to_do, felt.gone, felt.minutes) == ((), (), ())


def test_what_gets_another_key_is_new_to_do_and_its_text_is_not_lost() -> None:
    felt = _felt(
        (LESSON, "`do #walk", "`do #stroll, was fm-1-1.walk"),
        (LESSON, "instead of #walk", "instead of #stroll"),
    )
    assert "would have to do it again" in felt.new_to_do[0] and "fm-1-1.walk" in felt.new_to_do[0]
    assert felt.gone == (
        "'Walk the hall' (fm-1-1.walk) goes. What was written there is found under 'Your texts'.",
    )
    assert "keeps 12 of the 13 steps" in felt.kept[0]


def test_a_field_that_must_be_filled_in_and_one_that_is_gone() -> None:
    felt = _felt((LESSON, "`short #my-words`", "`short #my-words, needed`"))
    assert [each.endswith("must now be filled in.") for each in felt.new_to_do] == [True]
    felt = _felt((LESSON, "`short #my-words`", "`short #other-words`"))
    assert [each.endswith("is new, and nothing that is required.") for each in felt.new_to_do] == [True]
    assert [each.endswith("found under 'Your texts'.") for each in felt.gone] == [True]


def test_other_minutes_are_told_with_the_sum() -> None:
    felt = _felt((SHEET, "minutes: 30", "minutes: 29"))
    assert felt.minutes == (
        "All that is required earns 135 minutes instead of 136.",
        "'FM-T1 Week sheet' (fm-t1) earns 29 minutes instead of 30.",
    )
