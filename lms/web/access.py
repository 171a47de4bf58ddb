"""Who may open a page. Every endpoint declares its policy; one that declares none answers 403.

The route decorator stands on top, the policy below it:

    @blueprint.get("/cohorts/<cohort>")
    @allowed(Permission.COHORT_VIEW, target=cohort_of)
    def cohort(cohort: str) -> ResponseReturnValue: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from msgspec import Struct

from lms.accounts import queries
from lms.accounts.permissions import Actor, Permission, Target, may, may_somewhere
from lms.kernel.errors import NotAllowed, NotFound
from lms.web.reading import session

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
TargetOf = Callable[..., Target]


class SignInNeeded(Exception):
    """Nobody is signed in, and the page is not for everybody."""


class Policy(Struct, frozen=True):
    """`permission` None: anybody, or anybody signed in. `target` None: held in any scope will do.

    `body_limit`: bytes that this view takes where that is more than a form's; read only for who may send.
    """

    signed_in: bool
    permission: Permission | None = None
    target: TargetOf | None = None
    see: Permission | None = None
    body_limit: int | None = None


def public(view: View) -> View:
    """Anybody may."""
    return _declare(view, Policy(signed_in=False))


def signed_in(view: View) -> View:
    """Anybody with an account may; the view shows only what is the person's own."""
    return _declare(view, Policy(signed_in=True))


def allowed(
    permission: Permission,
    *,
    target: TargetOf | None = None,
    see: Permission | None = None,
    body_limit: int | None = None,
) -> Callable[[View], View]:
    """Whoever holds `permission` for the target may.

    `target` takes the view's URL arguments, and raises NotFound when there is no such thing. Without the
    permission the answer is 404, as if there were none; with the permission `see` it is 403.
    """

    def declare(view: View) -> View:
        return _declare(view, Policy(True, permission, target, see, body_limit))

    return declare


def _declare(view: View, policy: Policy) -> View:
    view.access = policy  # type: ignore[attr-defined]  # functions carry what is said about them
    return view


def policy_of(view: Callable[..., Any] | None) -> Policy | None:
    return getattr(view, "access", None)


class SignedIn(UserMixin):
    """Flask-Login's user: the actor, and the number that ends all sessions when it is raised."""

    def __init__(self, actor: Actor, session_number: int) -> None:
        self.actor = actor
        self.session_number = session_number

    def get_id(self) -> str:
        return f"{self.actor.user_id}.{self.session_number}"


def actor_or_none() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def current_actor() -> Actor:
    """Who is signed in. Raises SignInNeeded."""
    actor = actor_or_none()
    if actor is None:
        raise SignInNeeded
    return actor


def begin_session(user_id: int) -> None:
    """Sign `user_id` in. The caller has emptied the old session."""
    person = _load(user_id, None)
    if person is None:
        raise NotFound
    login_user(person)
    g.pop("actor_forms", None)


def install(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # phones change their address in the middle of a lesson
    manager.user_loader(_load_from_cookie)
    app.before_request(_guard)


def _load_from_cookie(value: str) -> SignedIn | None:
    user_id, _, number = value.partition(".")
    if not (user_id.isascii() and user_id.isdigit() and number.isascii() and number.isdigit()):
        return None
    return _load(int(user_id), int(number))


def _load(user_id: int, session_number: int | None) -> SignedIn | None:
    found = queries.actor(session(), user_id)
    if found is None or session_number not in (None, found.session_number):
        return None
    return SignedIn(found.actor, found.session_number)


def _guard() -> None:
    if request.endpoint is None or request.routing_exception is not None:
        return  # Flask answers with 404, 405 or a redirect itself
    if "\0" in request.path:
        raise NotFound  # nothing has such a name, and PostgreSQL cannot be asked for it
    policy = policy_of(current_app.view_functions.get(request.endpoint))
    if policy is None:
        raise NotAllowed
    if policy.signed_in:
        check(policy, current_actor(), request.view_args or {})
    if policy.body_limit is not None:
        request.max_content_length = policy.body_limit


def check(policy: Policy, actor: Actor, arguments: dict[str, Any]) -> None:
    """Raises NotFound or NotAllowed where `policy` keeps `actor` out."""
    if policy.permission is None:
        return
    if policy.target is None:
        if not may_somewhere(actor, policy.permission):
            raise NotAllowed
        return
    target = policy.target(**arguments)
    if may(actor, policy.permission, target):
        return
    if policy.see is not None and may(actor, policy.see, target):
        raise NotAllowed
    raise NotFound
