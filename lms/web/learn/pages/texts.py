"""A person's own texts in one course, one line each."""

from __future__ import annotations

from msgspec import Struct

from lms.kernel.keys import page_of
from lms.responses.queries.texts import OwnText
from lms.responses.worksheets import Home
from lms.web.learn.pages.course_map import CourseMap
from lms.web.words import day

LISTED = ("hand in", "worksheet", "draft")


class TextLine(Struct, frozen=True):
    """`kind`, `enrollment`, `key`, `sitting`, `number` name the text for the form that deletes it."""

    title: str
    words: str
    page_key: str
    kind: str
    enrollment: str
    key: str
    sitting: str
    number: int


class TextsPage(Struct, frozen=True):
    course_key: str
    course_title: str
    texts: tuple[TextLine, ...]


def text_line(where: CourseMap, text: OwnText, time_zone: str) -> TextLine | None:
    """None for what has no line of its own: comments, answers, what is kept beside a draft."""
    if text.source not in LISTED:
        return None
    stop = where.by_key.get(page_of(text.key))
    requirement = where.requirements.get(text.key)
    title = (
        requirement.title if requirement is not None else stop.title_text if stop is not None else text.key
    )
    on = day(text.at, time_zone)
    what = {
        "hand in": f"Handed in {on}, try {text.number}",
        "worksheet": f"Kept {on}",
        "draft": f"Draft of {on}",
    }[text.source]
    home: Home | None = where.homes.get(text.key)
    if text.source == "worksheet" and text.number:
        what += f", entry {text.number}"
    if text.sitting:
        what += f", {text.sitting}"
    page_key = stop.key if stop is not None else home.page_key if home is not None else ""
    return TextLine(
        title, what, page_key, text.source, text.enrollment_public_id, text.key, text.sitting, text.number
    )
