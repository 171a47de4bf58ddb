"""What a coordinator does for a district: confirm staff, hand out links, enroll a list, make a cohort.

Each function is one commit. Nothing here reads what learners write.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts import affiliations, grants, links, queries
from lms.accounts.permissions import Actor, Permission, Target, may, scopes
from lms.accounts.queries import OrganizationRow
from lms.accounts.rules import INVITATION_LIFE, PASSWORD_LINK_LIFE
from lms.actions.cohort_members import follow_cohort
from lms.cohorts import queries as cohort_queries
from lms.cohorts import services as cohort_services
from lms.courses import queries as courses
from lms.credit.services import settle
from lms.enrollments import services as enrollments
from lms.enrollments.list_file import read_roster
from lms.enrollments.roster import CheckedRoster, CheckedRow, check_roster
from lms.kernel import audit
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from lms.records.people import roster_facts


class HandOut(Struct, frozen=True):
    """A link to give to one person. `token` is shown once and stored nowhere."""

    name: str
    email: str
    token: str
    expires_at: datetime


class Into(Struct, frozen=True):
    """Where a list is enrolled: a course for self-paced learners, or a cohort of the district."""

    district: OrganizationRow
    course_key: str
    version_id: int
    course: str
    cohort_id: int | None = None
    cohort: str = ""


class EnrolledList(Struct, frozen=True):
    into: Into
    enrolled: int
    invited: tuple[HandOut, ...]
    skipped: int


# ── Staff ────────────────────────────────────────────────────────────────────────────────────────


def answer_affiliation(actor: Actor, *, person: str, organization: str, confirm: bool) -> str:
    """Confirm or decline somebody who named a place in the coordinator's scope; the person's name."""
    moment = now()
    with transaction() as session:
        place = queries.organization(session, organization)
        found = queries.person(session, person)
        if place is None or found is None:
            raise NotFound
        if not may(actor, Permission.AFFILIATION_CONFIRM, Target(organization_id=place.id)):
            raise NotFound
        profile = queries.profile(session, found.id)
        waiting = profile.unconfirmed if profile else None
        if waiting is None or waiting.organization.id != place.id:
            raise Conflict("nothing waits")
        if confirm:
            affiliations.confirm_affiliation(
                session, user_id=found.id, organization_id=place.id, basis="coordinator",
                now=moment, by=actor.user_id,
            )  # fmt: skip
        else:
            affiliations.end_affiliation(
                session, user_id=found.id, organization_id=place.id, now=moment, by=actor.user_id,
                why="declined by the coordinator",
            )  # fmt: skip
        return found.name


def password_link(actor: Actor, *, person: str) -> HandOut:
    """A one-use link for a confirmed member of the coordinator's staff."""
    moment = now()
    with transaction() as session:
        found = queries.person(session, person)
        if found is None:
            raise NotFound
        home = queries.home_of(session, found.id)
        target = Target(organization_id=home.id if home else None)
        if not may(actor, Permission.PERSON_RESET_PASSWORD, target):
            raise NotFound
        if queries.grants_of(session, found.id) and found.id != actor.user_id:
            # A link for somebody with more rights would hand those rights to whoever holds it.
            _refuse_more_rights(session, actor, found.id)
        token = links.make_password_link(session, user_id=found.id, now=moment, by=actor.user_id)
        return HandOut(found.name, found.email, token, moment + PASSWORD_LINK_LIFE)


def _refuse_more_rights(session: Session, actor: Actor, user_id: int) -> None:
    if may(actor, Permission.ORGANIZATION_CREATE, Target()):
        return
    held = {(grant.role, grant.scope_kind, grant.scope_id) for grant in actor.grants}
    theirs = queries.grants_of(session, user_id)
    if any(
        grant.role != "facilitator" and (grant.role, grant.scope_kind, grant.scope_id) not in held
        for grant in theirs
    ):
        raise NotAllowed


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────


def find_into(session: Session, actor: Actor, value: str) -> Into:
    """What `course:DISTRICT:KEY` or `cohort:ID` means for this coordinator. NotFound for anything else."""
    kind, _, rest = value.partition(":")
    if kind == "cohort":
        cohort = cohort_queries.cohort(session, rest)
        place = queries.organization_by_id(session, cohort.organization_id) if cohort else None
        if cohort is None or place is None:
            raise NotFound
        district = place if place.district_id == place.id else _district(session, place)
        into = Into(
            district, cohort.course_key, cohort.version_id, cohort.course_title, cohort.id, cohort.title,
        )  # fmt: skip
    else:
        public_id, _, key = rest.partition(":")
        found, version = queries.organization(session, public_id), courses.published(session, key)
        if kind != "course" or found is None or version is None or found.kind != "district":
            raise NotFound
        into = Into(found, key, version.id, version.title)
    if not may(actor, Permission.ENROLLMENT_CREATE, Target(organization_id=into.district.id)):
        raise NotFound
    return into


