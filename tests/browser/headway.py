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
from lms.completion.queries import snapshot
from lms.content.nodes import (
    Activity,
    Capstone,
    Course,
    Lesson,
    Log,
    Quiz,
    Reflection,
    Requirement,
    Rubric,
    Toolkit,
)
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
        for activity in activities(lesson):
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

    def hand_in(self, person: Person, quiz: Quiz, words: int = 120, key: str = "") -> None:
        """The quiz's reflection, the one of this key if it has several."""
        key = key or quiz.reflections[0].key
        with self.acting(person) as actor:
            typed = Typed(key, {key: text(words)}, 0)
            learn_reflections.hand_in(actor, self.course.key, quiz.key, typed)

    def hand_in_capstone(self, person: Person, capstone: Capstone) -> None:
        sheet = Sheet.of(capstone.key, capstone.blocks)
        typed = Typed(capstone.key, field_values(sheet.fields, now().date()), 0)
        with self.acting(person) as actor:
            learn_reflections.hand_in_capstone(actor, self.course.key, capstone.key, typed)

    def review(self, reviewer: Person, person: Person, quiz: Quiz, verdict: str, number: int = 1) -> None:
        self.answer(reviewer, person, quiz.reflections[0], verdict, number)

    def answer(
        self, reviewer: Person, person: Person, piece: Reflection | Capstone, verdict: str, number: int = 1
    ) -> None:
        """`verdict` on every line of the rubric, or what a line asks for if that is more."""
        with self.acting(reviewer) as actor:
            review.answer(
                actor,
                enrollment=self.enrollment(person).public_id,
                key=piece.key,
                number=number,
                criteria=levels(piece.rubric, verdict),
                comment=LINES[0],
            )

    def entry(self, person: Person, toolkit: Toolkit, number: int, sitting: str = "") -> None:
        """One entry of the worksheet's first log, of its first sitting if it has several."""
        sitting = sitting or sittings_of(toolkit)[0]
        log = Sheet.of(toolkit.key, toolkit.blocks).logs[0]
        values = field_values(fields_in(log.blocks), now().date(), number)
        with self.acting(person) as actor:
            typed = Typed(log.key, values, 0, sitting, number)
            learn_work.add_entry(actor, self.course.key, toolkit.key, typed)

    def worksheet(self, person: Person, toolkit: Toolkit) -> None:
        """Every sitting filled in and finished; of a piece that is done on paper, the statement."""
        if toolkit.form == "paper":
            with self.acting(person) as actor:
                learn_work.state_paper_done(actor, self.course.key, toolkit.key, "I did this on paper.")
            return
        for sitting in sittings_of(toolkit):
            self.sitting(person, toolkit, sitting)

    def sitting(self, person: Person, toolkit: Toolkit, sitting: str) -> None:
        sheet = Sheet.of(toolkit.key, toolkit.blocks)
        for number in range(1, (sheet.logs[0].at_least or 0) + 1 if sheet.logs else 1):
            self.entry(person, toolkit, number, sitting)
        typed = Typed(toolkit.key, field_values(sheet.fields, now().date()), 0, sitting)
        with self.acting(person) as actor:
            learn_work.finish_sheet(actor, self.course.key, toolkit.key, typed)

    def everything(self, person: Person, reviewer: Person, but: frozenset[str] = frozenset()) -> None:
        """All that the course still asks for, what is named in `but` left out. The certificate is issued by
        the last step."""
        with self.world.reading() as session:
            found = snapshot(session, self.enrollment(person).id)
            assert found is not None
            open_keys = {unmet.key for unmet in found.unmet} - but
        for requirement in self.course.requirements:
            if requirement.key in open_keys:
                self.meet(person, reviewer, requirement)

    def meet(self, person: Person, reviewer: Person, requirement: Requirement) -> None:
        level = requirement.level or "meets"
        page = self.page(requirement.page_key)
        match requirement.kind, page:
            case "lesson", Lesson():
                with self.acting(person) as actor:
                    learn.complete_lesson(actor, self.course.key, page.key)
            case "activity", Lesson():
                self.activity(person, page, next(a for a in activities(page) if a.key == requirement.key))
            case "try-out", Toolkit():
                self.worksheet(person, page)
            case "quiz", Quiz():
                self.quiz(person, page)
            case "reflection", Quiz():
                reflection = next(r for r in page.reflections if r.key == requirement.key)
                self.hand_in(person, page, (reflection.words_min or 0) + 10, reflection.key)
                self.answer(reviewer, person, reflection, level)
            case "capstone", Capstone():
                for toolkit in handed_in_with(self.course, page):
                    self.worksheet(person, toolkit)
                self.hand_in_capstone(person, page)
                self.answer(reviewer, person, page, level)
            case kind, _:
                raise AssertionError(f"nobody here can meet a {kind}")

    def page(self, key: str) -> Lesson | Toolkit | Quiz | Capstone:
        return next(page for page in pages(self.course) if page.key == key)


# ── Pieces of a course ───────────────────────────────────────────────────────────────────────────


def pages(course: Course) -> Iterator[Lesson | Toolkit | Quiz | Capstone]:
    for module in course.modules:
        yield from module.lessons
        yield from module.toolkits
        if module.quiz is not None:
            yield module.quiz
    if course.capstone is not None:
        yield course.capstone


def activities(lesson: Lesson) -> list[Activity]:
    return [block for block in lesson.blocks if isinstance(block, Activity)]


def logs_of(toolkit: Toolkit) -> tuple[Log, ...]:
    return Sheet.of(toolkit.key, toolkit.blocks).logs


def handed_in_with(course: Course, capstone: Capstone) -> list[Toolkit]:
    """The worksheets that go with the capstone and that nothing else asks for."""
    asked = {requirement.page_key for requirement in course.requirements}
    keys = {field.hands_in for field in Sheet.of(capstone.key, capstone.blocks).fields} - asked
    return [page for page in pages(course) if isinstance(page, Toolkit) and page.key in keys]


def levels(rubric: Rubric, verdict: str) -> dict[int, str]:
    return {c.number: "strong" if c.needs_strong and verdict == "meets" else verdict for c in rubric.criteria}
