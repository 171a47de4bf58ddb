"""Public pages: the catalog, a course before enrolling, and the check of a certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lms.accounts.rules import NUMBER_LIMIT
from lms.courses.services import publish
from lms.credit.services import revoke
from lms.kernel import clock
from lms.kernel.keys import certificate_number
from lms.web.words import minutes
from tests.web.conftest import Person, World
from tests.web.staff import Staff, build_staff, real_course
from tests.web.test_access import finish

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


@pytest.fixture
def number(world: World, staff: Staff) -> str:
    """Of the certificate of somebody who finished alone."""
    with world.writing() as session:
        return finish(session, staff)


def counted() -> tuple[int, int]:
    """Lessons and quizzes of the real course."""
    modules = real_course()[0].modules
    return sum(len(module.lessons) for module in modules), sum(module.quiz is not None for module in modules)


# ── What is offered ──────────────────────────────────────────────────────────────────────────────


def test_the_catalog_is_empty_until_something_is_published(client: FlaskClient) -> None:
    assert "No training is open yet" in client.get("/trainings").get_data(as_text=True)
    assert client.get("/trainings/creating-connections").status_code == 404


@pytest.mark.parametrize("path", ["/", "/trainings"])
def test_a_published_course_stands_in_the_catalog(client: FlaskClient, staff: Staff, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert 'href="/trainings/creating-connections"' in page
    assert f"{real_course()[0].clock_hours} contact hours" in page


def test_the_course_page_says_what_is_asked_and_what_is_earned(client: FlaskClient, staff: Staff) -> None:
    page = client.get("/trainings/creating-connections").get_data(as_text=True)
    assert f"To earn {real_course()[0].clock_hours} contact hours" in page
    lessons, quizzes = counted()
    assert f"Finish {lessons} lessons" in page and f"Pass {quizzes} quizzes with 80 percent" in page
    assert "Being known at school" in page
    assert 'href="/account/new?next=/trainings/creating-connections"' in page


def test_units_of_a_state_are_not_promised_where_nobody_awards_them(
    client: FlaskClient, staff: Staff
) -> None:
    for path in ("/", "/trainings", "/trainings/creating-connections"):
        assert "PDP" not in client.get(path).get_data(as_text=True)


def test_somebody_signed_in_enrolls_and_somebody_enrolled_goes_on(staff: Staff, sign_in: SignIn) -> None:
    newcomer = sign_in(staff.stranger).get("/trainings/creating-connections").get_data(as_text=True)
    assert ">Enroll <" in newcomer
    learner = sign_in(staff.learner).get("/trainings/creating-connections").get_data(as_text=True)
    assert "You are enrolled" in learner and 'href="/learn/creating-connections"' in learner


def test_public_pages_ask_the_same_number_of_queries_for_one_course_and_many(
    client: FlaskClient, world: World, staff: Staff
) -> None:
    client.get("/trainings")
    assert len([sql for sql in _statements(client, "/trainings") if sql.startswith("SELECT")]) == 1


def _statements(client: FlaskClient, path: str) -> list[str]:
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return asked


def test_help_privacy_and_accessibility_are_there_for_everybody(client: FlaskClient) -> None:
    for path, words in {
        "/help": "Why am I not done?", "/privacy": "How long", "/accessibility": "WCAG",
    }.items():  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200 and words in page.get_data(as_text=True)


def test_the_watcher_gets_an_answer(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


# ── Checking a certificate ───────────────────────────────────────────────────────────────────────


def test_a_certificate_is_valid_and_says_what_it_certifies(client: FlaskClient, number: str) -> None:
    answer = client.get("/verify", query_string={"number": f" {number.lower().replace('-', ' ')} "})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/verify/{number}")
    answer = client.get(f"/verify/{number}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "This certificate is valid" in page and number in page
    assert "Creating Connections" in page and minutes(real_course()[0].design_minutes) in page
    lessons, quizzes = counted()
    assert f"{lessons} lessons" in page and f"{quizzes} quizzes passed" in page
    assert "This page cannot check identity" in page
    assert "It was issued by Relationships in Action Learning" in page


def test_the_check_page_shows_nothing_more_of_the_person(
    client: FlaskClient, number: str, staff: Staff
) -> None:
    page = client.get(f"/verify/{number}").get_data(as_text=True)
    assert staff.stranger.email not in page and staff.stranger.public_id not in page
    terms = re.findall(r"<dt>([^<]+)</dt>", page)
    assert terms == [
        "Name", "Training", "Completed", "Contact time", "Credit", "What was required", "Issued by", "Issued on",
        "What was checked", "Number",
    ]  # fmt: skip


def test_no_search_engine_keeps_the_answer(client: FlaskClient, number: str) -> None:
    for path in ("/verify", f"/verify/{number}", f"/verify/{certificate_number()}"):
        answer = client.get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.get_data(as_text=True)


def test_a_withdrawn_certificate_is_said_to_be_withdrawn_and_why_to_its_owner_and_on_the_record(
    client: FlaskClient, world: World, staff: Staff, number: str, sign_in: Callable[[Person], FlaskClient]
) -> None:
    from lms.credit.queries import certificate

    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        revoke(session, row.enrollment_id, clock.now(), staff.admin.id, "issued by mistake")
    page = client.get(f"/verify/{number}").get_data(as_text=True)
    assert "This certificate was withdrawn" in page and "verdict-bad" in page
    assert "issued by mistake" not in page
    assert "issued by mistake" in sign_in(staff.stranger).get(f"/certificates/{number}").get_data(
        as_text=True
    )
    admin = sign_in(staff.admin)
    for path in (f"/coordinate/records/{number}", "/coordinate/records.csv"):
        assert "issued by mistake" in admin.get(path).get_data(as_text=True)


def test_a_typing_mistake_is_told_from_a_number_that_is_nobodys(client: FlaskClient, number: str) -> None:
    sign = "7" if number[5] != "7" else "8"
    mistyped = client.get(f"/verify/{number[:5]}{sign}{number[6:]}")
    unknown = client.get(f"/verify/{certificate_number()}")
    assert mistyped.status_code == unknown.status_code == 404
    assert "This number has a typing mistake" in mistyped.get_data(as_text=True)
    assert "We cannot find this certificate" in unknown.get_data(as_text=True)


def test_a_number_that_is_nobodys_costs_the_same_however_near_it_comes(
    client: FlaskClient, number: str
) -> None:
    """Of two unknown numbers one begins as a known one does; both are looked up whole, by equality."""
    near = next(made for made in iter(certificate_number, "") if made[:5] == number[:5])
    asked = [_statements(client, f"/verify/{wanted}") for wanted in (near, certificate_number())]
    assert asked[0] == asked[1]
    assert not any("LIKE" in statement for statement in asked[0])


def test_trying_out_numbers_is_stopped_and_known_ones_still_answer(client: FlaskClient, number: str) -> None:
    for _ in range(NUMBER_LIMIT):
        assert client.get(f"/verify/{certificate_number()}").status_code == 404
    assert client.get(f"/verify/{certificate_number()}").status_code == 429
    assert client.get(f"/verify/{number}").status_code == 200
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert client.get(f"/verify/{certificate_number()}").status_code == 404


def test_trying_out_numbers_keeps_nobody_from_signing_in(client: FlaskClient, staff: Staff) -> None:
    from tests.web.conftest import PASSWORD, post

    for _ in range(NUMBER_LIMIT + 5):
        client.get(f"/verify/{certificate_number()}")
    data = {"email": staff.learner.email, "password": PASSWORD}
    assert post(client, "/sign-in", data).status_code == 303


# ── Static files ─────────────────────────────────────────────────────────────────────────────────


def _asset(client: FlaskClient, name: str) -> str:
    found = re.search(rf'"(/static/{name}\.[0-9a-f]{{10}}\.\w+)', client.get("/").get_data(as_text=True))
    assert found is not None
    return found[1]


def test_a_hashed_name_is_kept_for_good_and_a_plain_one_asked_for_again(client: FlaskClient) -> None:
    hashed = client.get(_asset(client, "css/site"))
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = client.get("/static/css/site.css")
    assert plain.headers["Cache-Control"] == "public, no-cache"
    assert plain.data == hashed.data
    assert client.get("/static/css/site.0000000000.css").status_code == 404


def test_who_has_the_file_gets_304(client: FlaskClient) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        first = client.get("/static/css/site.css", headers=headers)
        again = client.get(
            "/static/css/site.css", headers={**headers, "If-None-Match": first.headers["ETag"]}
        )
        assert again.status_code == 304 and again.data == b""
        assert again.headers["ETag"] == first.headers["ETag"]


def test_texts_travel_compressed_to_who_can_read_it(client: FlaskClient) -> None:
    import gzip

    plain = client.get("/static/css/site.css")
    packed = client.get("/static/css/site.css", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data) / 3
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    refused = client.get("/static/css/site.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_names_inside_style_sheets_and_scripts_are_hashed_too(client: FlaskClient) -> None:
    style = client.get("/static/css/tokens.css").get_data(as_text=True)
    names = re.findall(r'url\("\.\./(fonts/[^"]+)"\)', style)
    assert names and all(re.search(r"\.[0-9a-f]{10}\.woff2$", name) for name in names)
    for name in names:
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["../../config.py", "%2e%2e/app.py", "css", "css/", ".", "fonts/../../access.py"]
)
def test_nothing_outside_the_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code in (404, 308)


def test_publishing_again_changes_what_the_page_offers(
    client: FlaskClient, world: World, staff: Staff
) -> None:
    with world.writing() as session:
        publish(session, staff.version_id, clock.now())
    assert client.get("/trainings/creating-connections").status_code == 200
