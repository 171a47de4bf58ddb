"""Badges through the web: for whom, under which address, as what, and that none is given where none may be."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from lms.accounts.rules import NUMBER_LIMIT
from lms.config import Config
from lms.credit import badges
from lms.credit.services import revoke
from lms.kernel import clock
from lms.kernel.keys import certificate_number
from tests.unit.credit.badge_reader import Refused, read_badge
from tests.web.conftest import Person, World
from tests.web.staff import Staff, build_staff, real_course
from tests.web.test_access import finish

SITE = "https://learning.example.org"


@pytest.fixture(scope="session")
def _keys_made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("badge_keys")
    badges.key_ring(folder, clock.now())
    return folder / "badges.json"


@pytest.fixture
def config(config: Config, _keys_made_once: Path) -> Config:
    config.keys_folder.mkdir()
    shutil.copy(_keys_made_once, config.keys_folder / "badges.json")
    return replace(config, site_url=SITE, operator_name="Harbor Learning")


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


@pytest.fixture
def number(world: World, staff: Staff) -> str:
    with world.writing() as session:
        return finish(session, staff)


def _path(address: str) -> str:
    assert address.startswith(SITE)
    return address.removeprefix(SITE)


def _did(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/.well-known/did.json").data)
    return found


def _revoke(world: World, staff: Staff, number: str) -> None:
    from lms.credit.queries import certificate

    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        revoke(session, row.enrollment_id, clock.now(), staff.admin.id, "issued by mistake")


# ── For programs ─────────────────────────────────────────────────────────────────────────────────


def test_a_verifier_finds_all_it_needs_from_the_badge_alone(client: FlaskClient, number: str) -> None:
    answer = client.get(f"/badges/{number}")
    assert answer.status_code == 200 and answer.content_type == "application/vc+ld+json"
    text = answer.get_data(as_text=True)
    badge = json.loads(text)
    assert badge["id"] == f"{SITE}/badges/{number}"
    status = client.get(_path(badge["credentialStatus"]["statusListCredential"]))
    assert status.content_type == "application/vc+ld+json"
    read_badge(text, _did(client), status.get_data(as_text=True))
    picture = client.get(_path(badge["credentialSubject"]["achievement"]["image"]["id"]))
    assert picture.content_type == "image/png" and picture.data.startswith(b"\x89PNG")
    evidence = client.get(_path(badge["evidence"][0]["id"]))
    assert "This certificate is valid" in evidence.get_data(as_text=True)


def test_who_issues_is_said_in_the_same_words_everywhere(client: FlaskClient, number: str) -> None:
    did = client.get("/.well-known/did.json")
    assert did.content_type == "application/did+json"
    profile = client.get("/badges/issuer")
    assert profile.content_type == "application/ld+json"
    said = {name: value for name, value in json.loads(profile.data).items() if name != "@context"}
    assert said == json.loads(client.get(f"/badges/{number}").data)["issuer"]
    assert said == {
        "id": json.loads(did.data)["id"], "type": ["Profile"], "name": "Harbor Learning", "url": SITE,
    }  # fmt: skip


def test_a_revoked_certificates_badge_is_refused_by_its_list_and_still_there(
    client: FlaskClient, world: World, staff: Staff, number: str
) -> None:
    text = client.get(f"/badges/{number}").get_data(as_text=True)
    address = _path(json.loads(text)["credentialStatus"]["statusListCredential"])
    before = client.get(address)
    _revoke(world, staff, number)
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and after.headers["Cache-Control"] == "public, max-age=300"
    with pytest.raises(Refused, match="revoked"):
        read_badge(text, _did(client), after.get_data(as_text=True))
    assert client.get(f"/badges/{number}").get_data(as_text=True) == text
    assert "issued by mistake" not in after.get_data(as_text=True)


def test_the_token_names_a_key_that_is_there(client: FlaskClient, number: str) -> None:
    import base64

    answer = client.get(f"/badges/{number}.jwt")
    assert answer.content_type == "text/plain; charset=utf-8"
    header = json.loads(base64.urlsafe_b64decode(answer.data.split(b".")[0] + b"=="))
    key = client.get(_path(header["kid"]))
    assert key.content_type == "application/jwk+json" and json.loads(key.data)["kty"] == "RSA"
    assert client.get("/badges/keys/nobody").status_code == 404


def test_pictures_carry_the_badge(client: FlaskClient, number: str) -> None:
    text = client.get(f"/badges/{number}").get_data(as_text=True)
    answer = client.get(f"/badges/{number}.png")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}-badge.png"'
    with Image.open(io.BytesIO(answer.data)) as picture:
        picture.load()
        assert picture.info["openbadgecredential"] == text
    svg = client.get(f"/badges/{number}.svg")
    assert svg.content_type.startswith("image/svg+xml") and b"openbadges:credential" in svg.data
    assert "script" not in svg.headers["Content-Security-Policy"].replace("script-src 'self'", "")


def test_other_sites_may_read_them_and_no_cookie_is_set_or_heeded(
    app: Flask, staff: Staff, sign_in: Callable[[Person], FlaskClient], number: str
) -> None:
    client = sign_in(staff.stranger)
    for path in ("/.well-known/did.json", "/badges/issuer", "/badges/status/1-0", f"/badges/{number}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")


def test_who_has_the_badge_is_told_so(client: FlaskClient, number: str) -> None:
    first = client.get(f"/badges/{number}")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(f"/badges/{number}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    assert (
        client.get(f"/badges/{number}.jwt", headers={"If-None-Match": first.headers["ETag"]}).status_code
        == 200
    )


def test_another_address_or_operator_of_the_site_is_another_badge(
    app: Flask, client: FlaskClient, config: Config, number: str
) -> None:
    first = client.get(f"/badges/{number}").headers["ETag"]
    for change in ({"site_url": "https://moved.example.org"}, {"operator_name": "Harbor Learning Lab"}):
        app.extensions["lms"] = replace(config, **change)
        again = client.get(f"/badges/{number}", headers={"If-None-Match": first})
        assert again.status_code == 200 and next(iter(change.values())) in again.get_data(as_text=True)


def test_a_rotation_reaches_the_running_site_and_old_badges_stay_valid(
    client: FlaskClient, config: Config, number: str
) -> None:
    old = client.get(f"/badges/{number}")
    badges.rotate(config.keys_folder, clock.now())
    new = client.get(f"/badges/{number}", headers={"If-None-Match": old.headers["ETag"]})
    did = _did(client)
    assert new.status_code == 200 and new.data != old.data
    read_badge(old.get_data(as_text=True), did)
    read_badge(new.get_data(as_text=True), did)


def test_trying_out_numbers_is_stopped_here_too(client: FlaskClient, number: str) -> None:
    paths = ("/badges/{}", "/badges/{}.png", "/badges/{}/picture.png", "/verify/{}.json", "/verify/{}")
    for place in range(NUMBER_LIMIT):
        assert client.get(paths[place % len(paths)].format(certificate_number())).status_code == 404
    for path in paths:
        assert client.get(path.format(certificate_number())).status_code == 429
    assert client.get(f"/badges/{number}").status_code == 200


def test_one_network_of_the_new_kind_is_one_visitor(client: FlaskClient, number: str) -> None:
    """Whoever has one such address has 2^64 of them."""
    answers = [
        client.get(
            f"/verify/{certificate_number()}", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{place:x}"}
        ).status_code
        for place in range(NUMBER_LIMIT + 1)
    ]
    assert answers == [404] * NUMBER_LIMIT + [429]


@pytest.mark.parametrize(
    "path",
    ["/badges/RIA-1", "/badges/%00", "/badges/x.png", "/badges/x/picture.png", "/badges/status/1-999999999",
     "/badges/status/9999-0", "/badges/status/٣-٠", "/badges/status/1-0-0", "/badges/x.exe"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_however_a_number_is_spelled_the_file_has_its_one_name(client: FlaskClient, number: str) -> None:
    for spelled in (
        number.lower(),
        number.replace("-", "\u2013"),
        number.replace("-", "%0A"),
        f"{number}%0D%0A",
    ):
        answer = client.get(f"/badges/{spelled}.jwt")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}-badge.jwt"'


def test_the_address_of_the_request_never_gets_into_a_badge(client: FlaskClient, number: str) -> None:
    for path in (f"/badges/{number}", "/.well-known/did.json", "/badges/status/1-0"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert b"evil.example" not in answer.data and b"learning.example.org" in answer.data


# ── For the learner ──────────────────────────────────────────────────────────────────────────────


def test_the_owner_can_download_the_badge_in_each_form(
    staff: Staff, sign_in: Callable[[Person], FlaskClient], number: str
) -> None:
    client = sign_in(staff.stranger)
    page = client.get(f"/certificates/{number}").get_data(as_text=True)
    assert "Keep it as a digital badge" in page and f"{SITE}/badges/{number}" in page
    assert "check this certificate at learning.example.org/verify<" in page
    for shape in ("png", "json", "jwt", "svg"):
        assert f'href="/badges/{number}.{shape}"' in page
        assert client.get(f"/badges/{number}.{shape}").status_code == 200


def test_nobody_else_is_offered_it_and_an_ended_one_is_not(
    world: World, staff: Staff, sign_in: Callable[[Person], FlaskClient], number: str
) -> None:
    page = sign_in(staff.coordinator).get(f"/certificates/{number}").get_data(as_text=True)
    assert "digital badge" not in page
    _revoke(world, staff, number)
    assert "digital badge" not in sign_in(staff.stranger).get(f"/certificates/{number}").get_data(
        as_text=True
    )


class TestWithoutAPublicAddress:
    @pytest.fixture(params=["", "https://localhost:8000", "http://learning.example.org"])
    def config(self, config: Config, request: pytest.FixtureRequest) -> Config:
        return replace(config, site_url=request.param)

    def test_no_badge_is_given_and_the_page_says_why(
        self, staff: Staff, sign_in: Callable[[Person], FlaskClient], number: str
    ) -> None:
        client = sign_in(staff.stranger)
        page = client.get(f"/certificates/{number}").get_data(as_text=True)
        assert "does not give out digital badges yet" in page
        assert f"/badges/{number}" not in page
        for path in (
            f"/badges/{number}",
            f"/badges/{number}.png",
            "/badges/status/1-0",
            "/.well-known/did.json",
        ):
            assert client.get(path).status_code == 404


# ── The verification page for programs ───────────────────────────────────────────────────────────


def test_a_program_gets_what_the_verification_page_shows_and_nothing_else(
    client: FlaskClient, staff: Staff, number: str
) -> None:
    answer = client.get(f"/verify/{number}.json")
    said = answer.get_json()
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert set(said) == {
        "outcome", "state", "state_since", "replaced_by", "says", "number", "name", "training", "completed_on",
        "contact_minutes", "credit", "required", "issued_by", "issued_at", "checked", "checked_at",
    }  # fmt: skip
    assert (said["outcome"], said["state"], said["number"], said["name"]) == (
        "valid",
        "valid",
        number,
        staff.stranger.name,
    )
    assert said["contact_minutes"] == real_course()[0].design_minutes
    assert staff.stranger.email not in answer.get_data(as_text=True)
    page = client.get(f"/verify/{number}").get_data(as_text=True)
    assert said["says"] in page and said["required"] in page and said["checked"] in page
    assert re.search(rf'href="/verify/{number}\.json"', page)


def test_the_same_address_answers_a_program_that_asks_for_json(client: FlaskClient, number: str) -> None:
    answer = client.get(f"/verify/{number}", headers={"Accept": "application/json"})
    assert answer.get_json()["state"] == "valid" and "Accept" in answer.headers["Vary"]
    redirect = client.get(f"/verify/{number.lower()}.json")
    assert (redirect.status_code, redirect.headers["Location"]) == (303, f"/verify/{number}.json")


def test_a_program_is_told_of_an_end_and_of_numbers_that_are_none(
    client: FlaskClient, world: World, staff: Staff, number: str
) -> None:
    _revoke(world, staff, number)
    said = client.get(f"/verify/{number}.json").get_json()
    assert (said["outcome"], said["state"]) == ("ended", "revoked") and said["state_since"]
    sign = "7" if number[5] != "7" else "8"
    mistyped = client.get(f"/verify/{number[:5]}{sign}{number[6:]}.json")
    unknown = client.get(f"/verify/{certificate_number()}.json")
    assert (mistyped.status_code, mistyped.get_json()["outcome"]) == (404, "mistyped")
    assert (unknown.status_code, unknown.get_json()["outcome"]) == (404, "unknown")
