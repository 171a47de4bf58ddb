"""What goes wrong at the command line is one line that says what, never a report for programmers."""

from __future__ import annotations

import json
import shlex
import shutil
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from lms.config import ROOT, load_config
from tests.cli.conftest import Command

EXAMPLE = ROOT / "docs/example-course"
RULE_SET = ROOT / "lms/credit/rule_sets/us-ma-pdp.toml"


class Bar(AbstractContextManager["Bar"]):
    """Stands where a bar is drawn, and counts."""

    def __init__(self, length: int) -> None:
        self.length, self.done = length, 0

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, steps: int) -> None:
        self.done += steps


def one_line(command: Command, *words: str) -> str:
    done = command(*words)
    assert done.exit_code == 1, done.output
    assert done.stderr.startswith("Error: "), done.output
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    return done.stderr


def test_a_file_that_cannot_be_written_is_named(command: Command, instance: Path) -> None:
    number = json.loads(command("certificates", "list", "--json").output)[0]["number"]
    assert "nowhere/x.csv" in one_line(command, "records", "export", "-o", "nowhere/x.csv")
    for form in ("pdf", "json"):
        words = ("certificates", "export", number, "--as", form, "-o", "nowhere/x")
        assert "nowhere/x" in one_line(command, *words)
    assert "There is no folder" in one_line(command, "backup", "nowhere/site.zip")


def test_a_database_that_does_not_answer_is_one_line(
    command: Command, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_DATABASE_URL", "postgresql://lms:word@127.0.0.1:1/lms")
    for words in (("people", "list"), ("serve", "--port", "8499")):
        told = one_line(command, *words)
        assert "The database cannot be used" in told
        assert "word" not in told


def test_a_file_that_is_no_database_is_one_line(command: Command, instance: Path) -> None:
    for path in instance.glob("lms.db*"):
        path.unlink()
    (instance / "lms.db").write_text("This is a letter. " * 100)
    assert "not a database" in one_line(command, "people", "list")


def test_a_command_that_reads_makes_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "site"))
    for words in (("people", "list"), ("credit", "audit"), ("backup", "x.zip"), ("people", "list", "--demo")):
        assert "There is no site in" in one_line(command, *words)
    assert list(tmp_path.iterdir()) == []
    load_config()  # keys, and no database yet
    assert "lms serve" in one_line(command, "people", "list")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["keys"]
    assert command("demo", "reset").output == "There is no demo site: nothing to delete.\n"
    assert json.loads(command("demo", "reset", "--json").stdout) == {"deleted": None}
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["keys"]


def test_bytes_that_are_no_text_are_one_line(command: Command) -> None:
    for words in (
        ("people", "add", "A B", "x\udcff@b.org"), ("people", "link", "\udcff"), ("courses", "versions", "\udcff"),
        ("records", "export", "--course", "a\udcff"), ("\udcff",), ("--\udcff",),
    ):  # fmt: skip
        done = command(*words)
        assert done.exit_code == 2, done.output
        assert done.stderr.splitlines()[-1].startswith("Error: ") and r"\xff" in done.stderr


def test_a_host_that_there_is_not_is_named(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "site"))
    for host in ("no.such.host.example", "a" * 300, "1.2.3.4"):
        told = one_line(command, "serve", "--host", host, "--port", "8499")
        assert host in told and "--host" in told and "Unknown error" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_course_that_is_not_there_gives_no_empty_records(command: Command, instance: Path) -> None:
    for words in (("records", "export"), ("certificates", "list", "--json")):
        assert "There is no course nothing" in one_line(command, *words, "--course", "nothing")
    assert command("records", "export", "--from", "2026-02-01", "--to", "2026-01-01").exit_code == 2


def test_a_bar_is_for_people_who_watch(
    command: Command, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("credit", "audit").stderr == ""
    assert command("backup", "quiet.zip").stderr == ""
    bars: list[Bar] = []

    def shown(length: int, _label: str) -> Bar:
        bars.append(Bar(length))
        return bars[-1]

    for watching, words in ((False, "clear"), (True, "clear"), (False, "restore"), (True, "restore")):
        with monkeypatch.context() as set_:
            if words == "restore":
                set_.setenv("LMS_INSTANCE_PATH", str(instance.parent / f"restored-{watching}"))
            if watching:
                set_.setattr(f"lms.cli.{'retention' if words == 'clear' else words}.bar", shown)
            done = command(words, *(["quiet.zip"] if words == "restore" else []))
            assert (done.exit_code, done.stderr) == (0, ""), done.output
    assert len(bars) == 2 and all(each.done == each.length > 1 for each in bars), "to the very end"


@pytest.mark.parametrize(
    "words",
    [
        "courses explain", "courses explain html", "clear --dry-run", "credit rotate-key", "credit due",
        f"credit check {RULE_SET}", f"courses diff {EXAMPLE}", f"courses publish {EXAMPLE} --draft",
        f"courses publish {EXAMPLE}", "backup site.zip", "courses new a-course --in .",
        "credit category 'Harbor Valley Public Schools' us-ma-pdp creating-connections ma_pedagogy",
    ],
)  # fmt: skip
def test_scripts_get_json_and_nothing_else(words: str, command: Command, instance: Path) -> None:
    done = command(*shlex.split(words), "--json")
    assert done.exit_code == 0, done.output
    assert isinstance(json.loads(done.stdout), dict | list)


def test_a_demo_that_was_stopped_while_it_was_made_is_not_shown_as_whole(
    command: Command, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    shutil.copytree(instance, instance / "demo")
    monkeypatch.setattr("lms.cli.serve.has_demo", lambda _session: False)
    monkeypatch.setattr("lms.cli.serve.make_demo", stopped)
    assert command("serve", "--demo", "--port", "8499").exit_code == 1
    done = command("serve", "--demo", "--port", "8499")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1), done.output
    assert "lms demo reset" in done.stderr
    deleted = json.loads(command("demo", "reset", "--yes", "--json").stdout)
    assert deleted == {"deleted": str(instance / "demo")}
    assert not (instance / "demo").exists()
