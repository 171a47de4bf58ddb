"""What is handed in: open reflections and the capstone; and asking a peer, where the course allows it."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actions import learn_reflections
from lms.content.nodes import Capstone, Quiz
from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.services.drafts import Stale
from lms.web.access import signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.capstones import shown_capstone
from lms.web.learn.drafting import typed_capstone, typed_text
from lms.web.learn.here import Here, here, to_page
from lms.web.learn.sentences import REFUSED
from lms.web.learn.views.drafts import keep_page, keeping

HANDED_IN = "Handed in. You will see the answer here, and in My learning."


def show_capstone(found: Here, page_key: str) -> ResponseReturnValue:
    return render_template("learn/capstone.html", page=shown_capstone(found, page_key, request.args))


@blueprint.post("/learn/<course_key>/<page_key>/hand-in")
@signed_in
def hand_in(course_key: str, page_key: str) -> ResponseReturnValue:
    """What holds it back is said at the text, and the text is kept."""
    found = here(course_key)
    match found.stop(page_key).node:
        case Quiz() as quiz:
            return _hand_in_reflection(found, quiz)
        case Capstone() as capstone:
            return _hand_in_capstone(found, capstone)
    raise NotFound


def _hand_in_reflection(found: Here, quiz: Quiz) -> ResponseReturnValue:
    node = next((r for r in quiz.reflections if r.key == request.form.get("reflection")), None)
    if node is None:
        raise NotFound
    course_key = found.where.course.key
    typed = typed_text(node.key, request.form)
    keep_page(found, quiz.key, but=frozenset({node.key}))
    try:
        with keeping(found, quiz.key):
            done = learn_reflections.hand_in(found.actor, course_key, quiz.key, typed)
    except RuleBroken as broken:
        if broken.code not in REFUSED:
            raise
        return to_page(course_key, quiz.key, node.anchor, at=node.key, refused=broken.code)
    if isinstance(done, Stale):
        return to_page(course_key, quiz.key)
    flash(HANDED_IN)
    return to_page(course_key, quiz.key, node.anchor, at=node.key)


def _hand_in_capstone(found: Here, capstone: Capstone) -> ResponseReturnValue:
    course_key = found.where.course.key
    try:
        with keeping(found, capstone.key):
            typed = typed_capstone(capstone, request.form)
            done = learn_reflections.hand_in_capstone(found.actor, course_key, capstone.key, typed)
    except RuleBroken as broken:
        if broken.code == "needed":
            return to_page(course_key, capstone.key, missing="1")
        if broken.code not in REFUSED:
            raise
        return to_page(course_key, capstone.key, refused=broken.code, part=broken.field)
    if not isinstance(done, Stale):
        flash(HANDED_IN)
    return to_page(course_key, capstone.key)


@blueprint.post("/learn/<course_key>/<page_key>/ask-peer")
@signed_in
def ask_peer(course_key: str, page_key: str) -> ResponseReturnValue:
    """Make a link that one peer of the same course can take up. It is shown once."""
    found = here(course_key)
    key = request.form.get("reflection", "")
    if isinstance(found.stop(page_key).node, Quiz):
        keep_page(found, page_key)  # the button stands in the form of the whole page
    token = learn_reflections.ask_peer(found.actor, course_key, page_key, key)
    link = url_for("facilitate.invited", token=token, _external=True)
    flash(f"Give this link to one peer who takes this training too. It is shown only now: {link}")
    return to_page(course_key, page_key, found.where.anchors.get(key))
