"""The same site on PostgreSQL: started, lived in, backed up while it is in use, and brought back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lms.config import load_config
from tests.cli.conftest import Command
from tests.conftest import live_in
from tests.db.postgres import client_programs, new_database, server

WRITTEN = ("users", "enrollments", "answers", "certificates", "audit_events")


@pytest.fixture
def databases(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases; the server's own `pg_dump` and `pg_restore` are found by name."""
    monkeypatch.setenv("PATH", f"{client_programs()}{os.pathsep}{os.environ['PATH']}")
    with server() as url, new_database(url) as first, new_database(url) as second:
        yield first, second


def test_a_site_on_postgresql_is_backed_up_in_use_and_comes_back_whole(
    databases: tuple[str, str], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, empty = databases
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "used"))
    monkeypatch.setenv("LMS_DATABASE_URL", used)
    live_in(load_config())
    engine = sa.create_engine(used)
    with engine.connect() as beside:
        beside.execute(sa.text("INSERT INTO sign_in_failures SELECT * FROM sign_in_failures WHERE false"))
        made = command("backup", "site.zip")
    assert made.exit_code == 0, made.output
    before = rows_of(engine)
    assert min(before.values()) > 0

    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "restored"))
    monkeypatch.delenv("LMS_DATABASE_URL")
    assert "set LMS_DATABASE_URL" in command("restore", "site.zip").output
    assert not (tmp_path / "restored").exists()
    monkeypatch.setenv("LMS_DATABASE_URL", used)
    assert "names is not empty" in command("restore", "site.zip").stderr
    assert not (tmp_path / "restored").exists() and rows_of(engine) == before
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "again"))
    monkeypatch.setenv("LMS_DATABASE_URL", empty)
    back = command("restore", "site.zip")
    assert back.exit_code == 0, back.output
    assert rows_of(sa.create_engine(empty)) == before
    audit = command("credit", "audit")
    assert audit.exit_code == 0, audit.output
    assert [row["name"] for row in json.loads(command("certificates", "list", "--json").output)] == [
        "Lena Fischer"
    ]


def rows_of(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        counted = {
            table: connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0 for table in WRITTEN
        }
    engine.dispose()
    return counted
