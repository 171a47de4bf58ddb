"""Signing in, and what lets a person do so: passwords, and the links that set one or prove an address."""

from __future__ import annotations

from msgspec import Struct

from lms.accounts import links, passwords, queries, rules, services, tries
from lms.accounts.permissions import Actor
from lms.accounts.rules import Reason
from lms.actions.trying import Visitor, count
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken


def sign_in(email: str, password: str, visitor: Visitor) -> int:
    """The person's id. Raises RuleBroken: password_wrong (also for an unknown address), too_many_tries."""
    moment = now()
    with transaction() as session:
        try_id = count(session, visitor, "sign-in", email, moment)
        secret = queries.secret_of(session, email.strip().lower())
    # Outside the transaction: a check takes a while, and on SQLite all writers would stand behind it.
    plain = rules.normal_password(password)
    if not passwords.matches(secret.password_hash if secret else None, plain) or secret is None:
        raise RuleBroken(Reason.PASSWORD_WRONG)
    with transaction() as session:
        tries.take_back(session, try_id)
        if secret.password_hash and passwords.is_outdated(secret.password_hash):
            services.renew_hash(session, user_id=secret.user_id, password=plain)
    return secret.user_id


# ── Passwords and mail addresses ───────────────────────────────────────────────────────────────


class LinkToMail(Struct, frozen=True):
    email: str
    name: str
    token: str


def forget_password(email: str, visitor: Visitor) -> LinkToMail | None:
    """The link to mail, or None if nobody has this address: the caller says the same either way."""
    moment = now()
    with transaction() as session:
        count(session, visitor, "forgot", email, moment)
        secret = queries.secret_of(session, email.strip().lower())
        if secret is None:
            return None
        token = links.make_password_link(session, user_id=secret.user_id, now=moment, by=secret.user_id)
        return LinkToMail(secret.email, secret.name, token)


def choose_password(token: str, password: str, visitor: Visitor) -> int:
    """Use a one-use link: the person's id. All other sessions of the person end."""
    with transaction() as session:
        user_id = links.use_password_link(session, token=token, password=password, now=now())
        person = queries.person_by_id(session, user_id)
        if person is not None:
            tries.forget_account(session, visitor.account_digest("sign-in", person.email))
    return user_id


def change_password(actor: Actor, old: str, new: str, visitor: Visitor) -> None:
    """Raises RuleBroken. All sessions of the person end; the caller begins the present one anew."""
    moment = now()
    with transaction() as session:
        person = queries.person_by_id(session, actor.user_id)
        if person is None:
            raise NotFound
        try_id = count(session, visitor, "sign-in", person.email, moment)
        secret = queries.secret_of(session, person.email)
    if not passwords.matches(secret.password_hash if secret else None, rules.normal_password(old)):
        raise RuleBroken(Reason.PASSWORD_WRONG, "old")
    with transaction() as session:
        tries.take_back(session, try_id)
        services.set_password(session, user_id=actor.user_id, password=new, now=moment, by=actor.user_id)


def confirm_mail_link(user_id: int) -> LinkToMail:
    """The link that proves the person's address once it is opened."""
    with transaction() as session:
        person = queries.person_by_id(session, user_id)
        if person is None:
            raise NotFound
        token = links.make_mail_link(session, user_id=user_id, now=now())
        return LinkToMail(person.email, person.name, token)


def confirm_mail(token: str) -> None:
    with transaction() as session:
        links.use_mail_link(session, token=token, now=now())
