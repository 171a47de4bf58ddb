"""Two processes at a barrier settle the same people: one certificate each, every entry, whole chain, no error.

A few rounds in each run; `LMS_TEST_ROUNDS=200 pytest tests/db/test_two_processes.py` for the full proof.
"""

from __future__ import annotations

import multiprocessing
import os
import random

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.credit.audit import audit
from lms.credit.models import Certificate, LedgerEntry
from lms.kernel.db import transaction
from tests import builders as b
from tests.db.settler import Round, settle_rounds

ROUNDS = int(os.environ.get("LMS_TEST_ROUNDS", "4"))
PEOPLE = 20
LESSONS = ("c-1", "c-2", "c-3")


def _run(engine: Engine, first: list[Round], second: list[Round]) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, told = spawn.Barrier(2), spawn.Queue()
    url = engine.url.render_as_string(hide_password=False)
    processes = [
        spawn.Process(target=settle_rounds, args=(url, seed, rounds, barrier, told))
        for seed, rounds in enumerate((first, second))
    ]
    for process in processes:
        process.start()
    errors = [error for _ in processes for error in told.get(timeout=60 + 2 * len(first))]
    for process in processes:
        process.join(60)
    assert errors == []
    assert [process.exitcode for process in processes] == [0, 0]


@pytest.mark.parametrize("evidence", ["all there before", "half from each"])
def test_whoever_settles_first_there_is_one_certificate_each(committed: Engine, evidence: str) -> None:
    there_before = evidence == "all there before"
    chance = random.Random(1)
    first, second = [], []
    with Session(committed) as session, transaction(session):
        version = b.version(session, b.course(*(b.lesson(key, 60) for key in LESSONS)))
        district = b.district(session)
        for _ in range(ROUNDS):
            enrollments = []
            for _ in range(PEOPLE):
                user = b.person(session)
                if chance.random() < 0.5:
                    b.affiliate(session, user, district)
                enrollments.append(b.enroll(session, user, version))
                for key in LESSONS if there_before else ():
                    b.lesson_done(session, enrollments[-1], version, key, b.day(1))
            halves: tuple[tuple[str, ...], ...] = ((), ()) if there_before else (LESSONS[:1], LESSONS[1:])
            for rounds, half in zip((first, second), halves, strict=True):
                rounds.append(Round(version, tuple(enrollments), half))
    _run(committed, first, second)
    with Session(committed) as session:
        certificates = session.scalar(sa.select(sa.func.count()).select_from(Certificate))
        entries = session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry))
        assert (certificates, entries) == (ROUNDS * PEOPLE, ROUNDS * PEOPLE * len(LESSONS))
        assert list(audit(session)) == []


def test_two_peers_may_review_one_another_at_the_same_moment(committed: Engine) -> None:
    """A review points at its reviewer's row: under a plain FOR UPDATE each would wait for the other."""
    first, second = [], []
    with Session(committed) as session, transaction(session):
        version = b.version(session, b.course(b.lesson("c-1", 60), b.reflection("c-1.look", peers=True)))
        for _ in range(ROUNDS * 2):
            users = [b.person(session), b.person(session)]
            enrollments = [b.enroll(session, user, version) for user in users]
            for enrollment in enrollments:
                b.lesson_done(session, enrollment, version, "c-1", b.day(1))
                b.handed_in(session, enrollment, version, "c-1.look", b.day(2))
            for rounds, user in zip((first, second), users, strict=True):
                rounds.append(Round(version, tuple(enrollments), (), reviewer=user))
    _run(committed, first, second)
    with Session(committed) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == ROUNDS * 2 * 2
        assert list(audit(session)) == []
