"""`lms demo`: the made-up district of `lms serve --demo`, begun anew."""

from __future__ import annotations

import shutil

import click

from lms.cli.output import as_json
from lms.config import load_config


@click.group()
def demo() -> None:
    """The demo site in instance/demo/, with a made-up district. `lms serve --demo` makes it."""


@demo.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def reset(yes: bool, json_: bool) -> None:
    """Delete the demo site. The next `lms serve --demo` begins it anew."""
    folder = load_config(demo=True).instance
    if not yes:
        click.confirm(f"Delete {folder} and everything in it?", abort=True, err=True)
    shutil.rmtree(folder)
    if json_:
        as_json({"deleted": str(folder)})
        return
    click.echo("Deleted. `lms serve --demo` makes a new one.")
