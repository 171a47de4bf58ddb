"""Forgeries in the certificates of one of many who went the same way, each told along as far as a forger can: posting,
row, digests and awards agree. Only the trail, which is not asked here, and what follows from facts tell of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from lms.credit import checking
from lms.credit.audit import audit
from lms.credit.evidence import read_entries
from lms.credit.gates import Gate
from lms.credit.kept import Kept
from lms.credit.ledger import posting_digest
from lms.credit.services import settle
from lms.kernel import append_only
from lms.kernel.canonical import canonical, digest
from lms.kernel.db import transaction
from tests import builders as b
from tests.db.conftest import Database

Json = dict[str, Any]
Forgeries = dict[str, tuple[Callable[[Any], object], str]]
"""Each with the fault that must be found."""


class World(NamedTuple):
    """`last` went the same way as some before: what is forged is hers."""

    session: Session
    connection: Connection
    last: int
    before: tuple[int, ...]
    other: int
    """A version of another course on the topic."""

    def run(self, statement: str, **values: Any) -> None:
        self.session.connection().execute(
            sa.text(statement), {"last": self.last, "other": self.other} | values
        )

    def reissue(
        self, change: Callable[[Json], object], enrollment: int | None = None, sequence: int = 1
    ) -> None:
        """A row, changed and hashed anew, and the rows of its awards with it."""
        row = {"row": enrollment or self.last, "sequence": sequence}
        frozen = json.loads(
            self.session.scalar(
                sa.text(
                    "SELECT frozen FROM certificates WHERE enrollment_id = :row AND sequence = :sequence"
                ),
                row,
            )
        )
        change(frozen)
        text = canonical(frozen)
        self.run(
            "UPDATE certificates SET frozen = :text, digest = :digest, minutes = :minutes"
            " WHERE enrollment_id = :row AND sequence = :sequence",
            text=text, digest=digest(text), minutes=frozen["minutes"], **row,
        )  # fmt: skip
        for award in frozen["awards"]:
            # In the order in which they are written: no other sign gives the forgery away.
            gates = [{name: gate[name] for name in Gate._fields} for gate in award["gates"]]
            self.run(
                "UPDATE awards SET units_hundredths = :units, minutes = :minutes, met_on = :met_on,"
                " gates = :gates WHERE enrollment_id = :row AND certificate_sequence = :sequence AND rule_key = :key",
                units=award["units_hundredths"], minutes=award["minutes"], met_on=award["met_on"],
                gates=json.dumps(gates), key=award["rule_set"]["key"], **row,
            )  # fmt: skip

    def post_again(self) -> None:
        """The digest of her posting, of its entries as they are now."""
        user_id = self.session.scalar(
            sa.text("SELECT user_id FROM enrollments WHERE id = :last"), {"last": self.last}
        )
        (entries,) = read_entries(self.session, [user_id or 0]).values()
        mine = [entry for entry in entries if entry.enrollment_id == self.last]
        self.run(
            "UPDATE ledger_postings SET digest = :digest WHERE enrollment_id = :last",
            digest=posting_digest(mine),
        )


def world_of(database: Database, lesson: int = 200, registered: bool = False) -> World:
    """Three people, one day after the other, with two sessions of one cohort, a sheet of two sittings, a
    review. `lesson`: 270 make ten hours on the topic. A registration ends before the last is done."""
    session = database.session
    other = b.version(session, b.course(b.lesson("d-1", 330), b.quiz("d-q1"), key="other"))
    version = b.version(
        session,
        b.course(
            b.lesson("c-1", lesson), b.lesson("c-2", 100), b.quiz("c-q1", 30), b.reflection("c-1.look", 30),
            b.try_out("c-t1", 20, sittings=("Week 1", 'Week "6"')), sessions=[b.guide("s-1"), b.guide("s-2")],
        ),
    )  # fmt: skip
    cohort = b.cohort(session, version)
    body = b.body(session, "registered_provider" if registered else "district")
    if registered:
        b.register(session, body, valid_to=b.day(6).date())
    b.assign(session, body, "cohort", cohort)
    meetings = [b.cohort_session(session, cohort, version, key, b.day(1)) for key in ("s-1", "s-2")]
    staff, found = b.person(session), []
    for number in range(3):
        user = b.person(session)
        b.license(session, user)
        enrollment = b.enroll(session, user, version, cohort_id=cohort)
        b.lesson_done(session, enrollment, version, "c-1", b.day(number, 1))
        b.lesson_done(session, enrollment, version, "c-2", b.day(3 - number, 2))
        for day, sitting in ((3, "Week 1"), (4, 'Week "6"')):
            b.sheet_finished(session, enrollment, version, "c-t1", b.day(day), sitting)
        b.quiz_tried(session, enrollment, version, "c-q1", b.day(4))
        b.handed_in(session, enrollment, version, "c-1.look", b.day(3))
        b.reviewed(session, enrollment, "c-1.look", staff, b.day(5 + number))
        for meeting in meetings:
            b.attended(session, meeting, enrollment, 90, staff)
        found.append(enrollment)
    session.commit()
    with transaction(session):
        settle(session, found, b.day(9), None, "done")
    return World(session, database.connection, found[-1], tuple(found[:-1]), other)


def _award(frozen: Json) -> Json:
    return next(award for award in frozen["awards"] if award["rule_set"]["key"] == "us-ma-pdp")


def _line(frozen: Json, key: str) -> Json:
    return next(line for line in frozen["lines"] if line["source_key"] == key)


def _take(change: Callable[[Json], object]) -> Callable[[World], None]:
    return lambda world: world.reissue(change)


def _run(*statements: str) -> Callable[[World], None]:
    def run(world: World) -> None:
        for statement in statements:
            world.run(statement)

    return run


def _another_work(world: World) -> int:
    """Six more hours on the topic, done in time, and a certificate that is said to be current all the same."""
    session = world.session
    user = session.scalar(sa.text("SELECT user_id FROM enrollments WHERE id = :id"), {"id": world.last}) or 0
    other = b.enroll(session, user, world.other, "other")
    b.lesson_done(session, other, world.other, "d-1", b.day(2))
    b.quiz_tried(session, other, world.other, "d-q1", b.day(2))
    session.commit()
    with transaction(session):
        settle(session, [other], b.day(10), None, "done")
    world.run("UPDATE completion_snapshots SET certificate_current = true WHERE enrollment_id = :last")
    return other


def _half_told(world: World) -> None:
    """Her award names the other work and lets no gate know of it."""
    other = _another_work(world)

    def tell(frozen: Json) -> None:
        award = _award(frozen)
        award["topic"] |= {
            "minutes": frozen["minutes"] + 360,
            "others": [
                [other, f"other/{key}", minutes, b.day(2).date().isoformat()]
                for key, minutes in (("d-1", 330), ("d-q1", 30))
            ],
            "reached_on": award["met_on"],
        }

    world.reissue(tell)


def _anothers_fact(world: World) -> None:
    """Credited for what somebody else did, all told along."""
    hers, anothers = f"lesson_progress:{world.last}:c-1", f"lesson_progress:{world.before[-1]}:c-1"
    world.run("UPDATE ledger_entries SET fact = :fact WHERE enrollment_id = :last AND credit_key = 'care/c-1'",
              fact=anothers)  # fmt: skip
    world.post_again()

    def name(frozen: Json) -> None:
        _line(frozen, "c-1")["fact"] = anothers
        frozen["used"] = sorted([anothers, *(ref for ref in frozen["used"] if ref != hers)])

    world.reissue(name)


def _completed_later(world: World) -> None:
    def move(frozen: Json) -> None:
        for said in (*frozen["awards"], *(award["topic"] for award in frozen["awards"]), frozen):
            said.update(
                {name: "2026-03-10" for name in ("met_on", "reached_on", "completed_on") if said.get(name)}
            )

    world.run("UPDATE certificates SET completed_on = '2026-03-10' WHERE enrollment_id = :last")
    world.reissue(move)


def _without_acceptance(world: World) -> None:
    """A certificate that is not current names what it rests on, one that is answers for all there is."""
    world.run("UPDATE completion_snapshots SET certificate_current = false WHERE enrollment_id <> :last")
    for enrollment in (*world.before, world.last):
        world.reissue(lambda frozen: frozen["awards"][0].update(accepted=[]), enrollment)


def _more_minutes(world: World) -> None:
    """Than the session gave: on the ledger, in the line and in the sum."""
    world.run(
        "UPDATE ledger_entries SET minutes = 95 WHERE enrollment_id = :last AND credit_key = 'care/s-1'"
    )
    world.post_again()

    def add(frozen: Json) -> None:
        _line(frozen, "s-1")["minutes"] = 95
        frozen["minutes"] += 5

    world.reissue(add)


FORGERIES: Forgeries = {
    "a quiz that was not passed": (
        _run("UPDATE quiz_attempts SET passed = false WHERE enrollment_id = :last"), "completion"
    ),
    "a quiz's points": (_run("UPDATE quiz_attempts SET points = 10 WHERE enrollment_id = :last"), "mastery"),
    "attendance made shorter": (
        _run("UPDATE attendance_entries SET credited_minutes = 60 WHERE enrollment_id = :last"), "minutes"
    ),
    "more minutes than a session gave": (_more_minutes, "minutes"),
    "when somebody left a session": (
        _run("UPDATE attendance_entries SET left_at = arrived_at WHERE enrollment_id = :last"), "lines"
    ),
    "a review by another": (
        _run("UPDATE reviews SET reviewer_kind = 'organization' WHERE enrollment_id = :last"), "review"
    ),
    "a review on another day": (
        _run("UPDATE reviews SET at = '2026-03-06 15:00:00.000000+00:00' WHERE enrollment_id = :last"), "review"
    ),
    "a lesson done after the day of completion": (
        _run(
            "UPDATE lesson_progress SET completed_at = '2026-03-20 15:00:00.000000+00:00'"
            " WHERE enrollment_id = :last AND key = 'c-1'"
        ),
        "completion",
    ),
    "a sitting after the day of completion": (
        _run(
            "UPDATE worksheet_completions SET at = '2026-03-20 15:00:00.000000+00:00'"
            " WHERE enrollment_id = :last AND sitting = 'Week 1'"
        ),
        "completion",
    ),
    "a review taken back": (
        _run(
            "UPDATE reviews SET verdict = 'not_yet' WHERE enrollment_id = :last",
            "UPDATE completion_snapshots SET certificate_current = false",
        ),
        "completion",
    ),
    "an earlier review that nobody counted": (
        _run(
            "INSERT INTO reviews (enrollment_id, key, number, review, author_id, reviewer_id, reviewer_kind, verdict, at)"
            " SELECT enrollment_id, key, number, 2, author_id, reviewer_id, reviewer_kind, verdict,"
            " '2026-03-06 15:00:00.000000+00:00' FROM reviews WHERE enrollment_id = :last"
        ),
        "explain",
    ),
    "an acceptance that older certificates left out": (_without_acceptance, "explain"),
    "a sitting that is gone": (
        _run("DELETE FROM worksheet_completions WHERE enrollment_id = :last AND sitting = 'Week 1'"), "fact"
    ),
    "a lesson that is gone": (_run("DELETE FROM lesson_progress WHERE enrollment_id = :last"), "fact"),
    "a lesson of another version": (
        _run("UPDATE lesson_progress SET version_id = :other WHERE enrollment_id = :last"), "minutes"
    ),
    "what another one did": (_anothers_fact, "fact"),
    "other work on the topic that is not counted": (_another_work, "explain"),
    "other work on the topic that no gate knows of": (_half_told, "explain"),
    "a day of completion that facts do not give": (_completed_later, "completion"),
    "another day on the row": (
        _run("UPDATE certificates SET completed_on = '2026-03-10' WHERE enrollment_id = :last"), "days"
    ),
    "another day of the first award": (
        _run("UPDATE certificates SET first_award_on = '2020-01-01' WHERE enrollment_id = :last"), "days"
    ),
    "minutes on the row": (_run("UPDATE certificates SET minutes = 9 WHERE enrollment_id = :last"), "ledger"),
    "minutes on row and page": (_take(lambda frozen: frozen.update(minutes=999)), "ledger"),
    "units": (_take(lambda frozen: _award(frozen).update(units_hundredths=1000)), "explain"),
    "units of the award's row": (
        _run("UPDATE awards SET units_hundredths = 1 WHERE enrollment_id = :last"), "awards"
    ),
    "the award's day": (_run("UPDATE awards SET met_on = '2026-03-20' WHERE enrollment_id = :last"), "awards"),
    "an award that is gone": (
        _run("DELETE FROM awards WHERE enrollment_id = :last AND rule_key = 'us-ma-pdp'"), "awards"
    ),
    "a gate": (
        _take(lambda frozen: [gate.update(passed=True) for gate in _award(frozen)["gates"]]), "explain"
    ),
    "an award's day, printed and written": (
        _take(lambda frozen: _award(frozen).update(met_on="2026-03-20")), "explain"
    ),
    "the day of an acceptance": (
        _take(lambda frozen: _award(frozen)["accepted"][0].update(on="2026-03-03")), "review"
    ),
    "a line that says more": (_take(lambda frozen: _line(frozen, "c-2").update(minutes=101)), "explain"),
    "lines in another order": (_take(lambda frozen: frozen["lines"].reverse()), "lines"),
    "the day of a line": (_take(lambda frozen: _line(frozen, "c-2").update(earned_on="2026-03-02")), "lines"),
    "facts that are named twice": (_take(lambda frozen: frozen["used"].append(frozen["used"][-1])), "used"),
    "facts that completion rests on": (_take(lambda frozen: frozen["used"].pop()), "completion"),
    "the day something was assessed": (
        _take(lambda frozen: frozen["mastery"][0].update(on="2026-03-03")), "mastery"
    ),
    "another person": (_take(lambda frozen: frozen["person"].update(id=1)), "person"),
    "another enrollment": (_take(lambda frozen: frozen["enrollment"].update(id=1)), "person"),
    "a license that nobody stated": (_take(lambda frozen: frozen["person"].update(licenses=[])), "explain"),
    "another kind of body": (_take(lambda frozen: frozen["signed_by"].update(type="vendor")), "explain"),
    "another rule": (
        _take(lambda frozen: _award(frozen)["rule_set"].update(min_topic_minutes=60)), "rule_set"
    ),
    "another course": (_take(lambda frozen: frozen["course"].update(digest="0" * 64)), "course"),
    "an attendance rule that was not kept": (
        _take(lambda frozen: frozen["enrollment"].update(required_minutes=500)), "completion"
    ),
}  # fmt: skip


def _late(frozen: Json, key: str) -> None:
    line = _line(frozen, key)
    line["earned_on"] = "2026-03-20"
    frozen["lines"] = [each for each in frozen["lines"] if each is not line] + [line]


def _counted_later(world: World) -> None:
    """The sessions without which there are not ten hours, after everything else was done."""
    world.run(
        "UPDATE ledger_entries SET earned_on = '2026-03-20' WHERE enrollment_id = :last AND kind = 'live'"
    )
    world.post_again()
    for key in ("s-1", "s-2"):
        world.reissue(partial(_late, key=key))


def _unregistered(world: World) -> None:
    """The award of somebody who finished while the body was registered."""
    (text,) = world.session.scalars(
        sa.text("SELECT frozen FROM certificates WHERE enrollment_id = :id"), {"id": world.before[0]}
    )
    before = json.loads(text)

    def copy(frozen: Json) -> None:
        mine, hers = _award(frozen), _award(before)
        day, hers_on = mine["met_on"], hers["met_on"]
        mine |= hers | {"accepted": mine["accepted"], "met_on": day}
        for gate in mine["gates"]:
            gate["detail"] = gate["detail"].replace(hers_on, day)
        mine["topic"] = hers["topic"] | {"reached_on": day}
        frozen |= {name: before[name] for name in ("signed_by", "contact_hours_only")}

    world.reissue(copy)
    world.run("UPDATE awards SET registration = 'R-1' WHERE enrollment_id = :last AND rule_key = 'us-ma-pdp'")


TEN_HOURS: Forgeries = {"minutes that count from a later day": (_counted_later, "explain")}
REGISTERED: Forgeries = {"a registration that had ended": (_unregistered, "explain")}


def missed(world: World, forgeries: Forgeries) -> set[str]:
    """Those of which the audit does not find the fault; what the trail tells is not asked."""
    missed = set()
    for name, (forge, code) in forgeries.items():
        world.session.rollback()
        forgery = world.connection.begin_nested()
        forge(world)
        if code not in {fault.code for fault in audit(world.session)}:
            missed.add(name)
        world.session.close()
        forgery.rollback()
    return missed


def sound(world: World, read_whole: Sequence[int]) -> World:
    """Nothing is wrong, only these are read whole, and triggers are out of the way."""
    read, right = [], checking._faults

    def noted(row: Kept, *rest: Any) -> Any:
        read.append(row.enrollment_id)
        return right(row, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_faults", noted)
        assert [fault for fault in audit(world.session) if fault.code != "chain"] == []
    assert read == list(read_whole)
    for table in append_only.tables():
        append_only.lift(world.session.connection(), table)
    world.session.commit()
    return world
