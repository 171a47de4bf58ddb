"""Who learns with a cohort: nobody loses a step by joining it, and who joined by mistake is taken out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import select

from lms.actions import learn
from lms.actions.learn_cohorts import join_by_code
from lms.cohorts.models import Cohort
from lms.cohorts.queries import cohort as find_cohort
from lms.completion.queries import snapshot
from lms.courses.services import import_version
from lms.credit.queries import contact_minutes
from lms.credit.services import settle
from lms.enrollments.models import Enrollment
from lms.enrollments.queries import current_enrollment
from lms.kernel.audit import AuditEvent
from lms.kernel.clock import now
from tests import builders
from tests.web.conftest import Person, World, post
from tests.web.staff import COURSE, Staff, build_staff, real_course
from tests.web.test_facilitate import dated, mark

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


def take_out_path(staff: Staff) -> str:
    return f"/facilitate/cohorts/{staff.cohort}/people/{staff.enrollment}/take-out"


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────


def test_who_joins_learns_with_the_cohort_s_version_unless_a_step_would_be_taken_back(staff: Staff) -> None:
    course, files = real_course()
    harder = tuple(replace(each, level="strong" if each.level else None) for each in course.requirements)
    code = ""
    reflection = next(each for each in course.requirements if each.kind == "reflection")
    done, fresh = staff.acting(staff.stranger), staff.acting(staff.world.person("Ben Fresh"))
    with staff.world.app.app_context():
        learn.enroll(done, COURSE)
        learn.enroll(fresh, COURSE)
    with staff.world.writing() as session:
        own = current_enrollment(session, done.user_id, COURSE)
        assert own is not None
        builders.met(session, own.id, staff.version_id, reflection, now())
        builders.reviewed(session, own.id, reflection.key, staff.facilitator.id, now())
        settle(session, [own.id], now(), None, "accepted")
        newer = import_version(
            session, replace(course, requirements=harder, digest="f" * 64), files.files, now()
        )
        session.flush()
        cohort = session.scalars(select(Cohort).where(Cohort.public_id == staff.cohort)).one()
        cohort.version_id, code, version_id = newer.id, cohort.join_code or "", newer.id
    with staff.world.app.app_context():
        join_by_code(done, code)
        join_by_code(fresh, code)
    with staff.world.reading() as session:
        kept, moved = (current_enrollment(session, who.user_id, COURSE) for who in (done, fresh))
        assert kept is not None and moved is not None
        assert kept.cohort_id == moved.cohort_id is not None
        assert (kept.version_id, moved.version_id) == (staff.version_id, version_id)
        standing = snapshot(session, kept.id)
        assert standing is not None and standing.done == 1


# ── Taking out ───────────────────────────────────────────────────────────────────────────────────


def test_the_page_says_what_stays_before_anything_happens(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    path = take_out_path(staff)
    assert f'href="{path}"' in client.get(path.removesuffix("/take-out")).get_data(as_text=True)
    page = client.get(path).get_data(as_text=True)
    assert "Take Rosa Delgado out of this cohort?" in page and "Nothing that Rosa did is lost" in page
    with staff.world.reading() as session:
        assert session.get_one(Enrollment, staff.enrollment_id).cohort_id is not None


def test_who_is_taken_out_keeps_the_enrollment_the_minutes_and_the_text(
    staff: Staff, sign_in: SignIn
) -> None:
    client = sign_in(staff.facilitator)
    mark(staff, client, dated(staff, client), "15:30", "16:45")
    with staff.world.reading() as session:
        before = contact_minutes(session, [staff.enrollment_id])
    for _ in range(2):  # the second click changes nothing
        sent = post(client, take_out_path(staff), page="/help")
        assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "Rosa Delgado is out of the cohort" in page and "Nobody has joined yet" in page
    assert "0 of 0 marked" in page
    assert client.get(take_out_path(staff)).status_code == 404
    with staff.world.reading() as session:
        row = session.get_one(Enrollment, staff.enrollment_id)
        assert (row.state, row.cohort_id) == ("active", None)
        assert contact_minutes(session, [staff.enrollment_id]) == before == {staff.enrollment_id: 70}
        cohort = find_cohort(session, staff.cohort)
        assert cohort is not None
    with staff.world.app.app_context():
        join_by_code(staff.acting(staff.learner), cohort.join_code or "")
    with staff.world.reading() as session:
        told = select(AuditEvent.action).where(AuditEvent.subject == f"enrollments:{staff.enrollment_id}")
        said = [each for each in session.scalars(told.order_by(AuditEvent.sequence)) if "cohort" in each]
        assert said == ["cohort:join", "cohort:leave", "cohort:join"]


def test_an_attendance_rule_no_longer_holds_for_who_is_out(staff: Staff, sign_in: SignIn) -> None:
    with staff.world.writing() as session:
        row = find_cohort(session, staff.cohort)
        assert row is not None
        session.get_one(Cohort, row.id).required_minutes = 60
        settle(session, [staff.enrollment_id], now(), None, "a rule")
    assert post(sign_in(staff.facilitator), take_out_path(staff)).status_code == 303
    with staff.world.reading() as session:
        standing = snapshot(session, staff.enrollment_id)
        assert standing is not None and standing.needed == len(real_course()[0].requirements)


def test_who_has_finished_stays(staff: Staff, sign_in: SignIn) -> None:
    with staff.world.writing() as session:
        session.get_one(Enrollment, staff.enrollment_id).state = "completed"
    client = sign_in(staff.facilitator)
    path = take_out_path(staff)
    assert "take-out" not in client.get(path.removesuffix("/take-out")).get_data(as_text=True)
    for ask in (lambda: client.get(path), lambda: post(client, path, page="/help")):
        page = client.get(ask().headers["Location"]).get_data(as_text=True)
        assert "Who has finished stays in the cohort" in page and "Rosa Delgado" in page
