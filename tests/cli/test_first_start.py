"""What a start does before it serves: only what has to be done."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click import ClickException

from lms.cli import folders, published
from lms.cli.site import opened
from lms.config import ROOT

COURSE = ROOT / "docs" / "example-course"


def test_a_text_that_is_a_version_already_is_not_compiled_again(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compile_course(*_: object, **__: object) -> None:
        raise AssertionError("compiled")

    with opened(demo=False):
        published.bring_in(COURSE, publish=True)
        monkeypatch.setattr(folders, "compile_course", compile_course)
        outcome = published.bring_in(COURSE, publish=False)
    assert (outcome.kind, outcome.number) == ("same", 1)


def test_a_draft_stays_a_draft_until_it_is_published(instance: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(COURSE, copy)
    page = copy / "course.md"
    page.write_text(page.read_text().replace("A short course about", "A very short course about"))
    with opened(demo=False):
        published.bring_in(COURSE, publish=True)
        kinds = [
            published.bring_in(copy, publish=publish).kind for publish in (False, False, True, False, True)
        ]
        assert kinds == ["draft", "draft", "published", "same", "same"]
        before = published.bring_in(COURSE, publish=False)
        assert (before.kind, before.number) == ("draft", 1)


def test_a_link_in_a_known_folder_is_still_refused(instance: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(COURSE, copy)
    (copy / "more.md").symlink_to(copy / "course.md")
    with opened(demo=False), pytest.raises(ClickException, match="1 error"):
        published.bring_in(copy, publish=False)


def test_a_start_with_nothing_to_do_loads_no_tool_for_it(instance: Path) -> None:
    code = (
        "import sys\n"
        "from lms.app import create_app\n"
        "from lms.cli.first_start import prepare\n"
        "from lms.config import load_config\n"
        "config = load_config()\n"
        "prepare(create_app(config), config, print)\n"
        "tools = ('alembic', 'mako', 'markdown', 'bleach', 'typst', 'segno', 'granian', 'openpyxl')\n"
        "print([name for name in tools if name in sys.modules])"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
