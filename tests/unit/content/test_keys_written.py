"""`lms courses keys`: missing keys are written once, and nothing else in the files changes."""

from __future__ import annotations

import re

from lms.content.keywriting import write_keys
from lms.content.reader import SourceFiles
from tests.unit.content.builder import COURSE, MODULE, compile_files, example, files, lesson, sheet


def _written(made: dict[str, bytes]) -> dict[str, bytes]:
    changed, _ = write_keys(SourceFiles(made))
    return {**made, **changed}


def test_a_course_without_a_key_of_its_own_compiles_once_they_are_written() -> None:
    bare = {
        path: re.sub(rb" #[a-z0-9-]+(?=[,`])", b"", re.sub(rb"\nkey: [^\n]*", b"", data))
        for path, data in example().items()
        if path.endswith(".md")
    }
    made = _written({**example(), **bare})
    left = {problem.code for problem in compile_files(made).problems}
    assert not left & {"key-missing", "key-form", "key-twice", "header-needed"}
    assert _written(made) == made


def test_a_course_with_all_its_keys_is_left_alone() -> None:
    assert write_keys(SourceFiles(example())) == ({}, ())


def test_keys_are_the_words_as_they_stand() -> None:
    made = files(
        lesson=lesson("\n## Où est l’été?\n`choose one, 3 min`\n\n- [x] a\n    > b\n- [ ] c\n    > d\n")
    )
    changed, written = write_keys(SourceFiles(made))
    assert list(changed) == ["1-one/1-lesson.md"]
    assert b"`choose one #ou-est-lete, 3 min`" in changed["1-one/1-lesson.md"]
    assert [(each.line, each.key) for each in written] == [(10, "ou-est-lete")]


def test_words_that_are_taken_or_not_latin_are_numbered() -> None:
    made = files(
        lesson=lesson(
            "\n## A\n`do #a`\n\nx\n\n## A\n`do`\n\ny\n\n## 朝\n`do`\n\nz\n\n## 夜\n`choose many`\n\n- [x] a\n"
        ),
        sheet=sheet("\n**A long label of very many words that goes on for ever** `short`\n"),
    )
    changed = write_keys(SourceFiles(made))[0]
    text = changed["1-one/1-lesson.md"].decode()
    assert re.findall(r"`(do|choose many) #([a-z0-9-]+)`", text) == [
        ("do", "a"), ("do", "a-2"), ("do", "do"), ("choose many", "choose-many"),
    ]  # fmt: skip
    assert b"`short #a-long-label-of-very-many-words-that`" in changed["1-one/toolkit/t1-sheet.md"]


def test_several_heads_of_a_table_get_theirs() -> None:
    made = files(
        sheet=sheet(
            "\n**T** `table #t, add rows`\n\n| When `date` | What `short, needed` |\n| --- | --- |\n| | |\n"
        )
    )
    text = write_keys(SourceFiles(made))[0]["1-one/toolkit/t1-sheet.md"].decode()
    assert "| When `date #when` | What `short #what, needed` |" in text


def test_line_endings_and_marks_at_the_start_stay() -> None:
    made = files(module=MODULE.replace("key: m\n", "objective: x\n").replace("\n", "\r\n"))
    made["1-one/module.md"] = b"\xef\xbb\xbf" + made["1-one/module.md"]
    text = write_keys(SourceFiles(made))[0]["1-one/module.md"]
    assert text == b"\xef\xbb\xbf---\r\nkey: one\r\nobjective: x\r\n---\r\n\r\n# One\r\n"


def test_keys_of_files_are_unlike_each_other_and_the_words_of_the_site() -> None:
    made = files(module=MODULE.replace("key: m\n", "objective: x\n").replace("# One", "# Left"))
    made["2-two/module.md"] = made["1-one/module.md"]
    changed, written = write_keys(SourceFiles(made))
    assert [each.key for each in written] == ["left-2", "left-3"]
    assert len(changed) == 2


def test_other_mistakes_do_not_stop_it_and_unreadable_files_are_left_alone() -> None:
    made = files(
        course=COURSE.replace("language: en", "language: fr"),
        lesson=lesson("\n## A\n`do`\n\n> **Nonsense.** x\n"),
        quiz="no header at all\n",
    )
    made["1-one/2-broken.md"] = b"\xff\xfe"
    changed = write_keys(SourceFiles(made))[0]
    assert list(changed) == ["1-one/1-lesson.md"]
