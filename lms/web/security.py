"""What every answer says to the browser about itself, how cookies travel, and which posts are ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.config import Config
from lms.kernel.clock import now

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    # Not 'no-referrer': browsers would then send 'Origin: null' with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=31536000"
"""For this host alone: what else runs in a district's domain is not ours to decide."""

BODY_LIMIT = 2 * 1024 * 1024
"""Bytes of a form. A view that takes files says how many in its policy (`access.allowed`)."""
FORM_FIELDS_LIMIT = 2_000

RENEW_AFTER = timedelta(minutes=15)

csrf = CSRFProtect()


class Sent(ImmutableMultiDict[str, Any]):
    """What a form or an address carries, without NUL: nobody types it, and PostgreSQL takes it in no text."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__((_without_nul(name), _without_nul(value)) for name, value in pairs)


def _without_nul(sent: Any) -> Any:
    return sent.replace("\0", "") if isinstance(sent, str) else sent  # a file stays as it is


class ReadableRequest(Request):
    parameter_storage_class = Sent


class Sessions(SecureCookieSessionInterface):
    """Signed cookies, `Secure` whenever the answer travels over HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or super().get_cookie_secure(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Style sheets and badges are the same for everybody: they neither set a cookie nor vary with one."""
        if request.endpoint != "static" and request.blueprint != "badges":
            super().save_session(app, session, response)


def install(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.keys.session,
        SESSION_COOKIE_NAME="lms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.site_url.startswith("https://"),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=config.session_hours),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=FORM_FIELDS_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # `kept_posts` decides what happens to a stale form
        WTF_CSRF_SSL_STRICT=False,
    )
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    app.request_class = ReadableRequest
    app.session_interface = Sessions()
    app.before_request(_renew_session)
    app.after_request(_add_headers)


def _renew_session() -> None:
    """Move the end of a session while it is in use, and not with every answer: a cookie costs bytes."""
    if not session.permanent:
        return
    minutes = int(now().timestamp() // 60)
    if minutes - session.get("renewed", 0) >= RENEW_AFTER.total_seconds() // 60:
        session["renewed"] = minutes


def _add_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache"
    return response
