"""Mistakes planted in publishing and moving. Each must make the short history fail: what no history notices
is not yet promised.

A mutation is planted with pytest's monkeypatch, as those of the ledger are (`tests/db/mutations.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.actions import publishing
from lms.completion.models import LessonProgress
from lms.courses.models import CourseVersion
from lms.courses.releases import was_published
from lms.credit import reckoning
from lms.enrollments.models import Enrollment
from lms.responses.models import Draft

Planting = Callable[[pytest.MonkeyPatch], None]


def _after_a_move(patch: pytest.MonkeyPatch, what: Callable[[Session, list[int], int], None]) -> None:
    right = publishing.move_who_may

    def wrong(session: Session, ids: Any, *, version_id: int, **given: Any) -> Any:
        moved = right(session, ids, version_id=version_id, **given)
        what(session, list(moved), version_id)
        return moved

    patch.setattr(publishing, "move_who_may", wrong)


def a_move_drops_drafts(patch: pytest.MonkeyPatch) -> None:
    def drop(session: Session, moved: list[int], _version: int) -> None:
        session.execute(sa.delete(Draft).where(Draft.enrollment_id.in_(moved)))

    _after_a_move(patch, drop)


def a_move_takes_the_finished_along(patch: pytest.MonkeyPatch) -> None:
    def take(session: Session, _moved: list[int], version: int) -> None:
        course = sa.select(CourseVersion.course_key).where(CourseVersion.id == version).scalar_subquery()
        mine = sa.update(Enrollment).where(Enrollment.course_key == course, Enrollment.state == "completed")
        session.execute(mine.values(version_id=version))

    _after_a_move(patch, take)


def a_move_pins_answers_too(patch: pytest.MonkeyPatch) -> None:
    def pin(session: Session, moved: list[int], version: int) -> None:
        done = sa.update(LessonProgress).where(LessonProgress.enrollment_id.in_(moved))
        session.execute(done.values(version_id=version))

    _after_a_move(patch, pin)


def each_version_pays(patch: pytest.MonkeyPatch) -> None:
    right = reckoning.targets
    patch.setattr(
        reckoning,
        "targets",
        lambda versions, pinned, *args: {
            f"{key}@{pinned}": line for key, line in right(versions, pinned, *args).items()
        },
    )


def going_back_renumbers(patch: pytest.MonkeyPatch) -> None:
    right = publishing.offer

    def renumbering(session: Session, version_id: int, *args: Any, **given: Any) -> Any:
        if was_published(session, version_id):
            last = sa.select(sa.func.max(CourseVersion.number)).scalar_subquery()
            row = sa.update(CourseVersion).where(CourseVersion.id == version_id)
            session.execute(row.values(number=last + 1))
        return right(session, version_id, *args, **given)

    patch.setattr(publishing, "offer", renumbering)


PLANTINGS: tuple[Planting, ...] = (
    a_move_drops_drafts,
    a_move_takes_the_finished_along,
    a_move_pins_answers_too,
    each_version_pays,
    going_back_renumbers,
)
