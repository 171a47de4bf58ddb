"""Pages of a course and lessons: show, open, mark complete."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actions import learn
from lms.responses.queries.states import page_states
from lms.web.access import current_actor, signed_in
from lms.web.errors import wants_json
from lms.web.learn.blueprint import blueprint
from lms.web.learn.clashing import clashes_of, part_names
from lms.web.learn.here import Here, here, to_page
from lms.web.learn.pages.lesson import lesson_page
from lms.web.learn.parts import lesson_filling, parts_of
from lms.web.learn.views.activities import lesson_here
from lms.web.learn.views.drafts import keep_page
from lms.web.reading import session
from lms.web.words import quoted


def show_lesson(found: Here, page_key: str) -> ResponseReturnValue:
    lesson = lesson_here(found, page_key)
    seen = found.seen()
    states = page_states(session(), found.enrollment.id, lesson.key)
    filling = lesson_filling(found.filling(), lesson, states, request.args)
    shown = lesson_page(
        found.stop(page_key),
        filling,
        found.standing(seen),
        person=found.actor.public_id,
        covered=bool(lesson.content_note) and lesson.key not in seen,
        to_be_read_by=found.to_be_read_by(lesson),
        clashes=clashes_of(found, lesson.key, states, part_names(parts_of(lesson.blocks))),
    )
    return render_template("learn/lesson.html", page=shown)


@blueprint.post("/learn/<course_key>/<page_key>/open")
@signed_in
def open_lesson(course_key: str, page_key: str) -> ResponseReturnValue:
    learn.open_lesson(current_actor(), course_key, page_key)
    if wants_json():
        return jsonify(opened=True)
    return to_page(course_key, page_key)


@blueprint.post("/learn/<course_key>/<page_key>/done")
@signed_in
def done(course_key: str, page_key: str) -> ResponseReturnValue:
    """Mark complete and go on to the next page."""
    found = here(course_key)
    lesson = lesson_here(found, page_key)
    keep_page(found, page_key)
    changes = learn.complete_lesson(found.actor, course_key, page_key)
    if found.enrollment.id in changes.completed:
        return redirect(url_for("learn.finished", course_key=course_key), 303)
    following = found.where.after(page_key)
    if following is None:
        return redirect(url_for("learn.left", course_key=course_key), 303)
    flash(f"{quoted(lesson.title_text)} is marked complete.")
    return to_page(course_key, following.key)
