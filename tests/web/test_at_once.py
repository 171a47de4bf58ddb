"""The last step sent many times in one moment: one certificate, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from lms.accounts import places
from lms.app import create_app
from lms.config import OPERATOR
from lms.credit.audit import audit
from lms.credit.models import Certificate, CertificateEvent
from lms.enrollments.services import enroll
from lms.kernel.clock import now
from lms.kernel.db import Base, db, transaction
from tests import builders
from tests.db import postgres
from tests.web.conftest import World, _config, post, tokens
from tests.web.staff import COURSE, publish_course, real_course

AT_ONCE = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        config = _config(tmp_path)
        if request.param == "postgresql":
            url = stack.enter_context(postgres.new_database(stack.enter_context(postgres.server())))
            config = replace(config, database_url=url)
        app = create_app(config)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with transaction() as session:
                places.ensure_site(session, name=OPERATOR, now=now())
            db.session.remove()
        yield World(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_the_last_step_sent_many_times_at_once_gives_one_certificate(world: World) -> None:
    version, person, reviewer = publish_course(world), world.person(), world.person("Marcus Bell")
    course = real_course()[0]
    last = next(each for each in course.requirements if each.kind == "lesson")
    with world.writing() as session:
        own = enroll(
            session, user_id=person.id, course_key=COURSE, version_id=version, time_zone="America/New_York",
            now=now(),
        )  # fmt: skip
        for requirement in course.requirements:
            if requirement is not last:
                builders.met(session, own.id, version, requirement, now())
            if requirement.kind in ("reflection", "capstone"):
                builders.reviewed(session, own.id, requirement.key, reviewer.id, now())
    page, barrier = f"/learn/{COURSE}/{last.page_key}", Barrier(AT_ONCE)
    clients = [world.app.test_client() for _ in range(AT_ONCE)]
    for client in clients:
        post(client, "/sign-in", {"email": person.email, "password": person.password})
    sent = [tokens(client, page) for client in clients]

    def press(place: int) -> int:
        barrier.wait(30)
        client: FlaskClient = clients[place]
        return client.post(f"{page}/done", data=sent[place]).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(press, range(AT_ONCE)))
    assert answers == [303] * AT_ONCE
    with world.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 1
        assert session.scalars(sa.select(CertificateEvent.kind)).all() == ["issued"]
        assert list(audit(session)) == []
