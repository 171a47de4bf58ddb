"""Words, minutes and clock hours: what is counted, and what is refused."""

from __future__ import annotations

import pytest

from lms.content.effort import grade_of
from lms.content.nodes import Requirement
from tests.unit.content.builder import COURSE, HOUR, compile_files, course_of, files, lesson_of, sheet

LESSON = "---\nkey: l\nobjective: x\nminutes: {}\n---\n\n# Two words\n\n{}\n"


def _words(body: str) -> int:
    """Of the body alone: the title has one word, and what `lesson_of` adds after a break 225."""
    return lesson_of(body).reading_words - 226


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("One two three.", 3),
        ("## One two\n\nThree", 3),
        ("> **Scene: One *two*.** Three four", 4),
        ("> **Good to know.** One two", 2),
        ("> One\n>\n> two", 2),
        ("- one\n- two", 2),
        ("| one | two |\n| --- | --- |\n| three | four |", 4),
        ("**A:** One two.\n\n**B:** Three.", 3),
        ("One [@LJ-2012] two", 2),
        ("Tell {{report-to}}", 3),
        ("[one two](https://example.org)", 2),
        ("don't, well-known, 3.5", 3),
    ],
)
def test_headings_text_and_boxes_are_read(body: str, words: int) -> None:
    assert _words(body) == words


@pytest.mark.parametrize(
    "body",
    [
        "## A b\n`do #a`\n\nOne two three.",
        "## A b\n`choose one #a`\n\nOne?\n\n- [x] a\n    > b\n- [ ] c\n    > d",
    ],
)
def test_activities_are_not_read(body: str) -> None:
    assert _words(body) == 0


def test_of_role_variants_the_longest_is_read() -> None:
    body = "## For teachers\n\none\n\n## For administrators\n\none two three\n\n## Then\n\nfour"
    assert _words(body) == 2 + 3 + 1 + 1


def test_words_are_summed_in_a_lesson_and_floored() -> None:
    def minutes(words: int, claim: int) -> list[str]:
        text = LESSON.format(claim, " ".join(["word."] * (words - 2)))
        found = compile_files(files(lesson=text)).problems
        return [problem.message for problem in found if problem.code == "minutes-high"]

    assert minutes(400, 2) == []
    assert minutes(399, 2) == ["Claims 2 minutes; text and activities come to 1."]


def test_minutes_of_what_stands_in_are_counted_once() -> None:
    body = "## A\n`do #a, 5 min`\n\nx\n\n## B\n`do #b, instead of #a, 5 min`\n\ny"
    found = compile_files(files(lesson=LESSON.format(6, body))).problems
    assert [problem.message for problem in found] == ["Claims 6 minutes; text and activities come to 5."]


def test_clock_hours_are_whole_hours_rounded_down() -> None:
    hours = COURSE.replace("clock-hours: 1", "clock-hours: 2")
    almost = HOUR.replace("60", "119")
    found = compile_files(files(course=hours, hour=almost)).problems
    assert [problem.message for problem in found] == ["Claims 2 clock hours; the course earns 1."]
    assert compile_files(files(course=hours, hour=HOUR.replace("60", "120"))).problems == ()


# ── Reading ease ─────────────────────────────────────────────────────────────────────────────────

EASY = "We stand by the door. The sun is up. A boy runs in and he is late. " * 12
HARD = (
    "Institutional accountability mechanisms necessitate organizational deliberation regarding "
    "interpersonal responsibilities. " * 15
)
EASY_ES = "Vamos a la puerta. El sol ya sale. Un niño llega tarde y corre. " * 12


def test_everyday_words_in_short_sentences_are_easy() -> None:
    assert grade_of(EASY, "en") <= 4
    assert grade_of(HARD, "en") >= 16
    assert grade_of(EASY_ES, "es") <= 4


def test_a_text_of_a_few_words_has_no_grade() -> None:
    assert grade_of(HARD[:300], "en") == 0


def test_spanish_has_a_formula_of_its_own() -> None:
    easy = "El niño va a la casa. La luz es buena. Yo soy su amigo. Hoy hay sol. " * 8
    hard = (
        "La administración institucional contemporánea necesita desarrollar capacidades extraordinarias de"
        " comunicación interpersonal particularmente significativas. "
    ) * 10
    assert grade_of(easy, "es") < 3
    assert grade_of(hard, "es") > 9
    assert grade_of(hard, "es") != grade_of(hard, "en")


def test_a_long_sentence_is_told_where_it_begins() -> None:
    long = "and so on we go " * 9
    body = f"Short one. This one is {long}. Then another.\nThis begins a line {long}.\n\n- This is an item {long}.\n"
    found = compile_files(files(lesson=LESSON.format(1, body))).problems
    assert [(p.line, p.column) for p in found if p.code == "sentence-long"] == [(9, 12), (10, 1), (12, 3)]


