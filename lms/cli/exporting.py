"""`lms courses export`: the files of a version as one zip."""

from __future__ import annotations

from pathlib import Path

import click

from lms.cli.output import as_json
from lms.cli.site import Site, with_site
from lms.content.archive import pack
from lms.courses.queries import sources_of, versions
from lms.kernel.db import db


@click.command()
@click.argument("key", metavar="COURSE")
@click.option("--version", "number", type=int, help="Its number; the one that is offered if left out.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where to write the zip; never over a file.",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def export(site: Site, key: str, number: int | None, output: Path, json_: bool) -> None:
    """Write a version of COURSE, a course's key, as a zip.

    Its files are those that were brought in, byte for byte: brought in again they are the same version.
    """  # fmt: skip
    rows = versions(db.session(), key)
    if not rows:
        raise click.ClickException(f"There is no course {key}. `lms courses list`")
    found = next((row for row in rows if (row.current if number is None else row.number == number)), None)
    if found is None:
        what = f"There is no version {number} of {key}"
        if number is None:
            what = f"No version of {key} is offered; name one with --version"
        raise click.ClickException(f"{what}. `lms courses versions {key}`")
    try:
        with output.open("xb") as file:
            file.write(pack(sources_of(db.session(), found.id)))
    except FileExistsError:
        raise click.ClickException(f"{output} is there already. Name another file.") from None
    except OSError as failure:
        raise click.ClickException(f"{output} cannot be written: {failure.strerror}.") from None
    if json_:
        as_json({"course": key, "version": found.number, "digest": found.digest, "output": str(output)})
        return
    click.echo(f"{key}, version {found.number}: written to {output}.")
