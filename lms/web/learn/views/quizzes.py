"""Quizzes: show an attempt or its result, check a whole attempt."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actions import learn_work
from lms.content.nodes import Quiz
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.responses.services.drafts import Stale
from lms.web.access import signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.drafting import typed_quiz
from lms.web.learn.forms import place
from lms.web.learn.here import Here, here, to_page
from lms.web.learn.quizzing import shown_quiz
from lms.web.learn.sentences import REFUSED
from lms.web.learn.views.drafts import keep_page

ANOTHER_WINDOW = (
    "This quiz was checked in another window meanwhile, so nothing was checked here. What you wrote is kept."
)


def show_quiz(found: Here, page_key: str) -> ResponseReturnValue:
    return render_template("learn/quiz.html", page=shown_quiz(found, page_key, request.args))


def quiz_here(found: Here, page_key: str) -> Quiz:
    quiz = found.stop(page_key).node
    if not isinstance(quiz, Quiz):
        raise NotFound
    return quiz


@blueprint.post("/learn/<course_key>/<page_key>/submit")
@signed_in
def submit(course_key: str, page_key: str) -> ResponseReturnValue:
    """Check the whole attempt. With questions still open, everything given so far is kept instead."""
    found = here(course_key)
    quiz = quiz_here(found, page_key)
    number = place(request.form.get("attempt"), page_key) or 0
    token = request.form.get("submit_token", "")
    try:
        typed = typed_quiz(found, quiz, request.form)
        made = learn_work.submit_quiz(
            found.actor, course_key, page_key, number, typed.values, token, typed.revision
        )
    except Conflict:
        keep_page(found, page_key, but=frozenset({page_key}))  # these answers are to an attempt that is over
        flash(ANOTHER_WINDOW)
        return to_page(course_key, page_key)
    except RuleBroken as broken:
        keep_page(found, page_key, but=frozenset({page_key} if broken.code == "attempts_used" else ()))
        if broken.code == "unanswered":
            return to_page(course_key, page_key, missing="1")
        if broken.code not in REFUSED:
            raise
        flash(f"{REFUSED[broken.code]}.")
        return to_page(course_key, page_key)
    keep_page(found, page_key, but=frozenset({page_key}))
    if isinstance(made, Stale):
        return to_page(course_key, page_key)
    if made.completed:
        return redirect(url_for("learn.finished", course_key=course_key), 303)
    return to_page(course_key, page_key, "result", attempt=str(made.attempt.number))
