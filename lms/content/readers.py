"""Pages that a counselor or an administrator must have read before a course is released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms.content.nodes import Course, Lesson, Toolkit


def to_be_read(course: Course) -> Iterator[Lesson | Toolkit]:
    """In the order of the course."""
    for module in course.modules:
        pages: tuple[Lesson | Toolkit, ...] = (*module.lessons, *module.toolkits)
        for page in pages:
            if page.read_before_release:
                yield page


def readers_named(readers: Sequence[str]) -> str:
    """'a counselor and an administrator'; '' for nobody."""
    return " and ".join(f"{'an' if reader[0] in 'aeiou' else 'a'} {reader}" for reader in readers)
