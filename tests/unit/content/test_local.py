"""An operator's own words for local facts, in a course that stays as it was published."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from lms.config import BadSetting
from lms.content.codec import encode
from lms.content.local import compile_local, with_local
from lms.content.nodes import Course
from lms.web.local_facts import LocalWords
from tests.unit.content.builder import TODAY, compile_files, example

OWN = """# Ours

## report-to
`insert, checked 2026-11-24`

Ms. Abara, **room 4**, or [the hotline](https://example.org/report)
"""


def _course() -> Course:
    course = compile_files(example()).course
    assert course is not None
    return course


def test_other_words_stand_wherever_the_course_uses_its_own() -> None:
    course = _course()
    facts, problems = compile_local("local/first-minute.md", OWN.encode(), today=TODAY)
    assert problems == ()
    before, after = encode(course), encode(with_local(course, facts))
    old, new = "the person your principal has named", "Ms. Abara, <strong>room 4</strong>"
    assert before.count(old) > 1
    assert after.count(new) == before.count(old)
    assert old not in after
    assert encode(course) == before


def test_nothing_else_is_another_object() -> None:
    course = _course()
    facts, _ = compile_local("x", OWN.encode(), today=TODAY)
    made = with_local(course, facts)
    assert made.modules[0].lessons[1] is course.modules[0].lessons[1]
    assert made.requirements is course.requirements
    own = {name: getattr(course, name) for name in ("inserts", "modules", "sessions", "privacy_line")}
    assert replace(made, **own) == course
    assert with_local(course, {}) is course


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("# Ours\n\n## Report to\n`insert, checked 2026-11-24`\n\nX\n", "key-form", 3),
        ("# Ours\n\n## report-to\n`insert, checked 2026-11-24`\n\n<b>X</b>\n", "html", 6),
        ("# Ours\n\n## report-to\n`insert, checked 2026-11-24`\n\n[X](http://a.example)\n", "link-scheme", 6),
        ("# Ours\n\n## report-to\n\nX\n", "part-tag", 3),
    ],
)
def test_a_mistake_is_told_by_line_and_stops_the_start(
    text: str, code: str, line: int, tmp_path: Path
) -> None:
    _, problems = compile_local("local/x.md", text.encode(), today=TODAY)
    assert (problems[0].code, problems[0].line) == (code, line)
    (tmp_path / "first-minute.md").write_text(text)
    with pytest.raises(BadSetting, match=rf"first-minute\.md:{line}:\d+: error: {code}"):
        LocalWords(tmp_path)


def test_a_site_without_such_a_file_shows_the_course_itself(tmp_path: Path) -> None:
    course = _course()
    assert LocalWords(tmp_path / "nothing").of(course) is course


def test_a_course_is_made_once_with_its_words(tmp_path: Path) -> None:
    (tmp_path / "first-minute.md").write_text(OWN + "\n## nowhere\n`insert, checked 2026-11-24`\n\nX\n")
    words, course = LocalWords(tmp_path), _course()
    made = words.of(course)
    assert made is not course
    assert words.of(course) is made
    assert words.unused(course) == ("nowhere",)
    assert words.of(replace(course, key="other", digest="x")).key == "other"
