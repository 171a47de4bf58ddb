"""Pages that somebody must read before a course is released."""

from __future__ import annotations

from lms.content.codec import decode, encode
from lms.content.diff import compare
from lms.content.readers import readers_named, to_be_read
from tests.unit.content.builder import HOUR, compile_files, course_of, example, places, sheet

HARD = HOUR.replace("minutes: 60", "minutes: 60\nread-before-release: [counselor, administrator]")
SHEET = sheet("\n**X** `short #x`\n", "who: All\nread-before-release: [administrator]")


def test_lessons_and_sheets_say_who_must_read_them() -> None:
    course = course_of(hour=HARD, sheet=SHEET)
    found = [(page.key, readers_named(page.read_before_release)) for page in to_be_read(course)]
    assert found == [("hour", "a counselor and an administrator"), ("t", "an administrator")]
    assert [page.key for page in to_be_read(decode(encode(course)))] == ["hour", "t"]


ASKED = (
    ("1-the-first-minute/quiz.md", "counselor"),
    ("capstone.md", "administrator"),
    ("sessions/1-names-at-the-door.md", "nurse, lawyer"),
)


def test_a_quiz_the_capstone_and_a_guide_may_ask_for_readers_too() -> None:
    made = example()
    for path, readers in ASKED:
        made[path] = made[path].replace(b"---\n", f"---\nread-before-release: [{readers}]\n".encode(), 1)
    course = compile_files(made).course
    assert course is not None
    found = [(page.key, readers_named(page.read_before_release)) for page in to_be_read(course)]
    assert [row for row in found if row[0] in ("fm-1-quiz", "fm-cap", "fm-s1")] == [
        ("fm-1-quiz", "a counselor"), ("fm-cap", "an administrator"), ("fm-s1", "a nurse and a lawyer"),
    ]  # fmt: skip


def test_nobody_else_is_asked() -> None:
    assert places(hour=HARD.replace("counselor", "counsellor")) == ["1-one/9-hour.md:5:23 header-value"]


def test_to_ask_for_a_reader_changes_nothing_for_learners() -> None:
    assert not compare(course_of(), course_of(hour=HARD))