def _district(session: Session, school: OrganizationRow) -> OrganizationRow:
    district = queries.organization_by_id(session, school.district_id or 0)
    if district is None:
        raise NotFound
    return district


def check_list(session: Session, actor: Actor, *, into: Into, text: str) -> CheckedRoster:
    """The dry run: every row with what would happen to it. Writes nothing."""
    within = scopes(actor, Permission.ENROLLMENT_CREATE)
    known = roster_facts(session, within, into.district.id, into.course_key, into.cohort_id)
    return check_roster(read_roster(text), known)


def enroll_list(actor: Actor, *, into_value: str, text: str) -> EnrolledList:
    """Enroll the rows that are ready now; people who are not the district's own get an invitation.

    RuleBroken: cohort_closed, and what `read_roster` says of the text.
    """
    moment = now()
    with transaction() as session:
        into = find_into(session, actor, into_value)
        roster = check_list(session, actor, into=into, text=text)
        own = [row.user_id for row in roster.ready if row.user_id is not None]
        enrolled = _enroll_own(session, actor, into, own, moment)
        invited = tuple(
            _invite(session, actor, into, row, moment) for row in roster.ready if row.user_id is None
        )
        left_out = len(roster.rows) - len(enrolled) - len(invited)
        audit.record(
            session,
            audit.AuditEntry(
                organization_id=into.district.id, stream="access", actor_id=actor.user_id,
                action="list.enrolled", subject=f"courses:{into.course_key}",
                after={"enrolled": len(enrolled), "invited": len(invited), "left_out": left_out},
            ),
            moment,
        )  # fmt: skip
        return EnrolledList(into, len(enrolled), invited, left_out)


def _enroll_own(
    session: Session, actor: Actor, into: Into, user_ids: list[int], moment: datetime
) -> list[int]:
    """The enrollments. Who came into the course, or into another cohort of it, a moment ago is left out."""
    enrolled = []
    for user_id in sorted(user_ids):  # two lists with the same people never wait for each other
        try:
            enrolled.append(_enroll_one(session, actor, into, user_id, moment))
        except Conflict:
            continue
        except RuleBroken as broken:
            if broken.code != "other_cohort":
                raise
    if into.cohort_id is not None:
        follow_cohort(session, enrolled, cohort_id=into.cohort_id, moment=moment, by=actor.user_id)
    settle(session, enrolled, moment, actor.user_id, "enrolled from a list")
    return enrolled


def _enroll_one(session: Session, actor: Actor, into: Into, user_id: int, moment: datetime) -> int:
    if into.cohort_id is not None:
        return cohort_services.join_cohort(
            session, cohort_id=into.cohort_id, user_id=user_id, time_zone=into.district.time_zone,
            basis="coordinator", now=moment, by=actor.user_id,
        )  # fmt: skip
    return enrollments.enroll(
        session, user_id=user_id, course_key=into.course_key, version_id=into.version_id,
        time_zone=into.district.time_zone, now=moment,
    ).id  # fmt: skip


def _invite(session: Session, actor: Actor, into: Into, row: CheckedRow, moment: datetime) -> HandOut:
    _, token = links.invite(
        session, organization_id=row.school_id or into.district.id, email=row.row.email, name=row.row.name,
        course_key=into.course_key, cohort_id=into.cohort_id, now=moment, by=actor.user_id,
    )  # fmt: skip
    return HandOut(row.row.name, row.row.email, token, moment + INVITATION_LIFE)


# ── Cohorts ──────────────────────────────────────────────────────────────────────────────────────


def create_cohort(
    actor: Actor,
    *,
    name: str,
    course_key: str,
    organization: str,
    facilitator: str,
    starts_on: date,
    ends_on: date | None,
    required_minutes: int | None,
) -> str:
    """A cohort on the version that is current today, with its facilitator; the cohort's public id.

    RuleBroken: person_unknown, title_missing, title_long.
    """
    moment = now()
    with transaction() as session:
        place = queries.organization(session, organization)
        version = courses.published(session, course_key)
        if place is None or version is None:
            raise NotFound
        if not may(actor, Permission.COHORT_CREATE, Target(organization_id=place.id)):
            raise NotFound
        person = queries.person_by_email(session, facilitator)
        if person is None:
            raise RuleBroken("person_unknown", "facilitator")
        cohort = cohort_services.create_cohort(
            session, organization_id=place.id, version_id=version.id, title=name,
            time_zone=place.time_zone, starts_on=starts_on, ends_on=ends_on,
            required_minutes=required_minutes, now=moment, by=actor.user_id,
        )  # fmt: skip
        grants.grant_role(
            session, user_id=person.id, role="facilitator", scope_kind="cohort", scope_id=cohort.id,
            now=moment, by=actor.user_id,
        )  # fmt: skip
        return cohort.public_id
