"""The administration: districts, roles, awarding bodies; for administrators alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.accounts import links
from lms.kernel.clock import now
from lms.records.administration import awarding_bodies
from tests.web.conftest import Person, World, post

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
    assert (body.type, body.assignments[0][0]) == ("district", district.name)


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
