"""`lms courses`: what an author and an operator do with course folders."""

from __future__ import annotations

import click

from lms.cli.late import LateGroup

COMMANDS = {
    "check": "lms.cli.checking:check",
    "explain": "lms.cli.authoring:explain",
    "new": "lms.cli.authoring:new",
    "preview": "lms.cli.preview.command:preview",
    "keys": "lms.cli.authoring:keys",
    "import-gift": "lms.cli.importing:import_",
    "diff": "lms.cli.comparing:diff",
    "publish": "lms.cli.publishing:publish",
    "publish-again": "lms.cli.publishing:publish_again",
    "export": "lms.cli.exporting:export",
    "versions": "lms.cli.publishing:versions",
    "list": "lms.cli.content:list_",
}


@click.group(cls=LateGroup, where=COMMANDS)
def courses() -> None:
    """Course folders and published courses."""
