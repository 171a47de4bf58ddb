"""A live session that was mistyped can be mended until it counts, and a join code that went too far can be renewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.cohorts.models import CohortSession
from lms.cohorts.queries import SessionRow, cohort_by_code, cohort_session
from lms.cohorts.queries import cohort as find_cohort
from lms.credit.queries import contact_minutes
from lms.kernel.audit import AuditEvent
from lms.kernel.clock import now
from tests.web.conftest import Person, post
from tests.web.staff import Staff
from tests.web.test_facilitate import dated, mark, staff

__all__ = ["staff"]

SignIn = Callable[[Person], FlaskClient]


def address(staff: Staff, number: int) -> str:
    return f"/facilitate/cohorts/{staff.cohort}/sessions/{number}"


def change(staff: Staff, client: FlaskClient, number: int, **typed: str) -> TestResponse:
    """Send the form as the page has it, except for what is typed."""
    planned = stands(staff, number)
    local = planned.starts_at.astimezone(ZoneInfo("America/New_York"))
    form = {
        "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "minutes": str(planned.scheduled_minutes),
        "break_minutes": str(planned.break_minutes), "place": planned.place,
    }  # fmt: skip
    return post(client, address(staff, number), form | typed)


def stands(staff: Staff, number: int) -> SessionRow:
    with staff.world.reading() as session:
        planned = cohort_session(session, number)
        assert planned is not None
        return planned


def trail(staff: Staff, action: str) -> list[AuditEvent]:
    with staff.world.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_the_page_has_the_session_s_form_filled_in(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    assert address(staff, number) in client.get(f"/facilitate/cohorts/{staff.cohort}").get_data(as_text=True)
    page = client.get(address(staff, number)).get_data(as_text=True)
    for value in (f"{now() - timedelta(days=1):%Y-%m-%d}", "15:30", "75", "5", "Library"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize("who", ["facilitator", "coordinator"])
def test_a_mistyped_session_is_mended_and_the_trail_says_so(staff: Staff, sign_in: SignIn, who: str) -> None:
    number = dated(staff, sign_in(staff.facilitator))
    person = getattr(staff, who)
    day = f"{now() + timedelta(days=3):%Y-%m-%d}"
    typed = {"day": day, "time": "09:15", "minutes": "60", "break_minutes": "0", "place": "Room 4"}
    assert change(staff, sign_in(person), number, **typed).status_code == 303
    planned = stands(staff, number)
    local = planned.starts_at.astimezone(ZoneInfo("America/New_York"))
    assert f"{local:%Y-%m-%d %H:%M}" == f"{day} 09:15"
    assert (planned.scheduled_minutes, planned.break_minutes, planned.place) == (60, 0, "Room 4")
    (entry,) = trail(staff, "session:change")
    assert entry.actor_id == person.id and entry.subject == f"cohort_sessions:{number}"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": ""}, "Choose a day"),
        ({"minutes": "0"}, "Write minutes between 1 and 720"),
        ({"day": "9999-12-31", "time": "23:30"}, "Look at the year of this day again"),
        ({"break_minutes": "75"}, "The breaks take as long as the session"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_what_was_typed_stays(
    staff: Staff, sign_in: SignIn, typed: dict[str, str], words: str
) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    before = stands(staff, number)
    answer = change(staff, client, number, place="Room 4", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in page and 'value="Room 4"' in page
    assert stands(staff, number) == before


@pytest.mark.parametrize(
    "typed",
    [
        {"time": "16:00"},
        {"minutes": "90"},
        {"break_minutes": "0"},
        {"day": "2026-01-05"},
        {"place": "Room 4"},
        {"day": ""},
        {"break_minutes": "75"},
    ],
)
def test_once_somebody_is_marked_nothing_changes(
    staff: Staff, sign_in: SignIn, typed: dict[str, str]
) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    mark(staff, client, number, "15:30", "16:45")
    before = stands(staff, number)
    shown = client.get(address(staff, number)).get_data(as_text=True)
    assert "correct the attendance" in shown and "Library." in shown and "Save" not in shown
    refused = change(staff, client, number, **typed)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "Attendance is recorded by now" in page
    assert "day, time, minutes and place stay as they are" in page and "Save" not in page
    assert stands(staff, number) == before
    with staff.world.reading() as session:
        assert contact_minutes(session, [staff.enrollment_id]) == {staff.enrollment_id: 70}


def test_a_session_that_begins_between_two_minutes_keeps_its_moment(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    with staff.world.writing() as session:
        session.get_one(CohortSession, number).starts_at += timedelta(seconds=27)
    before = stands(staff, number)
    assert change(staff, client, number, place="Room 4").status_code == 303
    assert stands(staff, number).starts_at == before.starts_at


def test_a_session_of_another_cohort_is_not_changed(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    assert client.get(f"/facilitate/cohorts/nowhere/sessions/{number}").status_code == 404
    assert client.get(address(staff, 999)).status_code == 404
    assert sign_in(staff.learner).get(address(staff, number)).status_code == 404


def test_a_number_that_no_database_holds_is_not_found(staff: Staff, sign_in: SignIn) -> None:
    client, much = sign_in(staff.facilitator), 10**40
    for path in (
        address(staff, much), f"{address(staff, much)}/attendance",
        f"/reviews/{staff.enrollment}/{staff.reflection}/{much}",
    ):  # fmt: skip
        assert client.get(path).status_code == 404


def test_a_closed_cohort_stays_as_it_is(staff: Staff, sign_in: SignIn) -> None:
    client, page = sign_in(staff.coordinator), f"/facilitate/cohorts/{staff.cohort}"
    number = dated(staff, client)
    post(client, f"{page}/close", page=page)
    shown = client.get(page).get_data(as_text=True)
    assert address(staff, number) not in shown.replace("/attendance", "") and "New join code" not in shown
    refused = change(staff, client, number, place="Room 4")
    assert refused.status_code == 422 and "This cohort is closed" in refused.get_data(as_text=True)
    assert post(client, f"{page}/join-code", page="/coordinate").status_code == 303
    assert "nobody joins it any more" in client.get(page).get_data(as_text=True)
    assert not trail(staff, "cohort:renew_join_code")


def test_a_new_join_code_ends_the_old_one_and_nobody_s_membership(staff: Staff, sign_in: SignIn) -> None:
    client, page = sign_in(staff.facilitator), f"/facilitate/cohorts/{staff.cohort}"
    with staff.world.reading() as session:
        before = find_cohort(session, staff.cohort)
        assert before is not None and before.join_code
    assert f'ends <strong class="code">{before.join_code}</strong> at once' in client.get(page).get_data(
        as_text=True
    )
    assert post(client, f"{page}/join-code", page=page).status_code == 303
    with staff.world.reading() as session:
        after = find_cohort(session, staff.cohort)
        assert after is not None and after.join_code and after.join_code != before.join_code
        assert after.members == before.members == 1
        assert cohort_by_code(session, before.join_code) is None
    shown = client.get(page).get_data(as_text=True)
    assert f"The new join code is {after.join_code}" in shown and before.join_code not in shown
    (entry,) = trail(staff, "cohort:renew_join_code")
    assert entry.actor_id == staff.facilitator.id
