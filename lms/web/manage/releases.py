"""What the pages about courses and their versions are handed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from lms.actions.publishing import Comparison, Wanted
from lms.content.problems import Problem
from lms.courses.queries import VersionRow
from lms.courses.releases import ReleaseRow
from lms.credit.foreseeing import Foreseen
from lms.records.releases import Affected, CourseLine, State, VersionPeople
from lms.web.words import plural

KINDS_SHOWN = 25
"""Lines of the table of what a move would change; a class of learners makes a handful."""


# ── Courses ──────────────────────────────────────────────────────────────────────────────────────


class CoursesPage(Struct, frozen=True):
    courses: tuple[CourseLine, ...]
    folders: tuple[str, ...]
    """Names of the course folders that the site knows."""
    fault: str = ""


class ProblemLine(Struct, frozen=True):
    place: str
    """'1-one/quiz.md:12:3'"""
    severity: str
    code: str
    message: str


class ProblemsPage(Struct, frozen=True):
    name: str
    errors: int
    lines: tuple[ProblemLine, ...]


def problems_page(name: str, problems: Sequence[Problem]) -> ProblemsPage:
    return ProblemsPage(
        name,
        sum(problem.severity == "error" for problem in problems),
        tuple(ProblemLine(f"{p.file}:{p.line}:{p.column}", p.severity, p.code, p.message) for p in problems),
    )


# ── Versions of one course ───────────────────────────────────────────────────────────────────────


class VersionLine(Struct, frozen=True):
    number: int
    digest: str
    imported_at: datetime
    release_class: str
    notes: str
    standing: str
    current: bool
    again: bool
    """It was published before and is not offered now."""
    active: int
    completed: int


class VersionsPage(Struct, frozen=True):
    course_key: str
    title: str
    versions: tuple[VersionLine, ...]
    releases: tuple[ReleaseRow, ...]


def versions_page(
    course_key: str,
    versions: Sequence[VersionRow],
    releases: Sequence[ReleaseRow],
    people: Mapping[int, VersionPeople],
) -> VersionsPage:
    """`versions` and `releases` the newest first."""
    published = {row.version_id for row in releases}
    lines = []
    for row in versions:
        here = people.get(row.id, VersionPeople(row.id, 0, 0))
        was = row.id in published
        lines.append(
            VersionLine(
                number=row.number,
                digest=row.digest,
                imported_at=row.imported_at,
                release_class=row.release_class,
                notes=row.notes,
                standing="Offered now" if row.current else "Published before" if was else "Draft",
                current=row.current,
                again=was and not row.current,
                active=here.active,
                completed=here.completed,
            )
        )
    title = next((row.title for row in versions if row.current), versions[0].title)
    return VersionsPage(course_key, title, tuple(lines), tuple(releases))


# ── One version, before it is published ──────────────────────────────────────────────────────────


class StateLine(Struct, frozen=True):
    state: str
    people: int
    what: str


class ChangeLine(Struct, frozen=True):
    """So many people with the same evidence. Minutes are what is done now, as it would be paid at the end."""

    people: int
    steps_before: str
    steps_after: str
    minutes_before: int
    minutes_after: int
    what: str


class GroupLine(Struct, frozen=True):
    value: str
    title: str
    people: str
    chosen: bool


class VersionPage(Struct, frozen=True):
    course_key: str
    title: str
    number: int
    digest: str
    current: bool
    offered: int | None
    """Number of the version that is offered now."""
    release: int
    again: bool
    declared: str
    needed: str
    understated: bool
    reasons: tuple[str, ...]
    reworded: int
    states: tuple[StateLine, ...]
    changes: tuple[ChangeLine, ...]
    more_changes: int
    groups: tuple[GroupLine, ...]
    movable: int
    who: str
    note: str
    fault: str
    to_be_read: tuple[tuple[str, str], ...]
    """Title of a page, and who must have read it before it is released."""


def version_page(
    version: VersionRow,
    compared: Comparison,
    found: Affected,
    wanted: Wanted,
    note: str = "",
    fault: str = "",
    to_be_read: tuple[tuple[str, str], ...] = (),
) -> VersionPage:
    counted = Counter(_kind(each.foreseen) for each in found.people if each.foreseen is not None)
    kinds = counted.most_common()
    return VersionPage(
        course_key=version.course_key,
        title=version.title,
        number=version.number,
        digest=version.digest,
        current=version.current,
        offered=compared.current.number if compared.current else None,
        release=compared.release,
        again=compared.again,
        declared=compared.declared,
        needed=compared.needed,
        understated=compared.understated,
        reasons=tuple(reason.sentence for reason in compared.reasons),
        reworded=len(compared.diff.texts),
        states=_states(found.states, version.number),
        changes=tuple(ChangeLine(people, *kind) for kind, people in kinds[:KINDS_SHOWN]),
        more_changes=sum(people for _, people in kinds[KINDS_SHOWN:]),
        groups=tuple(
            GroupLine(
                group.value,
                f"{group.title}, {group.organization}" if group.organization else group.title,
                plural(group.moving, "person", "people")
                + (f", {group.staying} more would stay" if group.staying else ""),
                group.value in wanted.groups,
            )
            for group in found.groups
        ),
        movable=len(found.movable),
        who=wanted.who,
        note=note,
        fault=fault,
        to_be_read=to_be_read,
    )


_STAYS: dict[State, str] = {
    "not started": "Stay with the version they are on, or move to version {number}.",
    "in progress": "Stay with the version they are on, or move to version {number}.",
    "complete": "Never move. Nothing changes for them.",
    "certificate issued": "Never move. Their certificates stay as they are.",
    "left": "Are not moved. Who comes back begins with the version that is offered then.",
}


def _states(counts: Mapping[State, int], number: int) -> tuple[StateLine, ...]:
    return tuple(
        StateLine(state.capitalize(), people, _STAYS[state].format(number=number))
        for state, people in counts.items()
    )


def _kind(foreseen: Foreseen) -> tuple[str, str, int, int, str]:
    """What people with the same steps and minutes have in common."""
    before, after = foreseen.before, foreseen.after
    return (
        f"{before.done} of {before.needed}", f"{after.done} of {after.needed}", before.minutes,
        after.minutes, outcome(foreseen),
    )  # fmt: skip


def outcome(foreseen: Foreseen) -> str:
    """What a move would come to for one person."""
    before, after = foreseen.before, foreseen.after
    if not foreseen.may_move:
        return f"Stay: {plural(len(foreseen.taken_back), 'step')} would have to be done again."
    words = []
    if after.complete:
        words.append("Are complete at once.")
    if foreseen.dropped:
        asked = plural(len(foreseen.dropped), "step")
        words.append(
            f"{asked} they have done {'is' if len(foreseen.dropped) == 1 else 'are'} no longer asked for."
        )
    still = (after.needed - after.done) - (before.needed - before.done)
    if still > 0:
        words.append(f"{plural(still, 'step')} more to do.")
    elif still < 0 and not after.complete:
        words.append(f"{plural(-still, 'step')} fewer to do.")
    return " ".join(words) or "Nothing changes in what they have to do."
