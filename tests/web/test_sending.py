"""How pages travel: compressed, and not a second time to who has the same page."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.kernel import clock
from tests.web.conftest import Person, World, post
from tests.web.learner import HOME, Learner, enrolled


@pytest.fixture
def me(world: World, sign_in: Callable[[Person], FlaskClient]) -> Learner:
    return enrolled(world, sign_in)


def address(me: Learner) -> str:
    return f"{HOME}/{me.lesson().key}"


def tag_of(me: Learner) -> str:
    return me.client.get(address(me)).headers["ETag"]


def test_who_has_the_page_is_told_so_also_later(me: Learner) -> None:
    me.client.get(address(me))
    first = me.client.get(address(me))
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["Cache-Control"] == "private, no-cache"
    with clock.at(clock.now() + timedelta(seconds=90)):
        again = me.client.get(address(me), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Security-Policy" in again.headers


def test_the_form_of_a_page_that_was_kept_is_still_taken(me: Learner) -> None:
    me.client.get(address(me))
    kept = me.client.get(address(me))
    assert me.client.get(address(me), headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    assert post(me.client, f"{address(me)}/done", {}).status_code == 303


def test_a_page_that_says_something_else_is_sent_whole(me: Learner) -> None:
    me.client.get(address(me))
    before = tag_of(me)
    post(me.client, f"{address(me)}/done", {})
    after = me.client.get(address(me), headers={"If-None-Match": before})
    assert after.status_code == 200 and after.headers["ETag"] != before


def test_the_page_of_an_earlier_session_is_sent_anew(me: Learner) -> None:
    """Its form holds a token that is good no longer."""
    me.client.get(address(me))
    before = tag_of(me)
    with me.client.session_transaction() as session:
        session["csrf_token"] = "1" * 40
    after = me.client.get(address(me), headers={"If-None-Match": before})
    assert after.status_code == 200


def test_pages_travel_compressed_to_who_can_read_it(me: Learner) -> None:
    me.client.get(address(me))
    plain = me.client.get(address(me))
    packed = me.client.get(address(me), headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(packed.data)) == len(plain.data) and len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"] and "Cookie" in packed.headers["Vary"]
    refused = me.client.get(address(me), headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_page_of_refusal_is_compressed_and_never_304(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip", "If-None-Match": "*"}
    answer = client.get("/there-is-no-such-page", headers=headers)
    assert answer.status_code == 404 and "ETag" not in answer.headers
    assert b"<h1" in gzip.decompress(answer.data)
