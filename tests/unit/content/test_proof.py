"""A course while it is written: the same course and problems as the compiler's, from the files that changed."""

from __future__ import annotations

import html
import re

import pytest

from lms.content.codec import encode
from lms.content.compiler import compile_course
from lms.content.explanations import EXPLANATIONS
from lms.content.proof import MARK, Proof, Proofs
from lms.content.reader import SourceFiles
from tests.unit.content.builder import TODAY, compile_files, example
from tests.unit.content.test_catalogue import PLACES

LESSON = "1-the-first-minute/1-at-the-door.md"
OTHER = "1-the-first-minute/2-at-the-door-in-writing.md"
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
