"""From a folder on disk to the bytes that are compiled, and what has no place in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lms.content.compiler import compile_course
from lms.content.problems import Problem
from lms.content.reader import MAX_FILES, SourceFiles, read_folder
from tests.unit.content.builder import HOUR, MODULE, TODAY, compile_files, files

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x20\x00\x00\x00\x10" + b"\x00" * 20
GIF = b"GIF89a\x20\x00\x10\x00" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x10\x00\x20" + b"\x00" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16"><path d="M0 0"/></svg>'


def _write(folder: Path, made: dict[str, bytes]) -> None:
    for path, data in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _said(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.file} {problem.code}" for problem in problems]


def test_a_folder_is_read_as_it_is(tmp_path: Path) -> None:
    made = files()
    _write(tmp_path, made)
    read = read_folder(tmp_path)
    assert dict(read.files) == made
    assert read.problems == ()


def test_hidden_files_and_the_readme_are_passed_over(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {**files(), ".DS_Store": b"x", ".git/config": b"x", "1-one/.hidden.md": b"x", "README.md": b"x"},
    )
    assert dict(read_folder(tmp_path).files) == files()


def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, files())
    (tmp_path / "secret").write_text("x")
    (tmp_path / "1-one" / "2-link.md").symlink_to("/etc/passwd")
    (tmp_path / "2-two").symlink_to(tmp_path / "1-one")
    os.mkfifo(tmp_path / "pipe.md")
    read = read_folder(tmp_path)
    assert _said(read.problems) == ["1-one/2-link.md file-place", "2-two file-place", "pipe.md file-place"]
    assert not any("link" in path or path.startswith("2-two") for path in read.files)


def test_a_file_too_large_to_read_is_not_read(tmp_path: Path) -> None:
    _write(tmp_path, files())
    with open(tmp_path / "1-one" / "2-more.md", "wb") as huge:
        huge.truncate(9_000_000)
    assert _said(read_folder(tmp_path).problems) == ["1-one/2-more.md file-large"]


def test_names_on_disk_are_compared_in_one_form(tmp_path: Path) -> None:
    _write(tmp_path, {"1-e\u0301cole/module.md": MODULE.encode()})
    assert list(read_folder(tmp_path).files) == ["1-école/module.md"]


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, files())
    with open(os.fsencode(tmp_path) + b"/\xff.md", "wb") as odd:
        odd.write(b"x")
    assert [problem.code for problem in read_folder(tmp_path).problems] == ["file-place"]


def test_a_folder_of_very_many_files_is_not_read_to_the_end(tmp_path: Path) -> None:
    _write(tmp_path, {f"{number}.md": b"" for number in range(MAX_FILES + 5)})
    assert [problem.code for problem in read_folder(tmp_path).problems] == ["course-large"]


def test_what_the_reader_refused_is_told_with_the_rest(tmp_path: Path) -> None:
    _write(tmp_path, files(lesson=""))
    (tmp_path / "1-one" / "2-link.md").symlink_to("/etc/passwd")
    result = compile_course(read_folder(tmp_path), today=TODAY)
    assert _said(result.problems) == ["1-one/1-lesson.md header-missing", "1-one/2-link.md file-place"]
    assert result.course is None


@pytest.mark.parametrize(
    "path",
    [
        "README.md", "1-one/notes.md", "one/module.md", "1-one/toolkit/1-sheet.md", "1-one/deep/1-x.md",
        "1-one/images/a b.png", "1-one/images/a.exe", "images/../x.png", "sessions/one.md",
        "1-one/1-lesson.txt",
        "-1-one/module.md", "1-one", "/course.md", "1-one/images/.png", "1-one/\u2028.md",
    ],
)  # fmt: skip
def test_a_file_of_another_shape_has_no_place(path: str) -> None:
    assert _said(compile_files({**files(), path: b"x"}).problems) == [f"{path} file-place"]


def test_a_course_and_each_module_have_a_file_of_their_own() -> None:
    made = files()
    del made["course.md"], made["1-one/module.md"]
    assert _said(compile_files(made).problems) == ["1-one/module.md file-place", "course.md file-place"]
    assert compile_files({}).course is None


def test_equal_numbers_are_told_once_for_each_file_too_many() -> None:
    other = HOUR.replace("key: hour", "key: other").encode()
    made = {
        **files(),
        "1-one/09-again.md": other,
        "1-uno/module.md": MODULE.replace("key: m", "key: m2").encode(),
    }
    assert _said(compile_files(made).problems) == ["1-one/9-hour.md file-order", "1-uno/module.md file-order"]


def test_bytes_that_are_no_text_are_told_with_their_place() -> None:
    result = compile_files({**files(), "1-one/1-lesson.md": b"---\nkey: l\nobjective: caf\xe9\n"})
    assert [str(problem).split(": ")[0] for problem in result.problems] == ["1-one/1-lesson.md:3:15"]
    assert [problem.code for problem in result.problems] == ["encoding"]


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.png", PNG, "image/png"),
        ("a.gif", GIF, "image/gif"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.svg", SVG, "image/svg+xml"),
    ],
)
def test_a_picture_has_a_name_with_its_digest_and_its_size(name: str, data: bytes, media_type: str) -> None:
    made = files(
        lesson="---\nkey: l\nobjective: x\nminutes: 5\n---\n\n# L\n\n"
        f'![A door](images/{name} "A door. Drawing: project")\n\n## A\n`do #a, 5 min`\n\nx\n'
    )
    course = compile_files({**made, f"1-one/images/{name}": data}).course
    assert course is not None
    image = course.images[0]
    assert image.media_type == media_type
    assert image.name.endswith(f"-{name}")
    shown = course.modules[0].lessons[0].blocks[0].html  # type: ignore[union-attr]
    assert f'src="media/{image.name}"' in shown
    assert 'width="32" height="16"' in shown
    assert "<figcaption>A door. Drawing: project</figcaption>" in shown


@pytest.mark.parametrize(
    "drawing",
    [
        b"<svg><script>1</script></svg>",
        b'<svg onload="x()"/>',
        b'<svg><a href="https://example.org">x</a></svg>',
        b'<svg><image href="data:text/html,x"/></svg>',
        b"<svg><foreignObject/></svg>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
        b'<?xml-stylesheet href="#x"?><svg/>',
        b'<svg><a xlink:href="javascript:x"/></svg>',
    ],
)
def test_a_drawing_that_could_act_is_refused(drawing: bytes) -> None:
    assert _said(compile_files({**files(), "images/a.svg": drawing}).problems) == ["images/a.svg html"]


def test_a_drawing_may_use_its_own_parts() -> None:
    drawing = b'<svg><use href="#a"/><use xlink:href=" #b"/><image href="data:image/png;base64,x"/></svg>'
    assert compile_files({**files(), "images/a.svg": drawing}).problems == ()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.webp", "a.svg"])
def test_a_picture_is_what_its_name_says(name: str) -> None:
    problems = compile_files({**files(), f"images/{name}": b"no"}).problems
    assert _said(problems) == [f"images/{name} file-place"]


def test_a_picture_has_a_largest_size() -> None:
    large = SVG + b" " * 3_000_001
    assert _said(compile_files(SourceFiles({**files(), "images/a.svg": large}).files).problems) == [
        "images/a.svg file-large"
    ]
