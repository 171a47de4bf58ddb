"""One-use links and invitations: made, looked at, used once. Only the maker ever sees the token."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.accounts import affiliations, rules, services
from lms.accounts.locking import locked
from lms.accounts.models import Affiliation, Invitation, OneUseLink, Organization, User
from lms.accounts.rules import Reason
from lms.accounts.tokens import digest_of, new_token
from lms.accounts.trail import note
from lms.kernel.errors import NotFound, RuleBroken


class LinkRow(Struct, frozen=True):
    user_id: int
    name: str
    email: str
    first: bool
    """Whether the person has no password yet."""


class InvitationRow(Struct, frozen=True):
    id: int
    public_id: str
    email: str
    name: str
    organization_id: int
    organization_name: str
    course_key: str | None
    cohort_id: int | None
    invited_by: int | None
    has_account: bool
    expires_at: datetime


# ── Passwords and mail addresses ─────────────────────────────────────────────────────────────────


def make_password_link(session: Session, *, user_id: int, now: datetime, by: int | None) -> str:
    """The token of a link that sets the person's password once; an earlier unused one dies."""
    user = locked(session, user_id)
    token = _make(session, user, "password", now, now + rules.PASSWORD_LINK_LIFE, by)
    note(session, "account.password_link_made", user, by=by, now=now)
    return token


def make_mail_link(session: Session, *, user_id: int, now: datetime) -> str:
    """The token of the link that is mailed to the person's address and proves it."""
    user = locked(session, user_id)
    return _make(session, user, "mail_address", now, now + rules.MAIL_LINK_LIFE, user_id)


def _make(
    session: Session, user: User, purpose: str, now: datetime, expires_at: datetime, by: int | None
) -> str:
    session.execute(
        delete(OneUseLink).where(
            OneUseLink.user_id == user.id, OneUseLink.purpose == purpose, OneUseLink.used_at.is_(None)
        )
    )
    token = new_token()
    session.add(
        OneUseLink(
            token_digest=digest_of(token),
            user_id=user.id,
            purpose=purpose,
            created_at=now,
            created_by=by,
            expires_at=expires_at,
        )
    )
    session.flush()
    return token


def password_link(session: Session, token: str, now: datetime) -> LinkRow:
    """Whose password the link sets. Raises RuleBroken for a used, expired or unknown one."""
    link = _live(session, token, "password", now)
    user = session.get(User, link.user_id)
    if user is None or user.closed_at is not None:
        raise RuleBroken(Reason.LINK_DEAD)
    return LinkRow(user.id, user.name, user.email, user.password_hash is None)


def use_password_link(session: Session, *, token: str, password: str, now: datetime) -> int:
    """Set the password, end the person's sessions, and give back the person's id."""
    link = _live(session, token, "password", now, locking=True)
    link.used_at = now
    services.set_password(session, user_id=link.user_id, password=password, now=now, by=link.user_id)
    return link.user_id


def use_mail_link(session: Session, *, token: str, now: datetime) -> int:
    """The address is proven; a district whose mail domain it has confirms the person by it."""
    link = _live(session, token, "mail_address", now, locking=True)
    user = locked(session, link.user_id)
    link.used_at, user.mail_confirmed_at = now, now
    note(session, "account.mail_confirmed", user, by=user.id, now=now)
    domain = user.email.rpartition("@")[2]
    districts = session.scalars(select(Organization).where(Organization.kind == "district"))
    district = next((row for row in districts if domain in row.mail_domains), None)
    if district is not None and district.id is not None:
        affiliations.confirm_affiliation(
            session,
            user_id=user.id,
            organization_id=_named_within(session, user.id, district.id),
            basis="mail_domain",
            now=now,
            by=user.id,
            leave_other=False,
        )
    return user.id


def _named_within(session: Session, user_id: int, district_id: int) -> int:
    """The school of the district that the person has named, else the district."""
    return (
        session.scalar(
            select(Organization.id)
            .join(Affiliation, Affiliation.organization_id == Organization.id)
            .where(
                Affiliation.user_id == user_id,
                Affiliation.state == "unconfirmed",
                Organization.parent_id == district_id,
            )
        )
        or district_id
    )


