"""The administration: districts, roles, awarding bodies; for administrators alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import links
from lms.credit import bodies
from lms.credit.authority import read_bodies
from lms.kernel.audit import AuditEvent
from lms.kernel.clock import now
from lms.records.awarding_bodies import awarding_bodies
from tests import builders
from tests.web.conftest import Person, World, post
from tests.web.staff import build_staff

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.grant(world.person("Ada Admin"), "admin"))


def test_only_an_administrator_gets_in(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.person()).get("/manage").status_code == 403


def test_a_district_and_its_school_are_added(world: World, admin: FlaskClient) -> None:
    form = {"name": "Harbor Valley", "district": "", "time_zone": "America/New_York"}
    assert post(admin, "/manage/organizations/new", form).status_code == 303
    with world.reading() as session:
        from lms.accounts.queries import organizations

        district = organizations(session)[0]
    school = {"name": "Tidewater Middle", "district": district.public_id, "time_zone": "America/New_York"}
    assert post(admin, "/manage/organizations/new", school).status_code == 303
    assert "School in Harbor Valley." in admin.get("/manage").get_data(as_text=True)


def test_a_district_s_mail_domains_are_set_and_confirm_who_proves_an_address_there(
    world: World, admin: FlaskClient, sign_in: SignIn
) -> None:
    district = world.district()
    path = f"/manage/organizations/{district.public_id}/mail-domains"
    assert f'href="{path}"' in admin.get("/manage").get_data(as_text=True)
    assert post(admin, path, {"mail_domains": " @Harbor.example, staff.harbor.example "}).status_code == 303
    assert "Mail at harbor.example or staff.harbor.example confirms" in admin.get("/manage").get_data(
        as_text=True
    )
    person = world.person("Ida New", email="ida@harbor.example")
    with world.writing() as session:
        token = links.make_mail_link(session, user_id=person.id, now=now())
    client = sign_in(person)
    assert post(client, f"/mail/{token}").status_code == 303
    assert "You belong to <strong>Harbor Valley" in client.get("/profile").get_data(as_text=True)
    assert post(admin, path, {"mail_domains": ""}).status_code == 303
    assert "confirms" not in admin.get("/manage").get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("not a domain", "Write each domain like harborvalley.org"),
        ("gmail.com", "Anybody may have an address there"),
        ("other.example", "belongs to another district"),
        ("x" * 1001, "1000 characters"),
    ],
)
def test_a_mail_domain_that_cannot_be_says_why(
    world: World, admin: FlaskClient, typed: str, words: str
) -> None:
    world.district("Other Valley", domains=("other.example",))
    path = f"/manage/organizations/{world.district().public_id}/mail-domains"
    answer = post(admin, path, {"mail_domains": typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in page and typed in page


def test_a_school_has_no_mail_domains_of_its_own(world: World, admin: FlaskClient) -> None:
    school = world.school(world.district())
    assert admin.get(f"/manage/organizations/{school.public_id}/mail-domains").status_code == 404


def test_a_role_is_given_and_taken_away(world: World, admin: FlaskClient) -> None:
    person, district = world.person("Carla Nunes"), world.district()
    form = {"email": person.email, "role": "coordinator", "organization": district.public_id}
    assert post(admin, "/manage/roles/new", form).status_code == 303
    assert "Carla Nunes" in admin.get("/manage").get_data(as_text=True)
    gone = {"user": person.email, "role": "coordinator", "scope": district.public_id}
    assert post(admin, "/manage/roles/take-away", gone, page="/manage").status_code == 303
    assert "Carla Nunes" not in admin.get("/manage").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "nobody@nowhere.example"}, "no account with this address"),
        ({"organization": ""}, "Choose a district or school"),
        ({"role": "king"}, "Not a valid choice"),
    ],
)
def test_a_role_that_cannot_be_given_says_why(
    world: World, admin: FlaskClient, change: dict[str, str], words: str
) -> None:
    person, district = world.person("Carla Nunes"), world.district()
    form = {"email": person.email, "role": "coordinator", "organization": district.public_id, **change}
    answer = post(admin, "/manage/roles/new", form)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)


def test_nobody_takes_their_own_last_key(world: World, admin: FlaskClient) -> None:
    gone = {"user": world.made[0].email, "role": "admin", "scope": ""}
    assert post(admin, "/manage/roles/take-away", gone, page="/manage").status_code == 422
    assert admin.get("/manage").status_code == 200


def test_an_awarding_body_signs_for_a_district_from_a_day_on(world: World, admin: FlaskClient) -> None:
    district = world.district()
    form = {
        "name": "Harbor Valley Public Schools", "type": "district", "jurisdiction": "US-MA",
        "signatory_name": "Dr. June Park", "signatory_title": "Superintendent", "registration": "",
        "organization": district.public_id, "from_on": "2026-09-01",
    }  # fmt: skip
    assert post(admin, "/manage/awarding-bodies/new", form).status_code == 303
    with world.reading() as session:
        (body,) = awarding_bodies(session)
    assert (body.type, body.assignments[0].place) == ("district", district.name)


def test_a_registration_that_ends_before_it_begins_is_refused(world: World, admin: FlaskClient) -> None:
    form = {
        "name": "A provider", "type": "registered_provider", "jurisdiction": "US-MA", "signatory_name": "A",
        "signatory_title": "B", "registration": "R-1", "valid_from": "2026-09-01", "valid_to": "2026-01-01",
        "organization": "", "from_on": "2026-09-01",
    }  # fmt: skip
    answer = post(admin, "/manage/awarding-bodies/new", form)
    assert answer.status_code == 422
    assert "The last day lies before the first" in answer.get_data(as_text=True)
    with world.reading() as session:
        assert awarding_bodies(session) == ()


# ── One awarding body ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def provider(world: World) -> int:
    return make_provider(world)


def make_provider(world: World) -> int:
    """A provider registered in Massachusetts from 2020 on, signing for the whole site."""
    with world.writing() as session:
        number = builders.body(session, "registered_provider", name="Tide Institute")
        builders.register(session, number)
        builders.assign(session, number)
    return number


REGISTER = "/manage/awarding-bodies/{}/registrations/new"
RENEWAL = {
    "jurisdiction": "US-MA", "number": "R-2", "valid_from": "2026-07-01", "valid_to": "2031-06-30",
    "evidence": "Letter of May 3",
}  # fmt: skip
ENDED = "/manage/awarding-bodies/{}/registrations/US-MA/{}/end"


def test_a_registration_is_renewed_and_extended_to_another_state(
    world: World, admin: FlaskClient, provider: int
) -> None:
    other = {**RENEWAL, "jurisdiction": "US-NY", "number": "NY 77", "valid_to": ""}
    for form in (RENEWAL, other):
        assert post(admin, REGISTER.format(provider), form).status_code == 303
    with world.reading() as session:
        (row,) = awarding_bodies(session)
    assert row.states == ("US-MA", "US-NY")
    assert [(e.number, str(e.term.first), str(e.term.last)) for e in row.registrations] == [
        ("R-1", "2020-01-01", "2026-06-30"), ("R-2", "2026-07-01", "2031-06-30"), ("NY 77", "2026-07-01", "None"),
    ]  # fmt: skip
    page = admin.get(f"/manage/awarding-bodies/{provider}").get_data(as_text=True)
    assert "Letter of May 3" in page and "First without end" in page and "New York, NY 77" in page


def test_a_registration_that_ended_early_can_begin_anew_on_the_next_day(
    world: World, admin: FlaskClient, provider: int
) -> None:
    assert post(admin, ENDED.format(provider, "2020-01-01"), {"last_on": "2026-06-30"}).status_code == 303
    assert post(admin, REGISTER.format(provider), RENEWAL).status_code == 303
    with world.reading() as session:
        held = read_bodies(session, {provider})[provider]
        trail = session.scalars(select(AuditEvent.action)).all()
    numbers = [
        found.number if (found := held.registration("US-MA", day)) and found.valid(day) else None
        for day in (date(2026, 6, 30), date(2026, 7, 1), date(2031, 7, 1))
    ]
    assert numbers == ["R-1", "R-2", None]
    assert {"awarding_body.registration_ended", "awarding_body.registered"} <= set(trail)


def test_what_was_entered_by_mistake_is_taken_back_whole(
    world: World, admin: FlaskClient, provider: int
) -> None:
    assert post(admin, ENDED.format(provider, "2020-01-01"), {"last_on": "2019-12-31"}).status_code == 303
    with world.reading() as session:
        (row,) = awarding_bodies(session)
    assert row.registrations == ()
    assert post(admin, ENDED.format(provider, "2020-01-01"), {"last_on": "2020-01-31"}).status_code == 404
    assert post(admin, REGISTER.format(provider), {**RENEWAL, "valid_from": "2020-01-01"}).status_code == 303


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"valid_from": "2020-01-01"}, "A registration begins there on this day"),
        ({"valid_to": "2026-06-01"}, "The last day lies before the first"),
        ({"valid_to": "9999-12-31"}, "Look at the year of this day again"),
        ({"number": " "}, "Enter the registration number"),
        ({"jurisdiction": "US-ZZ"}, "Not a valid choice"),
    ],
)
def test_a_registration_that_cannot_be_says_why(
    admin: FlaskClient, provider: int, change: dict[str, str], words: str
) -> None:
    answer = post(admin, REGISTER.format(provider), RENEWAL | change)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)


def test_two_who_enter_the_same_day_at_once_are_told_apart(
    admin: FlaskClient, provider: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_registrations", lambda *_: [])  # what both saw before either wrote
    answer = post(admin, REGISTER.format(provider), {**RENEWAL, "valid_from": "2020-01-01"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("last_on", "words"),
    [
        ("", "Enter the last day"),
        ("2019-12-30", "Choose a day from the first on"),
        ("0001-01-01", "Look at the year of this day again"),
    ],
)
def test_an_end_that_cannot_be_says_why(admin: FlaskClient, provider: int, last_on: str, words: str) -> None:
    answer = post(admin, ENDED.format(provider, "2020-01-01"), {"last_on": last_on})
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)


def test_an_end_after_the_last_day_is_refused(admin: FlaskClient, provider: int) -> None:
    assert post(admin, REGISTER.format(provider), RENEWAL).status_code == 303
    answer = post(admin, ENDED.format(provider, "2026-07-01"), {"last_on": "2031-06-30"})
    assert answer.status_code == 422 and "It ends on this day or before it already" in answer.get_data(True)


def test_a_body_signs_for_a_district_or_a_cohort_between_two_days_and_no_longer(
    world: World, sign_in: SignIn
) -> None:
    staff = build_staff(world)
    admin, provider = sign_in(staff.admin), make_provider(world)
    district, path = staff.district, f"/manage/awarding-bodies/{provider}/signs-for"
    for scope in (f"organization:{district.public_id}", f"cohort:{staff.cohort}"):
        form = {"scope": scope, "from_on": "2026-09-01", "to_on": "2027-06-30"}
        assert post(admin, f"{path}/new", form).status_code == 303
        refused = post(admin, f"{path}/new", form)
        assert "A body begins to sign here on this day" in refused.get_data(as_text=True)
    overview = admin.get("/manage").get_data(as_text=True)
    assert f"{district.name} from September 1, 2026 to June 30, 2027" in overview
    end = f"{path}/organization/{district.id}/2026-09-01/end"
    assert post(admin, end, {"last_on": "2026-12-31"}).status_code == 303
    with world.reading() as session:
        (row,) = awarding_bodies(session)
    assert {(e.scope_kind, str(e.term.first), str(e.term.last)) for e in row.assignments} == {
        ("site", "2020-01-01", "None"),
        ("organization", "2026-09-01", "2026-12-31"),
        ("cohort", "2026-09-01", "2027-06-30"),
    }


def test_two_bodies_never_have_one_name(admin: FlaskClient, provider: int) -> None:
    form = {
        "name": "Tide Institute", "type": "district", "jurisdiction": "US-MA", "signatory_name": "A",
        "signatory_title": "B", "registration": "", "organization": "", "from_on": "2026-09-01",
    }  # fmt: skip
    answer = post(admin, "/manage/awarding-bodies/new", form)
    assert answer.status_code == 422 and "There is a body of this name" in answer.get_data(as_text=True)
