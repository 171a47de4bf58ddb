"""Two clicks at the same moment, on real commits: one fact, and no error that a person would see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lms.cohorts.attendance import Mark, record_attendance
from lms.cohorts.models import AttendanceEntry, CohortSession
from lms.cohorts.services import change_session, create_cohort, join_cohort, schedule_session
from lms.completion.models import LessonProgress
from lms.completion.services import complete_lesson, open_lesson
from lms.courses.services import import_version, publish
from lms.enrollments.models import Enrollment
from lms.enrollments.services import enroll
from lms.kernel.db import transaction
from lms.kernel.errors import Conflict
from lms.responses.models import (
    ActivityAttempt,
    Draft,
    DraftConflict,
    QuizAttempt,
    Review,
    ReviewClaim,
    Submission,
    WorksheetCompletion,
    WorksheetEntry,
)
from lms.responses.services.activities import record_activity
from lms.responses.services.drafts import Place, save_draft
from lms.responses.services.handins import hand_in
from lms.responses.services.quizzes import record_attempt
from lms.responses.services.reviews import HandIn, claim, review
from lms.responses.services.sheets import finish_sheet, record_entry
from tests import builders
from tests.db.facts.world import CASES, GUIDE, LOG, NOW, QUIZ, REFLECTION, RIGHT, TWICE, ZONE, course, later

T = TypeVar("T")
KEY = REFLECTION.key
ROUNDS = 6


class Two:
    """Two people, or two clicks, at a barrier, each in a session and a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def do(self, act: Callable[[Session], T]) -> T:
        with Session(self.engine) as session, transaction(session):
            return act(session)

    def both(self, *acts: Callable[[Session], Any]) -> list[Any]:
        """What each gave back, or the error it met."""
        barrier, found = Barrier(len(acts)), [None] * len(acts)

        def run(place: int, act: Callable[[Session], Any]) -> None:
            barrier.wait()
            try:
                found[place] = self.do(act)
            except Exception as error:  # handed to the test, which judges it
                found[place] = error  # type: ignore[call-overload]

        threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def count(self, table: Any) -> int:
        return self.do(lambda session: session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.fixture
def two(committed: Engine) -> Two:
    return Two(committed)


def begin(session: Session) -> tuple[int, int, int]:
    """(enrollment, version, user) of somebody new in the course."""
    version = import_version(session, course(), {}, NOW)
    publish(session, version.id, NOW)
    user_id = builders.person(session)
    one = enroll(session, user_id=user_id, course_key="cc", version_id=version.id, time_zone=ZONE, now=NOW)
    return one.id, version.id, user_id


def test_one_form_sent_twice_is_one_attempt(two: Two) -> None:
    for number in range(ROUNDS):
        one, version, _ = two.do(begin)

        def submit(
            session: Session, one: int = one, version: int = version, token: str = f"t{number}"
        ) -> Any:
            return record_attempt(
                session, enrollment_id=one, version_id=version, quiz=QUIZ, number=1, values=RIGHT,
                submit_token=token, now=NOW,
            )  # fmt: skip

        found = two.both(submit, submit)
        assert sorted(made.again for made in found) == [False, True]
    assert two.count(QuizAttempt) == ROUNDS


def test_a_double_click_enrolls_once(two: Two) -> None:
    _, version, _ = two.do(begin)
    for _ in range(ROUNDS):
        user = two.do(builders.person)

        def click(session: Session, user: int = user) -> Any:
            return enroll(
                session, user_id=user, course_key="cc", version_id=version, time_zone=ZONE, now=NOW
            ).id

        found = two.both(click, click)
        assert sum(isinstance(each, Conflict) for each in found) == 1
    assert two.count(Enrollment) == ROUNDS + 1


def test_a_double_click_checks_hands_in_and_finishes_once(two: Two) -> None:
    for _ in range(ROUNDS):
        one, version, user = two.do(begin)
        ids = {"enrollment_id": one, "version_id": version}

        def check(session: Session, ids: Any = ids) -> Any:
            values: Any = {"cc-1-1.first": 1}
            return record_activity(
                session, **ids, activity=CASES, part_key="cc-1-1.first", values=values, now=NOW
            )

        def send(session: Session, ids: Any = ids, user: int = user) -> Any:
            return hand_in(
                session, **ids, author_id=user, key=KEY, text="Three whole words", words_min=3,
                level="meets", now=NOW,
            )  # fmt: skip

        def add(session: Session, ids: Any = ids) -> Any:
            return record_entry(
                session, **ids, toolkit=LOG, log_key="cc-t3.contacts", sitting="", entry=1,
                values={"cc-t3.day": "2026-03-01"}, now=NOW, today=date(2026, 3, 2),
            )  # fmt: skip

        def finish(session: Session, ids: Any = ids) -> Any:
            return finish_sheet(
                session, **ids, toolkit=TWICE, sitting="Before", values={"cc-t1.easy": "x"}, now=NOW
            )

        for act in (check, send, add, finish):
            assert [each for each in two.both(act, act) if isinstance(each, Exception)] == []
    assert two.count(Submission) == two.count(WorksheetCompletion) == ROUNDS
    assert two.count(WorksheetEntry) == 2 * ROUNDS
    assert ROUNDS <= two.count(ActivityAttempt) <= 2 * ROUNDS


def test_a_double_click_marks_a_lesson_complete_once_and_the_first_moment_stays(two: Two) -> None:
    for _ in range(ROUNDS):
        one, version, _ = two.do(begin)

        def at(minutes: int, act: Callable[..., Any], one: int = one, version: int = version) -> Any:
            return lambda session: act(
                session, enrollment_id=one, key="cc-1-1", version_id=version, now=later(minutes)
            )

        found = two.both(at(1, open_lesson), at(1, open_lesson))
        assert [each for each in found if isinstance(each, Exception)] == []
        found = two.both(at(2, complete_lesson), at(3, complete_lesson))
        assert sorted(found) == [False, True]
        completed = select(LessonProgress.completed_at).where(LessonProgress.enrollment_id == one)
        kept = two.do(lambda session, completed=completed: session.scalar(completed))  # type: ignore[misc]
        assert kept == later(2 if found[0] else 3)
    assert two.count(LessonProgress) == ROUNDS


def test_two_readers_never_hold_one_text_and_answer_once(two: Two) -> None:
    for _ in range(ROUNDS):
        one, version, user = two.do(begin)
        readers = [two.do(builders.person) for _ in range(2)]
        two.do(lambda session, one=one, version=version, user=user: hand_in(  # type: ignore[misc]
            session, enrollment_id=one, author_id=user, version_id=version, key=KEY,
            text="Three whole words", words_min=3, level="meets", now=NOW))  # fmt: skip
        this = HandIn(one, KEY, 1)

        def hold(reader: int, this: HandIn = this) -> Callable[[Session], Any]:
            return lambda session: claim(session, this, reviewer_id=reader, now=NOW)

        def answer(reader: int, this: HandIn = this) -> Callable[[Session], Any]:
            return lambda session: review(
                session, this, reviewer_id=reader, kind="facilitator", rubric=REFLECTION.rubric,
                criteria={1: "meets"}, comment="", now=later(300),
            )  # fmt: skip

        found = two.both(hold(readers[0]), hold(readers[1]))
        assert sum(isinstance(each, Conflict) for each in found) == 1
        assert two.count(ReviewClaim) == 1
        found = two.both(answer(readers[0]), answer(readers[1]))
        assert sum(isinstance(each, Conflict) for each in found) == 1
    assert two.count(Review) == ROUNDS


def test_two_devices_lose_nothing(two: Two) -> None:
    for _ in range(ROUNDS):
        one, _, _ = two.do(begin)

        def save(text: str, one: int = one) -> Callable[[Session], Any]:
            return lambda session: save_draft(
                session, Place(one, KEY), revision=0, values={KEY: text}, now=NOW
            )

        found = two.both(save("phone"), save("laptop"))
        assert [each for each in found if isinstance(each, Exception)] == []
    assert two.count(Draft) == two.count(DraftConflict) == ROUNDS


def plan(session: Session) -> tuple[int, int, int]:
    _, version, by = begin(session)
    cohort = create_cohort(
        session, organization_id=0, version_id=version, title="Spring", time_zone=ZONE,
        starts_on=date(2026, 3, 2), ends_on=None, now=NOW, by=by,
    )  # fmt: skip
    planned = schedule_session(
        session, cohort_id=cohort.id, guide=GUIDE, starts_at=NOW, scheduled_minutes=75,
        break_minutes=0, place="", now=NOW, by=by,
    )  # fmt: skip
    return cohort.id, planned.id, by


def test_two_who_mark_one_sheet_at_once(two: Two) -> None:
    cohort_id, planned_id, by = two.do(plan)
    for _ in range(ROUNDS):
        user = two.do(builders.person)

        def join(session: Session, user: int = user) -> int:
            return join_cohort(
                session,
                cohort_id=cohort_id,
                user_id=user,
                time_zone=ZONE,
                basis="join_code",
                now=NOW,
                by=user,
            )

        joined = two.both(join, join)
        assert len(set(joined)) == 1

        def mark(minutes: int, one: int = joined[0]) -> Callable[[Session], Any]:
            line = Mark(one, 0, NOW, later(minutes))
            return lambda session: record_attendance(
                session, session_id=planned_id, marks=[line], recorded_by=by, reason="", now=NOW
            )

        assert sorted(two.both(mark(75), mark(75))) == [(), (joined[0],)]
        found = two.both(mark(60), mark(50))
        assert all(isinstance(each, Conflict) for each in found)
    assert two.count(AttendanceEntry) == ROUNDS


def test_a_session_is_not_changed_under_a_mark(two: Two) -> None:
    """Either the mark is made under the new plan, or the plan stays as the mark has it."""
    for _ in range(ROUNDS):
        cohort_id, planned_id, by = two.do(plan)

        def join(session: Session, cohort_id: int = cohort_id) -> int:
            return join_cohort(
                session, cohort_id=cohort_id, user_id=builders.person(session), time_zone=ZONE,
                basis="join_code", now=NOW, by=0,
            )  # fmt: skip

        line = Mark(two.do(join), 0, NOW, later(75))

        def mark(session: Session, planned_id: int = planned_id, by: int = by, line: Mark = line) -> Any:
            return record_attendance(
                session, session_id=planned_id, marks=[line], recorded_by=by, reason="", now=NOW
            )

        def change(session: Session, planned_id: int = planned_id, by: int = by) -> Any:
            change_session(
                session, planned_id, starts_at=NOW, scheduled_minutes=60, break_minutes=0, place="",
                now=NOW, by=by,
            )  # fmt: skip

        two.both(mark, change)
        marked = select(AttendanceEntry.scheduled_minutes).where(AttendanceEntry.session_id == planned_id)
        stands = select(CohortSession.scheduled_minutes).where(CohortSession.id == planned_id)
        minutes = two.do(lambda session, asked=(marked, stands): [session.scalar(each) for each in asked])
        assert minutes in ([60, 60], [75, 75])
