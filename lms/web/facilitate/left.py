"""'What is left, and why' of one member, as the engine that decides has it. No word of what was written."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import Permission
from lms.cohorts import queries as cohorts
from lms.completion.queries import snapshot
from lms.courses.queries import load_compiled
from lms.kernel.errors import NotFound
from lms.web.access import allowed
from lms.web.facilitate.attendance import cohort_target
from lms.web.facilitate.blueprint import blueprint
from lms.web.learn.sentences import UNMET
from lms.web.reading import session

ATTENDANCE = "Live sessions"


@dataclass(frozen=True, slots=True)
class LeftLine:
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class LeftPage:
    person: str
    course: str
    cohort: str
    cohort_href: str
    done: int
    needed: int
    minutes: int
    lines: tuple[LeftLine, ...]


@blueprint.get("/facilitate/cohorts/<cohort>/people/<enrollment>")
@allowed(Permission.PROGRESS_VIEW, target=cohort_target)
def left(cohort: str, enrollment: str) -> ResponseReturnValue:
    row = cohorts.cohort(session(), cohort)
    members = cohorts.members(session(), row.id) if row else ()
    member = next((each for each in members if each.enrollment_public_id == enrollment), None)
    if row is None or member is None:
        raise NotFound
    course = load_compiled(session(), row.version_id)
    titles = {requirement.key: requirement.title for requirement in course.requirements}
    standing = snapshot(session(), member.enrollment_id)
    unmet = (
        [(each.key, each.reason) for each in standing.unmet]
        if standing
        else [(requirement.key, "not_done") for requirement in course.requirements]
    )
    page = LeftPage(
        person=member.name,
        course=course.title_text,
        cohort=row.title,
        cohort_href=url_for("facilitate.cohort", cohort=cohort),
        done=standing.done if standing else 0,
        needed=standing.needed if standing else len(course.requirements),
        minutes=standing.minutes if standing else 0,
        lines=tuple(LeftLine(titles.get(key, ATTENDANCE), UNMET[reason]) for key, reason in unmet),
    )
    return render_template("facilitate/left.html", page=page)
