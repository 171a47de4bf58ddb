"""Folders that take long to make: made once in a run, by whichever process needs one first, and copied. And how
often Python looks for cycles meanwhile."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.app import create_app
from lms.cli.demo.district import make_demo
from lms.cli.first_start import prepare
from lms.config import Config, load_config
from lms.kernel.db import db


def pytest_collection_finish() -> None:
    """Looking for cycles among all that was loaded and collected takes a tenth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def just_started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder after the first start with the real courses, and nobody in it."""
    return _once("just-started", tmp_path_factory, _start)


@pytest.fixture(scope="session")
def lived_in(just_started: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder after some weeks of use."""

    def make(instance: Path) -> None:
        shutil.copytree(just_started, instance)
        live_in(_config(instance))

    return _once("lived-in", tmp_path_factory, make)


def _once(name: str, tmp_path_factory: pytest.TempPathFactory, make: Callable[[Path], None]) -> Path:
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def _config(instance: Path) -> Config:
    return load_config({"LMS_INSTANCE_PATH": str(instance)})


def _start(instance: Path) -> None:
    config = _config(instance)
    prepare(create_app(config), config, lambda _words: None)


def live_in(config: Config) -> None:
    """Some weeks of use, on the database of these settings."""
    app = create_app(config)
    prepare(app, config, lambda _words: None)
    with app.app_context():
        make_demo()
        db.session.remove()
        db.engine.dispose()