def test_a_list_and_a_table_are_no_sentence() -> None:
    items = "\n".join("- some words of one item of a list" for _ in range(20))
    rows = "\n".join("| some words | of one cell |" for _ in range(20))
    body = f"{items}\n\n| a | b |\n| --- | --- |\n{rows}\n"
    found = compile_files(files(lesson=LESSON.format(1, body))).problems
    assert [problem.code for problem in found if problem.code == "sentence-long"] == []


# ── Requirements ─────────────────────────────────────────────────────────────────────────────────


def _requirements(requires: str, **texts: str) -> dict[str, Requirement]:
    course = course_of(course=COURSE.replace("  lessons: all\n  activities: all\n", requires), **texts)
    return {requirement.key: requirement for requirement in course.requirements}


TWO = "## A\n`do #a, 5 min`\n\nx\n\n## B\n`do #b, instead of #a, 5 min`\n\ny\n\n## C\n`do #c, 4 min`\n\nz"


def test_a_lesson_pays_for_its_activities_when_both_are_required() -> None:
    found = _requirements("  lessons: all\n  activities: all\n", lesson=LESSON.format(9, TWO))
    assert {key: each.minutes for key, each in found.items()} == {
        "l": 9, "l.a": 0, "l.c": 0, "hour": 60, "hour.wait": 0,
    }  # fmt: skip
    assert found["l.a"].also == ("l.b",)
    assert found["l.a"].page_key == "l"


def test_activities_pay_for_themselves_when_lessons_are_not_required() -> None:
    found = _requirements("  activities: all\n", lesson=LESSON.format(9, TWO))
    assert {key: each.minutes for key, each in found.items()} == {"l.a": 5, "l.c": 4, "hour.wait": 60}


def test_a_lesson_without_its_activities_pays_for_its_reading_alone() -> None:
    longer = HOUR.replace("60", "70").replace("Wait. [", " ".join(["word."] * 400) + " [")
    made = files(
        course=COURSE.replace("  activities: all\n", ""),
        hour=longer,
    )
    found = compile_files(made)
    assert [problem.message for problem in found.problems if problem.code == "hours-high"] == [
        "Claims 1 clock hour; the course earns 0."
    ]


def test_a_whole_lesson_can_be_replaced_for_equal_credit() -> None:
    other = HOUR.replace("key: hour", "key: other\nalternative-to: hour").replace("#wait", "#walk")
    made = files()
    made["1-one/10-other.md"] = other.encode()
    course = compile_files(made).course
    assert course is not None
    assert [(each.key, each.minutes, each.also) for each in course.requirements] == [
        ("hour", 60, ("other",)), ("hour.wait", 0, ("other.walk",)),
    ]  # fmt: skip
    assert course.design_minutes == 60


def test_only_sheets_with_minutes_are_tried_out_and_make_ups_are_outside_the_core() -> None:
    paper = sheet("\n**A** `short #a`\n", "who: All\nminutes: 20\nform: paper\nsittings: [One, Two]")
    made_up = sheet("\n**A** `short #a, needed`\n", "who: All\nminutes: 25").replace("key: t", "key: up")
    found = _requirements(
        "  activities: all\n  try-outs: all counted\n",
        sheet=paper,
        second=made_up,
        session="---\nkey: s\nminutes: 25\nmake-up: up\n---\n\n# S\n\n## 25 min: A\n\nx\n",
    )
    assert list(found) == ["hour.wait", "t"]
    assert (found["t"].minutes, found["t"].paper, found["t"].sittings) == (20, True, ("One", "Two"))


def test_quizzes_reflections_and_the_capstone_are_required_at_a_level() -> None:
    found = _requirements(
        "  activities: all\n  quizzes: all at 90\n  reflections: all at strong\n  capstone: all at meets\n",
        quiz="---\nkey: q\npass: 80\nminutes: 10\n---\n\n# Q\n\n## A\n`true or false #a`\n\n- [x] a\n    > b\n"
        "- [ ] c\n    > d\n\nSee [An hour](9-hour.md#an-hour).\n\n## R\n`reflection #r, 15 min`\n\n"
        "| Not yet | Meets | Strong |\n| --- | --- | --- |\n| a | b | c |\n",
        capstone="---\nkey: cap\nminutes: 30\n---\n\n# C\n\n## R\n`rubric #r`\n\n"
        "| Not yet | Meets | Strong |\n| --- | --- | --- |\n| a | b | c |\n",
    )
    assert (found["q"].pass_percent, found["q"].minutes) == (90, 10)
    reflection, capstone = found["q.r"], found["cap"]
    assert (reflection.level, reflection.page_key, reflection.minutes) == ("strong", "q", 15)
    assert (capstone.level, capstone.minutes, capstone.reviewers) == ("meets", 30, "facilitator")
