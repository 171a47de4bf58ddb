"""What people do about their own accounts: join, sign in, choose a password, say who they are.

Each function is one commit. `Visitor` is where a request comes from, already made unreadable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv6Address, ip_address

from sqlalchemy.orm import Session

from lms.accounts import kept, links, passwords, queries, rules, services, tries
from lms.accounts.permissions import Actor, Role
from lms.accounts.rules import Reason
from lms.accounts.tokens import keyed_digest
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the form of a new account holds."""

    email: str
    name: str
    password: str
    job: str
    time_zone: str
    organization: str = ""
    """Public id of the district or school named, or ''."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a try comes from: `address` as the server sees it, `key` to make names of it."""

    address: str
    key: bytes

    def account_digest(self, door: str, name: str) -> str:
        return keyed_digest(self.key, door, name.strip().lower())

    @property
    def address_digest(self) -> str:
        return keyed_digest(self.key, "address", _network(self.address))


def _network(address: str) -> str:
    """Of an IPv6 address its first half, however it is spelled: one household or school holds the other."""
    try:
        known = ip_address(address)
    except ValueError:  # a server behind a socket names none
        return address
    return known.exploded[:19] if isinstance(known, IPv6Address) else address


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────


def create_account(newcomer: Newcomer, visitor: Visitor) -> int:
    """The new person's id. A taken address counts as a try, lest the form become a list of people."""
    moment = now()
    try_id = _counted(visitor, "join", newcomer.email, moment)
    try:
        with transaction() as session:
            user_id = join(session, newcomer, moment)
            tries.take_back(session, try_id)
    except RuleBroken as broken:
        if broken.code != Reason.EMAIL_TAKEN:
            _uncount(try_id)
        raise
    return user_id


def join(session: Session, newcomer: Newcomer, moment: datetime) -> int:
    """Within an action: the new person's id, the workplace named."""
    user_id = services.create_account(
        session,
        email=newcomer.email,
        name=newcomer.name,
        password=newcomer.password,
        job=newcomer.job,
        time_zone=newcomer.time_zone,
        now=moment,
    ).id
    if newcomer.organization:
        _state_workplace(session, user_id, newcomer.organization, moment)
    return user_id


def _state_workplace(session: Session, user_id: int, public_id: str, moment: datetime) -> None:
    organization = queries.organization(session, public_id)
    if organization is None:
        raise RuleBroken(Reason.ORGANIZATION_UNKNOWN, "organization")
    services.state_affiliation(
        session, user_id=user_id, organization_id=organization.id, now=moment, by=user_id
    )


def add_person(
    *, email: str, name: str, job: str, time_zone: str, role: Role | None = None, organization: str = ""
) -> str:
    """The token of the link by which a person added at the command line chooses a password.

    `role` is held in `organization` (its public id), or in the whole site without one. Somebody who is
    there already gets the role and a new link.
    """
    moment = now()
    with transaction() as session:
        known = queries.person_by_email(session, email)
        user_id = (
            known.id
            if known
            else services.create_account(
                session, email=email, name=name, job=job, time_zone=time_zone, now=moment
            ).id
        )
        if role is not None:
            _grant(session, user_id, role, organization, moment)
        return links.make_password_link(session, user_id=user_id, now=moment, by=None)


def close_person(*, email: str) -> None:
    """At the command line. NotFound when nobody has an open account with this address."""
    moment = now()
    with transaction() as session:
        known = queries.person_by_email(session, email)
        if known is None:
            raise NotFound(f"Nobody has an account with the address {email}.")
        services.close_account(session, user_id=known.id, now=moment, by=None)


def _grant(session: Session, user_id: int, role: Role, public_id: str, moment: datetime) -> None:
    place = queries.organization(session, public_id) if public_id else None
    if public_id and place is None:
        raise RuleBroken(Reason.ORGANIZATION_UNKNOWN, "organization")
    services.grant_role(
        session,
        user_id=user_id,
        role=role,
        scope_kind="organization" if place else "site",
        scope_id=place.id if place else 0,
        now=moment,
        by=None,
    )
    if place is not None:
        services.confirm_affiliation(
            session, user_id=user_id, organization_id=place.id, basis="coordinator", now=moment, by=None
        )


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────


