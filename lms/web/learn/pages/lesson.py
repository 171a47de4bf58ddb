"""The lesson page."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from lms.content.nodes import Activity, Lesson, SafeHtml
from lms.web.learn.pages.bodies import body, notes
from lms.web.learn.pages.clashes import Clash
from lms.web.learn.pages.course_map import Stop
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.outline import Outline, Standing, outline
from lms.web.words import plain


class Neighbor(Struct, frozen=True):
    key: str
    title: SafeHtml


class LessonPage(Struct, frozen=True):
    """`still_open`: titles of what this page still asks for, beside reading it. `person`: public id, under
    which the browser keeps unsaved text. `covered`: only the content note is shown, and a way in."""

    course_key: str
    course_title: str
    key: str
    title: SafeHtml
    title_text: str
    objective: str
    minutes: int
    content_note: SafeHtml
    covered: bool
    outline: Outline
    parts: tuple[Markup, ...]
    notes: Markup
    before: Neighbor | None
    after: Neighbor | None
    done: bool
    still_open: tuple[str, ...]
    types: bool
    """There is something to fill in."""
    stands_in_for: str
    every_page: tuple[SafeHtml, ...]
    person: str
    clashes: tuple[Clash, ...]
    to_be_read_by: str


def lesson_page(
    stop: Stop,
    filling: Filling,
    standing: Standing,
    *,
    person: str,
    covered: bool = False,
    clashes: tuple[Clash, ...] = (),
    to_be_read_by: str = "",
) -> LessonPage:
    lesson = stop.node
    assert isinstance(lesson, Lesson)  # noqa: S101 - the view chose by kind
    where = filling.where
    parts = () if covered else body(lesson.key, lesson.blocks, filling)
    return LessonPage(
        course_key=where.course.key,
        course_title=where.course.title_text,
        key=lesson.key,
        title=lesson.title,
        title_text=lesson.title_text,
        objective=lesson.objective,
        minutes=lesson.minutes,
        content_note=lesson.content_note,
        covered=covered,
        outline=outline(where, stop, standing),
        parts=parts,
        notes=Markup() if covered else notes(lesson.key, lesson.citations, parts, filling),
        before=neighbor(where.before(lesson.key)),
        after=neighbor(where.after(lesson.key)),
        done=lesson.key in where.requirements and lesson.key not in standing.unmet,
        still_open=_still_open(lesson, filling),
        types=any(isinstance(block, Activity) for block in lesson.blocks),
        stands_in_for=_title(filling, lesson.alternative_to),
        every_page=every_page(filling),
        person=person,
        clashes=clashes,
        to_be_read_by=to_be_read_by,
    )


def neighbor(stop: Stop | None) -> Neighbor | None:
    return Neighbor(stop.key, stop.title) if stop is not None else None


def every_page(filling: Filling) -> tuple[SafeHtml, ...]:
    """The course's local facts that stand on each page, such as whom to call."""
    course = filling.where.course
    return tuple(insert.html for insert in course.inserts if insert.key in course.every_page)


def _still_open(lesson: Lesson, filling: Filling) -> tuple[str, ...]:
    """Activities that are not done, by title; one that another stands in for is done with that other."""
    activities = [block for block in lesson.blocks if isinstance(block, Activity)]
    done = {a.key for a in activities if a.key in filling.done}
    done |= {a.instead_of for a in activities if a.key in done and a.instead_of}
    return tuple(
        plain(a.title)
        for a in activities
        if a.key not in done and not a.instead_of and a.key in filling.where.requirements
    )


def _title(filling: Filling, key: str | None) -> str:
    stop = filling.where.by_key.get(key or "")
    return stop.title_text if stop is not None else ""
