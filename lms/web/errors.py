"""Every refusal and every failure as a page in plain words, or as JSON for a script that asked for it."""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from lms.kernel.errors import Conflict, LmsError, NotAllowed, NotFound, RuleBroken
from lms.web.access import SignInNeeded
from lms.web.kept_posts import KeptForOwner, StaleForm, keep_for_owner

log = logging.getLogger("lms.web")


class ErrorPage(Struct, frozen=True):
    status: int
    code: str
    title: str
    lead: str
    advice: tuple[str, ...] = ()
    reference: str = ""


PAGES = {
    400: ErrorPage(
        400, "bad_request", "We could not read that request",
        "Part of what your browser sent was missing or garbled. Nothing you saved is lost.",
        ("Go back one page, reload it, and try again.",),
    ),
    403: ErrorPage(
        403, "not_allowed", "You do not have access to this page",
        "This page is for facilitators and PD coordinators.",
    ),
    404: ErrorPage(
        404, "not_found", "We cannot find that page",
        "The link may be old, or part of the address may be missing. Nothing you saved is lost.",
    ),
    405: ErrorPage(
        405, "wrong_method", "This address does not work that way",
        "It takes a form that is sent from one of our pages, or the other way round.",
        ("Go back one page and use the button or link there.",),
    ),
    409: ErrorPage(
        409, "conflict", "Somebody was a moment faster",
        "This was changed while your page was open, perhaps in another window. Nothing was overwritten.",
        ("Go back one page, reload it to see how things stand now, and try again.",),
    ),
    413: ErrorPage(
        413, "too_large", "That is more than we can take at once",
        "What you sent is larger than this page accepts.",
        ("Go back: your text is still in the form. Shorten it, or send a smaller file.",),
    ),
    422: ErrorPage(
        422, "rule_broken", "That cannot be done",
        "What you asked for does not fit how things stand now. Nothing was changed.",
        ("Go back one page, reload it, and try again.",),
    ),
    429: ErrorPage(
        429, "too_many_tries", "Please wait a little",
        "There were many tries in a short time from where you are. You can go on in 15 minutes.",
    ),
    500: ErrorPage(
        500, "failure", "Something broke on our side",
        "It is not your doing, and what you saved before is safe.",
        ("Go back: what you typed is still in the form. Try again in a minute.",),
    ),
    503: ErrorPage(
        503, "unavailable", "The site is busy or being looked after",
        "What you saved before is safe.",
        ("Try again in a minute.",),
    ),
}  # fmt: skip

STALE = ErrorPage(
    400, "stale_form", "That page was open for too long",
    "We could not be sure that the form came from you, so nothing was done.",
    (
        "Go back: what you typed is still in the form. Copy it, reload the page, and send it again.",
        "If this happens again, your browser may be blocking cookies for this site. Signing in needs them.",
    ),
)  # fmt: skip
OTHER_PERSON = ErrorPage(
    409, "other_person", "This was written in another account",
    "You have signed in with a different account since that page was opened. Nothing was done in your name.",
    ("What was typed is kept. It is given back when that person signs in.",),
)  # fmt: skip

REFUSALS: tuple[tuple[type[LmsError], int], ...] = (
    (NotFound, 404), (NotAllowed, 403), (Conflict, 409), (RuleBroken, 422),
)  # fmt: skip


def install(app: Flask) -> None:
    app.register_error_handler(LmsError, _refusal)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(StaleForm, lambda _: answer(STALE))
    app.register_error_handler(KeptForOwner, _kept)
    app.register_error_handler(500, _failure)
    app.log_exception = _log_failure  # type: ignore[method-assign]  # Flask's own would log the message


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return best == "application/json"


def answer(page: ErrorPage) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=page.code, reference=page.reference or None), page.status
    template = {403: "errors/403.html", 404: "errors/404.html"}.get(page.status, "errors/error.html")
    return render_template(template, page=page), page.status


def _refusal(error: LmsError) -> ResponseReturnValue:
    return answer(PAGES[next(status for kind, status in REFUSALS if isinstance(error, kind))])


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect, such as for a missing slash
    page = PAGES.get(error.code, PAGES[400 if error.code < 500 else 500])
    response = current_app.make_response(answer(page))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _sign_in_needed(_: SignInNeeded) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="signed_out", sign_in=url_for("auth.sign_in")), 401
    kept = keep_for_owner()
    return _kept(kept) if kept else redirect(url_for("auth.sign_in", next=_place()), 303)


def _place() -> str | None:
    """Where to go on after sign-in: the page itself, or for a post nowhere in particular."""
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None


def _kept(kept: KeptForOwner) -> ResponseReturnValue:
    if kept.other:
        return answer(OTHER_PERSON)
    target = url_for("auth.kept", kept_id=kept.kept_id) if kept.kept_id else None
    return redirect(url_for("auth.sign_in", next=target, kept=1 if kept.kept_id else None), 303)


def _failure(error: Exception) -> ResponseReturnValue:
    """The last resort. It asks the database nothing, and if even the page fails, it says so in bare text."""
    g.broken = True
    g.pop("viewer", None)
    page = PAGES[500]
    shown = ErrorPage(page.status, page.code, page.title, page.lead, page.advice, g.get("request_id", ""))
    try:
        return answer(shown)
    except Exception:
        log.exception("error page failed")
        return Response(f"{page.title}. {page.lead} {page.advice[0]}\n", 500, mimetype="text/plain")


def _log_failure(exc_info: object) -> None:
    log.error("request failed", exc_info=exc_info)  # type: ignore[arg-type]
