"""One person in a course: what is left, and why, as the engine that decides has it; taking a member out of a
cohort who joined by mistake. No word of what was written."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from lms.accounts.permissions import Permission, may
from lms.actions import facilitate as actions
from lms.actions.cohort_members import take_out as take_member_out
from lms.cohorts import queries as cohorts
from lms.cohorts.queries import CohortRow, MemberRow
from lms.completion.queries import SnapshotRow, snapshot
from lms.completion.rules import Unmet
from lms.content.nodes import Course
from lms.courses.queries import load_compiled
from lms.kernel.errors import NotFound, RuleBroken
from lms.web.access import allowed, current_actor
from lms.web.facilitate.attendance import cohort_row, cohort_target
from lms.web.facilitate.blueprint import blueprint
from lms.web.learn.sentences import why_unmet
from lms.web.reading import session

ATTENDANCE = "Live sessions"


class LeftLine(Struct, frozen=True):
    title: str
    why: str


class LeftPage(Struct, frozen=True):
    """`nav`: the part of the site it stands in; `crumbs`: (words, href) from there down."""

    nav: str
    crumbs: tuple[tuple[str, str], ...]
    person: str
    course: str
    done: int
    needed: int
    minutes: int
    lines: tuple[LeftLine, ...]
    take_out_href: str = ""
    """'' where nobody is taken out: who has finished stays, and who may not change the cohort only looks."""


class TakeOutPage(Struct, frozen=True):
    person: str
    first_name: str
    course: str
    cohort: str
    cohort_href: str
    done: int
    needed: int
    href: str
    back_href: str


@blueprint.get("/facilitate/cohorts/<cohort>/people/<enrollment>")
@allowed(Permission.PROGRESS_VIEW, target=cohort_target)
def left(cohort: str, enrollment: str) -> ResponseReturnValue:
    row = cohort_row(cohort)
    member = _member(row, enrollment)
    if member is None:
        raise NotFound
    page = left_page(
        load_compiled(session(), row.version_id),
        snapshot(session(), member.enrollment_id),
        member.name,
        nav="facilitate",
        crumbs=(
            ("Cohorts", url_for("facilitate.cohorts")),
            (row.title, url_for("facilitate.cohort", cohort=cohort)),
        ),
        take_out_href=_address("take_out_page", row, member) if _may_take_out(row, member) else "",
    )
    return render_template("facilitate/left.html", page=page)


def left_page(
    course: Course,
    standing: SnapshotRow | None,
    person: str,
    *,
    nav: str,
    crumbs: tuple[tuple[str, str], ...],
    take_out_href: str = "",
) -> LeftPage:
    """What is left for a person in a course. `standing` None: before the first step."""
    titles = {requirement.key: requirement.title for requirement in course.requirements}
    unmet = standing.unmet if standing else tuple(Unmet(each.key, "not_done") for each in course.requirements)
    return LeftPage(
        nav=nav,
        crumbs=crumbs,
        person=person,
        course=course.title_text,
        done=standing.done if standing else 0,
        needed=standing.needed if standing else len(course.requirements),
        minutes=standing.minutes if standing else 0,
        lines=tuple(LeftLine(titles.get(each.key, ATTENDANCE), why_unmet(each)) for each in unmet),
        take_out_href=take_out_href,
    )


@blueprint.get("/facilitate/cohorts/<cohort>/people/<enrollment>/take-out")
@allowed(Permission.COHORT_EDIT, target=cohort_target, see=Permission.COHORT_VIEW)
def take_out_page(cohort: str, enrollment: str) -> ResponseReturnValue:
    row = cohort_row(cohort)
    member = _member(row, enrollment)
    if member is None:
        raise NotFound
    if member.state == "completed":
        return _stays(cohort)
    standing = snapshot(session(), member.enrollment_id)
    page = TakeOutPage(
        person=member.name,
        first_name=member.name.partition(" ")[0],
        course=row.course_title,
        cohort=row.title,
        cohort_href=url_for("facilitate.cohort", cohort=cohort),
        done=standing.done if standing else 0,
        needed=standing.needed if standing else len(load_compiled(session(), row.version_id).requirements),
        href=_address("take_out", row, member),
        back_href=_address("left", row, member),
    )
    return render_template("facilitate/take_out.html", page=page)


@blueprint.post("/facilitate/cohorts/<cohort>/people/<enrollment>/take-out")
@allowed(Permission.COHORT_EDIT, target=cohort_target, see=Permission.COHORT_VIEW)
def take_out(cohort: str, enrollment: str) -> ResponseReturnValue:
    try:
        member = take_member_out(current_actor(), cohort_id=cohort, enrollment=enrollment)
    except RuleBroken:
        return _stays(cohort)
    flash(f"{member.name} is out of the cohort, and keeps everything that was done.")
    return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)


def _stays(cohort: str) -> ResponseReturnValue:
    flash("Who has finished stays in the cohort: the certificate was earned with it.")
    return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)


def _member(row: CohortRow, enrollment: str) -> MemberRow | None:
    members = cohorts.members(session(), row.id)
    return next((each for each in members if each.enrollment_public_id == enrollment), None)


def _may_take_out(row: CohortRow, member: MemberRow) -> bool:
    return member.state != "completed" and may(
        current_actor(), Permission.COHORT_EDIT, actions.target_of(row)
    )


def _address(name: str, row: CohortRow, member: MemberRow) -> str:
    return url_for(f"facilitate.{name}", cohort=row.public_id, enrollment=member.enrollment_public_id)
