"""Public pages. Nothing here needs an account, and nothing shows who has one."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts_queries
from lms.actions import trying
from lms.content.nodes import Course
from lms.courses import queries as courses
from lms.credit import queries as credit
from lms.credit.queries import VerificationRow
from lms.enrollments import queries as enrollments
from lms.kernel.clock import now
from lms.kernel.errors import NotFound, RuleBroken
from lms.kernel.keys import read_certificate_number
from lms.web.access import actor_or_none, public
from lms.web.errors import PAGES, answer, wants_json
from lms.web.reading import compiled, session
from lms.web.site.pages import Catalog, course_page, training
from lms.web.site.verification import VerifyPage, as_json, ask, found, mistyped, unknown
from lms.web.visiting import visitor

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    return render_template("site/home.html", page=_catalog())


@blueprint.get("/trainings")
@public
def trainings() -> ResponseReturnValue:
    return render_template("site/trainings.html", page=_catalog())


@blueprint.get("/trainings/<course_key>")
@public
def course(course_key: str) -> ResponseReturnValue:
    version = courses.published(session(), course_key)
    if version is None:
        raise NotFound
    actor = actor_or_none()
    here = enrollments.current_enrollment(session(), actor.user_id, course_key) if actor else None
    page = course_page(compiled(version.id), signed_in=actor is not None, enrolled=here is not None)
    return render_template("site/course.html", page=page)


@blueprint.get("/verify")
@public
def verify() -> ResponseReturnValue:
    typed = request.args.get("number", "").strip()[:60]
    number = read_certificate_number(typed)
    if number is not None:
        return redirect(url_for("site.verify_number", number=number), 303)
    return _verified(mistyped(typed) if typed else ask())


@blueprint.get("/verify/<number>")
@public
def verify_number(number: str) -> ResponseReturnValue:
    """A page, or JSON for a program that asks for it."""
    return _answered(number, "site.verify_number", json=wants_json())


@blueprint.get("/verify/<number>.json")
@public
def verify_number_json(number: str) -> ResponseReturnValue:
    return _answered(number, "site.verify_number_json", json=True)


def _answered(number: str, endpoint: str, *, json: bool) -> ResponseReturnValue:
    """One way to the answer, in both its forms: the same look-ups, the same count of failures."""
    plain = read_certificate_number(number)
    if plain is None:
        return _verified(mistyped(number[:60]), json=json)
    if plain != number:
        return redirect(url_for(endpoint, number=plain), 303)
    row = credit.verification(session(), plain)
    if row is not None:
        course = compiled(row.version_id)
        return _verified(found(row, course, now()), row, course, json=json)
    try:
        trying.count_unknown_number(visitor())
    except RuleBroken:
        return (jsonify(error=PAGES[429].code), 429) if json else answer(PAGES[429])
    return _verified(unknown(plain), json=json)


@blueprint.get("/help")
@public
def help_page() -> ResponseReturnValue:
    return render_template("site/help.html")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template("site/privacy.html")


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("site/accessibility.html")


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """For whatever watches the server: 200 when pages can be answered from the database."""
    accounts_queries.organization_by_id(session(), 0)
    return jsonify(status="ok")


def _catalog() -> Catalog:
    versions = courses.catalog(session())
    return Catalog(tuple(training(compiled(row.id)) for row in versions))


def _verified(
    page: VerifyPage, row: VerificationRow | None = None, course: Course | None = None, *, json: bool = False
) -> ResponseReturnValue:
    body = jsonify(as_json(page, row, course)) if json else render_template("site/verify.html", page=page)
    response = make_response(body, page.status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept")
    return response