def sign_in(email: str, password: str, visitor: Visitor) -> int:
    """The person's id. Raises RuleBroken: password_wrong (also for an unknown address), too_many_tries."""
    moment = now()
    with transaction() as session:
        try_id = _count(session, visitor, "sign-in", email, moment)
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


def _counted(visitor: Visitor, door: str, name: str, moment: datetime) -> int:
    with transaction() as session:
        return _count(session, visitor, door, name, moment)


def _count(session: Session, visitor: Visitor, door: str, name: str, moment: datetime) -> int:
    """The id of the try. One too many is not written down: the wait ends by itself."""
    try_id, counts = tries.begin_try(
        session,
        account=visitor.account_digest(door, name),
        address=visitor.address_digest,
        now=moment,
    )
    if rules.too_many(counts):
        raise RuleBroken(Reason.TOO_MANY_TRIES)
    return try_id


def _uncount(try_id: int) -> None:
    with transaction() as session:
        tries.take_back(session, try_id)


def count_unknown_number(visitor: Visitor) -> None:
    """Somebody asked for a certificate that does not exist. Raises RuleBroken: too_many_tries."""
    moment = now()
    with transaction() as session:
        _, counts = tries.begin_try(
            session,
            account=visitor.account_digest("verify", visitor.address),
            address=visitor.account_digest("verify at", visitor.address),
            now=moment,
        )
        if counts.pair > rules.NUMBER_LIMIT:
            raise RuleBroken(Reason.TOO_MANY_TRIES)


# ── Passwords ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class LinkToMail:
    email: str
    name: str
    token: str


def forget_password(email: str, visitor: Visitor) -> LinkToMail | None:
    """The link to mail, or None if nobody has this address: the caller says the same either way."""
    moment = now()
    with transaction() as session:
        _count(session, visitor, "forgot", email, moment)
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
        try_id = _count(session, visitor, "sign-in", person.email, moment)
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


# ── Profile ──────────────────────────────────────────────────────────────────────────────────────


def change_profile(actor: Actor, *, name: str, job: str, time_zone: str) -> None:
    with transaction() as session:
        services.change_profile(
            session,
            user_id=actor.user_id,
            name=name,
            job=job,
            time_zone=time_zone,
            now=now(),
            by=actor.user_id,
        )


def state_license(actor: Actor, *, jurisdiction: str, number: str, renews_on: date | None) -> None:
    with transaction() as session:
        services.state_license(
            session,
            user_id=actor.user_id,
            jurisdiction=jurisdiction,
            number=number,
            renews_on=renews_on,
            now=now(),
            by=actor.user_id,
        )


def withdraw_license(actor: Actor, *, jurisdiction: str, number: str) -> None:
    with transaction() as session:
        services.withdraw_license(
            session,
            user_id=actor.user_id,
            jurisdiction=jurisdiction,
            number=number,
            now=now(),
            by=actor.user_id,
        )


def state_workplace(actor: Actor, organization: str) -> None:
    """`organization` is a public id. Raises RuleBroken for none and for an unknown one."""
    with transaction() as session:
        _state_workplace(session, actor.user_id, organization, now())


def leave_workplace(actor: Actor, organization: str) -> None:
    with transaction() as session:
        found = queries.organization(session, organization)
        if found is None:
            raise NotFound
        services.end_affiliation(
            session, user_id=actor.user_id, organization_id=found.id, now=now(), by=actor.user_id
        )


# ── Posts that came too late ─────────────────────────────────────────────────────────────────────


def keep_post(user_id: int, path: str, fields: tuple[tuple[str, str], ...]) -> str:
    with transaction() as session:
        return kept.keep(session, user_id=user_id, path=path, fields=fields, now=now())


def drop_kept_post(actor: Actor, public_id: str) -> bool:
    with transaction() as session:
        return kept.drop(session, user_id=actor.user_id, public_id=public_id)
