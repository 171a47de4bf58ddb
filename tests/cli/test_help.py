"""Every command explains itself, and says what went wrong in one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lms.cli import lms
from tests.cli.conftest import Command

CONTEXT = click.Context(lms)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(CONTEXT):
        yield (*path, name)
        found = named(group, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


def named(group: click.Command, name: str) -> click.Command:
    assert isinstance(group, click.Group)
    found = group.get_command(CONTEXT, name)
    assert found is not None
    return found


@pytest.mark.parametrize("path", [(), *commands(lms)], ids=" ".join)
def test_help_has_a_sentence_for_the_command_and_for_each_option(
    path: tuple[str, ...], command: Command
) -> None:
    shown = command(*path, "--help")
    assert shown.exit_code == 0
    assert shown.output.startswith("Usage: ")
    found: click.Command = lms
    for name in path:
        found = named(found, name)
    assert found.help
    assert found.help.split("\n")[0].rstrip().endswith((".", ":"))


@pytest.mark.parametrize("path", [(), *commands(lms)], ids=" ".join)
def test_no_sentence_of_a_list_of_commands_is_cut_off(path: tuple[str, ...], command: Command) -> None:
    listed = command(*path, "--help").output.partition("Commands:")[2]
    assert "..." not in listed


def test_a_word_that_is_no_command_is_a_fault_of_usage(command: Command) -> None:
    assert command("certificate").exit_code == 2


def test_an_unknown_setting_is_one_line_that_names_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_PORRT", "80")
    done = command("people", "list")
    assert done.exit_code == 1
    assert done.output.startswith("Error: LMS_PORRT is not a setting.")
    assert done.output.count("\n") == 1


def test_a_site_that_was_never_started_is_not_worked_on(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "new"))
    done = command("people", "list")
    assert done.exit_code == 1
    assert "There is no site in" in done.output and "`lms serve` makes one" in done.output
    assert not (tmp_path / "new").exists()


def test_a_writer_who_checks_a_course_waits_for_no_website(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from lms.cli import lms\n"
        "try:\n"
        f"    lms(['courses', 'new', 'ours', '--in', {str(tmp_path)!r}])\n"
        "except SystemExit:\n"
        "    pass\n"
        "try:\n"
        f"    lms(['courses', 'check', {str(tmp_path / 'ours')!r}])\n"
        "except SystemExit as end:\n"
        "    print(end.code, [n for n in ('flask', 'sqlalchemy', 'argon2', 'lms.web') if n in sys.modules])"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
