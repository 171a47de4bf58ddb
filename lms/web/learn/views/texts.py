"""One's own words in a course: to read, to download, to delete; also after leaving."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.actions.learn_texts import Kind
from lms.actions.learn_texts import delete_text as erase
from lms.enrollments.queries import enrollments_of
from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.queries.texts import OwnText, own_texts
from lms.web.access import current_actor, signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.forms import place
from lms.web.learn.here import NotEnrolled
from lms.web.learn.pages.course_map import CourseMap, course_map
from lms.web.learn.pages.texts import TextsPage, text_line
from lms.web.reading import compiled, session

KINDS: dict[str, Kind] = {"hand in": "hand in", "worksheet": "worksheet", "draft": "draft"}


def _where(course_key: str) -> CourseMap:
    """The course as it is pinned in the person's latest enrollment, one that was left included."""
    for row in enrollments_of(session(), current_actor().user_id):
        if row.course_key == course_key:
            return course_map(compiled(row.version_id))
    raise NotEnrolled(course_key)


def _own(course_key: str) -> Iterator[OwnText]:
    for text in own_texts(session(), current_actor().user_id):
        if text.course_key == course_key:
            yield text


@blueprint.get("/learn/<course_key>/texts")
@signed_in
def texts(course_key: str) -> ResponseReturnValue:
    where = _where(course_key)
    time_zone = current_actor().time_zone
    lines = [text_line(where, text, time_zone) for text in _own(course_key)]
    page = TextsPage(course_key, where.course.title_text, tuple(line for line in lines if line is not None))
    return render_template("learn/texts.html", page=page)


@blueprint.get("/learn/<course_key>/texts.json")
@signed_in
def download_texts(course_key: str) -> ResponseReturnValue:
    """Everything that is kept, one object a text; a hand-in with what its digest was made of."""
    _where(course_key)

    def lines() -> Iterator[str]:
        yield "[\n"
        for number, text in enumerate(_own(course_key)):
            yield (",\n" if number else "") + json.dumps(_told(text), ensure_ascii=False)
        yield "\n]\n"

    response = Response(stream_with_context(lines()), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{course_key}-my-texts.json"'
    return response


def _told(text: OwnText) -> dict[str, object]:
    told: dict[str, object] = {
        "what": text.source, "course": text.course_key, "key": text.key, "number": text.number,
        "at": text.at.isoformat(), "text": text.body,
    }  # fmt: skip
    if text.sitting:
        told["sitting"] = text.sitting
    if text.digest:
        told |= {"salt": text.salt, "sha256": text.digest}
    return told


@blueprint.post("/learn/<course_key>/texts/delete")
@signed_in
def delete_text(course_key: str) -> ResponseReturnValue:
    form = request.form
    kind = KINDS.get(form.get("kind", ""))
    key = form.get("key", "")
    number = place(form.get("number"), key) or 0
    if kind is None:
        raise NotFound
    try:
        erase(current_actor(), form.get("enrollment", ""), kind, key, form.get("sitting", ""), number)
    except RuleBroken:
        flash("This text waits for its answer. You can delete it once you have one.")
    else:
        flash("The text is deleted. What you have earned stays.")
    return redirect(url_for("learn.texts", course_key=course_key), 303)
