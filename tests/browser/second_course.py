"""The example course of the authors' guide beside the real one, and people within it: what the real course
has not, such as a capstone, a sheet on paper or steps to put in order, is there once."""

from __future__ import annotations

from dataclasses import dataclass

from lms.actions import learn_reflections, learn_work, review
from lms.actions.learn_work import Typed
from lms.cli.demo.answers import field_values
from lms.config import ROOT
from lms.content.compiler import compile_course
from lms.content.nodes import Activity, Capstone, Course, Toolkit
from lms.content.reader import read_folder
from lms.courses.services import import_version, publish
from lms.kernel.clock import now
from lms.responses.worksheets import Sheet
from tests.browser.headway import Headway
from tests.browser.town import Town
from tests.web.conftest import Person, World


@dataclass(frozen=True, slots=True)
class Pupils:
    """People in the example course."""

    pupil: Person
    """Its lessons are open, nothing is answered."""
    answered: Person
    """Every activity is checked, the quiz is passed, the paper sheet is stated."""
    submitted: Person
    """The capstone is with the reviewer."""
    sent_again: Person
    """The capstone came back."""
    accepted: Person


def publish_example(world: World) -> Course:
    """The course, published as an author would."""
    files = read_folder(ROOT / "docs" / "example-course")
    found = compile_course(files, today=now().date())
    assert found.course is not None, found.problems[:5]
    with world.writing() as session:
        version = import_version(session, found.course, files.files, now())
        session.flush()
        publish(session, version.id, now())
    return found.course


def pupils(town: Town, course: Course) -> Pupils:
    headway = Headway(town.world, course)
    made = Pupils(
        pupil=headway.enroll(town.teacher("Pia Lindqvist")),
        answered=headway.enroll(town.teacher("Amos Reed")),
        submitted=headway.enroll(town.teacher("Sol Marin")),
        sent_again=headway.enroll(town.teacher("Nell Novotny")),
        accepted=headway.enroll(town.teacher("Asa Kimura")),
    )
    (module,) = course.modules
    assert module.quiz is not None and course.capstone is not None
    for person in (made.pupil, made.answered):
        for lesson in module.lessons:
            headway.open_lesson(person, lesson)
    for lesson in module.lessons:
        for block in lesson.blocks:
            if isinstance(block, Activity):
                headway.activity(made.answered, lesson, block)
    headway.quiz(made.answered, module.quiz)
    _state_paper(headway, made.answered, module.toolkits)
    for person in (made.submitted, made.sent_again, made.accepted):
        _hand_in(headway, person, course.capstone)
    for person, verdict in ((made.sent_again, "not_yet"), (made.accepted, "strong")):
        _answer(headway, town.reviewer, person, course.capstone, verdict)
    return made


def _state_paper(headway: Headway, person: Person, toolkits: tuple[Toolkit, ...]) -> None:
    paper = next(toolkit for toolkit in toolkits if toolkit.form == "paper")
    with headway.acting(person) as actor:
        learn_work.state_paper_done(actor, headway.course.key, paper.key, "I have done this on paper.")


def _hand_in(headway: Headway, person: Person, capstone: Capstone) -> None:
    sheet = Sheet.of(capstone.key, capstone.blocks)
    for field in sheet.fields:
        if field.kind == "hand in":
            (worksheet,) = (t for m in headway.course.modules for t in m.toolkits if t.key == field.hands_in)
            headway.worksheet(person, worksheet)
    typed = Typed(capstone.key, field_values(sheet.fields, now().date()), 0)
    with headway.acting(person) as actor:
        learn_reflections.hand_in_capstone(actor, headway.course.key, capstone.key, typed)


def _answer(headway: Headway, reviewer: Person, person: Person, capstone: Capstone, verdict: str) -> None:
    with headway.acting(reviewer) as actor:
        review.answer(
            actor,
            enrollment=headway.enrollment(person).public_id,
            key=capstone.key,
            number=1,
            criteria={criterion.number: verdict for criterion in capstone.rubric.criteria},
            comment="You say what changed in week three, and who noticed it. Thank you for the dates.",
        )
