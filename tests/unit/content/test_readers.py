"""Pages that somebody must read before a course is released."""

from __future__ import annotations

from lms.content.codec import decode, encode
from lms.content.diff import compare
from lms.content.readers import readers_named, to_be_read
from tests.unit.content.builder import HOUR, course_of, places, sheet

HARD = HOUR.replace("minutes: 60", "minutes: 60\nread-before-release: [counselor, administrator]")
SHEET = sheet("\n**X** `short #x`\n", "who: All\nread-before-release: [administrator]")


def test_lessons_and_sheets_say_who_must_read_them() -> None:
    course = course_of(hour=HARD, sheet=SHEET)
    found = [(page.key, readers_named(page.read_before_release)) for page in to_be_read(course)]
    assert found == [("hour", "a counselor and an administrator"), ("t", "an administrator")]
    assert [page.key for page in to_be_read(decode(encode(course)))] == ["hour", "t"]


def test_nobody_else_is_asked() -> None:
    assert places(hour=HARD.replace("counselor", "counsellor")) == ["1-one/9-hour.md:5:23 header-value"]


def test_to_ask_for_a_reader_changes_nothing_for_learners() -> None:
    assert not compare(course_of(), course_of(hour=HARD))
