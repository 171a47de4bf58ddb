"""Activities of lessons: check a part, go a step on or back in a branching.

A lesson is one form: whatever button is pressed, everything typed on the page is kept.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from lms.actions.learn_work import check_activity, save_drafts
from lms.content.nodes import Activity, Lesson
from lms.kernel.errors import NotFound
from lms.responses.checking import walk
from lms.web.access import signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.forms import path
from lms.web.learn.here import Here, here, to_page
from lms.web.learn.parts import parts_of, typed_part
from lms.web.learn.views.drafts import keep_page, keeping


@blueprint.post("/learn/<course_key>/<page_key>/check")
@signed_in
def check(course_key: str, page_key: str) -> ResponseReturnValue:
    found = here(course_key)
    lesson = lesson_here(found, page_key)
    part = _part(lesson, request.form.get("check", ""))
    keep_page(found, page_key, but=frozenset({part.key}))
    with keeping(found, page_key):
        typed = typed_part(part, request.form)
        check_activity(found.actor, course_key, page_key, part.key, typed)
    return to_page(course_key, page_key, part.anchor, at=part.key)


@blueprint.post("/learn/<course_key>/<page_key>/step")
@signed_in
def step(course_key: str, page_key: str) -> ResponseReturnValue:
    """One page for each step: the address holds the way taken, so that 'back' goes back."""
    found = here(course_key)
    lesson = lesson_here(found, page_key)
    key, _, way = request.form.get("step", "").partition(":")
    part = _part(lesson, key)
    if part.kind != "branching":
        raise NotFound
    keep_page(found, page_key, but=frozenset({part.key}))
    with keeping(found, page_key):
        steps = path(way, key)
        typed = replace(typed_part(part, request.form), values={key: steps} if steps else {})
        if walk(part, steps or ()).ended:
            check_activity(found.actor, course_key, page_key, key, typed)
        else:
            save_drafts(found.actor, course_key, page_key, [typed])
    return to_page(course_key, page_key, part.anchor, at=key, way=f"{key}:{way}")


def lesson_here(found: Here, page_key: str) -> Lesson:
    lesson = found.stop(page_key).node
    if not isinstance(lesson, Lesson):
        raise NotFound
    return lesson


def _part(lesson: Lesson, key: str) -> Activity:
    for part in parts_of(lesson.blocks):
        if part.key == key:
            return part
    raise NotFound
