"""A site with the demo's people and what they did, made once, and the `lms` command run on copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.app import create_app
from lms.cli import lms
from lms.cli.demo.district import make_demo
from lms.cli.first_start import prepare
from lms.config import load_config
from lms.kernel.db import db

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder after some weeks of use."""
    instance = tmp_path_factory.mktemp("lived-in") / "instance"
    config = load_config({"LMS_INSTANCE_PATH": str(instance)})
    app = create_app(config)
    prepare(app, config, lambda _words: None)
    with app.app_context():
        make_demo()
        db.session.remove()
        db.engine.dispose()
    return instance


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
