"""Joining a course, joining a cohort by its code, leaving."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actions import learn
from lms.actions.learn_cohorts import join_by_code
from lms.completion.queries import snapshot
from lms.courses.queries import published
from lms.enrollments.queries import current_enrollment
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.web.access import current_actor, signed_in
from lms.web.errors import PAGES, answer
from lms.web.learn.blueprint import blueprint
from lms.web.learn.forms import JoinForm
from lms.web.learn.here import NotEnrolled, here
from lms.web.learn.pages.course import JoinPage, join_words
from lms.web.learn.pages.course_map import course_map
from lms.web.learn.reflecting import READERS_BEFORE
from lms.web.reading import compiled, session

CODE_WORDS = {
    "code_unknown": "There is no open cohort with this code. Ask your facilitator for it",
    "cohort_closed": "This cohort is closed. Ask your facilitator",
    "other_cohort": "You learn with another cohort of this training. Ask its facilitator to take you out of "
    "it, then join this one: what you have done stays yours",
}


@blueprint.app_errorhandler(NotEnrolled)
def not_enrolled(error: NotEnrolled) -> ResponseReturnValue:
    """A page of a course that the person has not joined: the way in, if the course is offered."""
    if request.method != "GET" or published(session(), error.course_key) is None:
        return answer(PAGES[404])
    return redirect(url_for("learn.enroll_page", course_key=error.course_key), 303)


@blueprint.get("/learn/<course_key>/enroll")
@signed_in
def enroll_page(course_key: str) -> ResponseReturnValue:
    version = published(session(), course_key)
    if version is None:
        raise NotFound
    existing = current_enrollment(session(), current_actor().user_id, course_key)
    if existing is not None and existing.state == "active":
        return redirect(url_for("learn.course", course_key=course_key), 303)
    where = course_map(compiled(version.id))
    course = where.course
    page = JoinPage(
        course.key, course.title, course.title_text, join_words(where), READERS_BEFORE[course.reviewers]
    )
    return render_template("learn/enroll.html", page=page)


@blueprint.post("/learn/<course_key>/enroll")
@signed_in
def enroll(course_key: str) -> ResponseReturnValue:
    try:
        learn.enroll(current_actor(), course_key)
    except Conflict:
        return redirect(url_for("learn.course", course_key=course_key), 303)  # a second click
    flash("You have joined. Begin whenever you like.")
    return redirect(url_for("learn.course", course_key=course_key), 303)


@blueprint.get("/learn/<course_key>/leave")
@signed_in
def leave_page(course_key: str) -> ResponseReturnValue:
    found = here(course_key)
    if found.enrollment.state != "active":
        return redirect(url_for("learn.course", course_key=course_key), 303)
    course = found.where.course
    standing = snapshot(session(), found.enrollment.id)
    page = JoinPage(
        course.key,
        course.title,
        course.title_text,
        "",
        "",
        standing.done if standing is not None else 0,
        standing.needed if standing is not None else len(course.requirements),
    )
    return render_template("learn/leave.html", page=page)


@blueprint.post("/learn/<course_key>/leave")
@signed_in
def leave(course_key: str) -> ResponseReturnValue:
    found = here(course_key)
    learn.leave(found.actor, course_key)
    flash(f"You have left {found.where.course.title_text}. What you did stays on record.")
    return redirect(url_for("learn.home"), 303)


@blueprint.get("/join")
@signed_in
def join() -> ResponseReturnValue:
    form = JoinForm(code=request.args.get("code", "")[:40])
    return render_template("learn/join.html", form=form)


@blueprint.post("/join")
@signed_in
def join_cohort() -> ResponseReturnValue:
    form = JoinForm()
    if not form.is_sent():
        return render_template("learn/join.html", form=form), 422
    try:
        cohort = join_by_code(current_actor(), form.code.data or "")
    except RuleBroken as broken:
        form.code.errors = [CODE_WORDS.get(broken.code, CODE_WORDS["code_unknown"])]
        return render_template("learn/join.html", form=form), 422
    flash(f"You are in: {cohort.title}.")
    return redirect(url_for("learn.course", course_key=cohort.course_key), 303)
