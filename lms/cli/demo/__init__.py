"""`lms demo`: the made-up district of `lms serve --demo`, begun anew."""

from __future__ import annotations

import shutil

import click

from lms.config import load_config


@click.group()
def demo() -> None:
    """The demo site in instance/demo/, with a made-up district. `lms serve --demo` makes it."""


@demo.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Delete the demo site. The next `lms serve --demo` begins it anew."""
    folder = load_config(demo=True).instance
    if not yes:
        click.confirm(f"Delete {folder} and everything in it?", abort=True)
    shutil.rmtree(folder)
    click.echo("Deleted. `lms serve --demo` makes a new one.")
