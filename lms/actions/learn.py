"""What learners do with a course as a whole and with its lessons: enroll, leave, open, mark complete."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor
from lms.accounts.queries import profile
from lms.actions.learn_pages import learning, lesson_of
from lms.completion.services import complete_lesson as complete
from lms.completion.services import open_lesson as open_it
from lms.courses.queries import published
from lms.credit.services import Changes, settle
from lms.enrollments import services as enrollments
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound


def enroll(actor: Actor, course_key: str) -> str:
    """Begin a published course. Gives the enrollment's public id; Conflict when one is active already."""
    moment = now()
    with transaction() as session:
        version = published(session, course_key)
        if version is None:
            raise NotFound
        enrollment = enrollments.enroll(
            session,
            user_id=actor.user_id,
            course_key=course_key,
            version_id=version.id,
            time_zone=_time_zone(session, actor),
            now=moment,
        )
        settle(session, [enrollment.id], moment, actor.user_id, "enrolled")
        return enrollment.public_id


def _time_zone(session: Session, actor: Actor) -> str:
    """Of the confirmed district or school; of somebody without one, their own."""
    person = profile(session, actor.user_id)
    if person is not None and person.confirmed is not None:
        return person.confirmed.organization.time_zone
    return actor.time_zone


def leave(actor: Actor, course_key: str) -> None:
    """What was done stays; the person may enroll again."""
    moment = now()
    with transaction() as session:
        enrollment = learning(session, actor, course_key).enrollment
        enrollments.leave(session, enrollment.id, moment)


def open_lesson(actor: Actor, course_key: str, page_key: str) -> None:
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        lesson = lesson_of(here.course, page_key)
        open_it(
            session,
            enrollment_id=here.enrollment.id,
            key=lesson.key,
            version_id=here.enrollment.version_id,
            now=moment,
        )


def complete_lesson(actor: Actor, course_key: str, page_key: str) -> Changes:
    """Mark a lesson complete. Never refused for what is still open on it; that is said on the page."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        lesson = lesson_of(here.course, page_key)
        complete(
            session,
            enrollment_id=here.enrollment.id,
            key=lesson.key,
            version_id=here.enrollment.version_id,
            now=moment,
        )
        return settle(session, [here.enrollment.id], moment, actor.user_id, "lesson marked complete")
