"""What a learner does on the pages of a course. What is answered comes from the compiled course."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from playwright.sync_api import Locator, expect

from lms.cli.demo.answers import activity_values, field_values, quiz_values
from lms.content.nodes import Activity, Capstone, Lesson, Log, Quiz, Reflection, Toolkit
from lms.responses.checking import checkable
from lms.responses.fields import Values, fields_in
from lms.responses.worksheets import Sheet
from tests.browser.answering import put_answer, put_values
from tests.browser.headway import activities
from tests.browser.visitor import Visitor


def today() -> date:
    return date.today()


def open_page(visitor: Visitor, page_key: str, query: str = "") -> None:
    visitor.go(f"/learn/{visitor.course.key}/{page_key}{query}")


# ── Lessons ──────────────────────────────────────────────────────────────────────────────────────


def finish_lesson(visitor: Visitor, lesson: Lesson) -> None:
    """The open lesson: its note passed, every activity checked, marked complete and gone on from."""
    visitor.heading(lesson.title_text)
    if lesson.content_note:
        visitor.press("Open the lesson")
    for activity in activities(lesson):
        if activity.instead_of is None:
            answer_activity(visitor, activity)
    leave_lesson(visitor)


def leave_lesson(visitor: Visitor) -> None:
    visitor.press("Mark complete and continue")
    visitor.sees("is marked complete")


def answer_activity(visitor: Visitor, activity: Activity) -> None:
    """Every part answered and checked; each says that it is done, with a note where the course has one."""
    for part in checkable(activity):
        put_answer(visitor, part, activity_values(part, today()))
        if part.kind != "branching":
            visitor.hand.press(visitor.main.locator(f'button[name="check"][value="{part.key}"]'))
        expect(part_of_page(visitor, part).get_by_text("Done", exact=True).first).to_be_visible()


def part_of_page(visitor: Visitor, part: Activity) -> Locator:
    return visitor.main.locator(f'section[aria-labelledby="{part.anchor}"]')


# ── Worksheets ───────────────────────────────────────────────────────────────────────────────────


def fill_sheet(visitor: Visitor, toolkit: Toolkit, start: int = 0) -> Values:
    """The fields of the open sitting, its logs left alone. Gives what was put in."""
    values = field_values(Sheet.of(toolkit.key, toolkit.blocks).fields, today(), start)
    put_values(visitor, values)
    return values


def add_entry(visitor: Visitor, log: Log, number: int) -> None:
    put_values(visitor, field_values(fields_in(log.blocks), today(), number))
    visitor.press("Add this entry")
    visitor.sees(f"Entry {number} is added")


def finish_sheet(visitor: Visitor) -> None:
    visitor.hand.press(visitor.page.get_by_role("button", name="Save and finish"))


def wait_until_saved(visitor: Visitor) -> None:
    """The page says that the server has everything."""
    expect(visitor.page.locator('[data-save][data-state="saved"]').first).to_contain_text("Saved at")


# ── Quizzes and reflections ──────────────────────────────────────────────────────────────────────


def answer_quiz(visitor: Visitor, quiz: Quiz, wrong: int = 0) -> None:
    """All questions of the open attempt: `wrong` of the single choices wrong, everything else right."""
    questions = [q for q in questions_of(quiz.questions) if is_shown(visitor, q)]
    values = quiz_values(questions, wrong)
    for question in questions:
        put_answer(visitor, question, values)
    visitor.press("Check my answers")


def questions_of(questions: Iterable[Activity]) -> list[Activity]:
    """Scenarios and pools opened up."""
    return [leaf for q in questions for leaf in (questions_of(q.members) if q.members else [q])]


def is_shown(visitor: Visitor, question: Activity) -> bool:
    """A pool shows some of its questions."""
    key = question.key
    return visitor.main.locator(f'[name="{key}"], [name^="{key}:"]').count() > 0


def write_reflection(visitor: Visitor, reflection: Reflection, text: str) -> None:
    visitor.hand.write(visitor.input(reflection.key), text)


def hand_in(visitor: Visitor, reflection: Reflection, text: str) -> None:
    write_reflection(visitor, reflection, text)
    visitor.press(re.compile("^Hand (it )?in"))
    visitor.sees("Handed in. You will see the answer here")


def hand_in_capstone(visitor: Visitor, capstone: Capstone) -> None:
    """On its page: what it asks for besides the worksheets that go with it."""
    put_values(visitor, field_values(Sheet.of(capstone.key, capstone.blocks).fields, today()))
    visitor.hand.press(visitor.page.get_by_role("button", name="Hand in"))
    visitor.sees("Handed in. You will see the answer here")
