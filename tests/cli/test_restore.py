"""A backup comes back whole or not at all: what is damaged is one line, and leaves the folder as it was."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

Files = dict[str, bytes]


def edited(change: Callable[[dict[str, Any]], object]) -> Callable[[Files], object]:
    """The backup with another manifest: `change` edits it, or gives what stands in its place."""

    def damage(files: Files) -> None:
        manifest = json.loads(files["manifest.json"])
        files["manifest.json"] = json.dumps(change(manifest) or manifest).encode()

    return damage


def named(name: str) -> Callable[[Files], object]:
    return edited(lambda manifest: manifest["files"].update({name: "0" * 64}))


DAMAGES: dict[str, Callable[[Files], object]] = {
    "a file is shorter": lambda files: files.update({"lms.db": files["lms.db"][:-1]}),
    "a file is missing": lambda files: files.pop("lms.db"),
    "the manifest is missing": lambda files: files.pop("manifest.json"),
    "the manifest is no JSON": lambda files: files.update({"manifest.json": b"{"}),
    "the manifest is no UTF-8": lambda files: files.update({"manifest.json": b"\xff\xfe\xfd"}),
    "the manifest nests without end": lambda files: files.update({"manifest.json": b"[" * 100_000}),
    "the manifest is a list": edited(lambda _manifest: [1]),
    "there is no list of files": edited(lambda manifest: manifest.pop("files") and None),
    "the files are a list": edited(lambda manifest: manifest.update(files=["lms.db"])),
    "a digest is a number": edited(lambda manifest: manifest["files"].update({"lms.db": 1})),
    "the moment is missing": edited(lambda manifest: manifest.pop("made_at") and None),
    "the database is not named": edited(lambda manifest: manifest.pop("database") and None),
    "the database is a list": edited(lambda manifest: manifest.update(database=[])),
    "the database is not among the files": edited(lambda manifest: manifest["files"].pop("lms.db") and None),
    "a key is not among the files": edited(lambda manifest: manifest["files"].pop("keys/audit.key") and None),
    "a newer release made it": edited(lambda manifest: manifest.update(format=2)),
    "a name climbs out": named("../x"),
    "a name climbs out further down": named("local/../../x.md"),
    "a name has two slashes": named("local//x.md"),
    "a key's name is strange": named("keys/x.toml"),
    "a name is hidden": named("local/.x.md"),
}


@pytest.fixture
def whole(command: Command, instance: Path) -> Files:
    (instance / "lms.toml").write_text("")
    assert command("backup", "site.zip").exit_code == 0
    with zipfile.ZipFile("site.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> str:
    """In a folder below the current one, without compression: a byte of a file is a byte of the zip."""
    with zipfile.ZipFile("damaged.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return "damaged.zip"


def refused(command: Command, source: str, to: Path) -> str:
    done = command("restore", source)
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1, done.stderr
    assert not to.parent.exists(), "what was made is taken away again"
    return done.stderr


def test_every_damage_is_one_line_and_a_good_backup_comes_back_after_it(
    command: Command, whole: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "new" / "restored"
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(to))
    for what, damage in DAMAGES.items():
        files = dict(whole)
        damage(files)
        assert "damaged.zip" in refused(command, packed(files), to), what

    good = bytearray(Path(packed(whole)).read_bytes())
    place = good.index(b"SQLite format 3")
    for what, bytes_ in {
        "a flipped byte": bytes([*good[:place], good[place] ^ 1, *good[place + 1 :]]),
        "cut short": bytes(good[:-100]),
        "nothing": b"",
        "a letter": b"not a zip",
    }.items():
        Path("damaged.zip").write_bytes(bytes_)
        assert "damaged.zip" in refused(command, "damaged.zip", to), what

    back = command("restore", packed(whole))
    assert back.exit_code == 0, back.output
    with sqlite3.connect(to / "lms.db") as database:
        assert database.execute("SELECT count(*) FROM users").fetchone()[0] > 1
    assert {path.stat().st_mode & 0o077 for path in to.rglob("*")} == {0}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LMS_DATABASE_URL", "sqlite:////nowhere/else.db", "names another database"),
        ("LMS_PROXIES", "many", "LMS_PROXIES"),
    ],
)
def test_a_setting_in_the_way_leaves_the_folder_empty(
    name: str,
    value: str,
    told: str,
    command: Command,
    whole: Files,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to = tmp_path / "new" / "restored"
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(to))
    with monkeypatch.context() as set_:
        set_.setenv(name, value)
        assert told in refused(command, packed(whole), to)
    os.makedirs(to)
    with monkeypatch.context() as set_:
        set_.setenv(name, value)
        assert command("restore", packed(whole)).exit_code == 1
        assert list(to.iterdir()) == [], "the folder that was there stays"
    assert command("restore", packed(whole)).exit_code == 0


def test_a_stop_half_way_takes_away_what_was_written(
    command: Command, whole: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "new" / "restored"
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(to))

    def stopped() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as set_:
        set_.setattr("lms.cli.restore.load_config", stopped)
        assert command("restore", packed(whole)).exit_code == 1
    assert not to.parent.exists()
    assert command("restore", "damaged.zip").exit_code == 0
    assert "is not empty" in command("restore", "damaged.zip").stderr
