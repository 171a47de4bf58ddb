"""One-use links and invitations: once, in time, by the right person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts import links, queries
from lms.actions import accounts
from lms.kernel import clock
from lms.kernel.errors import RuleBroken
from lms.web import mail
from tests.web.conftest import PASSWORD, Person, Place, World, post

SignIn = Callable[[Person], FlaskClient]
NEW = "violet engine harvest moon"


def password_link(world: World, person: Person) -> str:
    with world.writing() as session:
        return f"/password/{links.make_password_link(session, user_id=person.id, now=clock.now(), by=None)}"


def invitation(world: World, place: Place, email: str, **offer: str) -> str:
    with world.writing() as session:
        _, token = links.invite(
            session, organization_id=place.id, email=email, now=clock.now(), by=None, **offer
        )
        return f"/invitations/{token}"


# ── Passwords ────────────────────────────────────────────────────────────────────────────────────


def test_a_link_sets_a_password_once(client: FlaskClient, app: Flask, world: World) -> None:
    person = world.person()
    link = password_link(world, person)
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert post(client, link, {"password": NEW}).status_code == 303
    assert client.get("/profile").status_code == 200
    again = app.test_client()
    assert again.get(link).status_code == 410
    assert post(again, link, {"password": "another one entirely"}, page="/sign-in").status_code == 410
    assert post(again, "/sign-in", {"email": person.email, "password": NEW}).status_code == 303


def test_a_new_password_ends_all_sessions(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    person = world.person()
    stolen = sign_in(person)
    post(client, password_link(world, person), {"password": NEW})
    assert stolen.get("/profile").status_code == 303


def test_a_link_dies_after_a_day_and_when_a_newer_one_is_made(client: FlaskClient, world: World) -> None:
    person = world.person()
    first = password_link(world, person)
    second = password_link(world, person)
    assert client.get(first).status_code == 410
    with clock.at(clock.now() + timedelta(hours=23)):
        assert client.get(second).status_code == 200
    with clock.at(clock.now() + timedelta(hours=25)):
        assert client.get(second).status_code == 410
        assert post(client, second, {"password": NEW}, page="/sign-in").status_code == 410


def test_a_link_dies_when_the_password_is_changed_without_it(
    client: FlaskClient, world: World, sign_in: SignIn
) -> None:
    person = world.person()
    link = password_link(world, person)
    changed = post(sign_in(person), "/profile/password", {"old": PASSWORD, "password": NEW})
    assert changed.status_code == 303
    assert client.get(link).status_code == 410


def test_an_easy_password_is_refused_and_the_link_stays_good(client: FlaskClient, world: World) -> None:
    link = password_link(world, world.person())
    answer = post(client, link, {"password": "password123"})
    assert answer.status_code == 422
    assert "harder to guess" in answer.get_data(as_text=True)
    assert post(client, link, {"password": NEW}).status_code == 303


def test_a_link_ends_the_wait_after_too_many_tries(client: FlaskClient, app: Flask, world: World) -> None:
    person = world.person()
    for _ in range(10):
        post(client, "/sign-in", {"email": person.email, "password": "guess"})
    post(client, password_link(world, person), {"password": NEW})
    data = {"email": person.email, "password": NEW}
    assert post(app.test_client(), "/sign-in", data).status_code == 303


def test_without_mail_the_page_says_who_can_give_a_link(client: FlaskClient) -> None:
    page = client.get("/password/forgot").get_data(as_text=True)
    assert "The PD coordinator of your district or school" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]


def test_with_mail_a_link_is_sent_and_the_page_says_the_same_to_everybody(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    app.extensions["lms"] = replace(
        app.extensions["lms"], mail_server="smtp://mail.example", mail_from="site@harbor.example"
    )
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(mail, "_send", lambda to, subject, text: sent.append((to, text)))
    person, client = world.person(), app.test_client()
    known = post(client, "/password/forgot", {"email": person.email})
    unknown = post(client, "/password/forgot", {"email": "nobody@harbor.example"})
    assert known.headers["Location"] == unknown.headers["Location"] == "/password/forgot?sent=1"
    assert [to for to, _ in sent] == [person.email]
    link = next(word for word in sent[0][1].split() if "/password/" in word)
    assert post(client, link.replace("http://localhost", ""), {"password": NEW}).status_code == 303


def test_the_first_administrator_comes_by_a_link(client: FlaskClient, app: Flask, world: World) -> None:
    with app.app_context():
        token = accounts.add_person(
            email="ana@harbor.example", name="Ana Ferreira", job="administrator",
            time_zone="America/New_York", role="admin",
        )  # fmt: skip
    assert post(client, f"/password/{token}", {"password": NEW}).status_code == 303
    with world.reading() as session:
        person = queries.person_by_email(session, "ana@harbor.example")
        assert person is not None
        assert [grant.role for grant in queries.grants_of(session, person.id)] == ["admin"]


def test_changing_ones_password_asks_for_the_present_one(world: World, sign_in: SignIn) -> None:
    person = world.person()
    client, elsewhere = sign_in(person), sign_in(person)
    wrong = post(client, "/profile/password", {"old": "not it at all", "password": NEW})
    assert wrong.status_code == 422
    assert post(client, "/profile/password", {"old": PASSWORD, "password": NEW}).status_code == 303
    assert client.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303


# ── Invitations ──────────────────────────────────────────────────────────────────────────────────


def test_an_invitation_makes_an_account_that_belongs(client: FlaskClient, world: World) -> None:
    district = world.district()
    link = invitation(world, district, "Ida@Harbor.example", name="Ida Wells")
    page = client.get(link).get_data(as_text=True)
    assert "Harbor Valley Public Schools invites you" in page and 'value="Ida Wells"' in page
    data = {"name": "Ida B. Wells", "password": NEW, "job": "teacher", "time_zone": "America/Chicago"}
    assert post(client, link, {**data, "email": "mallory@evil.example"}).status_code == 303
    with world.reading() as session:
        person = queries.person_by_email(session, "ida@harbor.example")
        assert person is not None and person.name == "Ida B. Wells"
        home = queries.home_of(session, person.id)
        assert home is not None and home.id == district.id
        assert queries.person_by_email(session, "mallory@evil.example") is None
    assert client.get(link).status_code == 410


def test_an_invitation_is_for_its_address_alone(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    link = invitation(world, world.district(), "ida@harbor.example")
    answer = post(client, link)
    assert answer.status_code == 422
    assert "This invitation is for another email address" in answer.get_data(as_text=True)


def test_an_invitation_to_somebody_with_an_account_asks_to_sign_in(client: FlaskClient, world: World) -> None:
    person = world.person()
    there = world.district("Old Valley")
    world.belongs(person, there)
    link = invitation(world, world.district(), person.email)
    page = client.get(link).get_data(as_text=True)
    assert "Sign in to accept" in page
    data = {"name": "X", "password": NEW, "job": "teacher", "time_zone": "America/Chicago"}
    assert post(client, link, data, page="/sign-in").status_code == 422
    post(client, "/sign-in", {"email": person.email, "password": PASSWORD})
    assert post(client, link).status_code == 303
    with world.reading() as session:
        home = queries.home_of(session, person.id)
        assert home is not None and home.name == "Harbor Valley Public Schools"


def test_inviting_again_renews_the_invitation_and_kills_the_old_link(
    client: FlaskClient, world: World
) -> None:
    district = world.district()
    first = invitation(world, district, "ida@harbor.example")
    second = invitation(world, district, "ida@harbor.example")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_a_withdrawn_or_old_invitation_is_dead(client: FlaskClient, world: World) -> None:
    district, coordinator = world.district(), world.person()
    link = invitation(world, district, "ida@harbor.example")
    with clock.at(clock.now() + timedelta(days=61)):
        assert client.get(link).status_code == 410
    with world.writing() as session:
        row = links.invitation_row(session, link.rpartition("/")[2], clock.now())
        links.withdraw(session, public_id=row.public_id, now=clock.now(), by=coordinator.id)
    assert client.get(link).status_code == 410


# ── Mail addresses ───────────────────────────────────────────────────────────────────────────────


def test_a_confirmed_address_confirms_the_district_whose_mail_it_is(
    client: FlaskClient, world: World
) -> None:
    district = world.district(domains=("harbor.example",))
    person = world.person(email="rosa@harbor.example")
    with world.writing() as session:
        token = links.make_mail_link(session, user_id=person.id, now=clock.now())
    assert client.get(f"/mail/{token}").status_code == 200
    with world.reading() as session:
        assert queries.home_of(session, person.id) is None  # opening alone does nothing
    assert post(client, f"/mail/{token}").status_code == 303
    with world.reading() as session:
        home = queries.home_of(session, person.id)
        assert home is not None and home.id == district.id
    assert post(client, f"/mail/{token}", page="/sign-in").status_code == 410


def test_two_districts_cannot_claim_one_mail_domain(world: World) -> None:
    world.district(domains=("harbor.example",))
    with pytest.raises(RuleBroken, match="domain_taken"):
        world.district("Mallory District", domains=("harbor.example",))
