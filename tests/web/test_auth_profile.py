"""What people say about themselves, and what was kept for them after a session had ended."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from lms.accounts import kept, queries
from lms.kernel.clock import now
from tests.web.conftest import PASSWORD, Person, World, post, tokens

SignIn = Callable[[Person], FlaskClient]
LICENSE = {"jurisdiction": "MA", "number": "123 456", "renews_on": "2028-06-30"}


def test_name_job_and_time_zone_can_be_corrected(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    data = {"name": "Rosa M. Delgado", "job": "administrator", "time_zone": "America/Chicago"}
    assert post(client, "/profile/person", data).status_code == 303
    page = client.get("/profile").get_data(as_text=True)
    assert "Rosa M. Delgado" in page and "Administrator" in page and "Central" in page
    assert "Your profile is changed." in page


def test_a_license_is_noted_changed_and_taken_off(world: World, sign_in: SignIn) -> None:
    person = world.person()
    client = sign_in(person)
    assert post(client, "/profile/license", LICENSE).status_code == 303
    post(client, "/profile/license", {**LICENSE, "renews_on": "2029-06-30"})
    page = client.get("/profile").get_data(as_text=True)
    assert "Renews on June 30, 2029" in page and page.count("Take off") == 1
    post(client, "/profile/license/withdraw", LICENSE, page="/profile")
    with world.reading() as session:
        assert queries.licenses_of(session, person.id) == ()


def test_a_license_needs_a_state_and_a_date_that_exists(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    assert post(client, "/profile/license", {**LICENSE, "jurisdiction": "ZZ"}).status_code == 422
    assert post(client, "/profile/license", {**LICENSE, "renews_on": "2028-02-31"}).status_code == 422


def test_a_workplace_is_named_taken_back_and_left(world: World, sign_in: SignIn) -> None:
    person, here, there = world.person(), world.district(), world.district("Other Valley")
    client = sign_in(person)
    post(client, "/profile/workplace", {"organization": there.public_id})
    post(client, "/profile/workplace", {"organization": here.public_id})
    page = client.get("/profile").get_data(as_text=True)
    assert "You named <strong>Harbor Valley" in page and "Other Valley" not in page
    world.belongs(person, here)
    assert "You belong to <strong>Harbor Valley" in client.get("/profile").get_data(as_text=True)
    post(client, f"/profile/workplace/{here.public_id}/leave", page="/profile")
    with world.reading() as session:
        assert queries.home_of(session, person.id) is None


def test_changes_stand_in_the_audit_trail_and_it_holds(world: World, sign_in: SignIn) -> None:
    from sqlalchemy import select

    from lms.kernel import audit, sealing

    person, district = world.person(), world.district()
    world.belongs(person, district)
    client = sign_in(person)
    post(client, "/profile/license", LICENSE)
    with world.reading() as session:
        event = audit.AuditEvent
        told = session.execute(
            select(event.organization_id, event.action, event.actor_id).where(
                event.subject == f"users:{person.id}"
            )
        ).all()
        assert (0, "account.created", person.id) in told
        assert (district.id, "affiliation.confirmed", None) in told
        assert (0, "license.stated", person.id) in told
        assert list(sealing.verify(session, {})) == []


# ── Kept posts ───────────────────────────────────────────────────────────────────────────────────


def ended(app: Flask, client: FlaskClient) -> tuple[FlaskClient, dict[str, str]]:
    """The same browser after its session has ended, and the hidden values of its open form."""
    hidden = tokens(client, "/profile/license")
    return app.test_client(), hidden


def test_what_was_sent_after_the_session_ended_is_given_back(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    person = world.person()
    client, hidden = ended(app, sign_in(person))
    late = client.post("/profile/license", data={**hidden, **LICENSE, "number": "a long & <b>number</b>"})
    assert late.status_code == 303
    door = client.get(late.headers["Location"]).get_data(as_text=True)
    assert "We kept it: sign in and you get it back" in door
    target = re.search(r'name="next" value="(/kept/[^"]+)"', door)
    assert target is not None
    answer = post(client, "/sign-in", {"email": person.email, "password": PASSWORD, "next": target[1]})
    assert answer.headers["Location"] == target[1]
    page = client.get(target[1]).get_data(as_text=True)
    assert "a long &amp; &lt;b&gt;number&lt;/b&gt;" in page
    form = page.partition('<form method="post" action="/profile/license"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert fields["jurisdiction"] == "MA" and fields["renews_on"] == "2028-06-30"
    sent = client.post("/profile/license", data={**fields, "number": "123 456"})
    assert sent.headers["Location"] == "/profile"
    assert client.get(target[1]).status_code == 404  # it has arrived, and is kept no longer
    with world.reading() as session:
        assert [row.number for row in queries.licenses_of(session, person.id)] == ["123 456"]


def test_what_was_kept_is_for_its_owner_alone(app: Flask, world: World, sign_in: SignIn) -> None:
    person, other = world.person(), world.person("Marcus Bell")
    client, hidden = ended(app, sign_in(person))
    late = client.post("/profile/license", data={**hidden, **LICENSE})
    kept_path = late.headers["Location"].partition("next=")[2].partition("&")[0]
    answer = post(client, "/sign-in", {"email": other.email, "password": PASSWORD, "next": kept_path})
    assert answer.headers["Location"] == kept_path
    assert client.get(kept_path).status_code == 404
    assert post(client, f"{kept_path}/delete", page="/profile").status_code == 404
    owner = sign_in(person)
    assert owner.get(kept_path).status_code == 200


def test_nobody_does_in_anothers_name_what_an_open_form_still_holds(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    person, other = world.person(), world.person("Marcus Bell")
    hidden = tokens(sign_in(person), "/profile/license")
    client = sign_in(other)
    own = tokens(client, "/profile/license")
    answer = client.post("/profile/license", data={**own, "owner": hidden["owner"], **LICENSE})
    assert answer.status_code == 409
    assert "written in another account" in answer.get_data(as_text=True)
    with world.reading() as session:
        assert queries.licenses_of(session, other.id) == ()
        assert len(kept.kept_posts(session, person.id)) == 1


def test_a_form_from_before_signing_in_again_still_works(app: Flask, world: World, sign_in: SignIn) -> None:
    """A second tab signed in meanwhile: the old token is dead, the owner is the same."""
    person = world.person()
    hidden = tokens(sign_in(person), "/profile/license")
    client = sign_in(person)
    answer = client.post("/profile/license", data={**hidden, **LICENSE})
    assert answer.headers["Location"] == "/profile"


def test_passwords_are_never_kept(app: Flask, world: World, sign_in: SignIn) -> None:
    person = world.person()
    client, hidden = ended(app, sign_in(person))
    data = {**hidden, "old": PASSWORD, "password": "another one entirely"}
    late = client.post("/profile/password", data=data)
    assert late.headers["Location"] == "/sign-in"
    with world.reading() as session:
        assert kept.kept_posts(session, person.id) == ()


def test_a_forged_owner_keeps_nothing(client: FlaskClient, world: World) -> None:
    person = world.person()
    for owner in (str(person.id), "1.abc", "", "x" * 5000):
        answer = client.post("/profile/license", data={"owner": owner, **LICENSE})
        assert answer.headers["Location"] == "/sign-in"
    with world.reading() as session:
        assert kept.kept_posts(session, person.id) == ()


def test_no_more_than_twenty_posts_are_kept_for_one_person(world: World) -> None:
    person = world.person()
    for number in range(25):
        with world.writing() as session:
            kept.keep(session, user_id=person.id, path=f"/{number}", fields=(("a", "b"),), now=now())
    with world.reading() as session:
        assert [post.path for post in kept.kept_posts(session, person.id)][:2] == ["/24", "/23"]
        assert len(kept.kept_posts(session, person.id)) == 20


def test_what_was_kept_can_be_deleted(world: World, sign_in: SignIn) -> None:
    person = world.person()
    with world.writing() as session:
        kept_id = kept.keep(session, user_id=person.id, path="/x", fields=(("a", "b"),), now=now())
    client = sign_in(person)
    assert post(client, f"/kept/{kept_id}/delete", page=f"/kept/{kept_id}").status_code == 303
    assert client.get(f"/kept/{kept_id}").status_code == 404
