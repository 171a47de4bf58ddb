"""`lms courses publish|publish-again|versions`: what a version changes and for whom, then publish it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from lms.actions import publishing as actions
from lms.actions.publishing import Comparison, Published, Wanted, Who
from lms.cli.checking import FOLDER, count
from lms.cli.folders import files_of, refuse
from lms.cli.output import as_json, bar, table
from lms.cli.site import Site, with_site
from lms.cohorts.queries import cohort
from lms.content.nodes import Course
from lms.content.reader import SourceFiles
from lms.courses import queries
from lms.courses.queries import VersionRow, load_compiled
from lms.courses.releases import releases
from lms.credit.foreseeing import Foreseen, Stand
from lms.kernel.db import db
from lms.records.releases import SELF_PACED, Affected, Told, people_on_versions

MOVES: dict[str, Who] = {"nobody": "nobody", "not-started": "not started", "everybody": "everybody"}


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What publishing asks for, wherever the version comes from."""
    for option in (
        click.option("--json", "json_", is_flag=True, help="Print JSON, with a line for each person."),
        click.option("--note", default="", help="A sentence for the record; stands with every move."),
        click.option(
            "--group", "groups", multiple=True, metavar="ID",
            help="Move only this cohort, or 'self-paced'; may be given several times.",
        ),
        click.option(
            "--move", type=click.Choice(list(MOVES)), show_default="nobody",
            help="Who moves to this version. Who has finished never does.",
        ),
        click.option("--yes", is_flag=True, help="Do it. Without this, only what would happen is shown."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--draft", is_flag=True, help="Keep it as a version, and offer it to nobody yet.")
@_options
@with_site
def publish(site: Site, folder: Path, draft: bool, **given: Any) -> None:
    """Show what FOLDER changes; with --yes, offer it.

    Shows for whom, too. People in the middle of the course stay with the version they began, unless
    --move or --group says otherwise; nobody who would have to do a step again is moved. Exit code 1 if
    the course has errors, or its header says less than what changed.
    """
    if draft and any(given[name] for name in ("yes", "move", "groups", "note")):
        raise click.UsageError("A --draft is offered to nobody: leave out --yes, --move, --group and --note.")
    files = files_of(folder)
    if draft:
        row = _kept(folder, files)
        if given["json_"]:
            as_json({"course": row.course_key, "version": row.number, "published": row.current})
            return
        where = "is published" if row.current else "is kept as a draft; publish it without --draft"
        click.echo(f"{row.course_key}: version {row.number} {where}.")
        return
    course, problems = actions.read_course(db.session(), files)
    if course is None:
        refuse(folder, problems)
    known = queries.version_with_digest(db.session(), course.digest)
    _publish(course, known, lambda: _kept(folder, files), **given)


def _kept(folder: Path, files: SourceFiles) -> VersionRow:
    taken = actions.take_in(None, files)
    if taken.version is None:
        refuse(folder, taken.problems)
    return taken.version


@click.command("publish-again")
@click.argument("key")
@click.argument("number", type=int)
@_options
@with_site
def publish_again(site: Site, key: str, number: int, **given: Any) -> None:
    """Go back: offer version NUMBER of course KEY again. Needs a --note that says why."""
    row = next((row for row in queries.versions(db.session(), key) if row.number == number), None)
    if row is None:
        raise click.ClickException(f"There is no version {number} of {key}. `lms courses versions {key}`")
    found = row
    _publish(load_compiled(db.session(), row.id), row, lambda: found, **given)


def _publish(
    course: Course,
    known: VersionRow | None,
    keep: Callable[[], VersionRow],
    *,
    yes: bool,
    move: str | None,
    groups: tuple[str, ...],
    note: str,
    json_: bool,
) -> None:
    wanted = _wanted(course.key, move, groups)
    version_id = known.id if known else None
    compared = actions.compare_with_published(db.session(), course, version_id)
    with _told("Working out what would change") as told:
        found = actions.forecast(db.session(), course, version_id, told)
    current = known is not None and known.current
    understated = compared.understated and not current
    done = None
    if yes and not understated:
        kept = keep().id
        with _told("Moving people") as told:
            done = actions.publish(
                None, version_id=kept, release=compared.release, note=note, wanted=wanted, told=told
            )
    if json_:
        as_json(_plain(course, known, compared, found, wanted, done))
    else:
        _tell(course, known, compared, found, wanted)
        _end(course, current, understated, compared, done)
    sys.exit(1 if understated else 0)


def _wanted(course: str, move: str | None, groups: tuple[str, ...]) -> Wanted:
    """Refused when the two options contradict each other, or a group is none of this course."""
    if not groups:
        return Wanted(MOVES[move or "nobody"])
    if move is not None:
        raise click.UsageError("--move and --group say two things: give one of them.")
    for group in groups:
        known = None if group == SELF_PACED else cohort(db.session(), group)
        if group != SELF_PACED and (known is None or known.course_key != course):
            raise click.ClickException(
                f"{course} has no cohort {group}. Without --yes and --group all groups are listed."
            )
    return Wanted("groups", frozenset(groups))


@contextmanager
def _told(label: str) -> Iterator[Told]:
    """A bar that learns with the first step how long it is."""
    with bar(1, label) as progress:

        def step(done: int, of: int) -> None:
            progress.length = of
            progress.update(done)

        yield step


# ── What is printed ──────────────────────────────────────────────────────────────────────────────


def _tell(
    course: Course, known: VersionRow | None, compared: Comparison, found: Affected, wanted: Wanted
) -> None:
    if known is not None and known.current:
        click.echo(f"{course.key}: nothing has changed since version {known.number}, which is published.")
    elif compared.current is None:
        click.echo(f"{course.key} is not published yet: everything in it is new.")
    else:
        click.echo(
            f"{course.key}, compared with version {compared.current.number}: {compared.declared};"
            f" the change needs '{compared.needed}'."
        )
        for reason in compared.reasons:
            click.echo(f"- {reason.sentence}")
        if compared.diff.texts:
            click.echo(f"- {count(len(compared.diff.texts), 'text')} reworded.")
    click.echo("")
    table(("state", "people"), list(found.states.items()), empty="")
    kinds = Counter(
        (_steps(each.foreseen.before), _steps(each.foreseen.after), each.foreseen.before.minutes,
         each.foreseen.after.minutes, _result(each.foreseen))
        for each in found.people
        if each.foreseen is not None
    )  # fmt: skip
    if kinds:
        click.echo("\nWhat a move would change:")
        heads = ("people", "steps now", "after", "minutes now", "after", "result")
        table(heads, [(people, *kind) for kind, people in kinds.most_common(40)], empty="")
        click.echo("")
        groups = [
            (group.value, group.title, group.organization, group.moving, group.staying)
            for group in found.groups
        ]
        table(("group", "title", "of", "could move", "would stay"), groups, empty="")
        chosen = sum(wanted.takes(each.state, each.group) for each in found.movable)
        click.echo(f"\n{count(chosen, 'person', 'people')} would move; who has finished stays.")


def _steps(stand: Stand) -> str:
    return f"{stand.done} of {stand.needed}"


def _result(foreseen: Foreseen) -> str:
    if not foreseen.may_move:
        return "stays: a step would have to be done again"
    if foreseen.after.complete:
        return "complete at once"
    return f"{count(len(foreseen.dropped), 'done step')} no longer asked for" if foreseen.dropped else ""


def _end(
    course: Course, current: bool, understated: bool, compared: Comparison, done: Published | None
) -> None:
    if understated:
        click.echo(
            f"Not published: the header says '{compared.declared}'. Change `release: class:` to"
            f" '{compared.needed}'."
        )
    elif done is None:
        click.echo("Nothing was changed. With --yes this is done.")
    else:
        if not current:
            click.echo(f"{course.key}: version {done.version.number} is published.")
        click.echo(f"{done.moved} moved, {done.completed} of them complete.")


def _plain(
    course: Course,
    known: VersionRow | None,
    compared: Comparison,
    found: Affected,
    wanted: Wanted,
    done: Published | None,
) -> dict[str, Any]:
    numbers = {row.id: row.number for row in queries.versions(db.session(), course.key)}
    return {
        "course": course.key,
        "digest": course.digest,
        "version": done.version.number if done else known.number if known else None,
        "offered_before": compared.current.number if compared.current else None,
        "declared": compared.declared,
        "needed": compared.needed,
        "understated": compared.understated,
        "reasons": [{"class": r.release_class, "sentence": r.sentence} for r in compared.reasons],
        "reworded": [thing.key for thing in compared.diff.texts],
        "states": found.states,
        "people": [
            {
                "enrollment": each.enrollment,
                "state": each.state,
                "group": each.group,
                "version": numbers[each.version_id],
                "before": _stand(each.foreseen.before),
                "after": _stand(each.foreseen.after),
                "taken_back": list(each.foreseen.taken_back),
                "no_longer_asked_for": list(each.foreseen.dropped),
                "moves": each.foreseen.may_move and wanted.takes(each.state, each.group),
            }
            for each in found.people
            if each.foreseen is not None
        ],
        "published": done is not None,
        "moved": done.moved if done else 0,
        "completed": done.completed if done else 0,
    }


def _stand(stand: Stand) -> dict[str, Any]:
    return {
        "done": stand.done, "needed": stand.needed, "minutes": stand.minutes, "complete": stand.complete
    }  # fmt: skip


@click.command()
@click.argument("key")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def versions(site: Site, key: str, json_: bool) -> None:
    """List the versions of course KEY, and who is on each.

    With the day and the class of each release.
    """
    session = db.session()
    rows = queries.versions(session, key)
    if not rows:
        raise click.ClickException(f"There is no course {key}. `lms courses list`")
    people, last = people_on_versions(session, key), {}
    for release in reversed(releases(session, key)):
        last[release.version_id] = release
    found = [
        {
            "version": row.number,
            "digest": row.digest,
            "standing": "offered" if row.current else "published before" if row.id in last else "draft",
            "class": last[row.id].release_class if row.id in last else row.release_class,
            "published": last[row.id].at.date().isoformat() if row.id in last else None,
            "learning": people[row.id].active if row.id in people else 0,
            "finished": people[row.id].completed if row.id in people else 0,
        }
        for row in rows
    ]
    if json_:
        as_json(found)
        return
    heads = tuple(found[0])
    shown = [{**row, "digest": cast(str, row["digest"])[:12]} for row in found]
    table(heads, [[row[head] for head in heads] for row in shown], empty="")
