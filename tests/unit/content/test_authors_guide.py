"""The authors' guide is true: its examples are parts of a course that compiles, and it leaves nothing out."""

from __future__ import annotations

import re

import pytest

from lms.content.effort import WORDS_A_MINUTE, counted_minutes
from lms.content.explanations import EXPLANATIONS
from lms.content.fields import FIELDS
from lms.content.languages import LANGUAGES
from lms.content.problems import CODES, NOT_YET
from lms.content.settings import KINDS, SETTINGS, STUDIES
from tests.unit.content.builder import EXAMPLE, compile_files, example

GUIDE = (EXAMPLE.parent / "authors.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```markdown\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.split("\n")[0][:40])
def test_an_example_stands_word_for_word_in_the_example_course(snippet: str) -> None:
    assert any(snippet in data.decode() for path, data in example().items() if path.endswith(".md"))


def test_every_kind_is_named() -> None:
    missing = {kind for kind in KINDS if f"`{kind}`" not in GUIDE and f"`{kind} #" not in GUIDE}
    assert missing == {"source", "insert"}
    assert "`source, argument, checked 2026-11-22`" in GUIDE
    assert "`insert, checked 2026-11-22`" in GUIDE


def test_every_setting_is_shown() -> None:
    shown = re.sub(r"\d+", "N", GUIDE)
    for name, (form, pattern, _) in SETTINGS.items():
        words = form.replace("#key", "#").replace(" key", " ").replace("one / two", " / ").strip()
        assert words in shown, (name, pattern)


def test_every_kind_of_study_and_every_header_field_is_named() -> None:
    assert [study for study in STUDIES if f"`{study}`" not in GUIDE] == []
    for kind, specs in FIELDS.items():
        for field, spec in specs.items():
            assert (f"**{field}**" if spec.needed else field) in GUIDE, (kind, field)
            for part in spec.parts or {}:
                assert part in GUIDE, (kind, field, part)


def test_every_label_of_every_language_is_named() -> None:
    for language in LANGUAGES.values():
        words = [*language.boxes, *language.roles, language.see, language.anything_else, *language.levels]
        assert [word for word in words if word not in GUIDE] == []


def test_the_example_course_shows_every_kind_and_every_box() -> None:
    course = "\n".join(data.decode() for path, data in example().items() if path.endswith(".md"))
    assert [kind for kind in KINDS if f"`{kind} " not in course and f"`{kind}," not in course] == []
    assert [label for label in LANGUAGES["en"].boxes if f"> **{label}" not in course] == []


def test_every_problem_code_is_told_with_its_meaning_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z-]+)`( W)? \| (.*) \|$", GUIDE[GUIDE.index("## 12.") :], re.MULTILINE)
    told = {code: (bool(warns), meaning.replace("\\|", "|")) for code, warns, meaning in rows}
    assert told == {
        code: (severity == "warning", EXPLANATIONS[code].meaning) for code, severity in CODES.items()
    }
    assert len(rows) == len(told)


def test_what_a_draft_may_lack_is_named() -> None:
    paragraph = GUIDE[GUIDE.index("With `check --draft` these") :].split("\n\n")[0]
    assert set(re.findall(r"`([a-z]+-[a-z]+)`", paragraph)) == NOT_YET


def test_the_worked_sum_of_minutes_is_that_of_the_example() -> None:
    course = compile_files(example()).course
    assert course is not None
    lesson = course.modules[0].lessons[0]
    claim = counted_minutes(lesson.reading_words, lesson.blocks)
    tags = claim - lesson.reading_words // WORDS_A_MINUTE
    sentence = f"has {tags} minutes in its tags and {lesson.reading_words} words: it may claim {claim}."
    assert f"*{lesson.title_text}* {sentence}" in " ".join(GUIDE.split())
