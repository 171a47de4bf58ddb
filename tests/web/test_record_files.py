"""Files of a district's records: who may pull them, what is in them, and that each pull is noted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel.audit import AuditDetail, AuditEvent
from tests import builders as b
from tests.web.conftest import Person, World
from tests.web.staff import Staff, build_staff
from tests.web.test_access import finish

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


def pulls(staff: Staff) -> list[tuple[str, int, object]]:
    with staff.world.reading() as session:
        rows = session.execute(
            select(AuditEvent.action, AuditEvent.organization_id, AuditDetail.after)
            .join(
                AuditDetail,
                (AuditDetail.organization_id == AuditEvent.organization_id)
                & (AuditDetail.stream == AuditEvent.stream)
                & (AuditDetail.sequence == AuditEvent.sequence),
            )
            .where(AuditEvent.action.in_(("records.exported", "roster.exported")))
            .order_by(AuditEvent.sequence)
        )
        return [(action, place, dict(after)) for action, place, after in rows]


@pytest.mark.parametrize(("ppid", "why"), [("1234567", ""), ("12-34", "not in its usual form")])
def test_hours_for_perms_are_shown_with_who_is_left_out_and_the_file_has_the_others(
    staff: Staff, sign_in: SignIn, ppid: str, why: str
) -> None:
    with staff.world.writing() as session:
        body = b.body(session, "district", ["US-PA"])
        b.assign(session, body, "organization", staff.district.id)
        b.license(session, staff.stranger.id, "PA", ppid)
        number = finish(session, staff)
    client = sign_in(staff.coordinator)
    assert "hours for PERMS" in client.get("/coordinate/records").get_data(as_text=True)
    page = client.get("/coordinate/records/perms").get_data(as_text=True)
    assert "Check against your PERMS template" in page
    assert (why in page and number in page) if why else "1 row is ready." in page
    lines = client.get("/coordinate/records/perms.csv").get_data(as_text=True).splitlines()
    assert lines[0].startswith("PPID,Last name,First name")
    assert [line.split(",")[:4] for line in lines[1:]] == (
        [] if why else [["1234567", "Chea", "Sokha", "creating-connections"]]
    )
    rows = {"format": "perms", "filter": {}, "rows": len(lines) - 1}
    assert pulls(staff) == [("records.exported", staff.district.id, rows)]
    others = sign_in(staff.other_coordinator)
    assert len(others.get("/coordinate/records/perms.csv").get_data(as_text=True).splitlines()) == 1
    assert number not in others.get("/coordinate/records/perms").get_data(as_text=True)


def test_a_summary_names_nobody_tells_no_small_group_and_is_noted(staff: Staff, sign_in: SignIn) -> None:
    with staff.world.writing() as session:
        finish(session, staff)
    text = sign_in(staff.coordinator).get("/coordinate/records/summary.csv").get_data(as_text=True)
    head, line = text.splitlines()
    assert head == "District,School,Job,School year,Staff,Contact hours"
    assert line.endswith(",fewer than 5,") and "Sokha" not in text
    assert pulls(staff)[0][2] == {"format": "summary", "filter": {}, "rows": 1}


@pytest.mark.parametrize("file", ["perms", "perms.csv", "summary.csv"])
def test_a_filter_that_cannot_be_understood_gives_no_file_at_all(
    staff: Staff, sign_in: SignIn, file: str
) -> None:
    answer = sign_in(staff.coordinator).get(f"/coordinate/records/{file}?from=soon")
    assert (answer.status_code, answer.location) == (303, "/coordinate/records?from=soon")
    assert pulls(staff) == []


def test_state_ids_stand_in_the_roster_for_who_may_export_records(staff: Staff, sign_in: SignIn) -> None:
    with staff.world.writing() as session:
        b.license(session, staff.learner.id, "MA", "01234567")
    at = f"/facilitate/cohorts/{staff.cohort}"
    plain = sign_in(staff.facilitator)
    assert "With state ids" not in plain.get(at).get_data(as_text=True)
    assert "01234567" not in plain.get(f"{at}/progress.csv").get_data(as_text=True)
    assert plain.get(f"{at}/progress.csv?ids=1").status_code == 404
    client = sign_in(staff.coordinator)
    assert "With state ids" in client.get(at).get_data(as_text=True)
    assert "MA 01234567" in client.get(f"{at}/progress.csv?ids=1").get_data(as_text=True)
    noted = [(action, after) for action, _, after in pulls(staff)]
    assert noted == [
        ("roster.exported", {"state_ids": False, "rows": 1}),
        ("roster.exported", {"state_ids": True, "rows": 1}),
    ]
