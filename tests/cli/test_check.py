"""`lms courses check`: one finding for people, editors and code hosts, and drafts that are not finished yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

LESSON = "1-the-first-module/1-the-first-lesson.md"


@pytest.fixture
def folder(command: Command, tmp_path: Path) -> Path:
    command("courses", "new", "our-course", "--in", str(tmp_path))
    return tmp_path / "our-course"


def _change(folder: Path, old: str, new: str) -> None:
    page = folder / LESSON
    assert old in page.read_text()
    page.write_text(page.read_text().replace(old, new))


def test_an_editor_is_told_place_code_sentence_and_help(command: Command, folder: Path) -> None:
    _change(folder, "`choose one #", "`chose one #")
    done = command("courses", "check", str(folder), "--format", "json")
    assert done.exit_code == 1
    (found,) = json.loads(done.output)
    assert (found["ok"], found["course"]) == (False, None)
    first = found["problems"][0]
    assert set(first) == {"file", "line", "col", "severity", "code", "message", "help"}
    assert (first["file"], first["line"], first["col"]) == (f"{folder}/{LESSON}", 13, 2)
    assert (first["severity"], first["code"]) == ("error", "tag-kind")
    assert first["message"].endswith("Did you mean 'choose one'?")
    assert first["help"]


def test_a_code_host_is_given_annotations(command: Command, folder: Path) -> None:
    _change(folder, "`choose one #", "`chose one #")
    done = command("courses", "check", str(folder), "--format", "github")
    assert done.exit_code == 1
    line = done.output.splitlines()[0]
    assert line.startswith(f"::error file={folder}/{LESSON},line=13,col=2,title=tag-kind::'chose one' is not")


def test_signs_that_an_annotation_reads_itself_are_escaped(command: Command, tmp_path: Path) -> None:
    odd = tmp_path / "a,b:c"
    odd.mkdir()
    (odd / "100%.md").write_text("x")
    line = command("courses", "check", str(odd), "--format", "github").output.splitlines()[0]
    assert "/a%2Cb%3Ac/100%25.md,line=1" in line


def test_a_good_course_gives_an_empty_list_and_no_annotation(command: Command, folder: Path) -> None:
    (found,) = json.loads(command("courses", "check", str(folder), "--format", "json").output)
    assert (found["ok"], found["problems"], found["course"]["lessons"]) == (True, [], 1)
    assert command("courses", "check", str(folder), "--format", "github").output == ""


def test_a_draft_may_refer_to_what_nobody_has_written_yet(command: Command, folder: Path) -> None:
    _change(
        folder,
        "Write for a colleague",
        "Go on with [the next one](2-the-next-lesson.md). Write for a colleague",
    )
    assert command("courses", "check", str(folder)).exit_code == 1
    done = command("courses", "check", str(folder), "--draft")
    assert done.exit_code == 0, done.output
    assert f"Not written yet in {folder}:\n{folder}/{LESSON}:9:" in done.output
    assert "0 errors, 0 warnings, 1 not written yet." in done.output
    (found,) = json.loads(command("courses", "check", str(folder), "--draft", "--format", "json").output)
    assert (found["ok"], [p["severity"] for p in found["problems"]]) == (True, ["not yet"])
    assert command("courses", "check", str(folder), "--draft", "--format", "github").output.startswith(
        "::notice "
    )


def test_a_draft_is_not_let_off_a_fault(command: Command, folder: Path) -> None:
    _change(
        folder,
        "Write for a colleague",
        "Go on with [the next one](2-the-next-lesson.md). Write for a colleague",
    )
    _change(folder, "`choose one #", "`chose one #")
    done = command("courses", "check", str(folder), "--draft")
    assert done.exit_code == 1
    assert (
        done.output.index("tag-kind") < done.output.index("Not written yet") < done.output.index("link-file")
    )


def test_a_readme_is_no_part_of_the_course(command: Command, folder: Path) -> None:
    (before,) = json.loads(command("courses", "check", str(folder), "--format", "json").output)
    (folder / "README.md").write_text("Notes of ours, <b>as we like</b>.")
    (folder / "1-the-first-module" / "README.md").write_text("And here.")
    (after,) = json.loads(command("courses", "check", str(folder), "--format", "json").output)
    assert after == before
    assert after["ok"]


def test_minutes_are_shown_page_by_page_also_of_a_course_that_claims_too_many(
    command: Command, folder: Path
) -> None:
    _change(folder, "minutes: 58", "minutes: 70")
    done = command("courses", "check", str(folder), "--minutes")
    assert done.exit_code == 1
    rows = [line.split() for line in done.output.splitlines()]
    assert ["page", "claims", "words", "counted", "earns", "title"] in rows
    assert ["oc-1-1", "70", "33", "58", "70", "The", "first", "lesson"] in rows
    assert ["oc-1-quiz", "2", "2", "Check", "what", "you", "know"] in rows
    assert "Together they earn 72 minutes: clock-hours may be 1, and course.md says 1." in done.output
    (found,) = json.loads(command("courses", "check", str(folder), "--minutes", "--format", "json").output)
    assert found["minutes"][0] == {
        "page": "oc-1-1", "claims": 70, "words": 33, "counted": 58, "earns": 70, "title": "The first lesson",
    }  # fmt: skip


def test_the_folder_one_stands_in_is_called_by_its_name(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert command("courses", "check", ".").output.startswith("our-course: good, 0 warnings.")


def test_one_error_is_one_error(command: Command, folder: Path) -> None:
    _change(folder, "`choose one #", "`chose one #")
    done = command("courses", "keys", str(folder))
    assert f"{folder} has 1 error. `lms courses check" in done.output
