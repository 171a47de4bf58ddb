"""`lms demo`: the made-up district of `lms serve --demo`, begun anew."""

from __future__ import annotations

import shutil

import click

from lms.cli.output import as_json
from lms.config import instance_folder


@click.group()
def demo() -> None:
    """The demo site in instance/demo/, with a made-up district. `lms serve --demo` makes it."""


@demo.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def reset(yes: bool, json_: bool) -> None:
    """Delete the demo site. The next `lms serve --demo` begins it anew."""
    folder = instance_folder() / "demo"
    if not folder.exists():
        if json_:
            as_json({"deleted": None})
        else:
            click.echo("There is no demo site: nothing to delete.")
        return
    if not yes:
        click.confirm(f"Delete {folder} and everything in it?", abort=True, err=True)
    shutil.rmtree(folder)
    if json_:
        as_json({"deleted": str(folder)})
        return
    click.echo("Deleted. `lms serve --demo` makes a new one.")
