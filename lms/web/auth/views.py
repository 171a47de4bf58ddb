"""Joining and signing in, and the links that are used once."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import kept, links, queries
from lms.accounts.rules import Reason
from lms.actions import accounts, signing_in
from lms.actions.accounts import Newcomer
from lms.actions.invitations import accept_invitation
from lms.kernel.clock import now
from lms.kernel.errors import RuleBroken
from lms.web import mail, reading
from lms.web.access import actor_or_none, begin_session, public
from lms.web.auth.blueprint import blueprint
from lms.web.auth.forms import (
    ForgotForm,
    InvitedForm,
    NewAccountForm,
    NewPasswordForm,
    SignInForm,
)
from lms.web.forms import text_of
from lms.web.reading import current_config
from lms.web.visiting import safe_path, visitor, whole_address


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    if form.is_sent():
        try:
            return _enter(
                signing_in.sign_in(text_of(form.email), text_of(form.password), visitor()), form.next.data
            )
        except RuleBroken as broken:
            form.explain(broken)
            status = 429 if broken.code == Reason.TOO_MANY_TRIES else 422
            return _form("auth/sign_in.html", form, status, kept=False)
    return _form("auth/sign_in.html", form, kept=bool(request.args.get("kept")))


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    session.clear()
    flash("You are signed out.")
    response = redirect(url_for("site.home"), 303)
    # On a shared computer the Back button must not show the last person's pages.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.route("/account/new", methods=["GET", "POST"])
@public
def new_account() -> ResponseReturnValue:
    form = NewAccountForm(next=request.args.get("next", ""))
    form.organization.offer(queries.organizations(reading.session()))
    if form.is_sent():
        try:
            user_id = accounts.create_account(_newcomer(form), visitor())
        except RuleBroken as broken:
            form.explain(broken)
            return _form("auth/new_account.html", form)
        mail.ask_to_confirm(user_id)
        flash("Your account is ready.")
        return _enter(user_id, form.next.data)
    return _form("auth/new_account.html", form)


@blueprint.route("/password/forgot", methods=["GET", "POST"])
@public
def forgot_password() -> ResponseReturnValue:
    form = ForgotForm()
    has_mail = bool(current_config().mail_server)
    if has_mail and form.is_sent():
        try:
            link = signing_in.forget_password(text_of(form.email), visitor())
        except RuleBroken as broken:
            form.explain(broken)
            return _form("auth/forgot.html", form, 429, has_mail=True, sent=False)
        if link is not None:
            mail.send_password_link(link, whole_address("auth.choose_password", token=link.token))
        return redirect(url_for("auth.forgot_password", sent=1), 303)
    return _form("auth/forgot.html", form, has_mail=has_mail, sent=bool(request.args.get("sent")))


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@public
def choose_password(token: str) -> ResponseReturnValue:
    try:
        link = links.password_link(reading.session(), token, now())
    except RuleBroken:
        return _unstored(render_template("auth/dead_link.html", page="password"), 410)
    form = NewPasswordForm()
    if form.is_sent():
        try:
            user_id = signing_in.choose_password(token, text_of(form.password), visitor())
        except RuleBroken as broken:
            form.explain(broken, "password")
            return _form("auth/choose_password.html", form, link=link)
        flash("Your password is set, and you are signed in.")
        return _enter(user_id, None)
    return _form("auth/choose_password.html", form, link=link)


@blueprint.route("/mail/<token>", methods=["GET", "POST"])
@public
def confirm_mail(token: str) -> ResponseReturnValue:
    """Opening the link only asks: programs that scan mail open links too."""
    if request.method == "GET":
        return _unstored(render_template("auth/confirm_mail.html"))
    try:
        signing_in.confirm_mail(token)
    except RuleBroken:
        return _unstored(render_template("auth/dead_link.html", page="mail"), 410)
    flash("Your email address is confirmed.")
    return redirect(url_for("auth.profile"), 303)


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    try:
        offer = links.invitation_row(reading.session(), token, now())
    except RuleBroken:
        return _unstored(render_template("auth/dead_link.html", page="invitation"), 410)
    actor = actor_or_none()
    form = InvitedForm(name=offer.name)
    if request.method == "POST" and (actor is not None or form.is_sent()):
        try:
            accepted = accept_invitation(token, actor, None if actor else _invited(form))
        except RuleBroken as broken:
            form.explain(broken)
            return _form("auth/invitation.html", form, offer=offer)
        flash(f"You now belong to {accepted.organization_name}.")
        if offer.course_key is not None and not accepted.begun:
            flash("The training you were invited to is no longer open for joining. Ask your coordinator.")
        return redirect(url_for("learn.home"), 303) if actor else _enter(accepted.user_id, None)
    return _form("auth/invitation.html", form, offer=offer)


def _newcomer(form: NewAccountForm) -> Newcomer:
    return Newcomer(
        email=text_of(form.email),
        name=text_of(form.name),
        password=text_of(form.password),
        job=text_of(form.job),
        time_zone=text_of(form.time_zone),
        organization=text_of(form.organization),
    )


def _invited(form: InvitedForm) -> Newcomer:
    return Newcomer(
        "", text_of(form.name), text_of(form.password), text_of(form.job), text_of(form.time_zone)
    )


def _enter(user_id: int, target: str | None) -> ResponseReturnValue:
    """Begin a session and go on: to what was kept for the person, else to `target`, else to the courses."""
    shown = session.get("_flashes", [])
    session.clear()
    session["_flashes"] = shown
    session.permanent = True
    session["renewed"] = int(now().timestamp() // 60)
    begin_session(user_id)
    waiting = kept.kept_posts(reading.session(), user_id)
    if waiting:
        return redirect(url_for("auth.kept", kept_id=waiting[0].public_id), 303)
    return redirect(safe_path(target) or url_for("learn.home"), 303)


def _form(template: str, form: SignInForm | object, status: int = 422, **context: object) -> Response:
    """The form's page: 200 when it is first shown, `status` when it came back."""
    page = render_template(template, form=form, **context)
    return _unstored(page, status if request.method == "POST" else 200)


def _unstored(page: str, status: int = 200) -> Response:
    """A page with a password field or a token in its address is in no cache."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
