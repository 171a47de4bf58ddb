"""An application on a fresh SQLite file, people to sign in as, and clients that send what browsers send.

No application context is held open around a client's calls: the request must find its own session.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.accounts import affiliations, grants, places, services
from lms.accounts.permissions import Role, ScopeKind
from lms.app import create_app
from lms.config import OPERATOR, ROOT, Config, Keys
from lms.kernel.clock import now
from lms.kernel.db import Base, db, transaction

PASSWORD = "copper kettle river noon"
_TOKENS = re.compile(r'name="(csrf_token|owner)" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    public_id: str
    name: str
    email: str
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class Place:
    id: int
    public_id: str
    name: str


@dataclass(slots=True)
class World:
    """Makes people and places with the services that the site itself uses."""

    app: Flask
    made: list[Person] = field(default_factory=list)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.app.app_context(), transaction() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.app.app_context():
            yield db.session()

    def person(
        self, name: str = "Rosa Delgado", email: str | None = None, password: str | None = PASSWORD
    ) -> Person:
        address = email or f"{name.split()[0].lower()}.{secrets.token_hex(3)}@harbor.example"
        with self.writing() as session:
            user = services.create_account(
                session,
                email=address,
                name=name,
                job="teacher",
                time_zone="America/New_York",
                password=password,
                now=now(),
            )
            person = Person(user.id, user.public_id, name, user.email)
        self.made.append(person)
        return person

    def district(self, name: str = "Harbor Valley Public Schools", domains: tuple[str, ...] = ()) -> Place:
        with self.writing() as session:
            row = places.create_district(session, name=name, time_zone="America/New_York", now=now(), by=None)
            places.set_mail_domains(
                session, district_id=places.place_id(row), domains=domains, now=now(), by=None
            )
            return Place(int(row.id or 0), row.public_id, row.name)

    def school(self, district: Place, name: str = "Bridgeway Middle School") -> Place:
        with self.writing() as session:
            row = places.create_school(session, district_id=district.id, name=name, now=now(), by=None)
            return Place(int(row.id or 0), row.public_id, row.name)

    def grant(self, person: Person, role: Role, scope_kind: ScopeKind = "site", scope_id: int = 0) -> Person:
        with self.writing() as session:
            grants.grant_role(
                session,
                user_id=person.id,
                role=role,
                scope_kind=scope_kind,
                scope_id=scope_id,
                now=now(),
                by=None,
            )
        return person

    def belongs(self, person: Person, place: Place) -> Person:
        with self.writing() as session:
            affiliations.confirm_affiliation(
                session, user_id=person.id, organization_id=place.id, basis="coordinator", now=now(), by=None
            )
        return person


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """One pass over little memory: tests sign in often, and the parameters have a test of their own."""
    from argon2 import PasswordHasher

    from lms.accounts import passwords

    slow = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._NOBODY = passwords._hasher.hash("nobody has this password")
    yield
    passwords._hasher = slow


@pytest.fixture(scope="session", autouse=True)
def _addresses_compiled_once() -> Iterator[None]:
    """Each application has the same addresses, and Werkzeug makes code for each of them anew. That code depends
    on nothing but the parts of the address and their defaults."""
    compiled = Rule._compile_builder
    kept: dict[object, Callable[..., tuple[str, str]]] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (tuple(rule._trace), str(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


KEYS = Keys(session=secrets.token_hex(32).encode(), audit=secrets.token_hex(32).encode())
"""The same in all tests of a process: a database may be copied from one to another."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return _config(tmp_path)


def _config(folder: Path) -> Config:
    return Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'lms.db'}",
        keys=KEYS,
        courses=ROOT / "courses",
        testing=True,
    )


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty site's database, and the place of compiled templates: copied and shared, not made anew."""
    folder = tmp_path_factory.mktemp("made_once")
    app = create_app(_config(folder))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with transaction() as session:
            places.ensure_site(session, name=OPERATOR, now=now())
        db.session.remove()
        db.engine.dispose()  # the last connection folds the write-ahead log into the file
    return folder


@pytest.fixture
def app(config: Config, _made_once: Path) -> Iterator[Flask]:
    shutil.copy(_made_once / "lms.db", config.instance / "lms.db")
    app = create_app(config)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(_made_once))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody is signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """A client of its own in which `person` has signed in through the page."""

    def signed_in(person: Person) -> FlaskClient:
        client = app.test_client()
        answer = post(client, "/sign-in", {"email": person.email, "password": person.password})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    return signed_in


def tokens(client: FlaskClient, page: str = "/help") -> dict[str, str]:
    """The hidden values of a form as this client would have them: csrf_token and, signed in, owner."""
    for path in (page, "/profile", "/sign-in"):
        found = dict(_TOKENS.findall(client.get(path).get_data(as_text=True)))
        if found:
            return found
    raise AssertionError(f"no form on {page}")


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
    """Send a form as a browser would, hidden values included."""
    page = kwargs.pop("page", path)
    return client.post(path, data={**tokens(client, page), **(data or {})}, **kwargs)
