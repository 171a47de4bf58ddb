"""`lms courses import-gift`: questions from Moodle as a quiz of this project."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from lms.cli.checking import count
from lms.cli.output import as_json
from lms.content.giftwriting import WORDS, import_gift
from lms.content.keywriting import key_from_words
from lms.content.links import slug
from lms.content.plain import is_plain
from lms.kernel.keys import is_page_key

_LINK = re.compile(r"\[[^\[\]\n]+\]\([^()\s]+\)")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-gift")
@click.argument("file", type=_FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write; never over a file.",
)
@click.option("--key", default="", help="Key of the quiz; from the name of FILE if left out.")
@click.option("--title", default="", help="Title of the quiz.")
@click.option("--language", type=click.Choice(sorted(WORDS)), default="en", show_default=True)
@click.option(
    "--see",
    default="",
    metavar="LINK",
    help="Where learners read again: '[At the door](1-at-the-door.md#at-the-door)'. If left out, the first"
    " lesson beside the output.",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def import_(
    file: Path, output: Path | None, key: str, title: str, language: str, see: str, json_: bool
) -> None:
    """Write the questions of a GIFT FILE as a quiz.md.

    Takes choices (one or many), true or false, short answers, exact numbers, matching and missing words,
    with their feedback. Each question that is not taken is reported as file:line: why, and what is to be
    looked at as a note. Without -o the quiz is printed. Exit code 1 if a question was not taken.
    """  # fmt: skip
    if key and not is_page_key(key):
        raise click.BadParameter(f"{key!r}: a key is lower-case letters, digits and hyphens.")
    if see and not _LINK.fullmatch(see):
        raise click.BadParameter(
            f"{see!r}: write a link, such as [At the door](1-at-the-door.md#at-the-door)."
        )
    if output is not None and output.exists():
        raise click.ClickException(f"{output} is there already. Name another file, and copy what you need.")
    try:
        data = file.read_bytes()
    except OSError as failure:
        raise click.ClickException(f"{file} cannot be read: {failure.strerror}.") from None
    see = see or _first_lesson(output)
    made = import_gift(
        data, key=key or key_from_words(file.stem) or "quiz", title=title, language=language, see=see
    )
    if output is not None and made.text:
        try:
            output.write_text(made.text, encoding="utf-8", newline="\n")
        except OSError as failure:
            raise click.ClickException(f"{output} cannot be written: {failure.strerror}.") from None
    if json_:
        as_json(
            {
                "file": str(file),
                "output": str(output) if output is not None and made.text else None,
                "taken": [{"line": each.line, "kind": each.kind, "title": each.title} for each in made.taken],
                "not_taken": [{"line": each.line, "why": each.why} for each in made.not_taken],
                "notes": [{"line": each.line, "note": each.why} for each in made.remarks],
                "text": made.text,
            }
        )
        sys.exit(1 if made.not_taken or not made.taken else 0)
    if output is None:
        click.echo(made.text, nl=False)
    for each in made.not_taken:
        click.echo(f"{file}:{each.line}: {each.why}", err=True)
    for each in made.remarks:
        click.echo(f"{file}:{each.line}: note: {each.why}", err=True)
    if made.taken and not see:
        click.echo(
            f"{file}:1: note: Each question still needs its 'See' line; --see LINK writes it.", err=True
        )
    where = f" {output} is written." if output is not None and made.text else ""
    click.echo(f"{count(len(made.taken), 'question')} taken, {len(made.not_taken)} not.{where}", err=True)
    sys.exit(1 if made.not_taken or not made.taken else 0)


def _first_lesson(output: Path | None) -> str:
    """A link to the first lesson of the folder that the quiz is written into; '' when there is none."""
    if output is None:
        return ""
    numbered = [
        (int(path.name.partition("-")[0]), path)
        for path in output.parent.glob("*-*.md")
        if path.name.partition("-")[0].isdecimal() and path.is_file()
    ]
    for _, path in sorted(numbered):
        text = path.read_text(encoding="utf-8", errors="replace")
        title = next((line[2:].strip() for line in text.split("\n") if line.startswith("# ")), "")
        link = f"[{title}]({path.name}#{slug(title)})"
        if slug(title) and is_plain(title) and _LINK.fullmatch(link):
            return link
    return ""
