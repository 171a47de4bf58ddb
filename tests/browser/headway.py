"""How far somebody has come, made with the site's own actions: for tests that begin in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lms.accounts import queries as accounts
from lms.accounts.permissions import Actor
from lms.actions import learn, learn_reflections, learn_work, review
from lms.actions.learn_work import Typed
from lms.cli.demo.answers import LINES, activity_values, field_values, quiz_values, text
from lms.content.nodes import Activity, Course, Lesson, Quiz, Toolkit
from lms.enrollments.queries import EnrollmentRow, current_enrollment
from lms.kernel.clock import now
from lms.responses.chance import seed_for
from lms.responses.checking import checkable
from lms.responses.fields import fields_in
from lms.responses.grading import lay_out, leaves
from lms.responses.worksheets import Sheet, sittings_of
from tests.web.conftest import Person, World


@dataclass(frozen=True, slots=True)
class Headway:
    world: World
    course: Course

    @contextmanager
    def acting(self, person: Person) -> Iterator[Actor]:
        with self.world.reading() as session:
            found = accounts.actor(session, person.id)
            assert found is not None
            yield found.actor

    def enrollment(self, person: Person) -> EnrollmentRow:
        with self.world.reading() as session:
            row = current_enrollment(session, person.id, self.course.key)
            assert row is not None
            return row

    def enroll(self, person: Person) -> Person:
        with self.acting(person) as actor:
            learn.enroll(actor, self.course.key)
        return person

    def lesson(self, person: Person, lesson: Lesson) -> None:
        """Read, its activities checked, marked complete."""
        for activity in lesson.blocks:
            if isinstance(activity, Activity):
                self.activity(person, lesson, activity)
        with self.acting(person) as actor:
            learn.complete_lesson(actor, self.course.key, lesson.key)

    def open_lesson(self, person: Person, lesson: Lesson) -> None:
        with self.acting(person) as actor:
            learn.open_lesson(actor, self.course.key, lesson.key)

    def activity(self, person: Person, lesson: Lesson, activity: Activity) -> None:
        for part in checkable(activity):
            with self.acting(person) as actor:
                typed = Typed(part.key, activity_values(part, now().date()), 0)
                learn_work.check_activity(actor, self.course.key, lesson.key, part.key, typed)

    def quiz(self, person: Person, quiz: Quiz, number: int = 1, wrong: int = 0) -> None:
        """Attempt `number`: `wrong` of the single choices are wrong, everything else is right."""
        seed = seed_for(self.enrollment(person).id, quiz.key, number)
        questions = leaves(lay_out(quiz.questions, seed, quiz.shuffle))
        with self.acting(person) as actor:
            token = f"{person.public_id}.{quiz.key}.{number}"
            values = quiz_values(questions, wrong)
            learn_work.submit_quiz(actor, self.course.key, quiz.key, number, values, token)

    def hand_in(self, person: Person, quiz: Quiz, words: int = 120) -> None:
        """The quiz's reflection."""
        key = quiz.reflections[0].key
        with self.acting(person) as actor:
            typed = Typed(key, {key: text(words)}, 0)
            learn_reflections.hand_in(actor, self.course.key, quiz.key, typed)

    def review(self, reviewer: Person, person: Person, quiz: Quiz, verdict: str, number: int = 1) -> None:
        key = quiz.reflections[0].key
        criteria = {c.number: verdict for c in quiz.reflections[0].rubric.criteria}
        with self.acting(reviewer) as actor:
            review.answer(
                actor,
                enrollment=self.enrollment(person).public_id,
                key=key,
                number=number,
                criteria=criteria,
                comment=LINES[0],
            )

    def entry(self, person: Person, toolkit: Toolkit, number: int, sitting: str = "") -> None:
        """One entry of the worksheet's first log."""
        log = Sheet.of(toolkit.key, toolkit.blocks).logs[0]
        values = field_values(fields_in(log.blocks), now().date(), number)
        with self.acting(person) as actor:
            typed = Typed(log.key, values, 0, sitting, number)
            learn_work.add_entry(actor, self.course.key, toolkit.key, typed)

    def worksheet(self, person: Person, toolkit: Toolkit) -> None:
        """Every sitting filled in and finished."""
        for sitting in sittings_of(toolkit):
            self.sitting(person, toolkit, sitting)

    def sitting(self, person: Person, toolkit: Toolkit, sitting: str) -> None:
        sheet = Sheet.of(toolkit.key, toolkit.blocks)
        for number in range(1, (sheet.logs[0].at_least or 0) + 1 if sheet.logs else 1):
            self.entry(person, toolkit, number, sitting)
        typed = Typed(toolkit.key, field_values(sheet.fields, now().date()), 0, sitting)
        with self.acting(person) as actor:
            learn_work.finish_sheet(actor, self.course.key, toolkit.key, typed)

    def everything(self, person: Person, reviewer: Person) -> None:
        """All that the course requires: the certificate is issued by the last step."""
        counted = {requirement.page_key for requirement in self.course.requirements}
        for module in self.course.modules:
            for lesson in module.lessons:
                if lesson.key in counted:
                    self.lesson(person, lesson)
            for toolkit in module.toolkits:
                if toolkit.key in counted:
                    self.worksheet(person, toolkit)
            if module.quiz is not None:
                self.quiz(person, module.quiz)
                self.hand_in(person, module.quiz)
                self.review(reviewer, person, module.quiz, "meets")
