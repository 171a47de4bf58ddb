"""Moves to another version, for many people in a fixed number of statements: foreseen, and made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.content.diff import compare
from lms.content.nodes import Course
from lms.courses.queries import load_compiled
from lms.credit.evidence import EnrollmentRead, Evidence, lock_people, read_evidence
from lms.credit.foreseeing import Foreseen, foresee
from lms.credit.services import taken_from
from lms.enrollments.services import move_many

NOT_IMPORTED = 0
"""Stands for the version of files that are only compared."""


class Move(Struct, frozen=True):
    enrollment: EnrollmentRead
    foreseen: Foreseen


def foresee_moves(
    session: Session, people: Iterable[int], new: Course, version_id: int = NOT_IMPORTED
) -> tuple[Move, ...]:
    """Every active enrollment of these people in the course that is pinned to another version than this.

    Whoever moves people locks them first (`lock_people`): then nothing changes between this and the move.
    """
    evidence = read_evidence(session, dict.fromkeys(people, ("", "")))
    versions = {number: load_compiled(session, number) for number in _version_ids(evidence)}
    versions[version_id] = new
    moves: list[Move] = []
    new_keys: dict[int, dict[str, str]] = {}
    for user_id, enrollments in evidence.enrollments.items():
        moving = {
            row.id: row
            for row in enrollments
            if row.course_key == new.key and row.state == "active" and row.version_id != version_id
        }
        for pinned in {row.version_id for row in moving.values()} - new_keys.keys():
            renamed = compare(versions[pinned], new).renamed
            new_keys[pinned] = {each.old_key: each.thing.key for each in renamed}
        found = foresee(
            [taken_from(evidence, row) for row in enrollments],
            evidence.entries.get(user_id, ()),
            evidence.cycles.get(user_id, ()),
            versions,
            dict.fromkeys(moving, version_id),
            new_keys,
        )
        moves += [Move(moving[each.enrollment_id], each) for each in found]
    return tuple(moves)


def move_who_may(
    session: Session,
    enrollment_ids: Collection[int],
    *,
    version_id: int,
    actor_id: int | None,
    reason: str,
    now: datetime,
) -> tuple[int, ...]:
    """Pin this version of their course for those of these enrollments that lose no step by it; gives which.

    Locks their people, and foresees the move on what is true then. The others stay with the version they
    have.
    """
    people = lock_people(session, enrollment_ids)
    moves = foresee_moves(session, people, load_compiled(session, version_id), version_id)
    chosen = set(enrollment_ids)
    may_move = [
        move.enrollment.id for move in moves if move.enrollment.id in chosen and move.foreseen.may_move
    ]
    return move_many(session, may_move, to_version_id=version_id, actor_id=actor_id, reason=reason, now=now)


def _version_ids(evidence: Evidence) -> set[int]:
    ids = {row.version_id for rows in evidence.enrollments.values() for row in rows}
    ids |= {fact.version_id for facts in evidence.facts.values() for fact in facts}
    return ids | {entry.version_id for entries in evidence.entries.values() for entry in entries}
