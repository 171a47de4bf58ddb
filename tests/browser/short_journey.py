"""The main journey with every kind of thing once: for the ways of using the site that are slower than a
mouse. What would only repeat itself is done behind the scenes, by the same actions that the pages call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from playwright.sync_api import expect

from lms.content.nodes import Activity, Course, Lesson, Module, Toolkit
from lms.responses.checking import checkable
from lms.responses.worksheets import Sheet
from tests.browser.conftest import Site
from tests.browser.headway import Headway
from tests.browser.journey import (
    Newcomer,
    confirm,
    enroll,
    fail_then_pass,
    find_nothing,
    find_record,
    join,
    open_from_course,
    quiz_of,
    reflect_twice,
    reset_password,
    see_certificate,
    verify,
)
from tests.browser.learning import activities, add_entry, fill_sheet, finish_lesson, finish_sheet
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
    for module in course.modules:
        for lesson in module.lessons:
            if lesson not in walked:
                headway.lesson(person, lesson)
    _sheets(teacher, headway, person, course)
    first, *others = course.modules
    for module in others:
        headway.quiz(person, quiz_of(module))
        headway.hand_in(person, quiz_of(module))
        headway.review(town.reviewer, person, quiz_of(module), "meets")
    open_from_course(teacher, quiz_of(first).key)
    fail_then_pass(teacher, quiz_of(first))
    reflect_twice(teacher, reviewer, quiz_of(first), newcomer.name)

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
    lessons = [lesson for module in course.modules for lesson in module.lessons]
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


def _sheets(teacher: Visitor, headway: Headway, person: Person, course: Course) -> None:
    """The last entry of the log and its other fields by hand; sheets of other kinds behind the scenes."""
    for module in course.modules:
        for toolkit in _counted(course, module):
            logs = Sheet.of(toolkit.key, toolkit.blocks).logs
            if not logs:
                headway.worksheet(person, toolkit)
                continue
            least = logs[0].at_least or 1
            for number in range(1, least):
                headway.entry(person, toolkit, number)
            open_from_course(teacher, toolkit.key)
            add_entry(teacher, logs[0], least)
            fill_sheet(teacher, toolkit)
            finish_sheet(teacher)
            teacher.sees("is finished")


def _counted(course: Course, module: Module) -> list[Toolkit]:
    counted = {requirement.page_key for requirement in course.requirements}
    return [toolkit for toolkit in module.toolkits if toolkit.key in counted]
