"""Keys of a course: written where they are missing, and never given to another kind of thing."""

from __future__ import annotations

import shutil
from pathlib import Path

from lms.config import ROOT
from tests.cli.conftest import Command

COURSE = ROOT / "docs" / "example-course"
SHEET = "1-the-first-minute/toolkit/t1-week-sheet.md"


def test_missing_keys_are_written_once(command: Command, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(COURSE, copy)
    page = copy / SHEET
    page.write_text(page.read_text().replace("`date #begun`", "`date`"))
    page.chmod(0o664)
    first = command("courses", "keys", str(copy))
    assert page.stat().st_mode & 0o777 == 0o664
    assert f"{SHEET}:" in first.output
    assert "written: begun-on" in first.output
    assert "written:" not in command("courses", "keys", str(copy)).output
    assert command("courses", "check", str(copy)).exit_code == 0


def test_a_key_that_was_published_is_not_given_to_another_kind(
    command: Command, instance: Path, tmp_path: Path
) -> None:
    assert command("courses", "publish", str(COURSE), "--yes").exit_code == 0
    copy = tmp_path / "copy"
    shutil.copytree(COURSE, copy)
    page = copy / SHEET
    page.write_text(page.read_text().replace("`date #begun`", "`short #begun`"))
    assert command("courses", "check", str(copy)).exit_code == 0
    refused = command("courses", "publish", str(copy))
    assert refused.exit_code == 1
    assert "key-reused: '#begun' was a date in version 1; a key keeps its kind." in refused.output
