"""What comes of an invitation: an account if there is none, a workplace, and the course it named."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from lms.accounts import links, queries
from lms.accounts.links import InvitationRow
from lms.accounts.permissions import Actor
from lms.accounts.rules import Reason
from lms.actions.accounts import Newcomer, join
from lms.actions.cohort_members import follow_cohort
from lms.cohorts.queries import cohort_by_id
from lms.cohorts.services import join_cohort
from lms.courses.queries import published
from lms.credit.services import settle
from lms.enrollments.queries import current_enrollment
from lms.enrollments.services import enroll
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken


class Accepted(Struct, frozen=True):
    user_id: int
    organization_name: str
    begun: bool
    """The course that came with it has begun."""


def accept_invitation(token: str, actor: Actor | None, newcomer: Newcomer | None) -> Accepted:
    """Join the organization, and the course that came with it: as `actor`, or as a `newcomer`.

    A newcomer's address is that of the invitation, whatever the form says. Raises RuleBroken; for
    other_cohort nothing is done and the invitation stays open.
    """
    moment = now()
    with transaction() as session:
        offer = links.invitation_row(session, token, moment)
        if actor is not None:
            user_id = actor.user_id
        elif newcomer is not None and not offer.has_account:
            user_id = join(session, replace(newcomer, email=offer.email, organization=""), moment)
        else:
            raise RuleBroken(Reason.INVITATION_OTHER_ADDRESS)
        links.accept_invitation(session, token=token, user_id=user_id, now=moment)
        enrollment_id = _begin_course(session, offer, user_id, moment)
        if enrollment_id is not None:
            settle(session, [enrollment_id], moment, user_id, "accepted an invitation")
    return Accepted(user_id, offer.organization_name, enrollment_id is not None)


def _begin_course(session: Session, offer: InvitationRow, user_id: int, moment: datetime) -> int | None:
    """The enrollment, or None where the invitation names no course that is offered today, or a cohort that
    is closed by now."""
    home = queries.home_of(session, user_id)
    if home is None:
        raise NotFound
    if offer.cohort_id is not None:
        cohort = cohort_by_id(session, offer.cohort_id)
        if cohort is None or cohort.closed_at is not None:
            return None
        joined = join_cohort(
            session,
            cohort_id=offer.cohort_id,
            user_id=user_id,
            time_zone=home.time_zone,
            basis="coordinator",
            now=moment,
            by=user_id,
        )
        follow_cohort(session, [joined], cohort_id=offer.cohort_id, moment=moment, by=user_id)
        return joined
    version = published(session, offer.course_key) if offer.course_key else None
    if version is None:
        return None
    here = current_enrollment(session, user_id, version.course_key)
    if here is not None and here.state == "active":
        return here.id
    return enroll(
        session,
        user_id=user_id,
        course_key=version.course_key,
        version_id=version.id,
        time_zone=home.time_zone,
        now=moment,
    ).id
