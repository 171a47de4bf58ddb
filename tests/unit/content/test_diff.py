"""What changed between two versions, by key, and the class of release it needs."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from lms.content.diff import VersionDiff, compare
from lms.content.nodes import (
    NOTHING,
    Activity,
    Card,
    Choice,
    Course,
    Criterion,
    Field,
    Insert,
    Lesson,
    Module,
    Prose,
    Quiz,
    Reflection,
    Release,
    Requirement,
    Rubric,
    SafeHtml,
    Source,
    Spelling,
    Step,
    Toolkit,
)  # fmt: skip
from lms.content.release_class import release_class_needed
from tests.unit.content.random_courses import random_course


def html(words: str) -> SafeHtml:
    return SafeHtml(words)


def prose(words: str) -> Prose:
    return Prose(html(f"<p>{words}</p>"))


def question(key: str, *choices: tuple[str, Any], kind: Any = "choose one", **more: Any) -> Activity:
    made = tuple(Choice(html(words), mark, html("Because.")) for words, mark in choices)
    return Activity(key, kind, html("Which?"), key.split(".")[1], 2, choices=made, **more)


def lesson(key: str, *blocks: Any, minutes: int = 10, **more: Any) -> Lesson:
    return Lesson(
        key, html(f"Lesson {key}"), f"Lesson {key}", "Name it.", minutes, 900, tuple(blocks), **more
    )


FIELD = Field("t.why", "long", html("Why"), "Why", needed=True)
RUBRIC = Rubric("q.adult", (Criterion(1, NOTHING, (html("n"), html("m"), html("s"))),))


def module(key: str, number: int, *lessons: Lesson, **more: Any) -> Module:
    values: dict[str, Any] = {"blocks": (), "toolkits": (), "quiz": None, **more}
    return Module(key, number, html(key), key, "", lessons=tuple(lessons), **values)


def quiz(*questions: Activity) -> Quiz:
    reflection = Reflection("q.adult", html("An adult"), "an-adult", (prose("Who?"),), RUBRIC, 15, 80, 300)
    return Quiz("q", html("Quiz"), "Quiz", 80, None, 10, False, (), tuple(questions), (reflection,))


ASKED = question("q.van", ("Stop", "right"), ("Drive on", "wrong"))
TRIED = question("a.bus", ("Wait", "right"), ("Go", "wrong"), minutes=3)


def course(**changes: Any) -> Course:
    sheet = Toolkit("t", html("Sheet"), "Sheet", "You", 5, "worksheet", "me", (), (FIELD, prose("Fold it.")))
    values: dict[str, Any] = {
        "key": "c", "title": html("Course"), "title_text": "Course", "language": "en", "license": "CC-BY-4.0",
        "audience": ("teachers",), "topic": "x", "content_areas": (), "needs_assessment": "",
        "objectives": ("Name it.",), "clock_hours": 1, "design_minutes": 60, "reviewers": "facilitator",
        "privacy_line": NOTHING, "every_page": (), "release": Release("substantive", "First."), "blocks": (),
        "modules": (
            module("m1", 1, lesson("a", prose("One."), TRIED, prose("Two.")), lesson("b"), toolkits=(sheet,)),
            module("m2", 2, lesson("d"), quiz=quiz(ASKED)),
        ),
        "capstone": None, "sessions": (),
        "requirements": (
            Requirement("lesson", "a", "a", "Lesson a", 10),
            Requirement("quiz", "q", "q", "Quiz", 10, pass_percent=80),
        ),
        "sources": (Source("S-1", ("law",), False, "2026-01-01", html("S"), NOTHING),),
        "inserts": (Insert("report-now", "2026-01-01", html("call")),),
    }  # fmt: skip
    return Course(**{**values, **changes})


BASE = course()


def with_lessons(*lessons: Lesson) -> Course:
    return replace(BASE, modules=(replace(BASE.modules[0], lessons=tuple(lessons)), BASE.modules[1]))


def with_question(*questions: Activity) -> Course:
    return replace(BASE, modules=(BASE.modules[0], replace(BASE.modules[1], quiz=quiz(*questions))))


def keys(things: Any) -> list[str]:
    return [each.key for each in things]


def needed(new: Course, old: Course = BASE) -> str:
    return release_class_needed(compare(old, new))[0]


def test_nothing_changed_is_nothing() -> None:
    assert not compare(BASE, course())
    assert compare(BASE, course()) == VersionDiff()
    assert release_class_needed(VersionDiff()) == ("editorial", ())


@pytest.mark.parametrize("seed", range(30))
def test_a_course_does_not_differ_from_itself_and_the_same_difference_reads_both_ways(seed: int) -> None:
    one, other = random_course(seed), random_course(seed + 1000)
    assert not compare(one, one)
    there, back = compare(one, other), compare(other, one)
    if not there.renamed and not back.renamed:
        assert set(keys(there.added)) == set(keys(back.removed))
        assert set(keys(there.removed)) == set(keys(back.added))


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_added_and_removed() -> None:
    new = with_lessons(lesson("a", prose("One."), prose("Two.")), lesson("b"), lesson("c"))
    diff = compare(BASE, new)
    assert keys(diff.added) == ["c"]
    assert keys(diff.removed) == ["a.bus"]
    assert diff.texts == ()
    assert needed(new) == "minor"


def test_another_order_names_only_what_moved() -> None:
    old = with_lessons(lesson("a", TRIED), lesson("b"), lesson("c"), lesson("e"))
    new = with_lessons(lesson("e"), lesson("a", TRIED), lesson("b"), lesson("c"))
    assert [each.thing.key for each in compare(old, new).moved] == ["e"]
    assert needed(new, old) == "minor"


def test_a_lesson_in_another_module_has_moved() -> None:
    new = replace(
        BASE,
        modules=(
            replace(BASE.modules[0], lessons=BASE.modules[0].lessons[:1]),
            replace(BASE.modules[1], lessons=(lesson("d"), lesson("b"))),
        ),
    )
    assert [(each.thing.key, each.before, each.after) for each in compare(BASE, new).moved] == [
        ("b", "m1", "m2")
    ]


def test_a_renamed_key_is_the_same_thing() -> None:
    renamed = replace(TRIED, key="a.coach", was="a.bus")
    diff = compare(BASE, with_lessons(lesson("a", prose("One."), renamed, prose("Two.")), lesson("b")))
    assert [(each.old_key, each.thing.key) for each in diff.renamed] == [("a.bus", "a.coach")]
    assert diff.added == diff.removed == diff.moved == diff.answers == diff.texts == ()


def test_a_renamed_lesson_takes_its_activities_with_it() -> None:
    moved = lesson("z", prose("One."), replace(TRIED, key="z.bus"), prose("Two."), was="a")
    diff = compare(BASE, with_lessons(moved, lesson("b")))
    assert [(each.old_key, each.thing.key) for each in diff.renamed] == [("a", "z"), ("a.bus", "z.bus")]
    assert diff.added == diff.removed == diff.moved == ()


def test_an_activity_that_went_to_another_page_is_renamed_and_moved() -> None:
    new = with_lessons(
        lesson("a", prose("One."), prose("Two.")), lesson("b", replace(TRIED, key="b.bus", was="a.bus"))
    )
    diff = compare(BASE, new)
    assert [each.thing.key for each in diff.renamed] == ["b.bus"]
    assert [(each.before, each.after) for each in diff.moved] == [("a", "b")]


def test_a_was_of_an_older_version_is_no_news() -> None:
    old = with_lessons(lesson("a", replace(TRIED, was="x.old")), lesson("b"))
    assert not compare(old, old)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────

RIGHT, WRONG = "right", "wrong"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ([("A", RIGHT), ("B", WRONG)], [("A", WRONG), ("B", RIGHT)], False),
        ([("A", RIGHT), ("B", WRONG)], [("B", RIGHT), ("A", WRONG)], False),
        ([("A", RIGHT), ("B", WRONG)], [("B", WRONG), ("A", RIGHT)], True),
        ([("A", RIGHT), ("B", WRONG)], [("A!", RIGHT), ("B", WRONG)], True),
        ([("A", RIGHT), ("B", WRONG)], [("A!", RIGHT), ("B!", WRONG)], True),
        ([("A", RIGHT), ("B", WRONG)], [("A!", WRONG), ("B!", RIGHT)], False),
        ([("A", RIGHT), ("B", WRONG)], [("A", RIGHT), ("B", WRONG), ("C", WRONG)], False),
        ([("A", RIGHT), ("B", WRONG), ("C", WRONG)], [("A", RIGHT), ("B", WRONG)], False),
        ([("A", RIGHT), ("B", WRONG)], [("A", "defensible"), ("B", WRONG)], False),
        ([("<em>A</em>", RIGHT), ("B", WRONG)], [("A", RIGHT), ("B", WRONG)], True),
    ],
)
def test_a_choice_may_be_reworded_or_moved_but_its_mark_stays(before: Any, after: Any, same: bool) -> None:
    old, new = with_question(question("q.van", *before)), with_question(question("q.van", *after))
    diff = compare(old, new)
    assert keys(diff.answers) == keys(diff.deciding_answers) == ([] if same else ["q.van"])
    assert (needed(new, old) == "substantive") is not same


@pytest.mark.parametrize(
    "change",
    [
        {"points": 2},
        {"part_credit": True},
        {"draw": 1},
        {"steps": (Step(html("One"), NOTHING), Step(html("Two"), NOTHING))},
        {"cards": (Card(html("A"), 0, NOTHING),)},
        {"answers": (Spelling(("20", "twenty"), "right", NOTHING),)},
    ],
)
def test_what_counts_is_more_than_marks(change: dict[str, Any]) -> None:
    assert keys(compare(BASE, with_question(replace(ASKED, **change))).answers) == ["q.van"]


@pytest.mark.parametrize(
    ("steps", "same"),
    [(("A", "B", "C"), True), (("A", "C", "B"), False), (("A", "B!", "C"), True), (("A", "B"), False)],
)
def test_steps_are_right_by_their_place(steps: tuple[str, ...], same: bool) -> None:
    def ordered(*words: str) -> Course:
        made = tuple(Step(html(each), NOTHING) for each in words)
        return with_question(replace(ASKED, kind="order", choices=(), steps=made))

    assert (compare(ordered("A", "B", "C"), ordered(*steps)).answers == ()) is same


def test_a_card_in_another_group_is_another_answer() -> None:
    def sorted_(group: int) -> Course:
        groups, cards = (html("X"), html("Y")), (Card(html("A"), group, NOTHING),)
        return with_question(replace(ASKED, kind="sort", choices=(), groups=groups, cards=cards))

    assert keys(compare(sorted_(0), sorted_(1)).answers) == ["q.van"]


def test_a_new_answer_in_a_lesson_passes_and_fails_nobody() -> None:
    changed = question("a.bus", ("Wait", WRONG), ("Go", RIGHT), minutes=3)
    new = with_lessons(lesson("a", prose("One."), changed, prose("Two.")), lesson("b"))
    diff = compare(BASE, new)
    assert keys(diff.answers) == ["a.bus"]
    assert diff.deciding_answers == ()
    assert needed(new) == "minor"


def test_a_criterion_that_must_be_strong_decides_who_passes() -> None:
    strict = replace(RUBRIC, criteria=(replace(RUBRIC.criteria[0], needs_strong=True),))
    old_quiz = BASE.modules[1].quiz
    assert old_quiz is not None
    new_quiz = replace(old_quiz, reflections=(replace(old_quiz.reflections[0], rubric=strict),))
    new = replace(BASE, modules=(BASE.modules[0], replace(BASE.modules[1], quiz=new_quiz)))
    assert keys(compare(BASE, new).deciding_answers) == ["rubric q.adult"]
    assert needed(new) == "substantive"


# ── The rest ─────────────────────────────────────────────────────────────────────────────────────


def test_words_are_editorial_and_only_their_own_page_changed() -> None:
    new = with_lessons(lesson("a", prose("One, better."), TRIED, prose("Two.")), lesson("b"))
    diff = compare(BASE, new)
    assert keys(diff.texts) == ["a"]
    assert needed(new) == "editorial"
    feedback = replace(ASKED, choices=tuple(replace(each, feedback=html("Why.")) for each in ASKED.choices))
    assert keys(compare(BASE, with_question(feedback)).texts) == ["q.van"]
    assert needed(with_question(feedback)) == "editorial"


def test_words_of_sources_and_local_facts_are_seen() -> None:
    new = replace(
        BASE,
        sources=(replace(BASE.sources[0], html=html("S.")),),
        inserts=(replace(BASE.inserts[0], html=html("ring")),),
    )
    assert keys(compare(BASE, new).texts) == ["source S-1", "insert report-now"]
    assert needed(new) == "editorial"


def test_what_is_required_is_substantive() -> None:
    first, second = BASE.requirements
    for requirements in (
        (first,),
        (first, second, Requirement("lesson", "b", "b", "Lesson b", 10)),
        (replace(first, minutes=12), second),
        (first, replace(second, pass_percent=90)),
        (replace(first, also=("b",)), second),
    ):
        new = replace(BASE, requirements=requirements)
        diff = compare(BASE, new)
        assert len(diff.requirements) == 1
        assert needed(new) == "substantive"
        assert compare(new, BASE).requirements


def test_the_same_requirement_under_a_new_key_is_not_a_change() -> None:
    moved = lesson("z", prose("One."), replace(TRIED, key="z.bus"), prose("Two."), was="a")
    new = replace(
        with_lessons(moved, lesson("b")),
        requirements=(replace(BASE.requirements[0], key="z", page_key="z"), BASE.requirements[1]),
    )
    assert compare(BASE, new).requirements == ()
    assert needed(new) == "minor"


def test_minutes_and_hours() -> None:
    new = with_lessons(lesson("a", prose("One."), TRIED, prose("Two.")), lesson("b", minutes=12))
    assert [(each.thing.key, each.before, each.after) for each in compare(BASE, new).minutes] == [
        ("b", "10", "12")
    ]
    assert needed(new) == "minor"
    assert needed(replace(BASE, clock_hours=2)) == "substantive"
    assert needed(replace(BASE, topic="other")) == "minor"


@pytest.mark.parametrize(
    ("field", "what", "release"),
    [
        (replace(FIELD, kind="short"), "kind", "substantive"),
        (replace(FIELD, needed=False), "needed", "minor"),
        (replace(FIELD, seen_by="reviewer"), "seen_by", "minor"),
        (replace(FIELD, minimum=20), "minimum", "minor"),
        (replace(FIELD, options=("a",)), "options", "minor"),
    ],
)
def test_what_a_sheet_asks_for(field: Field, what: str, release: str) -> None:
    sheet = replace(BASE.modules[0].toolkits[0], blocks=(field, prose("Fold it.")))
    new = replace(BASE, modules=(replace(BASE.modules[0], toolkits=(sheet,)), BASE.modules[1]))
    assert [(each.thing.key, each.what) for each in compare(BASE, new).shapes] == [("t.why", what)]
    assert needed(new) == release


def test_what_was_optional_and_must_now_be_filled_in_is_substantive() -> None:
    def sheet(needed: bool) -> Course:
        blocks = (replace(FIELD, needed=needed), prose("Fold it."))
        toolkit = replace(BASE.modules[0].toolkits[0], blocks=blocks)
        return replace(BASE, modules=(replace(BASE.modules[0], toolkits=(toolkit,)), BASE.modules[1]))

    assert needed(sheet(True), sheet(False)) == "substantive"


def test_every_reason_is_a_sentence_and_names_its_thing() -> None:
    new = replace(
        with_question(question("q.van", ("Stop", WRONG), ("Drive on", RIGHT))),
        requirements=BASE.requirements[:1],
    )
    release, reasons = release_class_needed(compare(BASE, new))
    assert release == "substantive"
    assert [each.sentence for each in reasons] == [
        "'Quiz' (q) is no longer required.",
        "What counts as right changes in 'Which?' (q.van), and with it who passes.",
    ]
