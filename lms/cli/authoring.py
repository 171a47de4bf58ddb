"""`lms courses new|keys|explain`: what a writer needs before and beside the check.

A new course is small, complete, and without a problem.
"""

from __future__ import annotations

import stat
from pathlib import Path

import click
from msgspec.structs import asdict

from lms.cli.checking import FOLDER
from lms.cli.folders import compiled_or_fail, files_of
from lms.cli.output import as_json, table
from lms.content.explanations import EXPLANATIONS, near_code
from lms.content.explanations import explain as explain_code
from lms.content.keyed import keyed_things
from lms.content.keywriting import WrittenKey, write_keys
from lms.content.plain import escaped_title
from lms.content.screen import UNREADABLE
from lms.kernel.keys import is_page_key

KEYS_OF = ("key", "kind", "minutes", "title")

COURSE = """---
key: {key}
language: en
license: CC-BY-4.0
audience: [teachers]
topic: Say in a few words what this is about
needs-assessment: Say which need of students or staff this answers.
objectives:
  - Say what somebody can do after this course, as something that could be seen.
clock-hours: 1
requires:
  lessons: all
  activities: all
  quizzes: all at 80
reviewers: facilitator
privacy-line: "No names or private details. Nobody watches this page as you type."
release:
  class: substantive
  notes: First release.
---

# {title}

One paragraph: who this is for, and what will be different in a school day afterwards.
"""
MODULE = """---
key: {short}-1
objective: Say what somebody can do after this module.
---

# The first module

What this module is about, in two sentences.
"""
LESSON = """---
key: {short}-1-1
objective: Say what somebody can do after this lesson.
minutes: 58
---

# The first lesson

Write for a colleague who has ten minutes after school. Begin with something that happens in a real room,
then say what it shows, then let the reader try it.

## What would you say?
`choose one #what-would-you-say, 3 min`

A student comes in late for the third time this week. You have twenty seconds at the door.

- [x] "Good to see you. Settle in, and tell me after class what is making mornings hard."
    > She hears that she is welcome, and that it will be talked about. Both fit into twenty seconds.
- [ ] "Third time. You know what that means."
    > It may be true, and it ends the talk. Nothing is known afterwards that was not known before.

## Try it this week
`do #try-it, 55 min`

Say it to three students who come in late, each in your own words. Note what they said back. Give this the
minutes it takes, and no more: minutes that an author claims are minutes that a certificate stands on.

**What did they say?** `long #what-they-said, needed`
"""
QUIZ = """---
key: {short}-1-quiz
pass: 80
attempts: unlimited
minutes: 2
---

# Check what you know

As many tries as you like. After each try you see a note on every choice.

## Twenty seconds
`choose one #twenty-seconds`

Which of these fits into twenty seconds at the door?

- [x] A greeting, and when you will talk
    > Yes. The talk itself can wait.
- [ ] Finding out why
    > That needs more time, and no audience.

See [What would you say?](1-the-first-lesson.md#what-would-you-say).
"""


@click.command()
@click.argument("code", required=False)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def explain(code: str | None, json_: bool) -> None:
    """Say what problem CODE means; without CODE, list all."""
    if json_ and (code is None or code in EXPLANATIONS):
        as_json([asdict(each) for each in EXPLANATIONS.values() if code in (None, each.code)])
        return
    if code is None:
        table(("code", "meaning"), [(each.code, each.meaning) for each in EXPLANATIONS.values()], empty="")
        return
    words = explain_code(code)
    if words is None:
        raise click.ClickException(
            f"There is no problem code {code}.{near_code(code)} `lms courses explain` lists them."
        )
    click.echo(words)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def keys(folder: Path, json_: bool) -> None:
    """Write the missing keys of FOLDER, then list every key.

    Evidence carries them for ever. Keys are made from the words as they stand, once. Nothing else in the
    files changes.
    """
    for written in write_missing_keys(folder):
        click.echo(f"{folder}/{written.file}:{written.line}: written: {written.key}", err=True)
    course = compiled_or_fail(folder)
    rows = [(thing.key, thing.kind, thing.minutes, thing.title) for thing in keyed_things(course).values()]
    if json_:
        as_json([dict(zip(KEYS_OF, row, strict=True)) for row in rows])
    else:
        table(KEYS_OF, rows, empty="")


@click.command()
@click.argument("key")
@click.option("--title", default="", help="Title of the course.")
@click.option(
    "--in", "parent", type=FOLDER, default=Path("courses"), show_default=True, help="Where to make it."
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def new(key: str, title: str, parent: Path, json_: bool) -> None:
    """Start a course: a folder KEY that compiles as it is.

    It holds one module, one lesson and one quiz.
    """
    folder = start_course(parent, key, title or key.replace("-", " ").capitalize())
    if json_:
        as_json({"folder": str(folder)})
        return
    click.echo(f"Made {folder}. Write on, and check it with `lms courses check {folder}`.")


def start_course(parent: Path, key: str, title: str) -> Path:
    """Write the folder `key` below `parent`. Refused when it is there, or the key is not one."""
    if not is_page_key(key):
        raise click.BadParameter(
            f"{key!r}: a key is lower-case letters, digits and hyphens, such as our-course."
        )
    folder = parent / key
    if folder.exists():
        raise click.ClickException(f"{folder} is there already.")
    words = escaped_title(title)
    if not words or "\n" in title.strip() or UNREADABLE.search(title):
        raise click.BadParameter(f"{title!r}: a title is words on one line, without signs that nobody sees.")
    short = "".join(word[0] for word in key.split("-"))
    files = {
        "course.md": COURSE,
        "1-the-first-module/module.md": MODULE,
        "1-the-first-module/1-the-first-lesson.md": LESSON,
        "1-the-first-module/quiz.md": QUIZ,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(key=key, title=words, short=short), encoding="utf-8")
    return folder


def write_missing_keys(folder: Path) -> tuple[WrittenKey, ...]:
    """Put keys where the files of a course have none; each file is replaced whole."""
    changed, written = write_keys(files_of(folder))
    for name, data in changed.items():
        path = folder / name
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(data)
        beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    return written
