"""Every command explains itself, and says what went wrong in one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lms.cli import lms
from tests.cli.conftest import Command


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, found in group.commands.items():
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


@pytest.mark.parametrize("path", [(), *commands(lms)], ids=" ".join)
def test_help_has_a_sentence_for_the_command_and_for_each_option(
    path: tuple[str, ...], command: Command
) -> None:
    shown = command(*path, "--help")
    assert shown.exit_code == 0
    assert shown.output.startswith("Usage: ")
    found: click.Command = lms
    for name in path:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    assert found.help
    assert found.help.split("\n")[0].rstrip().endswith((".", ":"))


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
    assert "Start the site once with `lms serve`" in done.output
