"""People who learn in a random history, through the actions that pages call, and the words they write."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor
from lms.actions import learn, learn_reflections, learn_work
from lms.actions.learn_pages import pages
from lms.actions.learn_work import Typed
from lms.content.nodes import Activity, Course, Field, Lesson, Log, Quiz, Toolkit
from lms.courses.queries import load_compiled
from lms.credit.services import settle
from lms.enrollments.queries import current_enrollment
from lms.kernel.db import db, transaction
from lms.responses.bodies import read
from lms.responses.models import Draft, QuizAttempt, Review, Submission, WorksheetText
from tests import builders as b


@dataclass
class Learners:
    chance: random.Random
    key: str
    """Of the course."""
    learners: list[Actor] = field(init=False)
    reviewer: Actor = field(init=False)
    words: dict[int, set[str]] = field(init=False)
    """By person: every word of their own that must still be found."""
    fresh: list[tuple[int, str]] = field(default_factory=list)
    """Words of the present step; it may be refused, and then nothing was kept."""
    said: int = 0
    told: dict[str, int] = field(default_factory=dict)
    """How often what happened, for the sum at the end."""

    @property
    def session(self) -> Session:
        return db.session()

    def count(self, what: str, number: int = 1) -> None:
        self.told[what] = self.told.get(what, 0) + number

    def _who(self) -> tuple[Actor, Course, int]:
        """Somebody, enrolled if need be, the course as it is pinned for them, and the enrollment."""
        who = self.chance.choice(self.learners)
        found = current_enrollment(self.session, who.user_id, self.key)
        if found is None or (found.state == "completed" and self.chance.random() < 0.1):
            learn.enroll(who, self.key)
            found = current_enrollment(self.session, who.user_id, self.key)
            assert found is not None
            self.count("enrolled")
        return who, load_compiled(self.session, found.version_id), found.id

    def _page(self, course: Course, kind: type) -> Any:
        return self.chance.choice([page for page in pages(course) if isinstance(page, kind)])

    def _say(self, who: Actor) -> str:
        self.said += 1
        word = f"word{self.said}x"
        self.fresh.append((who.user_id, word))
        return word

    def _written(self, enrollment: int, key: str, sitting: str = "") -> tuple[int, dict[str, Any]]:
        """Revision of the draft, and the values that the page would show."""
        draft = self.session.get(Draft, (enrollment, key, sitting, 0))
        if draft is not None:
            return draft.revision, read(draft.body)
        text = self.session.get(WorksheetText, (enrollment, key, sitting, 0))
        return 0, read(text.body) if text is not None else {}

    def _more(self, who: Actor, fields: Iterable[Field], before: dict[str, Any]) -> dict[str, Any]:
        """Each field of the page with what stood in it and a word more; what is not on the page is not sent."""
        return {each.key: f"{before.get(each.key, '')} {self._say(who)}".strip() for each in fields}

    def _lesson(self) -> None:
        who, course, _ = self._who()
        learn.complete_lesson(who, self.key, self._page(course, Lesson).key)

    def _activity(self) -> None:
        who, course, enrollment = self._who()
        lesson = self._page(course, Lesson)
        activity = self.chance.choice([block for block in lesson.blocks if isinstance(block, Activity)])
        self._check(who, enrollment, lesson.key, activity)

    def _check(self, who: Actor, enrollment: int, page_key: str, activity: Activity) -> None:
        revision, before = self._written(enrollment, activity.key)
        fields = [each for each in (*activity.blocks, *activity.after) if isinstance(each, Field)]
        values = self._more(who, fields, before)
        if activity.kind != "do":
            values[activity.key] = self.chance.randrange(2)
        typed = Typed(activity.key, values, revision)
        learn_work.check_activity(who, self.key, page_key, activity.key, typed)

    def _quiz(self) -> None:
        who, course, enrollment = self._who()
        self._try(who, enrollment, self._page(course, Quiz), right=self.chance.random() < 0.6)

    def _try(self, who: Actor, enrollment: int, quiz: Quiz, *, right: bool) -> None:
        tried = sa.select(sa.func.coalesce(sa.func.max(QuizAttempt.number), 0)).where(
            QuizAttempt.enrollment_id == enrollment, QuizAttempt.key == quiz.key
        )
        number = (self.session.scalar(tried) or 0) + 1
        values = {
            question.key: next(n for n, c in enumerate(question.choices) if (c.mark == "right") == right)
            for question in quiz.questions
        }
        learn_work.submit_quiz(who, self.key, quiz.key, number, values, f"{self.key}-{enrollment}-{number}")

    def _sheet_at(self, course: Course) -> tuple[Toolkit, str]:
        sheet: Toolkit = self._page(course, Toolkit)
        return sheet, self.chance.choice(sheet.sittings or ("",))

    def _draft(self) -> None:
        who, course, enrollment = self._who()
        sheet, sitting = self._sheet_at(course)
        revision, before = self._written(enrollment, sheet.key, sitting)
        values = self._more(who, _fields(sheet), before)
        learn_work.save_drafts(who, self.key, sheet.key, [Typed(sheet.key, values, revision, sitting)])

    def _sheet(self) -> None:
        who, course, enrollment = self._who()
        sheet, sitting = self._sheet_at(course)
        self._finish_sheet(who, enrollment, sheet, sitting)

    def _finish_sheet(self, who: Actor, enrollment: int, sheet: Toolkit, sitting: str) -> None:
        for log in _logs(sheet):
            for _ in range(log.at_least or log.entries):
                self._add_entry(who, sheet, log, sitting)
        revision, before = self._written(enrollment, sheet.key, sitting)
        values = self._more(who, _fields(sheet), before)
        learn_work.finish_sheet(who, self.key, sheet.key, Typed(sheet.key, values, revision, sitting))

    def _entry(self) -> None:
        who, course, _ = self._who()
        sheet, sitting = self._sheet_at(course)
        for log in _logs(sheet):
            self._add_entry(who, sheet, log, sitting)

    def _add_entry(self, who: Actor, sheet: Toolkit, log: Log, sitting: str) -> None:
        only = next(each for each in log.blocks if isinstance(each, Field))
        learn_work.add_entry(who, self.key, sheet.key, Typed(log.key, {only.key: self._say(who)}, 0, sitting))

    def _hand_in(self) -> None:
        who, course, enrollment = self._who()
        self._reflect(who, enrollment, self._page(course, Quiz))

    def _reflect(self, who: Actor, enrollment: int, quiz: Quiz) -> None:
        for each in quiz.reflections:
            revision, before = self._written(enrollment, each.key)
            text = f"I saw {before.get(each.key, '')} {self._say(who)}"
            learn_reflections.hand_in(who, self.key, quiz.key, Typed(each.key, {each.key: text}, revision))

    def _answer(self) -> None:
        """Somebody's last hand-in is read."""
        waiting = self.session.execute(
            sa.select(Submission.enrollment_id, Submission.key, Submission.number)
            .outerjoin(
                Review,
                (Review.enrollment_id == Submission.enrollment_id)
                & (Review.key == Submission.key)
                & (Review.number == Submission.number),
            )
            .where(Review.number.is_(None), Submission.author_id.in_([who.user_id for who in self.learners]))
        ).all()
        for enrollment, key, number in waiting:
            verdict = self.chance.choice(["not_yet", "meets", "strong"])
            with transaction() as session:
                at = b.MONDAY if not hasattr(self, "now") else self.now
                b.reviewed(session, enrollment, key, self.reviewer.user_id, at, number, verdict=verdict)
                settle(session, [enrollment], at, self.reviewer.user_id, "read")

    def _leave(self) -> None:
        if self.chance.random() < 0.3:
            who, _, _ = self._who()
            learn.leave(who, self.key)

    def _finish(self) -> None:
        """Somebody does everything that the course asks for."""
        who, course, enrollment = self._who()
        for page in pages(course):
            match page:
                case Lesson():
                    learn.complete_lesson(who, self.key, page.key)
                    for block in page.blocks:
                        if isinstance(block, Activity):
                            self._check(who, enrollment, page.key, block)
                case Toolkit():
                    for sitting in page.sittings or ("",):
                        self._finish_sheet(who, enrollment, page, sitting)
                case Quiz():
                    self._try(who, enrollment, page, right=True)
        self._kept()
        for page in pages(course):
            if isinstance(page, Quiz):
                self._reflect(who, enrollment, page)

    def _kept(self) -> None:
        """What was said in this step so far was taken."""
        for user, word in self.fresh:
            self.words[user].add(word)
        self.fresh.clear()


def _fields(sheet: Toolkit) -> list[Field]:
    return [each for each in sheet.blocks if isinstance(each, Field)]


def _logs(sheet: Toolkit) -> list[Log]:
    return [each for each in sheet.blocks if isinstance(each, Log)]
