"""People, records, certificates, and a backup that can be trusted."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def number_of(command: Command) -> str:
    (row,) = json.loads(command("certificates", "list", "--json").output)
    return str(row["number"])


def test_the_first_administrator_gets_a_link_that_works_once(command: Command, instance: Path) -> None:
    done = command("people", "add", "Ada Moss", "ada@example.org", "--role", "admin", "--json")
    assert done.exit_code == 0, done.output
    assert "/password/" in json.loads(done.stdout)["link"]
    rows = json.loads(command("people", "list", "--role", "admin", "--json").output)
    assert "Ada Moss" in [row["name"] for row in rows]


def test_a_coordinator_needs_a_place_that_there_is(command: Command, instance: Path) -> None:
    add = ("people", "add", "Sam Lee", "sam@example.org", "--role", "coordinator")
    assert command(*add).exit_code == 2
    assert command(*add, "--organization", "Nowhere").exit_code == 1
    assert command(*add, "--organization", "harbor valley public schools").exit_code == 0


def test_a_link_for_nobody_is_refused(command: Command, instance: Path) -> None:
    assert command("people", "link", "nobody@example.org").exit_code == 1


def test_a_closed_account_opens_nothing_and_its_record_stays(
    command: Command, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_of(command)
    email = "lena.fischer@demo.example"
    assert command("people", "close", email).exit_code == 1, "nobody said yes"
    done = command("people", "close", email, "--yes", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"email": email, "closed": True}
    assert email not in command("people", "list").output
    assert command("people", "link", email).exit_code == 1
    assert command("people", "close", email, "--yes").exit_code == 1
    assert number_of(command) == number
    assert command("credit", "audit").exit_code == 0
    assert command("credit", "due").exit_code == 0


def test_records_come_as_csv_and_json_and_the_pull_is_noted(command: Command, instance: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(command("records", "export").stdout)))
    assert [row["Name"] for row in rows] == ["Lena Fischer"]
    assert json.loads(command("records", "export", "--as", "json").stdout)["count"] == 1
    none = command("records", "export", "--organization", "Mill River Public Schools")
    assert list(csv.DictReader(io.StringIO(none.stdout))) == []
    with sqlite3.connect(instance / "lms.db") as database:
        count = database.execute(
            "SELECT count(*) FROM audit_events WHERE action = 'records.exported'"
        ).fetchone()
    assert count == (3,)


def test_hours_for_perms_and_a_summary_come_as_files_too(command: Command, instance: Path) -> None:
    done = command("records", "export", "--as", "perms")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("PPID,Last name") and "Check against your PERMS template." in done.stderr
    told = command("records", "export", "--as", "summary").stdout
    assert "fewer than 5" in told and "Lena" not in told


def test_a_certificate_is_written_as_pdf_and_as_its_record(
    command: Command, instance: Path, tmp_path: Path
) -> None:
    number = number_of(command)
    assert command("certificates", "export", number.lower().replace("-", "")).exit_code == 0
    assert (tmp_path / f"{number}.pdf").read_bytes().startswith(b"%PDF-")
    said = json.loads(command("certificates", "export", number, "--as", "json").stdout)
    assert said["number"] == number
    assert said["record"]["minutes"] == sum(line["minutes"] for line in said["record"]["lines"])


@pytest.mark.parametrize("number", ["RIA-AAAA-AAAA-AAAA", "nonsense"])
def test_a_number_that_cannot_be_is_refused(number: str, command: Command, instance: Path) -> None:
    assert command("certificates", "export", number).exit_code == 1


def test_the_ledger_is_found_without_fault(command: Command, instance: Path) -> None:
    assert command("credit", "due").exit_code == 0
    done = command("credit", "audit", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"certificates": 1, "faults": []}


def test_a_changed_certificate_is_found(command: Command, instance: Path) -> None:
    with sqlite3.connect(instance / "lms.db") as database:
        triggers = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'certificates'"
        ).fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE certificates SET frozen = replace(frozen, 'Lena', 'Lana')")
    assert command("credit", "audit").exit_code == 1


def test_a_backup_comes_back_whole_in_an_empty_folder(
    command: Command, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {
        "local/creating-connections.md": "# Ours\n",
        "rule_sets/ours.toml": "version = 2\n",
        "lms.toml": "",
    }
    for name, text in own.items():
        (instance / name).parent.mkdir(exist_ok=True)
        (instance / name).write_text(text)
    (instance / "local/notes.txt").write_text("no part of the site")
    made = command("backup", "site.zip", "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["file"] == "site.zip"
    assert (tmp_path / "site.zip").stat().st_mode & 0o077 == 0
    assert command("backup", "site.zip").exit_code == 1
    assert command("restore", "site.zip").exit_code == 1, "the folder is not empty"
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "restored"))
    back = command("restore", "site.zip")
    assert back.exit_code == 0, back.output
    assert {name: (tmp_path / "restored" / name).read_text() for name in own} == own
    assert not (tmp_path / "restored/local/notes.txt").exists()
    for name in own:
        (tmp_path / "restored" / name).unlink()
    assert command("credit", "audit").exit_code == 0
    assert [row["name"] for row in json.loads(command("certificates", "list", "--json").output)] == [
        "Lena Fischer"
    ]