def _live(session: Session, token: str, purpose: str, now: datetime, *, locking: bool = False) -> OneUseLink:
    query = select(OneUseLink).where(
        OneUseLink.token_digest == digest_of(token), OneUseLink.purpose == purpose
    )
    link = session.scalar(query.with_for_update() if locking else query)
    if link is None or not rules.link_is_live(link.used_at, link.expires_at, now):
        raise RuleBroken(Reason.LINK_DEAD)
    return link


# ── Invitations ──────────────────────────────────────────────────────────────────────────────────


def invite(
    session: Session,
    *,
    organization_id: int,
    email: str,
    now: datetime,
    by: int | None,
    name: str = "",
    course_key: str | None = None,
    cohort_id: int | None = None,
) -> tuple[Invitation, str]:
    """An invitation and its token. The same offer to the same address again renews the first."""
    address = rules.clean_email(email)
    invitation = session.scalar(
        select(Invitation).where(
            Invitation.email == address,
            Invitation.organization_id == organization_id,
            Invitation.course_key.is_not_distinct_from(course_key),
            Invitation.cohort_id.is_not_distinct_from(cohort_id),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
    )
    token, expires_at = new_token(), now + rules.INVITATION_LIFE
    if invitation is None:
        invitation = Invitation(
            token_digest=digest_of(token),
            organization_id=organization_id,
            email=address,
            name=rules.clean_name(name) if name.strip() else "",
            course_key=course_key,
            cohort_id=cohort_id,
            invited_by=by,
            created_at=now,
            expires_at=expires_at,
        )
        session.add(invitation)
    else:
        invitation.token_digest, invitation.expires_at = digest_of(token), expires_at
    session.flush()
    _note_invitation(session, "invitation.made", invitation, by=by, now=now)
    return invitation, token


def withdraw(session: Session, *, public_id: str, now: datetime, by: int) -> None:
    invitation = session.scalar(select(Invitation).where(Invitation.public_id == public_id).with_for_update())
    if invitation is None or invitation.accepted_at is not None:
        raise NotFound
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = now
        _note_invitation(session, "invitation.withdrawn", invitation, by=by, now=now)


def invitation_row(session: Session, token: str, now: datetime) -> InvitationRow:
    """Raises RuleBroken for one that is used, withdrawn, expired or unknown."""
    invitation = _open(session, token, now)
    organization = session.get_one(Organization, invitation.organization_id)
    known = session.scalar(select(User.id).where(User.email == invitation.email, User.closed_at.is_(None)))
    return InvitationRow(
        invitation.id, invitation.public_id, invitation.email, invitation.name, invitation.organization_id,
        organization.name, invitation.course_key, invitation.cohort_id, invitation.invited_by,
        known is not None, invitation.expires_at,
    )  # fmt: skip


def accept_invitation(session: Session, *, token: str, user_id: int, now: datetime) -> Invitation:
    """The person belongs to the organization from now on; enrolling is the caller's next step."""
    invitation = _open(session, token, now, locking=True)
    user = locked(session, user_id)
    if user.email != invitation.email:
        raise RuleBroken(Reason.INVITATION_OTHER_ADDRESS)
    affiliations.confirm_affiliation(
        session,
        user_id=user_id,
        organization_id=invitation.organization_id,
        basis="invitation",
        now=now,
        by=invitation.invited_by,
    )
    invitation.accepted_at, invitation.accepted_by = now, user_id
    _note_invitation(session, "invitation.accepted", invitation, by=user_id, now=now)
    return invitation


def _open(session: Session, token: str, now: datetime, *, locking: bool = False) -> Invitation:
    query = select(Invitation).where(Invitation.token_digest == digest_of(token))
    invitation = session.scalar(query.with_for_update() if locking else query)
    if (
        invitation is None
        or invitation.withdrawn_at is not None
        or not rules.link_is_live(invitation.accepted_at, invitation.expires_at, now)
    ):
        raise RuleBroken(Reason.INVITATION_DEAD)
    return invitation


def _note_invitation(
    session: Session, action: str, invitation: Invitation, *, by: int | None, now: datetime
) -> None:
    note(
        session,
        action,
        invitation,
        by=by,
        now=now,
        after={"email": invitation.email, "course_key": invitation.course_key},
        place=session.get_one(Organization, invitation.organization_id),
    )
