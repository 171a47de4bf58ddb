"""Where a learner is: the enrollment of their own, the course as it is pinned there, the page."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from lms.accounts.permissions import Actor, Permission, may_somewhere
from lms.completion.queries import LessonRow, snapshot
from lms.completion.queries import lessons as lessons_seen
from lms.content.readers import Read, readers_named
from lms.enrollments.queries import EnrollmentRow, current_enrollment
from lms.kernel.errors import NotFound
from lms.web.access import current_actor
from lms.web.learn.pages.course_map import CourseMap, Stop, course_map
from lms.web.learn.pages.filling import ROLE_OF_JOB, Filling
from lms.web.learn.pages.outline import Standing
from lms.web.reading import compiled, session


class Here(Struct, frozen=True):
    actor: Actor
    enrollment: EnrollmentRow
    where: CourseMap

    def stop(self, page_key: str) -> Stop:
        stop = self.where.by_key.get(page_key)
        if stop is None:
            raise NotFound
        return stop

    def standing(self, seen: dict[str, LessonRow] | None = None) -> Standing:
        found = snapshot(session(), self.enrollment.id)
        if found is None:
            unmet = {requirement.key: "not_done" for requirement in self.where.course.requirements}
            return Standing(unmet, frozenset(seen or ()))
        return Standing({u.key: u.reason for u in found.unmet}, frozenset(seen or ()), found.complete)

    def seen(self) -> dict[str, LessonRow]:
        return lessons_seen(session(), self.enrollment.id)

    def to_be_read_by(self, page: Read) -> str:
        """Who must read the page before it is released, told to authors and administrators; '' to others."""
        writes = may_somewhere(self.actor, Permission.COURSE_PREVIEW)
        return readers_named(page.read_before_release) if writes else ""

    def filling(self) -> Filling:
        """Nothing filled in yet: the role of the reader, and the course's privacy line."""
        return Filling(
            where=self.where,
            role=ROLE_OF_JOB.get(self.actor.job, "teachers"),
            privacy_line=self.where.course.privacy_line,
        )


class NotEnrolled(Exception):
    """The person may see that there is such a course, and has not joined it."""

    def __init__(self, course_key: str) -> None:
        super().__init__(course_key)
        self.course_key = course_key


def here(course_key: str) -> Here:
    """NotEnrolled for who has not joined, or has left."""
    actor = current_actor()
    enrollment = current_enrollment(session(), actor.user_id, course_key)
    if enrollment is None:
        raise NotEnrolled(course_key)
    return Here(actor, enrollment, course_map(compiled(enrollment.version_id)))


def to_page(course_key: str, page_key: str, anchor: str | None = None, **query: Any) -> ResponseReturnValue:
    """After a post: the page itself, at `anchor`."""
    target = url_for("learn.page", course_key=course_key, page_key=page_key, _anchor=anchor, **query)
    return redirect(target, 303)
