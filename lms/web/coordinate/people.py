"""The district at a glance: who waits for a yes, cohorts, staff; and the links handed out to people."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts
from lms.accounts.permissions import Permission, scopes
from lms.accounts.queries import AffiliationRow, PersonRow
from lms.actions import coordinate as actions
from lms.cohorts import queries as cohorts
from lms.courses import queries as courses
from lms.kernel.clock import local_day, now
from lms.kernel.errors import Conflict, RuleBroken
from lms.kernel.paging import SIZE
from lms.records import people as records
from lms.web.access import allowed, current_actor
from lms.web.coordinate.blueprint import blueprint
from lms.web.coordinate.forms import CohortForm
from lms.web.coordinate.pages import (
    HomePage,
    LinkLine,
    LinksPage,
    StaffLine,
    TrainingLine,
    WaitingPerson,
)
from lms.web.facilitate.cohorts import cohort_line
from lms.web.lists import asked, here, lines
from lms.web.reading import session
from lms.web.words import listed

LISTS = ("waiting", "cohorts", "people")
"""Lists of the district's page, each with pages of its own."""


@blueprint.get("/coordinate")
@allowed(Permission.RECORD_VIEW)
def home() -> ResponseReturnValue:
    actor = current_actor()
    within = scopes(actor, Permission.PERSON_VIEW)
    places = accounts.organizations(session(), within)
    districts = [row.name for row in places if row.kind == "district"] or [row.name for row in places]
    waiting = accounts.affiliations_to_confirm(session(), within, asked("waiting"))
    groups = cohorts.cohorts_in(session(), scopes(actor, Permission.COHORT_VIEW), asked("cohorts"))
    staff = records.staff(session(), within, asked("people", SIZE))
    page = HomePage(
        place="All districts" if within.everywhere else listed(districts[:3]) or "Your district",
        unconfirmed=lines(waiting, _waiting_person, "waiting", "coordinate.home", *LISTS),
        cohorts=lines(groups, cohort_line, "cohorts", "coordinate.home", *LISTS),
        people=lines(staff, _staff_line, "people", "coordinate.home", *LISTS),
    )
    return render_template("coordinate/home.html", page=page)


def _waiting_person(row: tuple[PersonRow, AffiliationRow]) -> WaitingPerson:
    person, standing = row
    return WaitingPerson(
        person.name, person.email, standing.organization.label, person.job.capitalize(),
        url_for(
            "coordinate.answer_affiliation", person=person.public_id,
            organization=standing.organization.public_id, **here(*LISTS),
        ),
    )  # fmt: skip


def _staff_line(row: records.StaffRow) -> StaffLine:
    return StaffLine(
        row.name,
        row.email,
        row.organization,
        row.job.capitalize(),
        tuple(map(_training_line, row.trainings)),
        url_for("coordinate.password_link", person=row.public_id),
    )


def _training_line(row: records.TrainingRow) -> TrainingLine:
    standing = f"{row.done} of {row.needed} steps" if row.needed else "not begun"
    return TrainingLine(row.title, standing, url_for("coordinate.left", enrollment=row.enrollment_public_id))


@blueprint.post("/coordinate/affiliations/<person>/<organization>")
@allowed(Permission.AFFILIATION_CONFIRM)
def answer_affiliation(person: str, organization: str) -> ResponseReturnValue:
    confirm = request.form.get("answer") == "confirm"
    try:
        name = actions.answer_affiliation(
            current_actor(), person=person, organization=organization, confirm=confirm
        )
    except Conflict:
        flash("Somebody has answered already.")
    else:
        flash(f"{name} is confirmed." if confirm else f"{name} was told nothing, and is off your list.")
    return redirect(url_for("coordinate.home", **here(*LISTS)), code=303)


@blueprint.post("/coordinate/people/<person>/password-link")
@allowed(Permission.PERSON_RESET_PASSWORD)
def password_link(person: str) -> ResponseReturnValue:
    made = actions.password_link(current_actor(), person=person)
    page = LinksPage(
        title=f"A new password for {made.name}",
        lead="Give this link to the person, on paper or in a message you trust.",
        links=(
            LinkLine(
                made.name, made.email, url_for("auth.choose_password", token=made.token, _external=True),
                made.expires_at,
            ),
        ),
        back_href=url_for("coordinate.home"),
        back_words="Back to the district",
    )  # fmt: skip
    return render_template("coordinate/links.html", page=page)


@blueprint.route("/coordinate/cohorts/new", methods=["GET", "POST"])
@allowed(Permission.COHORT_CREATE)
def new_cohort() -> ResponseReturnValue:
    actor = current_actor()
    form = CohortForm(starts_on=local_day(now(), actor.time_zone))
    places = accounts.organizations(session(), scopes(actor, Permission.COHORT_CREATE))
    form.offer(courses.catalog(session()), places)
    if form.is_sent() and form.starts_on.data:
        try:
            cohort = actions.create_cohort(
                actor, name=form.name.data or "", course_key=form.course.data or "",
                organization=form.organization.data or "", facilitator=form.facilitator.data or "",
                starts_on=form.starts_on.data, ends_on=form.ends_on.data,
                required_minutes=form.attendance_minutes.data,
            )  # fmt: skip
        except RuleBroken as broken:
            form.explain(broken, "name")
        else:
            flash("The cohort is made. Give its join code to the people who take part.")
            return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)
    return render_template("coordinate/new_cohort.html", form=form), 422 if form.errors else 200
