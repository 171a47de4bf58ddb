"""The made-up district: places, people, a cohort with one live session, and what they have done so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts import affiliations, grants, places, queries, services
from lms.accounts.models import User
from lms.accounts.permissions import Actor, Role, ScopeKind
from lms.cli.demo.learner import Learner
from lms.cli.demo.people import DISTRICT, NEIGHBOR, PEOPLE, SCHOOLS, DemoPerson, password
from lms.cohorts import services as cohorts
from lms.cohorts.attendance import Mark, record_attendance
from lms.cohorts.models import CohortSession
from lms.content.nodes import Capstone, Course, Reflection
from lms.courses.queries import catalog, load_compiled
from lms.credit import bodies
from lms.credit.services import settle
from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.kernel.errors import NotFound

TIME_ZONE = "America/New_York"
DAYS_AGO = 75
"""How long ago the made-up cohort began."""
COHORT = "Harbor Valley, fall cohort"


def has_demo(session: Session) -> bool:
    return session.scalar(select(User.id).limit(1)) is not None


def make_demo() -> None:
    """Fill an empty site. Everything happened in the last weeks, through the site's own actions."""
    began = datetime.combine(clock.now().date() - timedelta(days=DAYS_AGO), time(14, 0), UTC)
    ids = _people(began)
    version = catalog(db.session())[0]
    course = load_compiled(db.session(), version.id)
    cohort_id, planned_id = _cohort(began + timedelta(days=1), ids, course, version.id)
    learners = {
        key: _join(ids[key], cohort_id, course, version.id, began + timedelta(days=2))
        for key in ("halfway", "finished", "new")
    }
    _begin(learners)
    met_at = _attend(learners, planned_id, ids["facilitator"])
    _finish(learners["finished"], ids["facilitator"], met_at)


def new_passwords() -> Mapping[DemoPerson, str]:
    """A fresh password for everybody; those of the start before open nothing any more."""
    now = clock.now()
    fresh = {person: password() for person in PEOPLE}
    with transaction() as session:
        for person, secret in fresh.items():
            found = queries.person_by_email(session, person.email)
            if found is not None:
                services.set_password(session, user_id=found.id, password=secret, now=now, by=None)
    return fresh


# ── People and places ────────────────────────────────────────────────────────────────────────────


def _people(now: datetime) -> dict[str, int]:
    with transaction() as session:
        places = _places(session, now)
        ids: dict[str, int] = {}
        for person in PEOPLE:
            ids[person.key] = services.create_account(
                session, email=person.email, name=person.name, job=person.job, time_zone=TIME_ZONE, now=now
            ).id
            if person.place:
                affiliations.confirm_affiliation(
                    session, user_id=ids[person.key], organization_id=places[person.place],
                    basis="coordinator", now=now, by=None,
                )  # fmt: skip
        _grant(session, ids["admin"], "admin", 0, now)
        _grant(session, ids["coordinator"], "coordinator", places[DISTRICT], now)
        _grant(session, ids["neighbor"], "coordinator", places[NEIGHBOR], now)
        for key in ("halfway", "finished"):
            services.state_license(
                session, user_id=ids[key], jurisdiction="MA", number="", renews_on=None, now=now, by=ids[key]
            )
        body = bodies.create_body(
            session, name=DISTRICT, type="district", jurisdictions=("US-MA",), signatory_name="Helen Abara",
            signatory_title="Assistant Superintendent", now=now, by=ids["admin"],
        )  # fmt: skip
        bodies.assign(
            session, body_id=body.id, scope_kind="organization", scope_id=places[DISTRICT],
            from_on=now.date(), now=now, by=ids["admin"],
        )  # fmt: skip
        return ids


def _places(session: Session, now: datetime) -> dict[str, int]:
    made = {
        name: places.create_district(session, name=name, time_zone=TIME_ZONE, now=now, by=None)
        for name in (DISTRICT, NEIGHBOR)
    }
    district_id = made[DISTRICT].id or 0
    for name in SCHOOLS:
        made[name] = places.create_school(session, district_id=district_id, name=name, now=now, by=None)
    return {name: place.id or 0 for name, place in made.items()}


