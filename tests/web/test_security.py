"""Headers, cookies, forms that are not ours, logs that hold no words, and errors said plainly."""

from __future__ import annotations

import io
import json
import logging as std_logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from lms.app import create_app
from lms.config import Config
from lms.kernel.errors import NotFound
from lms.web import mail
from lms.web.logging import JsonLines
from lms.web.security import CONTENT_POLICY
from tests.web.conftest import PASSWORD, Person, World, post, tokens

SignIn = Callable[[Person], FlaskClient]
MARKER = "zq7marker-typed-by-a-person"
PAGES = (
    "/",
    "/trainings",
    "/verify",
    "/help",
    "/sign-in",
    "/nothing",
    "/profile",
    "/static/css/site.css",
    "/healthz",
)


# ── Headers and cookies ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_says_how_it_may_be_used(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"]
    assert "Strict-Transport-Security" not in headers


def test_the_content_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert CONTENT_POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("path", PAGES[:6])
def test_no_page_holds_a_script_or_style_of_its_own(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert "<style" not in page and " style=" not in page and " onclick=" not in page
    assert page.count("<script") == page.count("<script src=")


def test_over_https_cookies_are_secure_and_the_browser_stays_there(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Set-Cookie"].startswith("lms=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert word in answer.headers["Set-Cookie"]


def test_over_http_the_cookie_still_works(client: FlaskClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_a_proxy_is_believed_only_where_one_is_set_up(config: Config) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "learning.example"}
    alone = create_app(config).test_client().get("/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" not in alone.headers
    behind = create_app(replace(config, proxies=1)).test_client().get("/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" in behind.headers


# ── Forms that are not ours ──────────────────────────────────────────────────────────────────────


def test_another_sites_form_does_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    data = {"name": "Owned", "job": "teacher", "time_zone": "America/New_York"}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = client.post("/profile/person", data=data, headers=headers)
        assert answer.status_code == 400
        assert "what you typed is still in the form" in answer.get_data(as_text=True)
    assert "Owned" not in client.get("/profile").get_data(as_text=True)


def test_a_token_of_another_session_does_nothing(world: World, sign_in: SignIn) -> None:
    mallory, victim = sign_in(world.person("Mallory M")), sign_in(world.person())
    stolen = tokens(mallory, "/profile/person")
    data = {"csrf_token": stolen["csrf_token"], "name": "Owned", "job": "teacher", "time_zone": "UTC"}
    assert victim.post("/profile/person", data=data).status_code == 400
    assert victim.post("/profile/person", data={**data, "owner": stolen["owner"]}).status_code == 409
    assert "Owned" not in victim.get("/profile").get_data(as_text=True)


def test_a_sign_in_page_that_lay_open_overnight_still_works(app: Flask, world: World) -> None:
    """Its cookie has ended, but the browser says that our own page sends the form."""
    person = world.person()
    data = {"email": person.email, "password": PASSWORD, "csrf_token": "of yesterday"}
    fresh = app.test_client()
    assert fresh.post("/sign-in", data=data, headers={"Origin": "http://evil.example"}).status_code == 400
    assert fresh.post("/sign-in", data=data, headers={"Origin": "http://localhost"}).status_code == 303


def test_a_script_learns_that_its_form_is_stale(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    answer = client.post("/profile/person", data={"a": "b"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "stale_form")


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────


def test_a_nul_which_postgresql_takes_in_no_text_reaches_no_query(app: Flask) -> None:
    sent = {"na\0me": "Ro\0sa", "file": (io.BytesIO(b"a\0b"), "a.csv")}
    with app.test_request_context("/?next=%00a%00", method="POST", data=sent):
        assert request.args["next"] == "a"
        assert request.form["name"] == "Rosa"
        assert request.files["file"].read() == b"a\0b"
    with app.test_request_context("/trainings/%00"), pytest.raises(NotFound):
        app.preprocess_request()


HOSTILE = (
    "'; drop table users; --", "<script>alert(1)</script>", "../../../etc/passwd", "\x00", "\ud83d\ude00" * 3,
    "{{ 7*7 }}", "%s%n%d", "x" * 5000, "\u202e\u2066", "A\r\nSet-Cookie: a=b", "NULL", "1" * 400,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(client: FlaskClient, text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    paths = [
        f"/trainings/{text}", f"/verify/{text}", f"/password/{text}", f"/invitations/{text}", f"/mail/{text}",
        f"/static/{text}", f"/{text}",
    ]  # fmt: skip
    for path in paths:
        assert client.get(path.replace("\r\n", "%0D%0A").replace("\0", "%00")).status_code < 500, path
    for query in ({"number": text}, {"next": text}):
        for page in ("/verify", "/sign-in", "/account/new"):
            answer = client.get(page, query_string=query)
            assert answer.status_code < 500
            assert "<script>alert" not in answer.get_data(as_text=True)
    form = dict.fromkeys(("name", "email", "password", "job", "time_zone", "organization", "next"), text)
    for page in ("/sign-in", "/account/new"):
        answer = post(client, page, form)
        assert answer.status_code in (422, 303)
        assert "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_of_a_signed_in_person_is_text(world: World, sign_in: SignIn, text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    client = sign_in(world.person())
    fields = (
        "name",
        "job",
        "time_zone",
        "jurisdiction",
        "number",
        "renews_on",
        "organization",
        "old",
        "password",
    )
    form = dict.fromkeys(fields, text)
    for page in ("/profile/person", "/profile/license", "/profile/workplace", "/profile/password"):
        assert post(client, page, form).status_code in (422, 303)
    for name in ("Rosa '; drop", "Rosa <script>alert(1)</script>"):
        post(client, "/profile/person", {"name": name, "job": "teacher", "time_zone": "UTC"})
        assert "<script>alert" not in client.get("/profile").get_data(as_text=True)


def test_a_body_that_is_too_large_is_refused_in_words(client: FlaskClient) -> None:
    answer = post(client, "/sign-in", {"email": "x" * (3 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "more than we can take at once" in answer.get_data(as_text=True)


def test_a_form_of_ten_thousand_fields_is_refused(client: FlaskClient) -> None:
    body = "&".join(f"f{number}=1" for number in range(10_000))
    kind = "multipart/form-data; boundary=x"
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(10_000))
    assert (
        client.post("/sign-in", data=body, content_type="application/x-www-form-urlencoded").status_code < 500
    )
    assert client.post("/sign-in", data=f"{parts}--x--\r\n", content_type=kind).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"{bad json", "application/json"),
        (b"x" * 100, ""),
    ],
)
def test_a_malformed_body_is_no_failure(client: FlaskClient, body: bytes, kind: str) -> None:
    for path in ("/sign-in", "/account/new", "/profile/person", "/sign-out"):
        assert client.post(path, data=body, content_type=kind).status_code < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_a_page_does_not_have_is_said(client: FlaskClient, method: str) -> None:
    answer = client.open("/help", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "does not work that way" in answer.get_data(as_text=True)


def test_a_double_click_makes_one_account(client: FlaskClient, world: World) -> None:
    data = {
        "name": "Rosa Delgado", "email": "rosa@harbor.example", "password": PASSWORD, "job": "teacher",
        "time_zone": "America/New_York",
    }  # fmt: skip
    assert post(client, "/account/new", data).status_code == 303
    assert post(client, "/account/new", data).status_code == 422


# ── Failures and logs ────────────────────────────────────────────────────────────────────────────


def _lines(err: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in err.splitlines()]


def test_a_failure_is_a_page_with_a_number_and_a_log_line_without_words(
    app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise ValueError(f"cannot read {MARKER}")

    app.add_url_rule("/broken", "broken", broken)
    broken.access = app.view_functions["site.home"].access  # type: ignore[attr-defined]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get(f"/broken?q={MARKER}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Something broke on our side" in page and MARKER not in page and "ValueError" not in page
    failed, request = _lines(capfd.readouterr().err)[-2:]
    assert failed["error"] == "ValueError" and "test_security.py" in str(failed["where"])
    assert failed["request"] == request["request"] == answer.headers["X-Request-Id"]
    assert str(request["request"]) in page
    assert MARKER not in json.dumps([failed, request])


def test_a_failing_database_is_still_a_page(config: Config) -> None:
    app = create_app(replace(config, database_url="sqlite:////nowhere/at/all.db"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/trainings")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.get_data(as_text=True)


def test_a_request_is_one_line_with_route_and_person_and_no_address(
    world: World, sign_in: SignIn, capfd: pytest.CaptureFixture[str]
) -> None:
    person = world.person()
    client = sign_in(person)
    capfd.readouterr()
    client.get("/kept/some-secret-id?next=here")
    (line,) = _lines(capfd.readouterr().err)
    assert line["route"] == "/kept/<kept_id>" and line["status"] == 404 and line["person"] == person.id
    assert "some-secret-id" not in json.dumps(line)


def test_what_people_type_stands_in_no_log(
    client: FlaskClient, world: World, sign_in: SignIn, capfd: pytest.CaptureFixture[str]
) -> None:
    typed = dict.fromkeys(
        ("name", "email", "password", "job", "time_zone", "organization", "next", "number", "old"), MARKER
    )
    for path in ("/sign-in", "/account/new", "/password/x", "/invitations/x", "/mail/x"):
        post(client, path, typed, page="/sign-in")
    for path in ("/verify?number=", "/trainings/", "/sign-in?next=/", "/", "/static/"):
        client.get(path + MARKER)
    signed_in = sign_in(world.person())
    for path in ("/profile/person", "/profile/license", "/profile/workplace", "/profile/password"):
        post(signed_in, path, typed)
    signed_in.get("/profile", headers={"User-Agent": MARKER, "Referer": f"http://x/{MARKER}"})
    out, err = capfd.readouterr()
    assert MARKER not in out + err
    assert len(_lines(err)) > 10


def test_a_database_error_shows_no_values(world: World) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    with world.reading() as session, pytest.raises(SQLAlchemyError) as failure:
        session.execute(text("select * from nowhere where a = :a"), {"a": MARKER})
    assert MARKER not in str(failure.value)


def test_the_log_of_others_keeps_its_wording_and_loses_its_arguments() -> None:
    record = std_logging.LogRecord("library", 30, "f", 1, "cannot parse %s", (MARKER,), None)
    line = json.loads(JsonLines().format(record))
    assert line["event"] == "cannot parse %s"


def test_mail_that_cannot_be_sent_is_logged_without_the_address(
    config: Config, capfd: pytest.CaptureFixture[str]
) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["To"] = f"{MARKER}@harbor.example"
    create_app(config)
    mail._deliver(replace(config, mail_server="smtp://127.0.0.1:1"), message)
    (line,) = _lines(capfd.readouterr().err)
    assert line["event"] == "mail was not sent" and MARKER not in json.dumps(line)
