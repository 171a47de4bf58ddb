"""What each of two processes does at the barrier: add its facts, settle, as requests do."""

from __future__ import annotations

import random
import traceback
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.credit.services import settle
from lms.kernel.db import engine_options, transaction
from tests import builders as b


@dataclass(frozen=True, slots=True)
class Round:
    """Enrollments that both processes settle. `lessons`: those that this process adds first."""

    version: int
    enrollments: tuple[int, ...]
    lessons: tuple[str, ...]
    reviewer: int | None = None
    """Who this process speaks for as a peer; the enrollments are then those of two people."""


def settle_rounds(url: str, seed: int, rounds: list[Round], barrier: Barrier, told: Any) -> None:
    """Run in a process of its own; tells its errors, none when all went well."""
    errors: list[str] = []
    engine = sa.create_engine(url, **engine_options(url))
    chance = random.Random(seed)
    with Session(engine) as session:
        for number, turn in enumerate(rounds):
            ids = list(turn.enrollments)
            chance.shuffle(ids)
            # Some rounds one person a transaction, some all at once: locks meet in different ways.
            size = 1 if number % 2 else len(ids)
            barrier.wait(60)
            try:
                for start in range(0, len(ids), size):
                    _act(session, turn, ids[start : start + size])
            except Exception:
                errors.append(traceback.format_exc())
                session.rollback()
    engine.dispose()
    told.put(errors)


def _act(session: Session, turn: Round, ids: list[int]) -> None:
    with transaction(session):
        if turn.reviewer is not None:
            for enrollment in ids:
                author = session.scalar(
                    sa.text("SELECT user_id FROM enrollments WHERE id = :id"), {"id": enrollment}
                )
                if author != turn.reviewer:
                    b.reviewed(session, enrollment, "c-1.look", turn.reviewer, b.day(5), kind="peer")
        for enrollment in ids:
            for key in turn.lessons:
                b.lesson_done(session, enrollment, turn.version, key, b.day(2))
        settle(session, ids, b.day(6), None, "at the barrier")
