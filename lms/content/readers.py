"""Pages that a counselor or an administrator must have read before a course is released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms.content.nodes import Capstone, Course, Lesson, Quiz, SessionGuide, Toolkit

Read = Lesson | Toolkit | Quiz | SessionGuide | Capstone


def to_be_read(course: Course) -> Iterator[Read]:
    """In the order of the course, the capstone and the session guides last."""
    for page in _pages(course):
        if page.read_before_release:
            yield page


def _pages(course: Course) -> Iterator[Read]:
    for module in course.modules:
        yield from module.lessons
        yield from module.toolkits
        if module.quiz is not None:
            yield module.quiz
    if course.capstone is not None:
        yield course.capstone
    yield from course.sessions


def readers_named(readers: Sequence[str]) -> str:
    """'a counselor and an administrator'; '' for nobody."""
    return " and ".join(f"{'an' if reader[0] in 'aeiou' else 'a'} {reader}" for reader in readers)
