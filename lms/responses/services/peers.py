"""Asking one peer to review, by a link that its author passes on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from lms.accounts.tokens import digest_of, new_token
from lms.enrollments.models import Enrollment
from lms.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from lms.responses.models import PeerInvitation, Submission
from lms.responses.reviewing import INVITATION
from lms.responses.services.reviews import HandIn


def invite_peer(session: Session, hand_in: HandIn, *, author_id: int, now: datetime) -> str:
    """A new link's token, shown once. Earlier links that nobody took up end with it.

    RuleBroken('peer_found') when somebody took one up: one peer, not several.
    """
    submission = session.get(Submission, (hand_in.enrollment_id, hand_in.key, hand_in.number))
    if submission is None or submission.author_id != author_id:
        raise NotFound
    if peer_of(session, hand_in.enrollment_id, hand_in.key) is not None:
        raise RuleBroken("peer_found")
    session.execute(
        update(PeerInvitation)
        .where(
            PeerInvitation.enrollment_id == hand_in.enrollment_id,
            PeerInvitation.key == hand_in.key,
            PeerInvitation.accepted_at.is_(None),
            PeerInvitation.expires_at > now,
        )
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    token = new_token()
    session.add(
        PeerInvitation(
            token_digest=digest_of(token),
            enrollment_id=hand_in.enrollment_id,
            key=hand_in.key,
            number=hand_in.number,
            expires_at=now + INVITATION,
        )
    )
    session.flush()
    return token


def accept_invitation(session: Session, *, token: str, user_id: int, now: datetime) -> HandIn:
    """Become the peer of a hand-in. The same person may open the link again and again.

    NotFound for a link that is unknown or ran out, NotAllowed for its author and for who is not in the
    same course, Conflict when somebody else was first.
    """
    invitation = session.get(PeerInvitation, digest_of(token), populate_existing=True)
    if invitation is None:
        raise NotFound
    hand_in = HandIn(invitation.enrollment_id, invitation.key, invitation.number)
    if invitation.invited_user_id == user_id:
        return hand_in
    if invitation.invited_user_id is not None:
        raise Conflict("somebody else took it up")
    if invitation.expires_at <= now:
        raise NotFound
    course_key, author_id = session.execute(
        select(Enrollment.course_key, Enrollment.user_id).where(Enrollment.id == hand_in.enrollment_id)
    ).one()
    if author_id == user_id or not _takes(session, user_id, course_key):
        raise NotAllowed("a peer is somebody else in the same course")
    if peer_of(session, hand_in.enrollment_id, hand_in.key) is not None:
        raise Conflict("somebody else took it up")
    done = session.execute(
        update(PeerInvitation)
        .where(PeerInvitation.token_digest == digest_of(token), PeerInvitation.invited_user_id.is_(None))
        .values(invited_user_id=user_id, accepted_at=now)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise Conflict("somebody else took it up")
    return hand_in


def peer_of(session: Session, enrollment_id: int, key: str) -> int | None:
    """Who took an invitation up, for this hand-in and those that follow it."""
    return session.scalar(
        select(PeerInvitation.invited_user_id)
        .where(
            PeerInvitation.enrollment_id == enrollment_id,
            PeerInvitation.key == key,
            PeerInvitation.invited_user_id.is_not(None),
        )
        .order_by(PeerInvitation.accepted_at)
        .limit(1)
    )


def _takes(session: Session, user_id: int, course_key: str) -> bool:
    found = session.scalar(
        select(Enrollment.id)
        .where(
            Enrollment.user_id == user_id,
            Enrollment.course_key == course_key,
            Enrollment.state != "left",
        )
        .limit(1)
    )
    return found is not None


def enrollment_public_id(session: Session, hand_in: HandIn) -> str:
    """The enrollment of a hand-in, as addresses name it."""
    return session.scalars(select(Enrollment.public_id).where(Enrollment.id == hand_in.enrollment_id)).one()
