"""What commands print: a table for people, JSON for scripts, a bar for long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click


def as_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """Columns as wide as their widest cell, numbers to the right. `empty` is said when there is no row."""
    if not rows:
        click.echo(empty)
        return
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(head), *(len(row[place]) for row in cells)) for place, head in enumerate(heads)]
    columns = [[row[place] for row in rows if row[place] is not None] for place in range(len(heads))]
    right = [bool(column) and all(isinstance(value, int) for value in column) for column in columns]
    for line in (heads, ["-" * width for width in widths], *cells):
        parts = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        )
        click.echo("  ".join(parts).rstrip())


def _cell(value: object) -> str:
    return "" if value is None else str(value)


progressbar: Any = click.progressbar
"""As a value: the type that click publishes for it cannot be called."""


def bar(length: int, label: str) -> Any:
    """A progress bar on standard error where somebody watches; standard output stays the result alone."""
    return progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
