"""Joining, signing in and out, sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts import passwords, queries
from lms.accounts.rules import ADDRESS_LIMIT, PAIR_LIMIT
from lms.kernel import clock
from tests.web.conftest import PASSWORD, Person, World, post

SignIn = Callable[[Person], FlaskClient]

NEWCOMER = {
    "name": "Rosa Delgado", "email": "Rosa@Harbor.Example", "password": PASSWORD, "job": "teacher",
    "time_zone": "America/New_York",
}  # fmt: skip


def test_somebody_joins_and_is_signed_in(client: FlaskClient, world: World) -> None:
    answer = post(client, "/account/new", NEWCOMER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/learn")
    assert "Rosa Delgado" in client.get("/profile").get_data(as_text=True)
    with world.reading() as session:
        person = queries.person_by_email(session, "rosa@harbor.example")
        assert person is not None
        assert queries.grants_of(session, person.id) == ()


def test_naming_a_district_waits_for_its_coordinator(client: FlaskClient, world: World) -> None:
    school = world.school(world.district())
    post(client, "/account/new", {**NEWCOMER, "organization": school.public_id})
    page = client.get("/profile").get_data(as_text=True)
    assert "You named <strong>Bridgeway Middle School, Harbor Valley Public Schools</strong>" in page
    with world.reading() as session:
        person = queries.person_by_email(session, "rosa@harbor.example")
        assert person is not None
        assert queries.home_of(session, person.id) is None


def test_joining_goes_back_to_where_one_came_from(client: FlaskClient) -> None:
    answer = post(client, "/account/new", {**NEWCOMER, "next": "/trainings?x=1"})
    assert answer.headers["Location"] == "/trainings?x=1"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x()", "x"],
)
def test_no_link_leads_elsewhere_by_way_of_us(client: FlaskClient, target: str) -> None:
    answer = post(client, "/account/new", {**NEWCOMER, "next": target})
    assert answer.headers["Location"] == "/learn"


def test_one_address_is_one_account(client: FlaskClient, world: World) -> None:
    world.person(email="rosa@harbor.example")
    answer = post(client, "/account/new", NEWCOMER)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "There is an account with this address already" in page
    assert "<title>Error: Create an account" in page


def test_a_form_that_comes_back_keeps_what_was_typed_save_the_password(client: FlaskClient) -> None:
    answer = post(client, "/account/new", {**NEWCOMER, "password": "password1234", "job": "administrator"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "harder to guess" in page
    assert 'value="Rosa Delgado"' in page
    assert 'value="administrator" checked' in page
    assert "password1234" not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": "\u202egro.live"}, "cannot be printed"),
        ({"email": "rosa"}, "name@school.org"),
        ({"job": "principal"}, "Choose your job|Not a valid choice"),
        ({"time_zone": "Mars/Base"}, "Not a valid choice|time zone"),
        ({"organization": "no-such-place"}, "Choose your district or school from the list"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client: FlaskClient, change: dict[str, str], words: str) -> None:
    answer = post(client, "/account/new", {**NEWCOMER, **change})
    assert answer.status_code == 422
    assert any(word in answer.get_data(as_text=True) for word in words.split("|"))


def test_signing_in_opens_ones_own_pages_and_out_closes_them(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    assert client.get("/profile").status_code == 200
    answer = post(client, "/sign-out", page="/profile")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/profile").headers["Location"] == "/sign-in?next=/profile"


def test_signing_out_is_a_button_and_not_a_link(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    assert client.get("/sign-out").status_code == 405
    assert client.get("/profile").status_code == 200


def test_signing_in_goes_where_one_was_going(client: FlaskClient, world: World) -> None:
    person = world.person()
    page = client.get("/profile", follow_redirects=True).get_data(as_text=True)
    assert 'name="next" value="/profile"' in page
    answer = post(client, "/sign-in", {"email": person.email, "password": PASSWORD, "next": "/profile"})
    assert answer.headers["Location"] == "/profile"


def test_an_address_is_found_whatever_its_case(client: FlaskClient, world: World) -> None:
    world.person(email="rosa@harbor.example")
    answer = post(client, "/sign-in", {"email": " ROSA@harbor.example", "password": PASSWORD})
    assert answer.status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_one_answer(client: FlaskClient, world: World) -> None:
    person = world.person()
    wrong = post(client, "/sign-in", {"email": person.email, "password": "not this one"})
    unknown = post(client, "/sign-in", {"email": "nobody@harbor.example", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "The email address or the password is not right" in answer.get_data(as_text=True)


def test_a_person_without_password_cannot_sign_in(client: FlaskClient, world: World) -> None:
    person = world.person(password=None)
    for password in ("", "None", "nobody has this password"):
        assert post(client, "/sign-in", {"email": person.email, "password": password}).status_code == 422


def test_guessing_at_one_account_is_stopped_and_waiting_ends_it(client: FlaskClient, world: World) -> None:
    person = world.person()
    for _ in range(PAIR_LIMIT):
        assert post(client, "/sign-in", {"email": person.email, "password": "guess"}).status_code == 422
    stopped = post(client, "/sign-in", {"email": person.email, "password": PASSWORD})
    assert stopped.status_code == 429
    assert "Wait 15 minutes" in stopped.get_data(as_text=True)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert post(client, "/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 303


def test_guessing_at_one_account_does_not_lock_out_others_or_other_places(app: Flask, world: World) -> None:
    """Else pupils could lock their teacher out from home."""
    person, colleague = world.person(), world.person("Marcus Bell")
    client = app.test_client()
    for _ in range(PAIR_LIMIT + 2):
        post(client, "/sign-in", {"email": person.email, "password": "guess"})
    data = {"email": colleague.email, "password": PASSWORD}
    assert post(client, "/sign-in", data).status_code == 303
    elsewhere = app.test_client()
    data = {"email": person.email, "password": PASSWORD}
    answer = post(elsewhere, "/sign-in", data, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 303


def test_a_school_behind_one_address_has_room(client: FlaskClient, world: World) -> None:
    person = world.person()
    for number in range(60):
        post(client, "/sign-in", {"email": f"typo{number}@harbor.example", "password": "x"})
    assert ADDRESS_LIMIT > 60
    assert post(client, "/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 303


def test_signing_in_right_leaves_no_trace_of_a_failure(client: FlaskClient, world: World) -> None:
    person = world.person()
    for _ in range(PAIR_LIMIT + 3):
        assert post(client, "/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 303
        post(client, "/sign-out", page="/profile")


def test_a_hash_made_with_old_parameters_is_renewed(client: FlaskClient, world: World) -> None:
    from argon2 import PasswordHasher

    person = world.person()
    old = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD)
    with world.writing() as session:
        from lms.accounts.models import User

        session.get_one(User, person.id).password_hash = old
    assert post(client, "/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 303
    with world.reading() as session:
        secret = queries.secret_of(session, person.email)
        assert secret is not None and secret.password_hash != old
        assert passwords.matches(secret.password_hash, PASSWORD)


def test_a_session_ends_when_it_is_not_used(world: World, sign_in: SignIn) -> None:
    """The cookie's own time stamp decides; it is renewed while somebody works."""
    client = sign_in(world.person())
    cookie = client.get_cookie("lms")
    assert cookie is not None and cookie.expires is not None
    left = cookie.expires - clock.now()
    assert timedelta(hours=11, minutes=55) < left <= timedelta(hours=12)
    client.get("/profile")
    quiet = client.get("/profile")
    assert "Set-Cookie" not in quiet.headers
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert "lms=" in client.get("/profile").headers["Set-Cookie"]


def test_an_ended_session_leads_to_sign_in_and_back(app: Flask, world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    client.delete_cookie("lms")
    answer = client.get("/profile/license?x=1")
    assert answer.headers["Location"] == "/sign-in?next=/profile/license?x%3D1"


def test_a_script_learns_that_the_session_has_ended(client: FlaskClient) -> None:
    answer = client.get("/profile", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json() == {"error": "signed_out", "sign_in": "/sign-in"}


def test_a_forged_or_foreign_cookie_signs_nobody_in(app: Flask, world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    cookie = client.get_cookie("lms")
    assert cookie is not None
    forged = app.test_client()
    for value in (cookie.value[:-2] + "xx", "garbage", "", "." * 50, "eyJfdXNlcl9pZCI6IjEuMSJ9.x.y"):
        forged.set_cookie("lms", value)
        assert forged.get("/profile").status_code == 303
