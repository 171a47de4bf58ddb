"""The access matrix, asserted whole: every endpoint, every kind of person, ids from another district."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.accounts import kept
from lms.cohorts.queries import cohort as find_cohort
from lms.cohorts.services import schedule_session
from lms.credit.services import settle
from lms.enrollments.services import enroll
from lms.kernel.clock import now
from tests import builders
from tests.web.access_matrix import ROWS, Row
from tests.web.conftest import Person, World, post
from tests.web.staff import COURSE, Staff, build_staff, real_course

PEOPLE = (
    "anonymous", "learner", "other_learner", "peer_reviewer", "no_cohort", "facilitator", "other_facilitator",
    "coordinator", "other_coordinator", "reviewer", "author", "admin",
)  # fmt: skip
UNTOUCHED = {"HEAD", "OPTIONS"}
LAST = (
    "auth.sign_out",
    "auth.drop_kept",
    "learn.enroll",
    "learn.leave",
    "facilitate.take_out",
    "facilitate.close",
)
"""What would change the answers to the rows that follow."""


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


@pytest.fixture
def stage(world: World, staff: Staff) -> dict[str, Person | None]:
    """The people of the matrix. `no_cohort` takes the course by herself and has finished it."""
    peer, other_learner = world.person("Peer Reviewer"), world.person("Other Learner")
    reviewer, author = world.person("Queue Reviewer"), world.person("Course Author")
    other_facilitator = world.person("Other Facilitator")
    world.belongs(peer, staff.district)
    world.belongs(other_learner, staff.other)
    world.grant(reviewer, "reviewer", "organization", staff.district.id)
    world.grant(author, "author")
    world.grant(other_facilitator, "facilitator", "cohort", 999)
    with world.writing() as session:
        for person in (peer, other_learner):
            enroll(
                session, user_id=person.id, course_key=COURSE, version_id=staff.version_id,
                time_zone="America/New_York", now=now(),
            )  # fmt: skip
    return {
        "anonymous": None, "learner": staff.learner, "other_learner": other_learner, "peer_reviewer": peer,
        "no_cohort": staff.stranger, "facilitator": staff.facilitator, "other_facilitator": other_facilitator,
        "coordinator": staff.coordinator, "other_coordinator": staff.other_coordinator, "reviewer": reviewer,
        "author": author, "admin": staff.admin,
    }  # fmt: skip


@pytest.fixture
def ids(world: World, staff: Staff, stage: dict[str, Person | None]) -> dict[str, str]:
    """Public ids that the matrix names, those of the learner and of another district among them."""
    with world.writing() as session:
        kept_post = kept.keep(
            session, user_id=staff.learner.id, path="/help", fields=(("a", "b"),), now=now()
        )
        number = finish(session, staff)
        row = find_cohort(session, staff.cohort)
        assert row is not None
        planned = schedule_session(
            session, cohort_id=row.id, guide=real_course()[0].sessions[0], starts_at=now(), scheduled_minutes=75,
            break_minutes=0, place="Library", now=now(), by=staff.facilitator.id,
        )  # fmt: skip
        session_id = planned.id
        body = builders.body(session)
        builders.register(session, body, valid_from=date(2026, 1, 1))
        builders.assign(session, body, from_on=date(2026, 1, 1))
    return {
        "kept_post": kept_post, "other_district": world.district("Third Valley Schools").public_id,
        "this_cohort": staff.cohort, "enrollment": staff.enrollment, "reflection": staff.reflection,
        "this_session": str(session_id), "certificate": number, "this_learner": staff.learner.public_id,
        "this_school": staff.school.public_id, "this_district": staff.district.public_id,
        "this_body": str(body),
    }  # fmt: skip


def finish(session: Session, staff: Staff) -> str:
    """Everything done by the person without a cohort; the number of her certificate."""
    course, moment = real_course()[0], now()
    own = enroll(
        session, user_id=staff.stranger.id, course_key=COURSE, version_id=staff.version_id,
        time_zone="America/New_York", now=moment,
    )  # fmt: skip
    for requirement in course.requirements:
        builders.met(session, own.id, staff.version_id, requirement, moment)
        if requirement.kind in ("reflection", "capstone"):
            builders.reviewed(session, own.id, requirement.key, staff.facilitator.id, moment)
    changes = settle(session, [own.id], moment, None, "finished")
    return changes.certificates[0].number


def test_every_endpoint_has_a_policy_and_every_method_a_row(app: Flask) -> None:
    declared = {(row.endpoint, row.method) for row in ROWS}
    served = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - UNTOUCHED
    }
    assert sorted(served - declared) == []
    assert sorted(declared - served) == []
    assert [name for name, view in app.view_functions.items() if not hasattr(view, "access")] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_matrix_says(
    who: str,
    app: Flask,
    stage: dict[str, Person | None],
    ids: dict[str, str],
    sign_in: Callable[[Person], FlaskClient],
) -> None:
    person = stage[who]
    client = app.test_client() if person is None else sign_in(person)
    wrong = []
    for row in sorted(ROWS, key=lambda row: row.endpoint in LAST):
        if row.endpoint == "auth.sign_out":
            continue  # it would end the session of the rows that follow; it has tests of its own
        expected = row.answers.get(who, row.answers.get(..., 0))
        status, location = _ask(app, client, row, ids)
        to_sign_in = expected != 303 or who != "anonymous" or location.startswith("/sign-in")
        if status != expected or not to_sign_in:
            wrong.append(f"{row.method} {row.endpoint}: {status} {location}, not {expected}")
    assert "\n".join(wrong) == ""


def _ask(app: Flask, client: FlaskClient, row: Row, ids: dict[str, str]) -> tuple[int, str]:
    with app.test_request_context():
        path = url_for(row.endpoint, **{name: ids.get(value, value) for name, value in row.arguments.items()})
    answer = client.get(path) if row.method == "GET" else post(client, path, page="/sign-in")
    return answer.status_code, answer.headers.get("Location", "")


def test_an_endpoint_that_declares_no_policy_answers_403(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.get_data(as_text=True)


def test_an_administrator_too_is_kept_from_an_endpoint_without_policy(
    app: Flask, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = sign_in(world.grant(world.person(), "admin"))
    assert client.get("/forgotten").status_code == 403
