"""`lms`: the one command for people who run the site and who write courses.

Exit codes: 0 done, 1 problems were found or the thing could not be done, 2 the command was not understood.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from lms.cli.late import LateGroup
from lms.cli.words import sentence
from lms.config import BadSetting
from lms.kernel.errors import LmsError

COMMANDS = {
    "serve": "lms.cli.serve:serve",
    "demo": "lms.cli.demo:demo",
    "courses": "lms.cli.courses:courses",
    "people": "lms.cli.accounts:people",
    "records": "lms.cli.records:records",
    "certificates": "lms.cli.certificates:certificates",
    "credit": "lms.cli.credit:credit",
    "clear": "lms.cli.retention:clear",
    "backup": "lms.cli.backup:backup",
    "restore": "lms.cli.restore:restore",
}


class Lms(LateGroup):
    """Refusals become one line on standard error, and exit code 1."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for arg in args:
            if any(
                "\ud800" <= c <= "\udfff" for c in arg
            ):  # bytes that the terminal's encoding does not know
                shown = os.fsencode(arg).decode("ascii", errors="backslashreplace")
                raise click.UsageError(f"'{shown}' is no text. Write it in UTF-8.", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (LmsError, BadSetting) as error:
            raise click.ClickException(sentence(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has had enough; click ends quietly
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}.") from error


@click.group(
    cls=Lms,
    where=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="ria-learning", prog_name="lms")
def lms() -> None:
    """Relationships in Action Learning: run the site, check courses, pull records.

    \b
    lms serve --demo            try it with a made-up district
    lms serve                   run the real site
    lms courses check FOLDER    what is wrong with a course, line by line

    Settings come from LMS_… variables and from lms.toml in the instance folder;
    LMS_INSTANCE_PATH chooses another folder. docs/operators.md lists them all.
    """


def main() -> None:
    """The `lms` script."""
    sys.exit(lms())
