"""The main job, from the catalog to the coordinator's records, on the whole of the real course."""

from __future__ import annotations

from playwright.sync_api import expect

from lms.cli.demo.answers import text
from lms.content.nodes import Toolkit
from lms.responses.worksheets import Sheet, sittings_of
from tests.browser.conftest import Door, Site
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
    resume,
    see_certificate,
    verify,
)
from tests.browser.learning import (
    add_entry,
    answer_quiz,
    fill_sheet,
    finish_lesson,
    finish_sheet,
    hand_in,
    wait_until_saved,
)
from tests.browser.reviewing import answer_hand_in
from tests.browser.visitor import Visitor


def test_a_teacher_learns_and_is_certified_and_her_district_finds_the_record(door: Door, site: Site) -> None:
    town, course = site.town, site.course
    rosa = Newcomer("Rosa Delgado-Whitman", "rosa.delgado@harbor.example")
    teacher, coordinator, reviewer = door.open(), door.open(town.coordinator), door.open(town.reviewer)
    join(teacher, rosa, town.bridgeway.name)
    reset_password(teacher, rosa, confirm(coordinator, rosa))
    enroll(teacher)

    first, second = course.modules
    for lesson in first.lessons:
        resume(teacher, lesson.title_text)
        finish_lesson(teacher, lesson)
    open_from_course(teacher, quiz_of(first).key)
    fail_then_pass(teacher, quiz_of(first))
    reflect_twice(teacher, reviewer, quiz_of(first), rosa.name)
    for toolkit in first.toolkits:
        if toolkit.sittings:
            _sheet_in_sittings(teacher, toolkit)

    for lesson in second.lessons:
        open_from_course(teacher, lesson.key)
        finish_lesson(teacher, lesson)
    _log(teacher, next(toolkit for toolkit in second.toolkits if Sheet.of(toolkit.key, toolkit.blocks).logs))
    open_from_course(teacher, quiz_of(second).key)
    answer_quiz(teacher, quiz_of(second))
    teacher.sees("Passed.")
    last = quiz_of(second).reflections[0]
    hand_in(teacher, last, text(last.words_min or 40, start=1))
    teacher.go(f"/learn/{course.key}/left")
    teacher.sees(f"{len(course.requirements) - 1} of {len(course.requirements)} steps are done")
    answer_hand_in(reviewer, rosa.name, "Strong", "I will remember this one.")

    number = see_certificate(teacher, rosa)
    verify(door.open(), number, rosa.name)
    teacher.go("/learn")
    teacher.sees("Transcript")
    expect(teacher.main.get_by_role("row").filter(has_text=course.title_text)).to_contain_text("Certificate")
    find_record(coordinator, number, rosa.name)
    find_nothing(door.open(town.other_coordinator), number, rosa.name)


def _sheet_in_sittings(teacher: Visitor, toolkit: Toolkit) -> None:
    """Each sitting saves itself, survives a reload, and is finished; the later one shows the earlier."""
    for place, sitting in enumerate(sittings_of(toolkit)):
        open_from_course(teacher, toolkit.key)
        if place:
            teacher.follow(sitting, teacher.page.get_by_role("navigation", name="Sittings"))
        fill_sheet(teacher, toolkit, start=place)
        wait_until_saved(teacher)
        teacher.page.reload()
        _expect_filled(teacher, toolkit)
        if place:
            expect(teacher.main.locator(".earlier").first).to_contain_text("Before")
        finish_sheet(teacher)
        teacher.sees("is finished")


def _expect_filled(teacher: Visitor, toolkit: Toolkit) -> None:
    for field in Sheet.of(toolkit.key, toolkit.blocks).fields:
        if field.kind == "long":
            expect(teacher.input(field.key)).not_to_have_value("")
        for row in field.rows:
            for column in field.columns:
                if column.field is not None:
                    expect(teacher.main.locator(f'[name="{column.field.key}:{row.number}"]:checked')).to_have_count(1)


def _log(teacher: Visitor, toolkit: Toolkit) -> None:
    """A log entered one by one, its other fields saved by themselves, then finished."""
    log = Sheet.of(toolkit.key, toolkit.blocks).logs[0]
    open_from_course(teacher, toolkit.key)
    finish_sheet(teacher)
    teacher.sees("Not finished yet")
    for number in range(1, (log.at_least or 1) + 1):
        add_entry(teacher, log, number)
    fill_sheet(teacher, toolkit)
    wait_until_saved(teacher)
    finish_sheet(teacher)
    teacher.sees("is finished")
