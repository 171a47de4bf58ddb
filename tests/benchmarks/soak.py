"""Many writes at once, an export and a backup running beside: nothing is locked, nothing is lost.

Each client writes for people of its own, one request at a time, so what the database must hold afterwards
is known exactly: the last draft of everybody with its revision, every attempt, every finished lesson.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from lms.completion.models import LessonProgress
from lms.content.nodes import Quiz
from lms.kernel.db import db
from lms.responses.chance import seed_for
from lms.responses.grading import lay_out, leaves
from lms.responses.models import Draft, QuizAttempt
from tests.benchmarks import load, sheets
from tests.benchmarks.load import ask, get, post
from tests.benchmarks.pages import Pair
from tests.benchmarks.site import LMS, Site

WRITES = 2_000
"""In CI; 20,000 by `--soak 20000`."""
CLIENTS = 16
WORDS = "She waited at the door until everyone else had gone, and then she told me what had happened. " * 3


@dataclass
class Writer:
    """One learner of one client: what was sent, so what must be there."""

    cookie: str
    enrollment_id: int
    guards: list[tuple[str, str]]
    attempts: int
    revision: int = 0
    text: str = ""
    done: set[str] = field(default_factory=set)


def run(pair: Pair, writes: int) -> dict[str, Any]:
    """Raises when an answer was refused or a row is missing; else the figures."""
    site, quiz = pair.site, pair.site.quiz
    people = _writers(pair, quiz)
    mine = [people[client::CLIENTS] for client in range(CLIENTS)]
    beside = _Beside(site)
    with beside:
        seen = load.run(
            pair.ours.port,
            CLIENTS,
            lambda client, turn: _request(site, quiz, mine[client], turn),
            count=writes,
            expect=(200, 303),
        )
    if seen.wrong:
        raise AssertionError(f"writes were refused: {seen.wrong}")
    lost = _lost(site, quiz, people)
    if lost:
        raise AssertionError(f"{len(lost)} things are not there: {lost[:5]}")
    p50, p99 = seen.percentile(0.5), seen.percentile(0.99)
    return {
        "writes": seen.requests,
        "per_second": round(seen.per_second),
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "p99_vs_p50": round(p99 / p50, 1),
        "exports_beside": beside.exports,
        "backups_beside": beside.backups,
        "refused": 0,
        "lost": 0,
    }


def _writers(pair: Pair, quiz: Quiz) -> list[Writer]:
    """Everybody, with the hidden fields of their forms; they begin where the database has them."""
    with pair.site.app.app_context():
        session = db.session()
        made = dict(
            session.execute(
                select(QuizAttempt.enrollment_id, func.count())
                .where(QuizAttempt.key == quiz.key)
                .group_by(QuizAttempt.enrollment_id)
            ).all()
        )
        db.session.remove()
    address = pair.site.address(quiz.key) + "?again=1"
    people = []
    for cookie, enrollment_id in zip(pair.our_cookies, pair.site.enrollment_ids, strict=True):
        form = sheets.form_with(ask(pair.ours.port, get(address, cookie)).body, "/save")
        guards = [(name, value) for name, value in sheets.hidden(form) if name in ("csrf_token", "owner")]
        people.append(Writer(cookie, enrollment_id, guards, made.get(enrollment_id, 0)))
    return people


def _request(site: Site, quiz: Quiz, people: list[Writer], turn: int) -> bytes:
    writer = people[turn // 5 % len(people)]
    address = site.address(quiz.key)
    match turn % 5:
        case 3:
            lessons = [lesson.key for module in site.course.modules for lesson in module.lessons]
            key = lessons[turn // 5 // len(people) % len(lessons)]
            writer.done.add(key)
            return post(f"{site.address(key)}/done", sheets.body(writer.guards), writer.cookie)
        case 4:
            writer.attempts += 1
            shown = lay_out(
                quiz.questions, seed_for(writer.enrollment_id, quiz.key, writer.attempts), quiz.shuffle
            )
            pairs = [
                *writer.guards,
                *sheets.answers(leaves(shown)),
                ("attempt", str(writer.attempts)),
                ("submit_token", secrets.token_hex(8)),
            ]
            return post(f"{address}/submit", sheets.body(pairs), writer.cookie)
        case _:
            key = quiz.reflections[0].key
            writer.text = f"{WORDS}{turn}"
            pairs = [
                *writer.guards, ("draft", key), (key, writer.text), (f"revision:{key}", str(writer.revision)),
            ]  # fmt: skip
            writer.revision += 1
            return post(f"{address}/draft", sheets.body(pairs), writer.cookie)


def _lost(site: Site, quiz: Quiz, people: list[Writer]) -> list[str]:
    """What was acknowledged and is not there, or not as it was sent."""
    key = quiz.reflections[0].key
    with site.app.app_context():
        session = db.session()
        drafts = {
            row.enrollment_id: (row.revision, row.body)
            for row in session.scalars(select(Draft).where(Draft.key == key))
        }
        attempts = dict(
            session.execute(
                select(QuizAttempt.enrollment_id, func.max(QuizAttempt.number))
                .where(QuizAttempt.key == quiz.key)
                .group_by(QuizAttempt.enrollment_id)
            ).all()
        )
        done = {
            (row.enrollment_id, row.key)
            for row in session.scalars(select(LessonProgress).where(LessonProgress.completed_at.is_not(None)))
        }
        db.session.remove()
    lost = []
    for writer in people:
        revision, body = drafts.get(writer.enrollment_id, (0, "{}"))
        if revision != writer.revision or (revision and json.loads(body).get(key) != writer.text):
            lost.append(f"draft of {writer.enrollment_id}: revision {revision}, not {writer.revision}")
        if attempts.get(writer.enrollment_id, 0) != writer.attempts:
            lost.append(f"attempts of {writer.enrollment_id}")
        missing = {(writer.enrollment_id, lesson) for lesson in writer.done} - done
        lost += [f"lesson {lesson} of {enrollment_id}" for enrollment_id, lesson in missing]
    return lost


class _Beside:
    """An export and a backup, again and again, until the writes are over."""

    def __init__(self, site: Site) -> None:
        self._site, self._over = site, threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._fault = ""
        self.exports = self.backups = 0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._fault:
            raise AssertionError(f"beside the writes: {self._fault}")

    def _work(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            while not self._over.is_set() and not self._fault:
                self._lms("records", "export", "-o", f"{folder}/records.csv")
                self.exports += 1
                self._lms("backup", f"{folder}/{self.backups}.zip")
                self.backups += 1

    def _lms(self, *arguments: str) -> None:
        done = subprocess.run((LMS, *arguments), env=_environment(self._site), capture_output=True, text=True)
        if done.returncode:
            self._fault = f"lms {arguments[0]}: {done.stderr.strip()[-300:]}"


def _environment(site: Site) -> dict[str, str]:
    return {"PATH": str(Path(LMS).parent), **site.environment()}
