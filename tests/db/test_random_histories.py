"""Wholly random histories: whatever happens in whatever order, the invariants hold and the audit is clean.

A few in each run; `LMS_TEST_SEEDS=600 pytest tests/db/test_random_histories.py` for many.
"""

from __future__ import annotations

import os
import random

import pytest

from lms.credit.audit import audit
from lms.kernel.errors import RuleBroken
from tests import builders as b
from tests.db.conftest import Database
from tests.db.lane import Lane

SEEDS = int(os.environ.get("LMS_TEST_SEEDS", "6"))


class Chance:
    """One random history of two people in a cohort of a course that changes."""

    def __init__(self, database: Database, seed: int) -> None:
        self.random = random.Random(seed)
        self.lane = Lane(database, lazy=self.random.random() < 0.3)
        self.now = 0
        self.guides = [b.guide("s-1", 90, "c-m1"), b.guide("s-2", 60)]
        self.versions = [self._version()]
        self.cohort = self.lane.cohort(self.versions[0], required=self.random.choice([None, 100]))
        self.lane.body(
            self.cohort,
            self.random.choice(["district", "registered_provider"]),
            (-100, self.random.choice([5, 99])),
        )
        self.meetings = [
            self.lane.meeting(self.cohort, self.versions[0], guide.key, 2, guide.minutes)
            for guide in self.guides
        ]
        self.people = [self.lane.person(license=self.random.choice([None, "MA"])) for _ in range(2)]
        self.enrollments = [self.lane.enroll(user, self.versions[0], 0, self.cohort) for user in self.people]
        self.active = dict(zip(self.people, self.enrollments, strict=True))
        self.counts: dict[tuple[object, ...], int] = {}

    def _version(self) -> int:
        pick = self.random
        parts = [
            b.lesson("c-1", pick.choice([240, 300, 420])),
            b.quiz("c-q1", pick.choice([20, 30])),
            b.reflection("c-1.look", 30, peers=True),
            b.try_out("c-t1", 25, paper=True),
            b.activity("c-1.scenes"),
        ]
        if pick.random() < 0.5:
            parts.append(b.lesson("c-2", 200, also=["c-2-text"]))
        return self.lane.version(*parts, sessions=self.guides)

    def next(self, *what: object) -> int:
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def step(self) -> None:
        self.now += self.random.choice([0, 1, 1, 2])
        enrollment = self.random.choice(self.enrollments)
        deed = self.random.choice(
            ["lesson", "lesson", "lesson", "activity", "quiz", "quiz", "hand_in", "review", "review", "paper",
             "attend", "attend", "move", "rename", "again", "amend", "revoke", "leave", "settle", "grow"]
        )  # fmt: skip
        getattr(self, f"_{deed}")(enrollment)

    def _once(self, *what: object) -> bool:
        return self.next("once", *what) == 1

    def _lesson(self, enrollment: int) -> None:
        key = self.random.choice(["c-1", "c-2", "c-2-text", "c-m1"])
        if self._once(enrollment, key):
            self.lane.lesson(enrollment, key, self.now)

    def _activity(self, enrollment: int) -> None:
        number = self.next("activity", enrollment)
        self.lane.activity(enrollment, "c-1.scenes", self.now, number, self.random.random() < 0.7)

    def _quiz(self, enrollment: int) -> None:
        number = self.next("quiz", enrollment)
        self.lane.quiz(enrollment, "c-q1", self.now, number, self.random.random() < 0.7)

    def _hand_in(self, enrollment: int) -> None:
        self.lane.hand_in(enrollment, "c-1.look", self.now, self.next("hand_in", enrollment))

    def _review(self, enrollment: int) -> None:
        handed_in = self.counts.get(("hand_in", enrollment), 0)
        if handed_in:
            self.lane.review(
                enrollment, "c-1.look", self.now, self.random.choice(["not_yet", "meets", "strong"]),
                self.random.choice(["facilitator", "organization", "peer"]), handed_in,
                self.next("review", enrollment, handed_in),
            )  # fmt: skip

    def _paper(self, enrollment: int) -> None:
        if self._once(enrollment, "paper"):
            self.lane.paper(enrollment, "c-t1", self.now)

    def _attend(self, enrollment: int) -> None:
        place = self.random.randrange(2)
        full = self.guides[place].minutes
        minutes = self.random.choice([0, full // 2, full])
        sequence = self.next("attend", place, enrollment)
        self.lane.attend(enrollment, self.meetings[place], minutes, self.now, sequence)

    def _move(self, enrollment: int) -> None:
        version = self.random.choice(self.versions)
        if enrollment in self.active.values() and version != self.lane._pinned(enrollment):
            self.lane.settle()
            if not self.lane.snapshot(enrollment).complete:
                self.lane.move(enrollment, version, self.now)

    def _grow(self, _: int) -> None:
        self.versions.append(self._version())

    def _rename(self, _: int) -> None:
        self.lane.rename(self.random.choice(self.people), f"Name {self.now}", self.now)

    def _leave(self, enrollment: int) -> None:
        self.lane.settle()
        if enrollment in self.active.values() and not self.lane.snapshot(enrollment).complete:
            self.lane.leave(enrollment, self.now)
            self.active = {user: held for user, held in self.active.items() if held != enrollment}

    def _again(self, _: int) -> None:
        user = self.random.choice(self.people)
        self.lane.settle()
        held = self.active.get(user)
        if held is not None and not self.lane.snapshot(held).complete:
            return
        self.now += self.random.choice([1, 1, 2000])
        self.active[user] = self.lane.enroll(user, self.random.choice(self.versions), self.now)
        self.enrollments.append(self.active[user])

    def _amend(self, enrollment: int) -> None:
        try:
            self.lane.amend(enrollment, self.now)
        except RuleBroken as refusal:
            assert refusal.code in ("no_certificate", "not_complete")

    def _revoke(self, enrollment: int) -> None:
        if self.random.random() < 0.3:
            try:
                self.lane.revoke(enrollment, self.now)
            except RuleBroken as refusal:
                assert refusal.code == "no_certificate"

    def _settle(self, _: int) -> None:
        self.lane.settle()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_happens_the_invariants_hold(database: Database, seed: int) -> None:
    chance = Chance(database, seed)
    for _ in range(chance.random.randrange(15, 45)):
        chance.step()
    chance.lane.settle()
    assert list(audit(database.session)) == []
