"""A key keeps its kind over the versions of a course."""

from __future__ import annotations

from lms.content.earlier import earlier_kinds
from lms.content.nodes import Course
from tests.unit.content.builder import compile_files, course_of, files, sheet


def _said(*versions: Course, **texts: str) -> list[str]:
    earlier = earlier_kinds(enumerate(versions, 1))
    return [str(problem) for problem in compile_files(files(**texts), earlier=earlier).problems]


def test_a_key_given_to_another_kind_is_refused_with_the_version_that_had_it() -> None:
    first = course_of(sheet=sheet("\n**A** `number #a`\n"))
    second = course_of()
    assert _said(first, second, sheet=sheet("\n**A** `date #a`\n")) == [
        "1-one/toolkit/t1-sheet.md:8:13: error: key-reused: '#a' was a number in version 1; a key keeps its kind."
    ]


def test_short_and_long_answers_are_one_kind() -> None:
    first = course_of(sheet=sheet("\n**A** `short #a`\n"))
    assert _said(first, sheet=sheet("\n**A** `long #a`\n")) == []


def test_a_column_a_log_and_a_file_keep_their_kind_too() -> None:
    first = course_of(
        sheet=sheet(
            "\n**T** `table #t`\n\n| A `short #a` |\n| --- |\n| |\n\n## L\n`log #l, 3 entries`\n\n**B** `date #b`\n"
        )
    )
    found = _said(
        first,
        sheet=sheet("\n**L** `short #l`\n\n**A** `number #a`\n"),
        second="---\nkey: m\nwho: All\n---\n\n# S\n",
        module="---\nkey: m2\n---\n\n# One\n",
    )
    assert [line.split(": ", 3)[3] for line in found] == [
        "'#l' was a log in version 1; a key keeps its kind.",
        "'#a' was a short in version 1; a key keeps its kind.",
        "'m' was a module in version 1; a key keeps its kind.",
    ]


def test_the_newest_version_decides() -> None:
    first = course_of(sheet=sheet("\n**A** `number #a`\n"))
    second = course_of(sheet=sheet("\n**A** `date #a`\n"))
    assert _said(first, second, sheet=sheet("\n**A** `date #a`\n")) == []
