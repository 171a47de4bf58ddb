"""The `lms` command, run on copies of a site with the demo's people and what they did."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import lms

Command = Callable[..., Result]


@pytest.fixture
def instance(lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which the command finds by LMS_INSTANCE_PATH."""
    copy = tmp_path / "instance"
    shutil.copytree(lived_in, copy)
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(copy))
    return copy


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run `lms` with these words, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Result:
        return CliRunner().invoke(lms, words)

    return run
