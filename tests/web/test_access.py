"""The access matrix, asserted whole: every endpoint, every kind of person, ids from another district."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from lms.accounts import kept
from lms.kernel.clock import now
from tests.web.access_matrix import ROWS, Row
from tests.web.conftest import Person, World, post

PEOPLE = (
    "anonymous", "learner", "other_learner", "peer_reviewer", "no_cohort", "facilitator", "other_facilitator",
    "coordinator", "other_coordinator", "reviewer", "author", "admin",
)  # fmt: skip
UNTOUCHED = {"HEAD", "OPTIONS"}


@pytest.fixture
def stage(world: World) -> dict[str, Person | None]:
    """The people of the matrix."""
    here, there = world.district(), world.district("Other Valley Schools")
    people: dict[str, Person | None] = {"anonymous": None}
    for name in PEOPLE[1:]:
        people[name] = world.person(name.replace("_", " ").title())
        if name not in ("author", "admin"):
            world.belongs(people[name], there if name.startswith("other") else here)
    world.grant(people["coordinator"], "coordinator", "organization", here.id)
    world.grant(people["other_coordinator"], "coordinator", "organization", there.id)
    world.grant(people["reviewer"], "reviewer", "organization", here.id)
    world.grant(people["author"], "author")
    world.grant(people["admin"], "admin")
    return people


@pytest.fixture
def ids(world: World, stage: dict[str, Person | None]) -> dict[str, str]:
    """Public ids that the matrix names, those of the learner and of another district among them."""
    learner = stage["learner"]
    assert learner is not None
    with world.writing() as session:
        kept_post = kept.keep(session, user_id=learner.id, path="/help", fields=(("a", "b"),), now=now())
    return {"kept_post": kept_post, "other_district": world.district("Third Valley Schools").public_id}


def test_every_endpoint_has_a_policy_and_every_method_a_row(app: Flask) -> None:
    declared = {(row.endpoint, row.method) for row in ROWS}
    served = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - UNTOUCHED
    }
    assert sorted(served - declared) == []
    assert sorted(declared - served) == []
    assert [name for name, view in app.view_functions.items() if not hasattr(view, "access")] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_matrix_says(
    who: str,
    app: Flask,
    stage: dict[str, Person | None],
    ids: dict[str, str],
    sign_in: Callable[[Person], FlaskClient],
) -> None:
    person = stage[who]
    client = app.test_client() if person is None else sign_in(person)
    wrong = []
    for row in sorted(ROWS, key=lambda row: row.endpoint in ("auth.sign_out", "auth.drop_kept")):
        if row.endpoint == "auth.sign_out":
            continue  # it would end the session of the rows that follow; it has tests of its own
        expected = row.answers.get(who, row.answers.get(..., 0))
        status, location = _ask(app, client, row, ids)
        to_sign_in = expected != 303 or who != "anonymous" or location.startswith("/sign-in")
        if status != expected or not to_sign_in:
            wrong.append(f"{row.method} {row.endpoint}: {status} {location}, not {expected}")
    assert wrong == []


def _ask(app: Flask, client: FlaskClient, row: Row, ids: dict[str, str]) -> tuple[int, str]:
    with app.test_request_context():
        path = url_for(row.endpoint, **{name: ids.get(value, value) for name, value in row.arguments.items()})
    answer = client.get(path) if row.method == "GET" else post(client, path, page="/sign-in")
    return answer.status_code, answer.headers.get("Location", "")


def test_an_endpoint_that_declares_no_policy_answers_403(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.get_data(as_text=True)


def test_an_administrator_too_is_kept_from_an_endpoint_without_policy(
    app: Flask, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = sign_in(world.grant(world.person(), "admin"))
    assert client.get("/forgotten").status_code == 403
