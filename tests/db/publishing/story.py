"""One random history: authors edit, publish, move and roll back while people learn, through the real actions.

After every step `check` holds what was promised against the database; `publish` holds the forecast against
what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lms.accounts.permissions import Actor
from lms.accounts.queries import actor
from lms.actions import publishing
from lms.actions.publishing import Wanted
from lms.completion.models import CompletionSnapshot, LessonProgress
from lms.content.reader import SourceFiles
from lms.content.release_class import CLASSES
from lms.courses.models import CourseRelease, CourseVersion
from lms.courses.queries import load_compiled, published, versions
from lms.courses.releases import last_release_number, releases, was_published
from lms.credit.evidence import read_evidence
from lms.credit.ledger import live
from lms.credit.models import Certificate, CertificateEvent
from lms.credit.reckoning import reckon
from lms.credit.services import settle, taken_from
from lms.enrollments.models import Enrollment, EnrollmentMove
from lms.kernel import clock
from lms.kernel.db import db, table, transaction
from lms.kernel.errors import Conflict, RuleBroken
from lms.responses.models import (
    ActivityAttempt,
    QuizAttempt,
    Review,
    Submission,
    WorksheetCompletion,
    WorksheetEntry,
)
from lms.responses.queries.texts import own_texts
from tests import builders as b
from tests.db.publishing.learners import Learners
from tests.db.publishing.texts import CourseText

KEPT = tuple(
    table(model)
    for model in (
        ActivityAttempt, QuizAttempt, Submission, WorksheetEntry, WorksheetCompletion, Review, EnrollmentMove,
        Certificate, CertificateEvent,
    )
)  # fmt: skip
"""Facts: what is there stays as it is."""
FINISHED = (
    sa.select(
        Enrollment.id, Enrollment.version_id, CompletionSnapshot.complete, CompletionSnapshot.completed_on,
        CompletionSnapshot.minutes, CompletionSnapshot.certificate_current,
    )
    .join(CompletionSnapshot, CompletionSnapshot.enrollment_id == Enrollment.id)
    .where(Enrollment.course_key == sa.bindparam("course"), Enrollment.state == "completed")
)  # fmt: skip
PEOPLE = 3
STEPS = (
    "edit", "edit", "publish", "publish", "again", "move", "lesson", "lesson", "lesson", "activity", "activity",
    "quiz", "quiz", "draft", "draft", "draft", "draft", "entry", "sheet", "sheet", "hand_in", "answer", "answer", "leave", "finish",
)  # fmt: skip


@dataclass
class Story(Learners):
    text: CourseText = field(init=False)
    now: datetime = b.MONDAY
    facts: set[tuple[Any, ...]] = field(default_factory=set)
    kept_versions: set[tuple[Any, ...]] = field(default_factory=set)
    finished: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """Enrollment -> version, minutes and certificate with which it was completed."""

    def __post_init__(self) -> None:
        self.text = CourseText(self.key, self.chance)
        with transaction() as session:
            people = [b.person(session) for _ in range(PEOPLE + 1)]
        self.reviewer, *self.learners = map(self._actor, people)
        self.words = {learner.user_id: set() for learner in self.learners}
        self._edited()
        assert self.publish(Wanted())

    def _actor(self, user: int) -> Actor:
        known = actor(db.session(), user)
        assert known is not None
        return known.actor

    # ── One step ─────────────────────────────────────────────────────────────────────────────────

    def step(self) -> None:
        self.now += timedelta(hours=self.chance.choice([1, 5, 30]))
        what = self.chance.choice(STEPS)
        with clock.at(self.now):
            try:
                getattr(self, f"_{what}")()
                self._kept()
                self.count(what)
            except (RuleBroken, Conflict):
                self.fresh.clear()
                self.count("refused")
        db.session.remove()
        self.check()

    def _edit(self) -> None:
        self.text.edit()
        self._edited()

    def _edited(self) -> None:
        taken = publishing.take_in(None, SourceFiles(self.text.files()))
        self.count("versions" if taken.version else "did not compile")

    def _publish(self) -> None:
        """The newest version; where its class says too little, the author changes the header."""
        if not self.publish(self._wanted()):
            newest = versions(self.session, self.key)[0]
            compared = publishing.compare_with_published(
                self.session, load_compiled(self.session, newest.id), newest.id
            )
            self.text.release = compared.needed
            self._edited()
            self.publish(self._wanted())

    def _again(self) -> None:
        """An earlier version is published again."""
        known = list(releases(self.session, self.key))
        self.publish(self._wanted(), self.chance.choice(known).version_id)

    def _move(self) -> None:
        offered = published(self.session, self.key)
        assert offered is not None
        self.publish(Wanted("everybody"), offered.id)

    def _wanted(self) -> Wanted:
        who = self.chance.choice(publishing.WHO)
        return Wanted(who, frozenset({"self-paced"}))

    def publish(self, wanted: Wanted, version_id: int | None = None) -> bool:
        """False when the header understates; otherwise what the forecast said has come true."""
        version_id = version_id or versions(self.session, self.key)[0].id
        new = load_compiled(self.session, version_id)
        compared = publishing.compare_with_published(self.session, new, version_id)
        forecast = publishing.forecast(self.session, new, version_id)
        before = self._standing()
        release, note = last_release_number(self.session, self.key), "as the history has it"
        with clock.at(self.now):
            try:
                done = publishing.publish(
                    None, version_id=version_id, release=release, note=note, wanted=wanted
                )
            except RuleBroken as refusal:
                assert refusal.code == "class_understated"
                assert CLASSES.index(new.release.release_class) < CLASSES.index(compared.needed)
                assert self._standing() == before
                return False
        assert was_published(self.session, version_id)
        after = self._standing()
        moving = {
            each.enrollment_id: each.foreseen
            for each in forecast.movable
            if wanted.takes(each.state, each.group) and each.foreseen is not None
        }
        assert done.moved == len(moving)
        for enrollment, (state, pinned, steps, needed, complete) in after.items():
            if enrollment not in moving:
                assert (state, pinned, steps, needed, complete) == before[enrollment]
                continue
            foreseen = moving[enrollment]
            assert pinned == version_id
            assert (steps, needed, complete) == (
                foreseen.after.done, foreseen.after.needed, foreseen.after.complete,
            )  # fmt: skip
            assert before[enrollment][2] == foreseen.before.done
            assert foreseen.after.done >= foreseen.before.done - len(foreseen.dropped)
        self.count("releases")
        self.count("moved", done.moved)
        self.count("stayed", len(forecast.people) - len(moving))
        return True

    def _standing(self) -> dict[int, tuple[str, int, int, int, bool]]:
        self.session.expire_all()
        rows = self.session.execute(
            sa.select(
                Enrollment.id, Enrollment.state, Enrollment.version_id, CompletionSnapshot.done,
                CompletionSnapshot.needed, CompletionSnapshot.complete,
            )
            .join(CompletionSnapshot, CompletionSnapshot.enrollment_id == Enrollment.id)
            .where(Enrollment.course_key == self.key)
        )  # fmt: skip
        return {row[0]: tuple(row[1:]) for row in rows}  # type: ignore[misc]

    # ── What was promised ────────────────────────────────────────────────────────────────────────

    def check(self) -> None:
        self._no_version_changes()
        self._no_fact_is_lost()
        self._no_completion_is_taken_back()
        self._no_word_is_dropped()
        self._no_minute_counts_twice()

    def _ids(self) -> list[int]:
        return list(self.session.scalars(sa.select(Enrollment.id).where(Enrollment.course_key == self.key)))

    def _no_version_changes(self) -> None:
        """Neither a version nor the list of releases, whatever is published again."""
        mine = sa.select(CourseVersion.id, CourseVersion.number, CourseVersion.digest, CourseVersion.notes)
        rows = self.session.execute(mine.where(CourseVersion.course_key == self.key))
        found = {tuple(row) for row in rows} | {("release", *row) for row in self._released()}
        assert self.kept_versions <= found
        self.kept_versions = found

    def _released(self) -> list[tuple[Any, ...]]:
        each = sa.select(CourseRelease.number, CourseRelease.version_id, CourseRelease.at)
        return [tuple(row) for row in self.session.execute(each.where(CourseRelease.course_key == self.key))]

    def _no_fact_is_lost(self) -> None:
        ids = self._ids()
        found: set[tuple[Any, ...]] = set()
        for rows in KEPT:
            for row in self.session.execute(sa.select(rows).where(rows.c.enrollment_id.in_(ids))):
                found.add((rows.name, *map(str, row)))
        done = sa.select(
            LessonProgress.enrollment_id,
            LessonProgress.key,
            LessonProgress.version_id,
            LessonProgress.completed_at,
        ).where(LessonProgress.enrollment_id.in_(ids), LessonProgress.completed_at.is_not(None))
        found |= {("lesson", *map(str, row)) for row in self.session.execute(done)}
        assert self.facts <= found
        self.facts = found

    def _no_completion_is_taken_back(self) -> None:
        """Who finished stays finished with the same version, minutes and certificate, which stays in force
        and says what would be printed today."""
        rows = self.session.execute(FINISHED, {"course": self.key})
        now = {row.id: tuple(row) for row in rows}
        assert self.finished.items() <= now.items()
        assert all(row[2] and row[5] is not False for row in now.values())
        self.finished = now

    def _no_word_is_dropped(self) -> None:
        for user, words in self.words.items():
            kept = " ".join(text.body for text in own_texts(self.session, user))
            assert [word for word in words if word not in kept] == []

    def _no_minute_counts_twice(self) -> None:
        people = dict.fromkeys([learner.user_id for learner in self.learners], ("", ""))
        evidence = read_evidence(self.session, people)
        ids = {row.version_id for rows in evidence.enrollments.values() for row in rows}
        ids |= {fact.version_id for facts in evidence.facts.values() for fact in facts}
        courses = {version: load_compiled(self.session, version) for version in ids}
        for user, rows in evidence.enrollments.items():
            entries = evidence.entries.get(user, ())
            standing = live(entries)
            paid = [(cycle, entry.source_key) for (cycle, _), entry in standing.items()]
            assert len(set(paid)) == len(paid)
            balance: dict[tuple[int, str], int] = {}
            for entry in entries:
                place = (entry.cycle, entry.credit_key)
                balance[place] = balance.get(place, 0) + entry.effect * entry.minutes
            assert {place: entry.minutes for place, entry in standing.items()} == {
                place: minutes for place, minutes in balance.items() if minutes
            }
            anew = reckon(
                [taken_from(evidence, row) for row in rows], (), evidence.cycles.get(user, ()), courses
            ).live
            assert {place: (e.enrollment_id, e.minutes) for place, e in anew.items()} == {
                place: (e.enrollment_id, e.minutes) for place, e in standing.items()
            }

    def end(self) -> None:
        """Settling again finds nothing to do."""
        ids = self._ids()
        with transaction() as session:
            changes = settle(session, ids, self.now, None, "again")
        assert (changes.postings, changes.certificates, changes.completed) == (0, (), ())
        self.count("completed", len(self.finished))
        self.count("words", sum(map(len, self.words.values())))
