"""A made-up learner going through a course by the very actions that the pages call."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from msgspec import Struct, field

from lms.accounts.permissions import Actor
from lms.actions import learn, learn_reflections, learn_work
from lms.actions.learn_work import Typed
from lms.cli.demo.answers import activity_values, field_values, quiz_values, text
from lms.content.nodes import Activity, Capstone, Course, Lesson, Module, Quiz, Reflection, Toolkit
from lms.credit.services import settle
from lms.kernel import clock
from lms.kernel.db import transaction
from lms.responses.chance import seed_for
from lms.responses.checking import checkable
from lms.responses.fields import fields_in
from lms.responses.grading import lay_out, leaves
from lms.responses.services.handins import hand_in
from lms.responses.services.reviews import HandIn, review
from lms.responses.worksheets import logs_in, sittings_of

STEP = timedelta(minutes=11)
"""Between two things a made-up learner does."""


class Learner(Struct):
    """`moment` moves on with each thing that is done; nothing waits."""

    actor: Actor
    course: Course
    version_id: int
    enrollment_id: int
    moment: datetime
    attempts: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def at_work(self) -> Iterator[datetime]:
        self.moment += STEP
        with clock.at(self.moment):
            yield self.moment

    def later(self, days: int) -> None:
        self.moment += timedelta(days=days)

    def module(self, module: Module) -> None:
        """Everything in it but the answer to its reflections."""
        for lesson in module.lessons:
            self.lesson(lesson)
            self.later(1)
        handed_in = self._handed_in()
        for toolkit in module.toolkits:
            if (toolkit.minutes or toolkit.key in handed_in) and toolkit.form != "card":
                self.toolkit(toolkit)
        if module.quiz is not None:
            self.quiz(module.quiz)
            for reflection in module.quiz.reflections:
                self.reflect(reflection, module.quiz)

    def lesson(self, lesson: Lesson, *, complete: bool = True) -> None:
        with self.at_work():
            learn.open_lesson(self.actor, self.course.key, lesson.key)
        for block in lesson.blocks:
            if isinstance(block, Activity):
                self.activity(lesson, block)
        if complete:
            with self.at_work():
                learn.complete_lesson(self.actor, self.course.key, lesson.key)

    def activity(self, lesson: Lesson, activity: Activity) -> None:
        for part in checkable(activity):
            with self.at_work() as now:
                typed = Typed(part.key, activity_values(part, now.date()), 0)
                learn_work.check_activity(self.actor, self.course.key, lesson.key, part.key, typed)

    def toolkit(self, toolkit: Toolkit) -> None:
        if toolkit.form == "paper":
            with self.at_work():
                learn_work.state_paper_done(self.actor, self.course.key, toolkit.key, "I did this on paper.")
            return
        for sitting in sittings_of(toolkit):
            for log in logs_in(toolkit.blocks):
                for entry in range(1, (log.at_least or 1) + 1):
                    with self.at_work() as now:
                        values = field_values(fields_in(log.blocks), now.date(), entry)
                        typed = Typed(log.key, values, 0, sitting, entry)
                        learn_work.add_entry(self.actor, self.course.key, toolkit.key, typed)
                    self.later(1)
            with self.at_work() as now:
                values = field_values(fields_in(toolkit.blocks), now.date())
                typed = Typed(toolkit.key, values, 0, sitting)
                learn_work.finish_sheet(self.actor, self.course.key, toolkit.key, typed)

    def quiz(self, quiz: Quiz, wrong: int = 0) -> None:
        number = self.attempts[quiz.key] = self.attempts.get(quiz.key, 0) + 1
        seed = seed_for(self.enrollment_id, quiz.key, number)
        questions = leaves(lay_out(quiz.questions, seed, quiz.shuffle))
        with self.at_work():
            learn_work.submit_quiz(
                self.actor,
                self.course.key,
                quiz.key,
                number,
                quiz_values(questions, wrong),
                secrets.token_hex(8),
            )

    def reflect(self, reflection: Reflection, quiz: Quiz) -> None:
        words = text(min(reflection.words_max or 200, (reflection.words_min or 120) + 10))
        with self.at_work() as now, transaction() as session:
            hand_in(
                session,
                enrollment_id=self.enrollment_id,
                author_id=self.actor.user_id,
                version_id=self.version_id,
                key=reflection.key,
                text=words,
                words_min=reflection.words_min,
                level="meets",
                now=now,
            )
            settle(session, [self.enrollment_id], now, self.actor.user_id, "reflection handed in")

    def capstone(self, capstone: Capstone) -> None:
        with self.at_work() as now:
            typed = Typed(capstone.key, field_values(fields_in(capstone.blocks), now.date()), 0)
            learn_reflections.hand_in_capstone(self.actor, self.course.key, capstone.key, typed)

    def _handed_in(self) -> set[str]:
        """Keys of the worksheets that go with the capstone."""
        blocks = self.course.capstone.blocks if self.course.capstone else ()
        return {each.hands_in for each in fields_in(blocks) if each.hands_in}

    def answered_by(self, reviewer_id: int, piece: Reflection | Capstone, comment: str) -> None:
        """The text for this piece is read by `reviewer_id`, a day later, and accepted."""
        self.later(1)
        with self.at_work() as now, transaction() as session:
            review(
                session,
                HandIn(self.enrollment_id, piece.key, 1),
                reviewer_id=reviewer_id,
                kind="facilitator",
                rubric=piece.rubric,
                criteria={c.number: "strong" if c.needs_strong else "meets" for c in piece.rubric.criteria},
                comment=comment,
                now=now,
            )
            settle(session, [self.enrollment_id], now, reviewer_id, "reflection answered")
