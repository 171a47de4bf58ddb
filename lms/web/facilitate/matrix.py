"""The cohort's matrix as lines of seats and words."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from lms.records.roster import Matrix, MatrixRow
from lms.records.rules import ModuleStanding
from lms.web.facilitate.pages import Cell, HandLine, MemberLine

SEATS: dict[ModuleStanding, str] = {
    "completed": "done",
    "waiting for an answer": "review",
    "in progress": "part",
    "not started": "empty",
}
ATTENDED = {"present": "done", "made up": "done", "partial": "part", "absent": "late", "unmarked": "empty"}


def member_lines(matrix: Matrix, cohort: str) -> tuple[MemberLine, ...]:
    return tuple(
        MemberLine(
            person=row.member.name,
            school=row.school,
            cells=(*_modules(row), *_sessions(matrix, row)),
            left="Nothing" if row.done >= row.needed else f"{row.needed - row.done} of {row.needed}",
            left_href=url_for("facilitate.left", cohort=cohort, enrollment=row.member.enrollment_public_id),
        )
        for row in matrix.rows
    )


def _modules(row: MatrixRow) -> tuple[Cell, ...]:
    return tuple(Cell(SEATS[standing], standing.capitalize()) for standing in row.modules)


def _sessions(matrix: Matrix, row: MatrixRow) -> tuple[Cell, ...]:
    cells = []
    for place, planned in enumerate(matrix.roster.sessions):
        mark = matrix.roster.marks.get((row.member.enrollment_id, planned.id))
        status = mark.status() if mark else "unmarked"
        words = f"{status.capitalize()}, {mark.credited_minutes} minutes" if mark else "Not marked yet"
        cells.append(Cell(ATTENDED[status], words, starts_group=place == 0))
    return tuple(cells)


def hand_lines(matrix: Matrix, quiet_since: datetime, now: datetime) -> tuple[HandLine, ...]:
    """Who has not finished and has not been here since; the longest away first."""
    lines = []
    for row in matrix.rows:
        last = row.seen_at or row.member.joined_at
        if row.done < row.needed and last < quiet_since:
            what = "Has not opened a lesson" if row.seen_at else "Has not begun"
            days = (now - last).days
            left = f"{row.needed - row.done} of {row.needed} pieces left"
            lines.append((days, HandLine(row.member.name, row.email, f"{what} for {days} days. {left}.")))
    return tuple(line for _, line in sorted(lines, key=lambda pair: -pair[0]))
