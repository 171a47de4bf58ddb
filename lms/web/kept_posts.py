"""Whether a form that was sent is ours and its sender's, and what becomes of it if the session had ended.

Every form of a signed-in person carries two hidden values (`form_token()`): the session's CSRF token, and
`owner`, the person's id signed by this instance. The owner outlives the session. So:

- a good CSRF token, or an owner who is the person signed in: the post goes through;
- an owner and nobody signed in: the post is kept for the owner, to be given back after sign-in;
- an owner other than the person signed in: kept for the owner as well, and not done in the other's name;
- nobody signed in and no owner, but the browser says that our own page sent it: goes through;
- anything else: `StaleForm`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import CSRFError, generate_csrf
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from lms.actions import kept_posts
from lms.web.access import actor_or_none
from lms.web.security import csrf

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OURS = frozenset({"csrf_token", "owner", "kept"})
"""Hidden values that belong to the form and not to what was typed."""
MOST_CHARACTERS = 400_000
TAKEN = 8
"""Forms of a session that are remembered as taken. A page's script asks on the next page it runs on."""


class StaleForm(Exception):
    """The form is not provably ours: an old tab, blocked cookies, or another site's doing."""


class KeptForOwner(Exception):
    """The post was kept, or could not be (`kept_id` None). `other`: somebody else is signed in."""

    def __init__(self, kept_id: str | None, *, other: bool) -> None:
        super().__init__()
        self.kept_id = kept_id
        self.other = other


def install(app: Flask) -> None:
    app.before_request(_check)
    app.after_request(_note_taken)


def taken_forms() -> str:
    """The tokens (`sent`) of the forms that this session's browser sent and that were taken, apart by
    spaces: the browser can let its own copies of them go."""
    return " ".join(session.get("taken", ()))


def form_token() -> Markup:
    """The hidden values that every form with method post begins with."""
    token: Markup | None = g.get("form_token")
    if token is None:
        actor = actor_or_none()
        token = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
        if actor is not None:
            owner = _signer().dumps(actor.user_id)
            token += Markup('<input type="hidden" name="owner" value="{}">').format(owner)
        g.form_token = token
    return token


def keep_for_owner() -> KeptForOwner | None:
    """Keep the present post for the owner it names, if it names one."""
    owner = _owner()
    if request.method not in WRITES or owner is None:
        return None
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name not in OURS)
    secret = any("password" in name for name, _ in fields)
    wanted = fields and not secret and sum(len(n) + len(v) for n, v in fields) <= MOST_CHARACTERS
    kept_id = kept_posts.keep_post(owner, request.full_path.rstrip("?"), fields) if wanted else None
    return KeptForOwner(kept_id, other=actor_or_none() is not None)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt="owner of a form")


def _owner() -> int | None:
    try:
        owner = _signer().loads(request.form.get("owner", ""))
    except BadSignature:
        return None
    return owner if isinstance(owner, int) else None


def _check() -> None:
    if request.method not in WRITES or request.endpoint is None:
        return
    actor, owner = actor_or_none(), _owner()
    if actor is not None and owner not in (None, actor.user_id):
        kept = keep_for_owner()
        if kept is not None:
            raise kept
    if _token_is_good() or (actor is not None and owner == actor.user_id):
        return
    if actor is None and _sent_by_our_page():
        return
    raise StaleForm


def _token_is_good() -> bool:
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


def _sent_by_our_page() -> bool:
    """Browsers say in `Origin` which site's page sends a post; no page can forge it."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.netloc != "" and (origin.scheme, origin.netloc) == (request.scheme, request.host)


def _note_taken(response: Response) -> Response:
    """A form was sent and taken: a kept post that it came from is not kept any longer, and the browser is
    told on the next page, by the token that its script gave the form."""
    if request.method != "POST" or response.status_code >= 400:
        return response  # a body that was refused unread must not be read here either
    kept_id, token = request.form.get("kept"), request.form.get("sent", "")
    actor = actor_or_none() if kept_id or token else None
    if actor is None:
        return response
    if kept_id:
        kept_posts.drop_kept_post(actor, kept_id)
    if token.isascii() and token.isalnum() and len(token) <= 12:
        session["taken"] = [*session.get("taken", ()), token][-TAKEN:]
    return response
