"""The parts of a lesson in which something is typed, each with a draft of its own: what stands in them,
and what was sent for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from lms.actions.learn_work import Typed
from lms.content.nodes import Activity, Block, Lesson
from lms.kernel.errors import RuleBroken
from lms.responses.checking import Checked, check, checkable, read_part, walk, wrongs
from lms.responses.fields import Json, Values
from lms.responses.grading import Graded
from lms.responses.queries.states import PageStates
from lms.web.learn.forms import Sent, path, revision_of, sent_part
from lms.web.learn.pages.filling import Filling
from lms.web.learn.sentences import OPEN, fault_problems, open_words, over_problems, unread_problems


def parts_of(blocks: tuple[Block, ...]) -> Iterator[Activity]:
    """Everything on a lesson that is checked by itself."""
    for block in blocks:
        if isinstance(block, Activity):
            yield from checkable(block)


def lesson_filling(empty: Filling, lesson: Lesson, states: PageStates, query: Mapping[str, str]) -> Filling:
    """`query`: `at` is the part that was just checked, `way` the path of a branching (`KEY:0-2`)."""
    values: Values = {}
    graded: dict[str, Graded] = {}
    problems = unread_problems(query)
    focus = query.get("at")
    paths = _ways(lesson, states, query.get("way", ""))
    for part in parts_of(lesson.blocks):
        draft = states.draft(part.key)
        if draft is None and part.key != focus:
            continue
        own = still_fits(part, draft.values) if draft is not None else {}
        values.update(own)
        if states.checked(part.key):
            graded.update(check(part, own).graded)
        elif part.key == focus and part.kind != "branching":
            problems.update(_problems(part, own, check(part, own)))
        problems.update(over_problems(wrongs(part, own)))
    return replace(
        empty,
        values=values,
        revisions={key: row.revision for (key, _, _), row in states.drafts.items()},
        graded=graded,
        done=frozenset(states.checks),
        focus=focus,
        problems=problems,
        paths=paths,
    )


def still_fits(part: Activity, values: Values) -> Values:
    """What was typed, as far as this version of the part can hold it; texts are always shown."""
    try:
        return read_part(part, values)
    except RuleBroken:
        return {key: value for key, value in values.items() if isinstance(value, str)}


def _problems(part: Activity, own: Values, checked: Checked) -> dict[str, str]:
    found = {key: open_words(part, own.get(key)) if key == part.key else OPEN for key in checked.missing}
    return found | fault_problems(checked.faults)


def _ways(lesson: Lesson, states: PageStates, way: str) -> dict[str, tuple[int, ...]]:
    """The path that each branching shows: the one in the address, else the one that is kept."""
    key, _, text = way.partition(":")
    found: dict[str, tuple[int, ...]] = {}
    for part in parts_of(lesson.blocks):
        if part.kind != "branching":
            continue
        draft = states.draft(part.key)
        kept = draft.values.get(part.key) if draft is not None else None
        taken = _walked(part, path(text, key) if part.key == key else kept)
        if taken or draft is not None or part.key == key:
            found[part.key] = taken
    return found


def _walked(part: Activity, steps: Json) -> tuple[int, ...]:
    try:
        walk(part, steps if isinstance(steps, list) else ())
    except RuleBroken:
        return ()
    return tuple(step for step in steps if isinstance(step, int)) if isinstance(steps, list) else ()


def typed_part(part: Activity, sent: Sent) -> Typed:
    """RuleBroken for what no page sends."""
    return Typed(part.key, read_part(part, sent_part(part, sent)), revision_of(sent, part.key))
