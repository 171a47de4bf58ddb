"""Drafts of every kind of page: one saved by a script, all saved by a button, two texts to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, jsonify, request
from flask.typing import ResponseReturnValue

from lms.actions.learn_work import Typed, choose_text, save_drafts
from lms.content.nodes import Toolkit
from lms.kernel.errors import LmsError, NotFound, RuleBroken
from lms.responses.queries.sheets import sheet_state
from lms.responses.services.drafts import Stale
from lms.responses.worksheets import Sheet, totals
from lms.web.access import current_actor, signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.drafting import typed_all, typed_one, typed_readable
from lms.web.learn.forms import place
from lms.web.learn.here import Here, here, to_page
from lms.web.learn.sentences import REFUSED
from lms.web.reading import session


@blueprint.post("/learn/<course_key>/<page_key>/draft")
@signed_in
def draft(course_key: str, page_key: str) -> ResponseReturnValue:
    """For scripts. 200 with the new revision; 409 when the text was kept beside a newer one."""
    found = here(course_key)
    node = found.stop(page_key).node
    try:
        typed = typed_one(found, node, request.form)
        saved = save_drafts(found.actor, course_key, page_key, [typed])[typed.key]
    except RuleBroken as broken:
        message = REFUSED.get(broken.code, "This cannot be saved as it is")
        return jsonify(error=broken.code, message=f"Not saved. {message}."), 422
    if isinstance(saved, Stale):
        return jsonify(error="stale", revision=saved.revision, conflict=saved.number), 409
    return jsonify(revision=saved.revision, totals=_totals(found, node, typed))


def _totals(found: Here, node: Any, typed: Typed) -> dict[str, int]:
    if not isinstance(node, Toolkit) or typed.key != node.key:
        return {}
    sheet = Sheet.of(node.key, node.blocks)
    if not any(field.kind == "total" for field in sheet.fields):
        return {}
    state = sheet_state(session(), found.enrollment.id, node.key)
    entries = {log.key: [row.values for row in state.entries(log.key, typed.sitting)] for log in sheet.logs}
    return totals(sheet, typed.values, entries)


@blueprint.post("/learn/<course_key>/<page_key>/save")
@signed_in
def save(course_key: str, page_key: str) -> ResponseReturnValue:
    """The button for pages without scripts: everything typed on the page."""
    found = here(course_key)
    keep_page(found, page_key)
    flash("What you typed is saved.")
    sitting = request.form.get("sitting", "")
    return to_page(course_key, page_key, **({"sitting": sitting} if sitting else {}))


class Unread(Exception):
    """Something that was sent, in the input `name`, cannot be read: nothing was done, all else is kept."""

    def __init__(self, course_key: str, page_key: str, name: str) -> None:
        super().__init__(name)
        self.course_key = course_key
        self.page_key = page_key
        self.name = name


@blueprint.errorhandler(Unread)
def unread(error: Unread) -> ResponseReturnValue:
    """The page with words at that input."""
    sitting = request.form.get("sitting", "")
    more = {"sitting": sitting} if sitting else {}
    return to_page(error.course_key, error.page_key, unread=error.name, **more)


def keep_page(found: Here, page_key: str, but: frozenset[str] = frozenset()) -> None:
    """Keep what was sent, the drafts named in `but` left out: they are about to become something else.
    Unread where that cannot be."""
    node, course_key = found.stop(page_key).node, found.where.course.key
    name = ""
    try:
        typed = typed_all(found, node, request.form, but)
    except RuleBroken:
        typed, name = typed_readable(found, node, request.form)
    if typed:
        save_drafts(found.actor, course_key, page_key, typed)
    if name:
        raise Unread(course_key, page_key, name)


@contextmanager
def keeping(found: Here, page_key: str) -> Iterator[None]:
    """Whatever is refused inside, the page is kept as it was sent."""
    try:
        yield
    except LmsError:
        keep_page(found, page_key)
        raise


@blueprint.post("/learn/<course_key>/<page_key>/choose")
@signed_in
def choose(course_key: str, page_key: str) -> ResponseReturnValue:
    """Of two texts for one place, keep one."""
    form = request.form
    key, sitting, keep = form.get("draft", ""), form.get("sitting", ""), form.get("keep", "")
    number = place(form.get("number"), key)
    if number is None or keep not in ("draft", "other"):
        raise NotFound
    typed = Typed(key, {}, 0, sitting, place(form.get("entry"), key) or 0)
    choose_text(current_actor(), course_key, typed, number, "other" if keep == "other" else "draft")
    flash("The text you chose is the one in the page now.")
    return to_page(course_key, page_key, **({"sitting": sitting} if sitting else {}))
