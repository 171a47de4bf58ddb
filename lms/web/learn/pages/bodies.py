"""The body of a lesson as HTML: what is the same for everybody is made once for each version and role.

A run of blocks without activities depends on the reader's role at most. An activity that nobody has
touched depends on nothing. Both are kept with the course's map; the rest is made for each view.
"""

from __future__ import annotations

from itertools import groupby

from flask import get_template_attribute
from markupsafe import Markup

from lms.content.nodes import Activity, Block, Citation, Variants
from lms.responses.checking import checkable, fields_of
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.filling import Filling


def body(page_key: str, blocks: tuple[Block, ...], filling: Filling) -> tuple[Markup, ...]:
    parts: list[Markup] = []
    for number, (is_activity, run) in enumerate(groupby(blocks, lambda b: isinstance(b, Activity))):
        for place, group in enumerate([[b] for b in run] if is_activity else [list(run)]):
            parts.append(_part((page_key, str(number), str(place)), tuple(group), filling))
    return tuple(parts)


def _part(name: tuple[str, ...], blocks: tuple[Block, ...], filling: Filling) -> Markup:
    if any(isinstance(block, Variants) for block in blocks):
        name = (*name, filling.role)
    if any(isinstance(block, Activity) and is_touched(block, filling) for block in blocks):
        return _render(blocks, filling)
    kept = filling.where.rendered.get(name)
    if kept is None:
        kept = _render(blocks, Filling(filling.where, filling.role, privacy_line=filling.privacy_line))
        filling.where.rendered[name] = kept
    return kept


def is_touched(activity: Activity, filling: Filling) -> bool:
    keys = {activity.key}
    for part in checkable(activity):
        keys.add(part.key)
        keys.update(field.key for field in fields_of(part))
    return filling.focus in keys or any(
        not keys.isdisjoint(held)
        for held in (filling.values, filling.done, filling.problems, filling.revisions, filling.paths)
    )


def _render(blocks: tuple[Block, ...], filling: Filling) -> Markup:
    return Markup(get_template_attribute("macros/blocks.html", "blocks")(pieces(blocks, filling)))


def notes(page_key: str, citations: tuple[Citation, ...], filling: Filling) -> Markup:
    name = (page_key, "notes")
    kept = filling.where.rendered.get(name)
    if kept is None:
        kept = Markup(get_template_attribute("macros/blocks.html", "citations")(citations))
        filling.where.rendered[name] = kept
    return kept
