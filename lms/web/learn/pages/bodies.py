"""The body of a lesson as HTML: what is the same for everybody is made once for each version and role.

A run of blocks without activities depends on the reader's role at most. An activity that nobody has
touched depends on nothing. Both are kept with the course's map. An activity that was answered by choosing
depends on what was chosen: the latest few hundred are kept too. One with typed text is made for each view
and kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from itertools import groupby

from flask import get_template_attribute
from markupsafe import Markup

from lms.content.nodes import Activity, Block, Citation, Variants
from lms.responses.checking import checkable, fields_of
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.filling import Filling

NAME = tuple[Hashable, ...]
_REFERENCE = re.compile(r'id="(ref-[0-9]+)"')


def body(page_key: str, blocks: tuple[Block, ...], filling: Filling) -> tuple[Markup, ...]:
    parts: list[Markup] = []
    for number, (is_activity, run) in enumerate(groupby(blocks, lambda b: isinstance(b, Activity))):
        for place, group in enumerate([[b] for b in run] if is_activity else [list(run)]):
            parts.append(_part((page_key, number, place), tuple(group), filling))
    return tuple(parts)


def _part(name: NAME, blocks: tuple[Block, ...], filling: Filling) -> Markup:
    where = filling.where
    if isinstance(blocks[0], Activity):
        keys = keys_of(blocks[0])
        if is_touched(keys, filling):
            state = _state(keys, filling)
            if state is None:
                return _render(blocks, filling)
            return where.answered.get((*name, *state), lambda: _render(blocks, filling))
    elif any(isinstance(block, Variants) for block in blocks):
        name = (*name, filling.role)
    kept = where.rendered.get(name)
    if kept is None:
        kept = _render(blocks, Filling(where, filling.role, privacy_line=filling.privacy_line))
        where.rendered[name] = kept
    return kept


def keys_of(activity: Activity) -> frozenset[str]:
    """Everything of an activity that somebody's state can be about."""
    keys = {activity.key}
    for part in checkable(activity):
        keys.add(part.key)
        keys.update(field.key for field in fields_of(part))
    return frozenset(keys)


def is_touched(keys: frozenset[str], filling: Filling) -> bool:
    return filling.focus in keys or any(
        not keys.isdisjoint(held)
        for held in (filling.values, filling.done, filling.problems, filling.revisions, filling.paths)
    )


def _state(keys: frozenset[str], filling: Filling) -> NAME | None:
    """What the HTML of a touched activity depends on; None when somebody's own words are in it."""
    values = {key: value for key, value in filling.values.items() if key in keys}
    if filling.focus in keys or any(isinstance(value, str | dict) for value in values.values()):
        return None
    return (
        repr(sorted(values.items())),
        keys & filling.done,
        keys.intersection(filling.graded),
        keys.intersection(filling.problems),
        tuple(sorted((key, revision) for key, revision in filling.revisions.items() if key in keys)),
        tuple(sorted((key, path) for key, path in filling.paths.items() if key in keys)),
    )


def _render(blocks: tuple[Block, ...], filling: Filling) -> Markup:
    made: Markup = get_template_attribute("macros/blocks.html", "blocks")(pieces(blocks, filling))
    return made


def notes(
    page_key: str, citations: tuple[Citation, ...], parts: tuple[Markup, ...], filling: Filling
) -> Markup:
    text = "".join(parts)
    made: Markup = filling.where.answered.get(
        (page_key, "notes", *_REFERENCE.findall(text)),
        lambda: get_template_attribute("macros/blocks.html", "citations")(citations, text),
    )
    return made
