"""Awarding bodies: a page for each, and forms that add to what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts
from lms.accounts.permissions import Permission, scopes
from lms.actions import awarding_bodies as actions
from lms.cohorts import queries as cohorts
from lms.credit.authority import read_rule_sets
from lms.credit.terms import Term
from lms.kernel.clock import local_day, now
from lms.kernel.errors import NotFound
from lms.records.awarding_bodies import Assigned, BodyRow, Registered, awarding_bodies
from lms.web.access import allowed, current_actor
from lms.web.forms import Form, answer_form
from lms.web.manage.blueprint import blueprint
from lms.web.manage.forms import (
    JURISDICTION_WORDS,
    TYPE_WORDS,
    AssignmentForm,
    BodyForm,
    EndForm,
    RegistrationForm,
)
from lms.web.manage.pages import BodyLine, BodyPage, FormField, FormPage, Standing, TermLine
from lms.web.reading import session
from lms.web.words import day, listed

NO_END = "Leave empty when it has no end."
BODY_FIELDS = (
    FormField("name", hint="As the certificate prints it."),
    FormField("type", "select"),
    FormField("jurisdiction", "select"),
    FormField("signatory_name"),
    FormField("signatory_title"),
    FormField(
        "registration", hint="Leave empty where the law asks for none, as for a Massachusetts district."
    ),
    FormField("valid_from", "date"),
    FormField("valid_to", "date", NO_END),
    FormField("organization", "select"),
    FormField("from_on", "date"),
)
REGISTRATION_FIELDS = (
    FormField("jurisdiction", "select", "In a new state the body may award from the first day on."),
    FormField("number", hint="As the authority writes it; certificates print it."),
    FormField("valid_from", "date", "From this day on it takes the place of the registration before it."),
    FormField("valid_to", "date", NO_END),
    FormField("evidence", hint="The address of a registry, or the date of a letter. It may be left empty."),
)  # fmt: skip
ASSIGNMENT_FIELDS = (
    FormField(
        "scope", "select",
        "The nearest body signs: that of the cohort, else of the school, the district, the site.",
    ),
    FormField("from_on", "date", "From this day on it takes the place of the body that signed there."),
    FormField("to_on", "date", NO_END),
)  # fmt: skip
END_FIELDS = (
    FormField("last_on", "date", "For what was entered by mistake, enter the day before its first day."),
)


def body_line(row: BodyRow) -> BodyLine:
    """A body in the overview: what runs today or is to come."""
    today = _today()
    held = [
        f"{each.number} ({_state(each.jurisdiction)}), {_days(each.term)}"
        for each in row.registrations
        if _standing(each.term, today) != "over"
    ]
    signs = [
        f"{each.place or 'the whole site'} {_days(each.term)}"
        for each in row.assignments
        if _standing(each.term, today) != "over"
    ]
    return BodyLine(
        row.name,
        url_for("manage.body", body=row.id),
        TYPE_WORDS.get(row.type, row.type),
        f"Registration {listed(held)}." if held else "No registration is valid now.",
        f"Signs for {listed(signs)}." if signs else "Signs for nobody now.",
    )


@blueprint.route("/manage/awarding-bodies/new", methods=["GET", "POST"])
@allowed(Permission.AWARDING_BODY_EDIT)
def new_body() -> ResponseReturnValue:
    form = BodyForm(from_on=_today())
    form.offer(accounts.organizations(session()))

    def add() -> None:
        actions.create_body(
            current_actor(),
            actions.BodyForm(
                form.name.data or "", form.type.data or "", form.jurisdiction.data or "",
                form.signatory_name.data or "", form.signatory_title.data or "",
                form.registration.data or "", form.valid_from.data, form.valid_to.data,
                form.organization.data or "", cast(date, form.from_on.data),
            ),
        )  # fmt: skip

    page = FormPage(
        "Add an awarding body",
        "The body that signs certificates and may award units, where its state's rules let it.",
        url_for("manage.new_body"), BODY_FIELDS, "Add this body",
    )  # fmt: skip
    return answer_form(
        form, add, template="manage/form.html", done=f"{form.name.data} was added.", back="manage.overview",
        at="name", page=page,
    )  # fmt: skip


@blueprint.get("/manage/awarding-bodies/<int:body>")
@allowed(Permission.AWARDING_BODY_EDIT)
def body(body: int) -> ResponseReturnValue:
    row, today = _body(body), _today()
    page = BodyPage(
        name=row.name,
        type_words=TYPE_WORDS.get(row.type, row.type),
        states=listed([_state(place) for place in row.states]),
        signatory=", ".join(part for part in (row.signatory_name, row.signatory_title) if part),
        registrations=tuple(_registration_line(body, each, today) for each in row.registrations),
        assignments=tuple(_assignment_line(body, each, today) for each in row.assignments),
        register_href=url_for("manage.register_body", body=body),
        assign_href=url_for("manage.assign_body", body=body),
    )
    return render_template("manage/body.html", page=page)


@blueprint.route("/manage/awarding-bodies/<int:body>/registrations/new", methods=["GET", "POST"])
@allowed(Permission.AWARDING_BODY_EDIT)
def register_body(body: int) -> ResponseReturnValue:
    row = _body(body)
    form = RegistrationForm(jurisdiction=row.states[0])
    form.offer((*row.states, *(rules.jurisdiction for rules in read_rule_sets(session()))))

    def add() -> None:
        actions.register(
            current_actor(), body_id=body, jurisdiction=form.jurisdiction.data or "",
            number=form.number.data or "", valid_from=cast(date, form.valid_from.data),
            valid_to=form.valid_to.data, evidence=form.evidence.data or "",
        )  # fmt: skip

    page = FormPage(
        f"Add a registration of {row.name}",
        "A first registration, a renewal, or one in another state. It counts for what is finished from its "
        "first day on.",
        url_for("manage.register_body", body=body), REGISTRATION_FIELDS, "Add this registration", _above(row),
    )  # fmt: skip
    return _answer(form, add, row, page, "valid_from", "The registration was added.")


@blueprint.route(
    "/manage/awarding-bodies/<int:body>/registrations/<place>/<first>/end", methods=["GET", "POST"]
)
@allowed(Permission.AWARDING_BODY_EDIT)
def end_registration(body: int, place: str, first: str) -> ResponseReturnValue:
    row = _body(body)
    held = next(
        (e for e in row.registrations if (e.jurisdiction, e.term.first.isoformat()) == (place, first)), None
    )
    if held is None:
        raise NotFound
    form = EndForm()

    def end() -> None:
        actions.end_registration(
            current_actor(), body_id=body, jurisdiction=held.jurisdiction, valid_from=held.term.first,
            last_on=cast(date, form.last_on.data),
        )  # fmt: skip

    page = FormPage(
        f"End registration {held.number}",
        f"{row.name}, {_state(place)}, {_days(held.term)}. Nothing awarded up to the last day changes.",
        url_for("manage.end_registration", body=body, place=place, first=first), END_FIELDS,
        "End this registration", _above(row),
    )  # fmt: skip
    return _answer(form, end, row, page, "last_on", f"Registration {held.number} has a last day now.")


@blueprint.route("/manage/awarding-bodies/<int:body>/signs-for/new", methods=["GET", "POST"])
@allowed(Permission.AWARDING_BODY_EDIT)
def assign_body(body: int) -> ResponseReturnValue:
    row = _body(body)
    form = AssignmentForm(from_on=_today())
    form.offer(
        accounts.organizations(session()),
        cohorts.open_cohorts(session(), scopes(current_actor(), Permission.AWARDING_BODY_EDIT)),
    )

    def add() -> None:
        actions.assign(
            current_actor(), body_id=body, scope=form.scope.data or "",
            from_on=cast(date, form.from_on.data), to_on=form.to_on.data,
        )  # fmt: skip

    page = FormPage(
        f"For whom {row.name} signs",
        "It signs what is finished from the first day to the last.",
        url_for("manage.assign_body", body=body), ASSIGNMENT_FIELDS, "Let it sign", _above(row),
    )  # fmt: skip
    return _answer(form, add, row, page, "scope", f"{row.name} signs there.")


@blueprint.route(
    "/manage/awarding-bodies/<int:body>/signs-for/<kind>/<int:scope>/<first>/end", methods=["GET", "POST"]
)
@allowed(Permission.AWARDING_BODY_EDIT)
def end_assignment(body: int, kind: str, scope: int, first: str) -> ResponseReturnValue:
    row = _body(body)
    asked = (kind, scope, first)
    held = next(
        (e for e in row.assignments if (e.scope_kind, e.scope_id, e.term.first.isoformat()) == asked), None
    )
    if held is None:
        raise NotFound
    form = EndForm()

    def end() -> None:
        actions.end_assignment(
            current_actor(), body_id=body, scope_kind=held.scope_kind, scope_id=held.scope_id,
            from_on=held.term.first, last_on=cast(date, form.last_on.data),
        )  # fmt: skip

    place = held.place or "the whole site"
    page = FormPage(
        f"No longer sign for {place}",
        f"{row.name} signs for {place} {_days(held.term)}. After the last day the body of the next wider "
        "place signs, or the site’s operator where there is none.",
        url_for("manage.end_assignment", body=body, kind=kind, scope=scope, first=first), END_FIELDS,
        "End it with this day", _above(row),
    )  # fmt: skip
    return _answer(form, end, row, page, "last_on", f"For {place} there is a last day now.")


def _answer(
    form: Form, do: Callable[[], None], row: BodyRow, page: FormPage, at: str, done: str
) -> ResponseReturnValue:
    return answer_form(
        form, do, template="manage/form.html", done=done, back="manage.body", back_to={"body": row.id}, at=at,
        page=page,
    )  # fmt: skip


def _body(number: int) -> BodyRow:
    row = next((each for each in awarding_bodies(session()) if each.id == number), None)
    if row is None:
        raise NotFound
    return row


def _registration_line(body: int, held: Registered, today: date) -> TermLine:
    first = held.term.first.isoformat()
    href = url_for("manage.end_registration", body=body, place=held.jurisdiction, first=first)
    name = f"{_state(held.jurisdiction)}, {held.number}"
    return _term_line(name, held.evidence, held.term, today, href)


def _assignment_line(body: int, held: Assigned, today: date) -> TermLine:
    href = url_for(
        "manage.end_assignment", body=body, kind=held.scope_kind, scope=held.scope_id,
        first=held.term.first.isoformat(),
    )  # fmt: skip
    kind = "Cohort" if held.scope_kind == "cohort" else ""
    return _term_line(held.place or "The whole site", kind, held.term, today, href)


def _term_line(name: str, detail: str, term: Term, today: date, href: str) -> TermLine:
    standing = _standing(term, today)
    return TermLine(
        name, detail, term.first, term.last, _entered(term), standing, "" if standing == "over" else href
    )


def _entered(term: Term) -> str:
    if term.last == term.entered_last:
        return ""
    return f"First entered to {day(term.entered_last, 'UTC')}" if term.entered_last else "First without end"


def _standing(term: Term, today: date) -> Standing:
    if today < term.first:
        return "to come"
    return "over" if term.last is not None and term.last < today else "running"


def _days(term: Term) -> str:
    return f"from {day(term.first, 'UTC')}" + (f" to {day(term.last, 'UTC')}" if term.last else "")


def _state(place: str) -> str:
    return JURISDICTION_WORDS.get(place, place)


def _above(row: BodyRow) -> tuple[tuple[str, str], ...]:
    return ((row.name, url_for("manage.body", body=row.id)),)


def _today() -> date:
    return local_day(now(), current_actor().time_zone)
