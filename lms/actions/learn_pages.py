"""What every action of a learner begins with: the enrollment that is theirs, and the page they are on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TypeVar

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor
from lms.content.keyed import keys_in
from lms.content.nodes import Activity, Capstone, Course, Lesson, Quiz, Reflection, Toolkit
from lms.courses.queries import load_compiled
from lms.enrollments.queries import EnrollmentRow, current_enrollment
from lms.kernel.errors import NotFound

Page = Lesson | Toolkit | Quiz | Capstone
P = TypeVar("P", Lesson, Toolkit, Quiz, Capstone)


class Learning(Struct, frozen=True):
    """An enrollment of the actor's own, with the version it is pinned to."""

    enrollment: EnrollmentRow
    course: Course


def learning(session: Session, actor: Actor, course_key: str) -> Learning:
    """NotFound for whoever is not enrolled, or has left."""
    enrollment = current_enrollment(session, actor.user_id, course_key)
    if enrollment is None:
        raise NotFound
    return Learning(enrollment, load_compiled(session, enrollment.version_id))


def pages(course: Course) -> Iterable[Page]:
    for module in course.modules:
        yield from chain(module.lessons, module.toolkits)
        if module.quiz is not None:
            yield module.quiz
    if course.capstone is not None:
        yield course.capstone


def shown_on(here: Learning, page_key: str) -> frozenset[str] | None:
    """The keys of a page as it is pinned, for somebody who was moved to this version; else None. Words that
    were written under other keys have no place on the page, and saving it must not drop them."""
    return frozenset(keys_in(page_of(here.course, page_key))) if here.enrollment.moved else None


def lesson_of(course: Course, key: str) -> Lesson:
    return _one(Lesson, course, key)


def toolkit_of(course: Course, key: str) -> Toolkit:
    return _one(Toolkit, course, key)


def quiz_of(course: Course, key: str) -> Quiz:
    return _one(Quiz, course, key)


def capstone_of(course: Course, key: str) -> Capstone:
    return _one(Capstone, course, key)


def page_of(course: Course, key: str) -> Page:
    for page in pages(course):
        if page.key == key:
            return page
    raise NotFound


def _one(kind: type[P], course: Course, key: str) -> P:
    page = page_of(course, key)
    if not isinstance(page, kind):
        raise NotFound
    return page


def activity_of(course: Course, page_key: str, part_key: str) -> Activity:
    """The activity of a lesson that is, or holds, the part with this full key."""
    for block in lesson_of(course, page_key).blocks:
        if isinstance(block, Activity) and part_key in (block.key, *(m.key for m in block.members)):
            return block
    raise NotFound


def reflection_of(course: Course, page_key: str, key: str) -> Reflection:
    for reflection in quiz_of(course, page_key).reflections:
        if reflection.key == key:
            return reflection
    raise NotFound
