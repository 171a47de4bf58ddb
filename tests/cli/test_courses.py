"""What authors and operators do with course folders."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from lms.accounts.queries import actor, person_by_email
from lms.actions import learn
from lms.cli.site import opened
from lms.config import ROOT
from lms.content.archive import pack
from lms.content.reader import read_folder
from lms.kernel.db import db
from tests.cli.conftest import Command

COURSE = ROOT / "docs" / "example-course"
"""Two lessons: quickly compiled."""
KEY = "first-minute"


@pytest.fixture
def copy(command: Command, instance: Path, tmp_path: Path) -> Path:
    """A copy of the course, whose first version is offered."""
    assert command("courses", "publish", str(COURSE), "--yes").exit_code == 0
    return shutil.copytree(COURSE, tmp_path / "copy")


def reword(copy: Path) -> None:
    page = copy / "course.md"
    page.write_text(page.read_text().replace("A short course about", "A very short course about"))


def enroll_rosa() -> None:
    with opened(demo=False):
        person = person_by_email(db.session(), "rosa.delgado@demo.example")
        assert person is not None
        found = actor(db.session(), person.id)
        assert found is not None
        learn.enroll(found.actor, KEY)


def test_a_new_course_compiles_as_it_is(command: Command, tmp_path: Path) -> None:
    assert command("courses", "new", "our-course", "--in", str(tmp_path)).exit_code == 0
    checked = command("courses", "check", str(tmp_path / "our-course"), "--strict")
    assert checked.exit_code == 0, checked.output
    assert command("courses", "new", "our-course", "--in", str(tmp_path)).exit_code == 1
    assert command("courses", "new", "Our Course", "--in", str(tmp_path)).exit_code == 2


def test_a_new_course_may_have_any_title_that_is_words(command: Command, tmp_path: Path) -> None:
    for number, title in enumerate(("A <b>", "`code`", "[@X] {{y}}", "1. # *a* | C#", "\\", "&amp;")):
        made = command("courses", "new", f"c-{number}", "--in", str(tmp_path), "--title", title)
        assert made.exit_code == 0, made.output
        checked = command("courses", "check", str(tmp_path / f"c-{number}"), "--strict", "--format", "json")
        assert checked.exit_code == 0, checked.output
    assert json.loads(checked.output)[0]["course"]["title"] == "&amp;"
    for title in (" ", "A\nB", "A\x07", "A\u202e"):
        refused = command("courses", "new", "d", "--in", str(tmp_path), "--title", title)
        assert refused.exit_code == 2 and "a title is words" in refused.output
    assert not (tmp_path / "d").exists()


def test_the_folder_of_courses_is_no_course_and_names_those_in_it(command: Command, tmp_path: Path) -> None:
    for key in ("one", "two"):
        command("courses", "new", key, "--in", str(tmp_path))
    for what in ("check", "keys", "diff", "preview"):
        done = command("courses", what, str(tmp_path))
        assert (done.exit_code, done.output.count("\n")) == (1, 1), done.output
        assert "is no course" in done.output and "one, two" in done.output


def test_a_fault_is_told_by_file_line_and_column(command: Command, tmp_path: Path) -> None:
    command("courses", "new", "our-course", "--in", str(tmp_path))
    lesson = tmp_path / "our-course/1-the-first-module/1-the-first-lesson.md"
    lesson.write_text(lesson.read_text().replace("`choose one #", "`chose one #"))
    done = command("courses", "check", str(tmp_path / "our-course"))
    assert done.exit_code == 1
    assert "1-the-first-lesson.md:13:2: error:" in done.output


def test_questions_from_moodle_become_a_quiz_of_the_course(command: Command, tmp_path: Path) -> None:
    command("courses", "new", "our-course", "--in", str(tmp_path))
    module = tmp_path / "our-course/1-the-first-module"
    gift = tmp_path / "Doors & more.gift"
    gift.write_text("Who? {=You#Yes. ~I#No.}\n\nWrite. {}\n\nA door opens. {T}\n")
    taken = ("courses", "import-gift", str(gift), "-o", str(module / "quiz.md"))
    assert "is there already" in command(*taken).output
    (module / "quiz.md").unlink()
    done = command(*taken)
    assert done.exit_code == 1 and f"{gift}:3: An essay" in done.stderr
    assert "2 questions taken, 1 not." in done.stderr and done.stdout == ""
    quiz = module / "quiz.md"
    quiz.write_text(quiz.read_text().replace("pass: 80", "pass: 80\nminutes: 2"))
    assert "key: doors-more\n" in quiz.read_text()
    checked = command("courses", "check", str(tmp_path / "our-course"), "--strict")
    assert checked.exit_code == 0, checked.output
    told = json.loads(command("courses", "import-gift", str(gift), "--json").stdout)
    assert [each["line"] for each in told["not_taken"]] == [3] and "See [" not in told["text"]
    gift.write_text("A door opens. {T#No.#Yes.}")
    done = command("courses", "import-gift", str(gift), "--see", "[Doors](1-doors.md#doors)")
    assert done.exit_code == 0 and done.stdout.endswith("\nSee [Doors](1-doors.md#doors).\n")
    assert command("courses", "import-gift", str(gift), "--see", "Doors").exit_code == 2


def test_the_list_for_scripts_has_what_is_promised(command: Command, instance: Path) -> None:
    rows = {row["slug"]: row for row in json.loads(command("courses", "list", "--json").output)}
    row = rows["creating-connections"]
    assert set(row) == {
        "slug", "title", "version", "digest", "lessons", "activities", "toolkits", "quizzes",
        "design_minutes", "clock_hours",
    }  # fmt: skip
    assert row["version"] == 1
    assert row["lessons"] > row["quizzes"] > 1 and row["design_minutes"] >= 60 * row["clock_hours"]


def test_publishing_the_same_text_again_changes_nothing(command: Command, copy: Path) -> None:
    done = command("courses", "publish", str(COURSE), "--yes")
    assert "nothing has changed since version 1" in done.output and done.exit_code == 0


def test_a_changed_text_becomes_the_next_version(command: Command, copy: Path) -> None:
    enroll_rosa()
    reword(copy)
    told = json.loads(command("courses", "diff", str(copy), "--json").output)
    assert (told["changed"], told["from_version"], told["needed"]) == (True, 1, "editorial")
    assert "version 2 is kept as a draft" in command("courses", "publish", str(copy), "--draft").output
    assert "Draft: first-minute, version 2." in command("courses", "list").output
    shown = command("courses", "publish", str(copy))
    assert "Nothing was changed. With --yes this is done." in shown.output
    assert json.loads(command("courses", "versions", KEY, "--json").output)[0]["standing"] == "draft"
    done = command("courses", "publish", str(copy), "--yes", "--move", "everybody")
    assert "version 2 is published" in done.output, done.output
    rows = json.loads(command("courses", "versions", KEY, "--json").output)
    assert [(row["version"], row["standing"]) for row in rows] == [(2, "offered"), (1, "published before")]
    assert rows[0]["learning"] > 0 and rows[1]["learning"] == 0


def test_who_is_to_move_is_said_once_and_exists(command: Command, copy: Path) -> None:
    reword(copy)
    before = command("courses", "versions", KEY, "--json").output
    for given, code, told in (
        (("--group", "nosuch", "--yes"), 1, "has no cohort nosuch"),
        (("--group", "self-paced", "--move", "nobody"), 2, "give one of them"),
        (("--draft", "--yes"), 2, "offered to nobody"),
        (("--draft", "--move", "everybody"), 2, "offered to nobody"),
    ):
        refused = command("courses", "publish", str(copy), *given)
        assert (refused.exit_code, told in refused.output) == (code, True), refused.output
    assert command("courses", "versions", KEY, "--json").output == before
    assert command("courses", "publish", str(copy), "--group", "self-paced").exit_code == 0


def test_two_texts_are_compared_without_a_site(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "nowhere"))
    copied = shutil.copytree(COURSE, tmp_path / "copied")
    (tmp_path / "old.zip").write_bytes(pack(read_folder(COURSE).files))
    assert "the same as" in command("courses", "diff", "old.zip", "copied").output
    sheet = copied / "1-the-first-minute/toolkit/t1-week-sheet.md"
    sheet.write_text(sheet.read_text().replace("minutes: 30", "minutes: 29"))
    done = command("courses", "diff", str(COURSE), "copied")
    assert done.exit_code == 1 and "Minutes:\n- All that is required earns 135" in done.output
    assert "Change `release: class:` to 'substantive'" in done.output
    told = json.loads(command("courses", "diff", "copied", "old.zip", "--json").output)
    assert (told["needed"], told["understated"], told["to"]) == ("substantive", True, "old.zip")
    assert set(told["learner"]) == {"new_to_do", "kept", "changed", "gone", "minutes"}
    for wrong, code in ((("copied", "nosuch"), 2), (("copied", str(ROOT / "courses")), 1)):
        assert command("courses", "diff", *wrong).exit_code == code
    assert not (tmp_path / "nowhere").exists()


def test_versions_of_the_site_are_compared(command: Command, copy: Path) -> None:
    reword(copy)
    command("courses", "publish", str(copy), "--yes")
    done = command("courses", "diff", f"{KEY}@1", f"{KEY}@2")
    assert done.exit_code == 0 and "worded anew" in done.output, done.output
    assert "the same as version 2" in command("courses", "diff", f"{KEY}@2", "copy").output
    assert command("courses", "diff", f"{KEY}@1", f"{KEY}@7").exit_code == 1


def test_a_version_goes_out_as_a_zip_and_comes_in_as_the_same(
    command: Command, copy: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.zip"
    done = command("courses", "export", KEY, "-o", str(out), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path / "out")
    want = {path.relative_to(copy): path.read_bytes() for path in copy.rglob("*.*") if path.is_file()}
    assert command("courses", "publish", str(tmp_path / "out"), "--yes").output.startswith(
        f"{KEY}: nothing has changed since version 1"
    )
    got = {path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    assert got == {path: data for path, data in want.items() if path.name != "README.md"}
    checked = json.loads(command("courses", "check", str(tmp_path / "out"), "--format", "json").output)
    assert checked[0]["ok"] and checked[0]["course"]["digest"] == told["digest"]
    assert "is there already" in command("courses", "export", KEY, "-o", str(out)).output
    for wrong in (("nosuch",), (KEY, "--version", "7")):
        refused = command("courses", "export", *wrong, "-o", str(tmp_path / "no.zip"))
        assert refused.exit_code == 1 and "There is no" in refused.output
    assert not (tmp_path / "no.zip").exists()


def test_a_version_is_published_again_with_a_reason(command: Command, copy: Path) -> None:
    reword(copy)
    command("courses", "publish", str(copy), "--yes")
    refused = command("courses", "publish-again", KEY, "1", "--yes")
    assert refused.exit_code == 1 and "--note" in refused.output
    told = json.loads(
        command("courses", "publish-again", KEY, "1", "--yes", "--note", "A typo", "--json").output
    )
    assert (told["published"], told["version"], told["offered_before"]) == (True, 1, 2)
    assert command("courses", "publish-again", KEY, "7").exit_code == 1


def test_a_header_that_says_too_little_is_not_published(command: Command, copy: Path) -> None:
    page = copy / "course.md"
    page.write_text(
        page.read_text().replace("all at 80", "all at 90").replace("class: minor", "class: editorial")
    )
    done = command("courses", "publish", str(copy), "--yes")
    assert done.exit_code == 1 and "Change `release: class:` to 'substantive'" in done.output
    assert json.loads(command("courses", "versions", KEY, "--json").output)[0]["version"] == 1


def test_every_key_is_listed(command: Command) -> None:
    rows = json.loads(command("courses", "keys", str(COURSE), "--json").output)
    assert {"key": "fm-1-1", "kind": "lesson"}.items() <= rows[
        [r["key"] for r in rows].index("fm-1-1")
    ].items()


def test_a_problem_code_is_explained_with_an_example(command: Command) -> None:
    assert "Wrong" in command("courses", "explain", "link-file").output
    missed = command("courses", "explain", "link-fil")
    assert missed.exit_code == 1
    assert "Did you mean 'link-file'?" in missed.output
