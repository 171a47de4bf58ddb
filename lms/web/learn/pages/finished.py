"""The completion page: once per course, thanks and what happens next."""

from __future__ import annotations

from msgspec import Struct

from lms.content.nodes import SafeHtml
from lms.web.learn.pages.course_map import CourseMap
from lms.web.words import listed, minutes


class Made(Struct, frozen=True):
    key: str
    title: SafeHtml


class FinishedPage(Struct, frozen=True):
    course_key: str
    course_title: str
    earned: str
    number: str
    district: str
    made: tuple[Made, ...]


def finished_page(
    where: CourseMap, total: int, units: tuple[str, ...], number: str, district: str
) -> FinishedPage:
    """`units`: what rule sets made of the minutes, each named in full; `number`: '' without certificate."""
    earned = f"{minutes(total)} of contact time" if total else "What you did before had been credited already"
    words = (
        f"{listed((earned, *units))} {'are' if units else 'is'} on your transcript."
        if total
        else f"{earned}."
    )
    return FinishedPage(
        course_key=where.course.key,
        course_title=where.course.title_text,
        earned=words,
        number=number,
        district=district,
        made=tuple(
            Made(stop.key, stop.title) for stop in where.stops if stop.kind == "toolkit" and stop.needed
        ),
    )
