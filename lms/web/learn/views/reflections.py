"""Open reflections: hand in, and ask a peer where the course allows it."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actions import learn_reflections
from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.services.drafts import Stale
from lms.web.access import current_actor, signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.drafting import typed_text
from lms.web.learn.here import here, to_page
from lms.web.learn.quizzing import shown_quiz
from lms.web.learn.sentences import REFUSED
from lms.web.learn.views.drafts import keep_page
from lms.web.learn.views.quizzes import quiz_here


@blueprint.post("/learn/<course_key>/<page_key>/hand-in")
@signed_in
def hand_in(course_key: str, page_key: str) -> ResponseReturnValue:
    """Hand a reflection in. What holds it back is said at the text, and the text is kept."""
    found = here(course_key)
    quiz = quiz_here(found, page_key)
    node = next((r for r in quiz.reflections if r.key == request.form.get("reflection")), None)
    if node is None:
        raise NotFound
    typed = typed_text(node.key, request.form)
    keep_page(found, page_key, but=frozenset({node.key}))
    try:
        done = learn_reflections.hand_in(found.actor, course_key, page_key, typed)
    except RuleBroken as broken:
        if broken.code not in REFUSED:
            raise
        keep_page(found, page_key)
        return to_page(course_key, page_key, node.anchor, at=node.key, refused=broken.code)
    if isinstance(done, Stale):
        return to_page(course_key, page_key)
    flash("Handed in. You will see the answer here, and in My learning.")
    return to_page(course_key, page_key, node.anchor, at=node.key)


@blueprint.post("/learn/<course_key>/<page_key>/ask-peer")
@signed_in
def ask_peer(course_key: str, page_key: str) -> ResponseReturnValue:
    """Make a link that one peer of the same course can take up. It is shown once."""
    found = here(course_key)
    quiz = quiz_here(found, page_key)
    key = request.form.get("reflection", "")
    if key not in {r.key for r in quiz.reflections}:
        raise NotFound
    token = learn_reflections.ask_peer(current_actor(), course_key, page_key, key)
    link = url_for("facilitate.invited", token=token, _external=True)
    return render_template("learn/quiz.html", page=shown_quiz(found, page_key, {"at": key}, {key: link}))
