"""What a person says about themselves, and what was kept for them."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import kept as kept_posts
from lms.accounts import queries
from lms.actions import profile as actions
from lms.actions import signing_in
from lms.actions.kept_posts import drop_kept_post
from lms.kernel.errors import NotFound
from lms.web import reading
from lms.web.access import begin_session, current_actor, signed_in
from lms.web.auth.blueprint import blueprint
from lms.web.auth.forms import (
    ChangePasswordForm,
    LicenseForm,
    PersonForm,
    WithdrawForm,
    WorkplaceForm,
)
from lms.web.auth.pages import KeptPage, ProfilePage, kept_page, profile_page
from lms.web.forms import Form, answer_form, text_of
from lms.web.visiting import visitor


@blueprint.get("/profile")
@signed_in
def profile() -> ResponseReturnValue:
    return render_template("auth/profile.html", page=_page())


@blueprint.route("/profile/person", methods=["GET", "POST"])
@signed_in
def change_person() -> ResponseReturnValue:
    page = _page()
    form = PersonForm(name=page.person.name, job=page.person.job, time_zone=page.person.time_zone)
    form.offer_zone(page.person.time_zone)

    def change() -> None:
        actions.change_profile(
            current_actor(),
            name=text_of(form.name),
            job=text_of(form.job),
            time_zone=text_of(form.time_zone),
        )

    return _handle(form, "auth/change_person.html", change, "Your profile is changed.")


@blueprint.route("/profile/license", methods=["GET", "POST"])
@signed_in
def add_license() -> ResponseReturnValue:
    form = LicenseForm()

    def state() -> None:
        actions.state_license(
            current_actor(),
            jurisdiction=text_of(form.jurisdiction),
            number=text_of(form.number),
            renews_on=form.renews_on.data,
        )

    return _handle(form, "auth/add_license.html", state, "Your license is noted.")


@blueprint.post("/profile/license/withdraw")
@signed_in
def withdraw_license() -> ResponseReturnValue:
    form = WithdrawForm()
    actions.withdraw_license(
        current_actor(), jurisdiction=text_of(form.jurisdiction), number=text_of(form.number)
    )
    flash("The license is taken off your profile.")
    return redirect(url_for("auth.profile"), 303)


@blueprint.route("/profile/workplace", methods=["GET", "POST"])
@signed_in
def name_workplace() -> ResponseReturnValue:
    form = WorkplaceForm()
    form.organization.offer(queries.organizations(reading.session()))

    def state() -> None:
        actions.state_workplace(current_actor(), text_of(form.organization))

    return _handle(
        form, "auth/workplace.html", state, "Your workplace is noted. Its coordinator confirms it."
    )


@blueprint.post("/profile/workplace/<organization>/leave")
@signed_in
def leave_workplace(organization: str) -> ResponseReturnValue:
    actions.leave_workplace(current_actor(), organization)
    flash("You no longer belong to that workplace. Records of courses you finished there stay with it.")
    return redirect(url_for("auth.profile"), 303)


@blueprint.route("/profile/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()

    def change() -> None:
        actor = current_actor()
        signing_in.change_password(actor, text_of(form.old), text_of(form.password), visitor())
        session.pop("_user_id", None)
        begin_session(actor.user_id)

    return _handle(form, "auth/change_password.html", change, "Your password is changed.")


@blueprint.get("/kept/<kept_id>")
@signed_in
def kept(kept_id: str) -> ResponseReturnValue:
    return render_template("auth/kept.html", page=_kept_page(kept_id))


@blueprint.post("/kept/<kept_id>/delete")
@signed_in
def drop_kept(kept_id: str) -> ResponseReturnValue:
    if not drop_kept_post(current_actor(), kept_id):
        raise NotFound
    flash("What we kept is deleted.")
    return redirect(url_for("learn.home"), 303)


def _handle(form: Form, template: str, do: Callable[[], None], done: str) -> ResponseReturnValue:
    return answer_form(form, do, template=template, done=done, back="auth.profile")


def _page() -> ProfilePage:
    found = queries.profile(reading.session(), current_actor().user_id)
    if found is None:
        raise NotFound
    return profile_page(found)


def _kept_page(kept_id: str) -> KeptPage:
    posts = kept_posts.kept_posts(reading.session(), current_actor().user_id)
    found = next((post for post in posts if post.public_id == kept_id), None)
    if found is None:
        raise NotFound
    return kept_page(found)
