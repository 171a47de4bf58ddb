"""The main journey with every kind of thing once: for the ways of using the site that are slower than a
mouse. What would only repeat itself is done behind the scenes, by the same actions that the pages call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from playwright.sync_api import expect

from lms.content.nodes import Activity, Course, Lesson, Toolkit
from lms.responses.checking import checkable
from tests.browser.conftest import Site
from tests.browser.headway import Headway, activities, logs_of, pages
from tests.browser.journey import (
    Newcomer,
    confirm,
    enroll,
    fail_then_pass,
    find_nothing,
    find_record,
    hand_in_last,
    join,
    last_piece,
    open_from_course,
    quiz_of,
    reflect_twice,
    reset_password,
    see_certificate,
    verify,
)
from tests.browser.learning import add_entry, fill_sheet, finish_lesson, finish_sheet
from tests.browser.reviewing import answer_hand_in
from tests.browser.visitor import Visitor
from tests.web.conftest import Person

Opened = Callable[[Person | None], Visitor]


def walk_short_journey(site: Site, opened: Opened, newcomer: Newcomer) -> list[Visitor]:
    """`opened` gives a browser of its own for somebody. Gives everybody who was there."""
    town, course = site.town, site.course
    headway = Headway(town.world, course)
    teacher, coordinator, reviewer = opened(None), opened(town.coordinator), opened(town.reviewer)
    join(teacher, newcomer, town.bridgeway.name)
    reset_password(teacher, newcomer, confirm(coordinator, newcomer))
    enroll(teacher)
    person = town.known(newcomer.email)

    walked = lessons_of_every_kind(course)
    for lesson in walked:
        open_from_course(teacher, lesson.key)
        finish_lesson(teacher, lesson)
    _log(teacher, headway, person)
    first, last = quiz_of(course.modules[0]), last_piece(course)
    open_from_course(teacher, first.key)
    fail_then_pass(teacher, first)
    reflect_twice(teacher, reviewer, first, newcomer.name)
    headway.everything(person, town.reviewer, but=frozenset({last.key}))
    hand_in_last(teacher, headway, person, last)
    answer_hand_in(reviewer, newcomer.name, "Strong", "I will remember this one.")

    number = see_certificate(teacher, newcomer)
    stranger, other = opened(None), opened(town.other_coordinator)
    verify(stranger, number, newcomer.name)
    teacher.go("/learn")
    expect(teacher.main.get_by_role("row").filter(has_text=course.title_text)).to_contain_text("Certificate")
    find_record(coordinator, number, newcomer.name)
    find_nothing(other, number, newcomer.name)
    return [teacher, coordinator, reviewer, stranger, other]


def lessons_of_every_kind(course: Course) -> list[Lesson]:
    """As few lessons as hold one activity of every kind that the course has."""
    lessons = [page for page in pages(course) if isinstance(page, Lesson)]
    kinds = {lesson.key: set(kinds_of(activities(lesson))) for lesson in lessons}
    missing = set().union(*kinds.values())
    chosen: list[Lesson] = []
    while missing:
        best = max(lessons, key=lambda lesson: len(kinds[lesson.key] & missing))
        chosen.append(best)
        missing -= kinds[best.key]
    return sorted(chosen, key=lessons.index)


def kinds_of(found: Iterable[Activity]) -> Iterable[str]:
    for activity in found:
        if activity.instead_of is None:
            for part in checkable(activity):
                yield part.kind


def _log(teacher: Visitor, headway: Headway, person: Person) -> None:
    """The last entry of a log and the other fields of its sheet by hand, the entries before it not."""
    sheets = (page for page in pages(headway.course) if isinstance(page, Toolkit) and page.form != "paper")
    toolkit = next(toolkit for toolkit in sheets if logs_of(toolkit))
    log = logs_of(toolkit)[0]
    least = log.at_least or 1
    for number in range(1, least):
        headway.entry(person, toolkit, number)
    open_from_course(teacher, toolkit.key)
    add_entry(teacher, log, least)
    fill_sheet(teacher, toolkit)
    finish_sheet(teacher)
    teacher.sees("is finished")
