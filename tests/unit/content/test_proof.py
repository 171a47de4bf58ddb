"""A course while it is written: the same course and problems as the compiler's, from the files that changed."""

from __future__ import annotations

import html
import os
import random
import re

import pytest

from lms.content.codec import encode
from lms.content.compiler import compile_course
from lms.content.explanations import EXPLANATIONS
from lms.content.proof import MARK, Proof, Proofs
from lms.content.reader import SourceFiles
from tests.fuzz.mutations import mutate
from tests.unit.content.builder import TODAY, compile_files, example
from tests.unit.content.test_catalogue import PLACES

LESSON = "1-the-first-minute/1-at-the-door.md"
OTHER = "1-the-first-minute/2-at-the-door-in-writing.md"
QUIZ = "1-the-first-minute/quiz.md"
_ENCODED_MARK = re.compile(r'<mark data-at=\\"[^"]*\\"></mark>')


def _proof(files: dict[str, bytes], proofs: Proofs | None = None) -> Proof:
    return (proofs or Proofs()).make(SourceFiles(files), today=TODAY)


def test_without_its_marks_a_proof_is_the_compiled_course() -> None:
    proof, compiled = _proof(example()), compile_files(example()).course
    assert proof.problems == ()
    assert proof.course is not None
    assert compiled is not None
    assert _ENCODED_MARK.sub("", encode(proof.course)) == encode(compiled)


def test_a_mark_names_the_file_and_line_of_the_text_that_follows() -> None:
    files = example()
    course = _proof(files).course
    assert course is not None
    seen = set()
    for file, line in MARK.findall(html.unescape(encode(course)).replace('\\"', '"')):
        assert files[file].decode().split("\n")[int(line) - 1].strip()
        seen.add(file)
    assert {LESSON, OTHER, "capstone.md", "course.md", "sessions/1-names-at-the-door.md"} <= seen


def test_only_what_has_changed_is_read_again() -> None:
    proofs, files = Proofs(), example()
    _proof(files, proofs)
    assert set(proofs.read) == {path for path in files if path.endswith(".md")}
    _proof(files, proofs)
    assert proofs.read == ()
    files[OTHER] += b"\nOne sentence more.\n"
    proof = _proof(files, proofs)
    assert proofs.read == (OTHER,)
    assert proof.course is not None
    assert _ENCODED_MARK.sub("", encode(proof.course)) == encode(_compiled(files))


def _compiled(files: dict[str, bytes]) -> object:
    course = compile_course(SourceFiles(files), today=TODAY).course
    assert course is not None
    return course


def test_another_language_of_the_course_reads_every_file_again() -> None:
    proofs, files = Proofs(), example()
    _proof(files, proofs)
    files["course.md"] = files["course.md"].replace(b"language: en", b"language: es")
    found = _proof(files, proofs)
    assert len(proofs.read) == len([path for path in files if path.endswith(".md")])
    assert found.problems == compile_files(files).problems


@pytest.mark.parametrize(
    "code", [code for code in PLACES if not EXPLANATIONS[code].copies and code != "key-reused"]
)
def test_a_mistake_is_reported_in_its_place_after_a_sound_proof_and_again_after_it(code: str) -> None:
    proofs, spoilt = Proofs(), EXPLANATIONS[code].spoil(example())
    _proof(example(), proofs)
    first, second = _proof(spoilt, proofs), _proof(spoilt, proofs)
    assert first.problems == second.problems
    own = [(p.file, p.line, p.column) for p in first.problems if p.code == code]
    assert own[0] == PLACES[code]
    assert set(compile_files(spoilt).problems) <= set(first.problems)
    assert _proof(example(), proofs).problems == ()


def test_a_file_that_is_not_fit_to_be_rendered_shows_its_text_and_spoils_no_other() -> None:
    files = example()
    files[OTHER] += b"\n<script>alert(1)</script> stays *as written*.\n"
    proof = _proof(files)
    assert {problem.code for problem in proof.problems} == {"html"}
    assert proof.course is not None
    text = encode(proof.course)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; stays *as written*." in text
    assert "<script" not in text
    assert "<em>I see you." in text


def test_without_a_course_file_there_is_no_course_and_all_its_problems() -> None:
    files = example()
    del files["course.md"]
    proof = _proof(files)
    assert proof.course is None
    assert proof.problems


def test_only_what_rests_on_a_change_is_built_again() -> None:
    proofs, files = Proofs(), example()
    _proof(files, proofs)
    files[OTHER] += b"\nOne sentence more.\n"
    _proof(files, proofs)
    assert proofs.built == (OTHER,)
    files[LESSON] = files[LESSON].replace(b"## What a greeting carries", b"## What a word carries")
    proof = _proof(files, proofs)
    assert proofs.built == (LESSON, QUIZ)
    assert {(problem.file, problem.code) for problem in proof.problems} == {(QUIZ, "link-anchor")}


def test_what_a_change_of_another_file_means_for_a_page_is_noticed() -> None:
    proofs, files = Proofs(), example()
    sheet = "1-the-first-minute/toolkit/t1-week-sheet.md"
    files[LESSON] += b"\nSee also [this](toolkit/t8-some-sheet.md) page.\n"
    _proof(files, proofs)
    for path, old, new in (
        ("1-the-first-minute/toolkit/t8-same-sheet.md", b"", files[sheet].replace(b"fm-t1", b"fm-t8")),
        (sheet, b"key: fm-t1", b"key: fm-1-quiz"),
        (sheet, b"key: fm-1-quiz", b"key: fm-t1"),
        ("1-the-first-minute/images/door.svg", None, b""),
        ("local.md", b"the person your", b"whom your"),
    ):
        if old is None:
            del files[path]
        else:
            files[path] = files.get(path, b"").replace(old, new, 1)
        kept, first = _proof(files, proofs), _proof(files)
        assert kept.problems == first.problems
        assert kept.course == first.course


def _text(files: dict[str, bytes], chance: random.Random) -> str:
    return chance.choice([path for path in files if path.endswith(".md")])


def _edit(files: dict[str, bytes], chance: random.Random) -> None:
    """What an author does between two saves, and what goes wrong then."""
    path, other = _text(files, chance), _text(files, chance)
    match chance.randrange(9):
        case 0:
            files.pop(path)
        case 1:
            files[other] = files.pop(path)
        case 2:
            files[path] = example().get(path, files[path])
        case 3:
            files |= example()
        case 4:
            key = re.compile(rb"^key: .*$", re.MULTILINE)
            found = key.search(files[other])
            files[path] = key.sub(found[0] if found else b"key: new", files[path], count=1)
        case 5:
            heads = [line for line in files[path].split(b"\n") if line.startswith(b"#")] or [b"# None"]
            files[path] = files[path].replace(chance.choice(heads), b"## Other words")
        case _:
            files[path] = mutate(
                chance, files[path].decode(errors="replace"), files[other].decode(errors="replace")
            )


@pytest.mark.parametrize("seed", range(int(os.environ.get("LMS_TEST_SEEDS", "2"))))
def test_after_any_edits_a_proof_is_what_a_first_one_would_be(seed: int) -> None:
    chance, proofs, files = random.Random(seed), Proofs(), example()
    for _ in range(12):
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            _edit(files, chance)
        kept, first = _proof(files, proofs), _proof(files)
        assert kept.problems == first.problems
        assert kept.keys == first.keys
        assert kept.course == first.course
