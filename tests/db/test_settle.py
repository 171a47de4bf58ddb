from __future__ import annotations

from lms.credit.queries import certificate
from lms.credit.services import settle
from lms.kernel.db import transaction
from tests import builders as b
from tests.db.conftest import Database


def test_whoever_has_done_everything_gets_one_certificate(database: Database) -> None:
    session = database.session
    version = b.version(session, b.course(b.lesson("c-1", 60), b.quiz("c-q1", 30)))
    enrollment = b.enroll(session, b.person(session, "Rosa Delgado"), version)
    session.commit()
    with transaction(session):
        b.lesson_done(session, enrollment, version, "c-1", b.day(1))
        first = settle(session, [enrollment], b.day(1), None, "lesson done")
    assert not first.completed
    with transaction(session):
        b.quiz_tried(session, enrollment, version, "c-q1", b.day(2))
        done = settle(session, [enrollment], b.day(3), None, "quiz passed")
    assert done.completed == (enrollment,)
    (issued,) = done.certificates
    found = certificate(session, issued.number)
    assert found is not None
    assert (found.state, found.current, found.minutes, found.frozen["person"]["name"]) == (
        "valid", True, 90, "Rosa Delgado",
    )  # fmt: skip
    assert found.completed_on == b.day(2).date()
    with transaction(session):
        again = settle(session, [enrollment], b.day(4), None, "again")
    assert again.certificates == ()
    assert again.postings == 0
    assert again.due == ()
