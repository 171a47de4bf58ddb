"""The main job, from the catalog to the coordinator's records, on the real course: its first module, a log
and the last text that is handed in by hand, the rest by the same actions that the pages call."""

from __future__ import annotations

from playwright.sync_api import expect

from lms.content.nodes import Toolkit
from lms.responses.worksheets import Sheet, sittings_of
from tests.browser.conftest import Door, Site
from tests.browser.headway import Headway, logs_of, pages
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
    resume,
    see_certificate,
    verify,
)
from tests.browser.learning import (
    add_entry,
    fill_sheet,
    finish_lesson,
    finish_sheet,
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

    person, headway = town.known(rosa.email), Headway(town.world, course)
    module = course.modules[0]
    asked = {requirement.page_key for requirement in course.requirements}
    for lesson in (lesson for lesson in module.lessons if lesson.key in asked):
        resume(teacher, lesson.title_text)
        finish_lesson(teacher, lesson)
    open_from_course(teacher, quiz_of(module).key)
    fail_then_pass(teacher, quiz_of(module))
    reflect_twice(teacher, reviewer, quiz_of(module), rosa.name)
    sheets = [page for page in pages(course) if isinstance(page, Toolkit) and page.form != "paper"]
    for toolkit in module.toolkits:
        if toolkit in sheets and toolkit.key in asked and not logs_of(toolkit):
            _sheet_in_sittings(teacher, toolkit)
    _log(teacher, next(toolkit for toolkit in sheets if logs_of(toolkit)))

    last = last_piece(course)
    headway.everything(person, town.reviewer, but=frozenset({last.key}))
    teacher.go(f"/learn/{course.key}/left")
    teacher.sees(f"{len(course.requirements) - 1} of {len(course.requirements)} steps are done")
    hand_in_last(teacher, headway, person, last)
    answer_hand_in(reviewer, rosa.name, "Strong", "I will remember this one.")

    number = see_certificate(teacher, rosa)
    verify(door.open(), number, rosa.name)
    teacher.go("/learn")
    teacher.sees("Transcript")
    expect(teacher.main.get_by_role("row").filter(has_text=course.title_text)).to_contain_text("Certificate")
    find_record(coordinator, number, rosa.name)
    find_nothing(door.open(town.other_coordinator), number, rosa.name)


def _sheet_in_sittings(teacher: Visitor, toolkit: Toolkit) -> None:
    """Each sitting saves itself, survives a reload, and is finished; the next one then stands open, and
    shows the earlier."""
    for place, sitting in enumerate(sittings_of(toolkit)):
        open_from_course(teacher, toolkit.key)
        if sitting:
            expect(teacher.page.locator('.steps [aria-current="step"]')).to_contain_text(sitting)
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
                    expect(
                        teacher.main.locator(f'[name="{column.field.key}:{row.number}"]:checked')
                    ).to_have_count(1)


def _log(teacher: Visitor, toolkit: Toolkit) -> None:
    """A log entered one by one, its other fields saved by themselves, then finished."""
    log = logs_of(toolkit)[0]
    open_from_course(teacher, toolkit.key)
    finish_sheet(teacher)
    teacher.sees("Not finished yet")
    for number in range(1, (log.at_least or 1) + 1):
        add_entry(teacher, log, number)
    fill_sheet(teacher, toolkit)
    wait_until_saved(teacher)
    finish_sheet(teacher)
    teacher.sees("is finished")
