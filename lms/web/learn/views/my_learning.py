"""My learning, a course from the inside, what is left of it, and its end."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.queries import home_of
from lms.completion.queries import snapshot
from lms.credit.queries import certificate_of
from lms.kernel.clock import now
from lms.web.access import current_actor, signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.dates import coming_up
from lms.web.learn.here import here
from lms.web.learn.homing import home_page
from lms.web.learn.pages.certificate import awards
from lms.web.learn.pages.course import Ask, course_page
from lms.web.learn.pages.finished import finished_page
from lms.web.learn.pages.left import left_page
from lms.web.learn.reflecting import course_readers
from lms.web.reading import session

ANSWERS_SHOWN = timedelta(days=30)
"""For so long 'your reflection was answered' stands beside the trainings."""


@blueprint.get("/learn")
@signed_in
def home() -> ResponseReturnValue:
    page = home_page(current_actor(), since=now() - ANSWERS_SHOWN)
    return render_template("learn/home.html", page=page)


@blueprint.get("/learn/<course_key>")
@signed_in
def course(course_key: str) -> ResponseReturnValue:
    found = here(course_key)
    seen = found.seen()
    standing = found.standing(seen)
    last = max(seen.values(), key=lambda row: row.seen_at, default=None)
    short = any(reason == "attendance_short" for reason in standing.unmet.values())
    page = course_page(
        found.where,
        standing,
        last_seen=last.key if last is not None else None,
        sessions=coming_up(found.enrollment, found.where.course),
        readers=course_readers(found),
        attendance=Ask("Be there for enough of the live sessions", 0, 1) if short else None,
        may_leave=found.enrollment.state == "active",
    )
    return render_template("learn/course.html", page=page)


@blueprint.get("/learn/<course_key>/left")
@signed_in
def left(course_key: str) -> ResponseReturnValue:
    found = here(course_key)
    page = left_page(found.where, snapshot(session(), found.enrollment.id))
    return render_template("learn/left.html", page=page)


@blueprint.get("/learn/<course_key>/complete")
@signed_in
def finished(course_key: str) -> ResponseReturnValue:
    """The end of a course; before it, what is left."""
    found = here(course_key)
    standing = snapshot(session(), found.enrollment.id)
    if standing is None or not standing.complete:
        return redirect(url_for("learn.left", course_key=course_key), 303)
    row = certificate_of(session(), found.enrollment.id)
    in_force = row if row is not None and row.state == "valid" else None
    place = home_of(session(), found.actor.user_id)
    page = finished_page(
        found.where,
        in_force.minutes if in_force is not None else standing.minutes,
        tuple(line.units for line in awards(in_force.frozen)) if in_force is not None else (),
        in_force.number if in_force is not None else "",
        place.label if place is not None else "",
    )
    return render_template("learn/finished.html", page=page)
