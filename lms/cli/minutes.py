"""`lms courses check --minutes`: what each page claims, what is counted, and what it earns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from lms.cli.output import table
from lms.content.effort import counted_minutes
from lms.content.nodes import Course, Lesson
from lms.content.render import plain_text

HEADS = ("page", "claims", "words", "counted", "earns", "title")


def minutes_of(course: Course) -> list[dict[str, Any]]:
    """A row a page, in reading order, keyed by HEADS; None where no words or parts are counted."""
    earned: dict[str, int] = {}
    for requirement in course.requirements:
        key = requirement.page_key if requirement.kind == "activity" else requirement.key
        earned[key] = earned.get(key, 0) + requirement.minutes
    return [
        dict(zip(HEADS, (key, claims, words, counted, earned.get(key, 0), title), strict=True))
        for key, claims, words, counted, title in _pages(course)
    ]


def tell_minutes(course: Course) -> None:
    rows = [tuple(row.values()) for row in minutes_of(course)]
    if rows:
        table(HEADS, rows, empty="")
    earned = course.design_minutes
    click.echo(
        f"Together they earn {earned} minutes: clock-hours may be {earned // 60}, "
        f"and course.md says {course.clock_hours}."
    )


_Row = tuple[str, int, int | None, int | None, str]


def _pages(course: Course) -> Iterator[_Row]:
    for module in course.modules:
        for lesson in module.lessons:
            yield _lesson(lesson)
        for sheet in module.toolkits:
            yield sheet.key, sheet.minutes, None, None, sheet.title_text
        if quiz := module.quiz:
            yield quiz.key, quiz.minutes, None, None, quiz.title_text
            for each in quiz.reflections:
                yield each.key, each.minutes, None, None, plain_text(each.title)
    if capstone := course.capstone:
        yield capstone.key, capstone.minutes, None, None, capstone.title_text
    for guide in course.sessions:
        parts = sum(part.minutes for part in guide.agenda)
        yield guide.key, guide.minutes, None, parts, guide.title_text


def _lesson(lesson: Lesson) -> _Row:
    counted = counted_minutes(lesson.reading_words, lesson.blocks)
    return lesson.key, lesson.minutes, lesson.reading_words, counted, lesson.title_text
