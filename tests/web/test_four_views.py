"""A certificate is one record: its page, its PDF, its check and its badge say the same of every field."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from lms.credit.queries import certificate
from lms.credit.services import revoke
from lms.kernel.clock import now
from lms.web.words import day, minutes
from tests import builders
from tests.web.conftest import Person, World
from tests.web.staff import Staff
from tests.web.test_access import finish
from tests.web.test_badges import _keys_made_once, config, staff

__all__ = ["_keys_made_once", "config", "staff"]


def _plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").split())


@pytest.fixture(params=["contact hours", "MA PDP"])
def number(request: pytest.FixtureRequest, world: World, staff: Staff) -> str:
    """A certificate of the site alone, and one that a registered district signs for a licensed teacher."""
    with world.writing() as session:
        if request.param == "MA PDP":
            signing = builders.body(session)
            builders.assign(session, signing)
            builders.register(session, signing, number="R-77")
            builders.license(session, staff.stranger.id)
        return finish(session, staff)


@pytest.fixture
def views(staff: Staff, sign_in: Callable[[Person], FlaskClient], number: str) -> dict[str, str]:
    client = sign_in(staff.stranger)
    pdf = PdfReader(io.BytesIO(client.get(f"/certificates/{number}.pdf").data))
    return {
        "page": _plain(client.get(f"/certificates/{number}").get_data(as_text=True)),
        "pdf": _plain(" ".join(page.extract_text() for page in pdf.pages)),
        "check": _plain(client.get(f"/verify/{number}").get_data(as_text=True)),
        "check as JSON": client.get(f"/verify/{number}.json").get_data(as_text=True),
        "badge": client.get(f"/badges/{number}").get_data(as_text=True),
    }


def test_the_views_of_one_certificate_agree_field_by_field(
    views: dict[str, str], number: str, staff: Staff
) -> None:
    said = json.loads(views["check as JSON"])
    badge = json.loads(views["badge"])
    subject = badge["credentialSubject"]
    completed = date.fromisoformat(said["completed_on"])
    in_words = {
        "number": number,
        "name": staff.stranger.name,
        "training": said["training"],
        "contact time": minutes(said["contact_minutes"]),
        "completed": day(completed, "UTC"),
        "issued by": said["issued_by"],
    }
    missing = [
        (view, field)
        for view in ("page", "pdf", "check")
        for field, words in in_words.items()
        if words not in views[view]
    ]
    assert missing == []
    results = {
        one["name"]: result
        for one, result in zip(subject["achievement"]["resultDescription"], subject["result"], strict=True)
    }
    in_badge = {
        "number": badge["id"].rsplit("/", 1)[1],
        "name": subject["identifier"][0]["identityHash"],
        "training": subject["achievement"]["name"],
        "contact time": minutes(int(results["Contact time in minutes"]["value"])),
        "completed": day(date.fromisoformat(subject["activityEndDate"][:10]), "UTC"),
        "issued by": subject["source"]["name"],
    }
    assert in_badge == in_words
    assert said["name"] == staff.stranger.name and said["number"] == number
    assert day(date.fromisoformat(said["issued_at"][:10]), "UTC") in views["pdf"]
    for credit in said["credit"]:
        words = f"{credit['units']} {credit['unit']}"
        assert words in views["check"]
        assert any(result.get("value") == credit["units"] for result in results.values())
        if credit["unit"] == "MA PDP":
            assert words in views["page"] and words in views["pdf"]
    units = {credit["unit"] for credit in said["credit"]}
    assert ("MA PDP" in units) == (said["issued_by"] == "Harbor Valley Public Schools")
    assert ("US-MA R-77" in views["pdf"]) == ("MA PDP" in units)


def test_every_view_tells_that_it_was_revoked(
    staff: Staff, sign_in: Callable[[Person], FlaskClient], world: World, number: str
) -> None:
    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        revoke(session, row.enrollment_id, now(), staff.admin.id, "issued by mistake")
    client = sign_in(staff.stranger)
    pdf = PdfReader(io.BytesIO(client.get(f"/certificates/{number}.pdf").data))
    assert "no longer valid" in pdf.pages[0].extract_text()
    assert "was revoked" in client.get(f"/certificates/{number}").get_data(as_text=True)
    assert "was withdrawn" in client.get(f"/verify/{number}").get_data(as_text=True)
    assert client.get(f"/verify/{number}.json").get_json()["state"] == "revoked"
    listed = json.loads(client.get(f"/badges/{number}").data)["credentialStatus"]
    assert listed["statusPurpose"] == "revocation"
    assert (
        sign_in(staff.admin).get(f"/coordinate/records/{number}").get_data(as_text=True).count("Revoked") >= 1
    )
