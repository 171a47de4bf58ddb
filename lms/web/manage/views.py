"""The administration: an overview, and one form for each thing that can be added."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts
from lms.accounts.permissions import Permission, Role
from lms.accounts.queries import OrganizationRow
from lms.actions import manage as actions
from lms.courses.queries import load_compiled
from lms.kernel.errors import NotFound, RuleBroken
from lms.records import administration as records
from lms.records.awarding_bodies import awarding_bodies
from lms.web.access import allowed, current_actor
from lms.web.forms import Form, answer_form
from lms.web.lists import asked, here, lines
from lms.web.manage.awarding_bodies import body_line
from lms.web.manage.blueprint import blueprint
from lms.web.manage.forms import (
    ROLE_WORDS,
    MailDomainsForm,
    OrganizationForm,
    RoleForm,
)
from lms.web.manage.pages import CourseLine, FormField, FormPage, GrantLine, OverviewPage, PlaceLine
from lms.web.reading import session
from lms.web.words import listed

ROLE_LINES = {
    "admin": "Administrator",
    "author": "Author",
    "coordinator": "Coordinator",
    "reviewer": "Reviewer",
    "facilitator": "Facilitator",
}


@blueprint.get("/manage")
@allowed(Permission.ORGANIZATION_CREATE)
def overview() -> ResponseReturnValue:
    page = OverviewPage(
        organizations=_place_lines(),
        grants=lines(records.grants(session(), asked("roles")), _grant_line, "roles", "manage.overview"),
        bodies=tuple(map(body_line, awarding_bodies(session()))),
        courses=tuple(
            CourseLine(
                row.title, row.number, load_compiled(session(), row.version_id).design_minutes,
                row.published_at, row.digest,
            )
            for row in records.offers(session())
        ),
    )  # fmt: skip
    return render_template("manage/overview.html", page=page)


def _place_lines() -> tuple[PlaceLine, ...]:
    domains = accounts.mail_domains(session())
    return tuple(_place_line(row, domains.get(row.id, [])) for row in accounts.organizations(session()))


def _place_line(row: OrganizationRow, domains: list[str]) -> PlaceLine:
    if row.kind == "school":
        return PlaceLine(row.name, f"School in {row.district_name}.", "")
    words = f"District. Days are told in {row.time_zone}."
    if domains:
        words += f" Mail at {listed(domains, 'or')} confirms."
    return PlaceLine(row.name, words, url_for("manage.mail_domains", organization=row.public_id))


def _grant_line(row: records.GrantRow) -> GrantLine:
    words = ROLE_LINES.get(row.role, row.role)
    take_away = url_for("manage.take_role", **here("roles")) if row.scope_kind != "cohort" else ""
    place = row.organization or row.cohort or "the whole site"
    return GrantLine(
        row.name, row.email, row.role, words, place, row.organization_public_id or "", take_away
    )  # fmt: skip


ORGANIZATION_FIELDS = (
    FormField("name"),
    FormField("district", "select", "A school belongs to a district. Leave this alone for a district."),
    FormField("time_zone", "select", "Dates on records are told in it. A school has that of its district."),
)
MAIL_DOMAIN_FIELDS = (
    FormField(
        "mail_domains",
        hint="Only those whose addresses the district itself gives out, with a space between two. "
        "Leave empty for none.",
    ),
)
ROLE_FIELDS = (
    FormField("email", "email", "The person needs an account."),
    FormField("role", "select"),
    FormField("organization", "select", "Coordinators and reviewers need a district or school."),
)


def _add(
    form: Form,
    page: FormPage,
    add: Callable[[], object],
    at: str,
    done: str,
) -> ResponseReturnValue:
    return answer_form(
        form, add, template="manage/form.html", done=done, back="manage.overview", at=at, page=page
    )


@blueprint.route("/manage/organizations/new", methods=["GET", "POST"])
@allowed(Permission.ORGANIZATION_CREATE)
def new_organization() -> ResponseReturnValue:
    form = OrganizationForm()
    form.offer(accounts.organizations(session()))

    def add() -> None:
        actions.create_organization(
            current_actor(), name=form.name.data or "", district=form.district.data or "",
            time_zone=form.time_zone.data or "",
        )  # fmt: skip

    page = FormPage(
        "Add a district or school",
        "People name their school when they join, and its coordinator confirms them.",
        url_for("manage.new_organization"), ORGANIZATION_FIELDS, "Add it",
    )  # fmt: skip
    return _add(form, page, add, "name", f"{form.name.data} was added.")


@blueprint.route("/manage/organizations/<organization>/mail-domains", methods=["GET", "POST"])
@allowed(Permission.ORGANIZATION_CREATE)
def mail_domains(organization: str) -> ResponseReturnValue:
    place = accounts.organization(session(), organization)
    if place is None or place.kind != "district":
        raise NotFound
    form = MailDomainsForm(mail_domains=" ".join(accounts.mail_domains(session())[place.id]))

    def save() -> None:
        actions.set_mail_domains(current_actor(), district=organization, domains=form.split())

    page = FormPage(
        f"Mail domains of {place.name}",
        "Who joins with an address in one of these domains, and opens the link that is mailed there, belongs "
        "to the district at once. Nobody has to confirm them.",
        url_for("manage.mail_domains", organization=organization), MAIL_DOMAIN_FIELDS, "Save the domains",
    )  # fmt: skip
    return _add(form, page, save, "mail_domains", f"The mail domains of {place.name} are saved.")


@blueprint.route("/manage/roles/new", methods=["GET", "POST"])
@allowed(Permission.ORGANIZATION_CREATE)
def new_role() -> ResponseReturnValue:
    form = RoleForm()
    form.offer(accounts.organizations(session()))

    def add() -> None:
        actions.change_role(
            current_actor(), email=form.email.data or "", role=cast(Role, form.role.data),
            organization=form.organization.data or "",
        )  # fmt: skip

    page = FormPage(
        "Give somebody a role",
        "Everybody is a learner. A role adds what its holder may see and do, and where.",
        url_for("manage.new_role"), ROLE_FIELDS, "Give this role",
    )  # fmt: skip
    return _add(form, page, add, "email", "The role was given.")


@blueprint.post("/manage/roles/take-away")
@allowed(Permission.ORGANIZATION_CREATE)
def take_role() -> ResponseReturnValue:
    role = request.form.get("role", "")
    if role not in ROLE_WORDS:
        raise RuleBroken("role_unknown")
    actions.change_role(
        current_actor(), email=request.form.get("user", ""), role=cast(Role, role),
        organization=request.form.get("scope", ""), take_away=True,
    )  # fmt: skip
    flash("The role was taken away.")
    return redirect(url_for("manage.overview", **here("roles")), code=303)