def _grant(session: Session, user_id: int, role: Role, organization_id: int, now: datetime) -> None:
    kind: ScopeKind = "organization" if organization_id else "site"
    grants.grant_role(
        session, user_id=user_id, role=role, scope_kind=kind, scope_id=organization_id, now=now, by=None
    )


def _actor(user_id: int) -> Actor:
    row = queries.actor(db.session(), user_id)
    if row is None:
        raise NotFound
    return row.actor


# ── Learning ─────────────────────────────────────────────────────────────────────────────────────


def _cohort(now: datetime, ids: Mapping[str, int], course: Course, version_id: int) -> tuple[int, int]:
    """The cohort and its one live session, three weeks in."""
    with transaction() as session:
        home = queries.home_of(session, ids["coordinator"])
        if home is None:
            raise NotFound
        cohort = cohorts.create_cohort(
            session, organization_id=home.id, version_id=version_id, title=COHORT, time_zone=TIME_ZONE,
            starts_on=now.date(), ends_on=None, now=now, by=ids["coordinator"],
        )  # fmt: skip
        grants.grant_role(
            session, user_id=ids["facilitator"], role="facilitator", scope_kind="cohort", scope_id=cohort.id,
            now=now, by=ids["coordinator"],
        )  # fmt: skip
        guide = course.sessions[0]
        planned = cohorts.schedule_session(
            session, cohort_id=cohort.id, guide=guide, starts_at=now + timedelta(days=20, hours=6),
            scheduled_minutes=guide.minutes, break_minutes=0, place="Library, Harbor Valley High School",
            now=now, by=ids["facilitator"],
        )  # fmt: skip
        return cohort.id, planned.id


def _join(user_id: int, cohort_id: int, course: Course, version_id: int, now: datetime) -> Learner:
    with transaction() as session:
        enrollment_id = cohorts.join_cohort(
            session, cohort_id=cohort_id, user_id=user_id, time_zone=TIME_ZONE, basis="join_code", now=now,
            by=user_id,
        )  # fmt: skip
        settle(session, [enrollment_id], now, user_id, "enrolled")
    return Learner(_actor(user_id), course, version_id, enrollment_id, now)


def _begin(learners: Mapping[str, Learner]) -> None:
    """Two do the first module, whose text then waits for the facilitator; one has opened a lesson."""
    halfway, new = learners["halfway"], learners["new"]
    for learner in (learners["finished"], halfway):
        learner.module(learner.course.modules[0])
    new.lesson(new.course.modules[0].lessons[0], complete=False)


def _finish(learner: Learner, facilitator_id: int, met_at: datetime) -> None:
    """The rest of the course after the session, and a kind word for each text: a certificate."""
    learner.moment = max(learner.moment, met_at) + timedelta(days=1)
    for module in learner.course.modules[1:]:
        learner.module(module)
    pieces: list[Reflection | Capstone] = [
        reflection
        for module in learner.course.modules
        for reflection in (module.quiz.reflections if module.quiz else ())
    ]
    if learner.course.capstone is not None:
        learner.capstone(learner.course.capstone)
        pieces.append(learner.course.capstone)
    for piece in pieces:
        learner.answered_by(facilitator_id, piece, "You say what he did, and what you did next. That is it.")


def _attend(learners: Mapping[str, Learner], planned_id: int, facilitator_id: int) -> datetime:
    """Two were there, one of them late; the third was not. Gives the end of the session."""
    session = db.session()
    planned = session.get_one(CohortSession, planned_id)
    starts, minutes = planned.starts_at, timedelta(minutes=planned.scheduled_minutes)
    late = timedelta(minutes=15)
    marks = [
        Mark(learners["finished"].enrollment_id, 0, starts, starts + minutes),
        Mark(learners["halfway"].enrollment_id, 0, starts + late, starts + minutes),
        Mark(learners["new"].enrollment_id, 0, None, None),
    ]
    now = starts + minutes
    with transaction() as writing:
        changed = record_attendance(
            writing, session_id=planned_id, marks=marks, recorded_by=facilitator_id, reason="", now=now
        )
        settle(session, changed, now, facilitator_id, "attendance recorded")
    return now
