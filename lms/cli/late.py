"""A group of commands that are loaded when they are called: `lms courses check` waits for no website."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Mapping
from typing import Any

import click


class LateGroup(click.Group):
    """`where`: in which module a command of this name stands, as `module:variable`."""

    def __init__(self, *args: Any, where: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._where = where

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._where:
            return None
        module, _, variable = self._where[cmd_name].partition(":")
        gc.disable()  # modules are no garbage: looking for some meanwhile takes a tenth of the time
        try:
            command: click.Command = getattr(importlib.import_module(module), variable)
        finally:
            gc.enable()
        return command
