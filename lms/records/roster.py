"""A cohort as a matrix: people by modules and live sessions, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lms.accounts.models import Affiliation, License, Organization, RoleGrant, User
from lms.cohorts.queries import AttendanceRow, CohortRow, MemberRow, Roster, roster
from lms.completion.models import LessonProgress
from lms.completion.queries import SnapshotRow, snapshots
from lms.content.nodes import Course
from lms.enrollments.models import Enrollment
from lms.kernel.among import among
from lms.kernel.tabular import Column, Table
from lms.records.rules import ModuleStanding, module_standings


class MatrixRow(Struct, frozen=True):
    member: MemberRow
    email: str
    school: str
    seen_at: datetime | None
    """When a lesson was last open."""
    done: int
    needed: int
    modules: tuple[ModuleStanding, ...]
    state_ids: tuple[str, ...]
    """'MA 0123456', as the person stated them."""


class Matrix(Struct, frozen=True):
    course: Course
    roster: Roster
    time_zone: str
    facilitators: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def cohort_matrix(session: Session, cohort: CohortRow, course: Course) -> Matrix:
    """Everybody who belongs, with what is done and attended: eight queries at any size."""
    found = roster(session, cohort.id)
    ids = [member.enrollment_id for member in found.members]
    standing = snapshots(session, ids)
    seen: dict[int, datetime] = dict(
        session.execute(
            select(LessonProgress.enrollment_id, func.max(LessonProgress.seen_at))
            .where(among(LessonProgress.enrollment_id, ids))
            .group_by(LessonProgress.enrollment_id)
        ).all()
    )
    people = {
        enrollment_id: (email, school or "")
        for enrollment_id, email, school in session.execute(
            select(Enrollment.id, User.email, Organization.name)
            .join(User, User.id == Enrollment.user_id)
            .outerjoin(Affiliation, and_(Affiliation.user_id == User.id, Affiliation.state == "confirmed"))
            .outerjoin(Organization, Organization.id == Affiliation.organization_id)
            .where(among(Enrollment.id, ids))
        )
    }
    facilitators = session.scalars(
        select(User.name)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.role == "facilitator", RoleGrant.scope_kind == "cohort", RoleGrant.scope_id == cohort.id
        )
        .order_by(User.name)
    )
    ids_of: dict[int, list[str]] = {}
    for user_id, place, number in session.execute(
        select(License.user_id, License.jurisdiction, License.number)
        .where(
            among(License.user_id, [member.user_id for member in found.members]),
            License.withdrawn_at.is_(None),
        )
        .order_by(License.user_id, License.jurisdiction, License.number)
    ):
        ids_of.setdefault(user_id, []).append(f"{place} {number}")
    return Matrix(
        course,
        found,
        cohort.time_zone,
        tuple(facilitators),
        tuple(
            _row(
                course,
                member,
                (*people[member.enrollment_id], tuple(ids_of.get(member.user_id, ()))),
                seen,
                standing.get(member.enrollment_id),
            )
            for member in found.members
        ),
    )


def _row(
    course: Course,
    member: MemberRow,
    person: tuple[str, str, tuple[str, ...]],
    seen: dict[int, datetime],
    standing: SnapshotRow | None,
) -> MatrixRow:
    needed = len(course.requirements)
    unmet = (
        {each.key: each.reason for each in standing.unmet}
        if standing
        else {requirement.key: "not_done" for requirement in course.requirements}
    )
    seen_at = seen.get(member.enrollment_id)
    return MatrixRow(
        member=member,
        email=person[0],
        school=person[1],
        seen_at=seen_at,
        done=standing.done if standing else 0,
        needed=standing.needed if standing else needed,
        modules=module_standings(course, unmet),
        state_ids=person[2],
    )


def matrix_table(matrix: Matrix, state_ids: bool = False) -> Table[MatrixRow]:
    """The matrix as a file, also the roster that an audit asks for: one row a person, a column for each
    module, and for each session minutes, arrival and departure on the clock of the place. Verdicts and
    minutes only, no word of what anybody wrote; `state_ids`: with the numbers by which states know people."""
    columns: list[Column[MatrixRow]] = [
        Column("name", "Name", "text", lambda row: row.member.name),
        Column("email", "Email", "text", lambda row: row.email),
        Column("school", "School", "text", lambda row: row.school),
        Column("job", "Job", "text", lambda row: row.member.job),
        Column("done", "Done", "integer", lambda row: row.done),
        Column("needed", "Needed", "integer", lambda row: row.needed),
    ]
    columns.extend(_module_column(place, module.number) for place, module in enumerate(matrix.course.modules))
    columns.extend(
        _session_column(matrix, session.id, session.session_key) for session in matrix.roster.sessions
    )
    columns.append(Column("attended", "Attended minutes", "integer", lambda row: _attended(matrix, row)))
    for session in matrix.roster.sessions:
        columns += _clock_columns(matrix, session.id, session.session_key)
    if state_ids:
        columns.append(Column("state_ids", "State ids", "text", lambda row: "; ".join(row.state_ids)))
    return Table("Cohort progress", tuple(columns), _rows(matrix))


def _rows(matrix: Matrix) -> Iterator[MatrixRow]:
    yield from matrix.rows


def _module_column(place: int, number: int) -> Column[MatrixRow]:
    return Column(f"module_{number}", f"Module {number}", "text", lambda row: row.modules[place])


def _session_column(matrix: Matrix, session_id: int, key: str) -> Column[MatrixRow]:
    def minutes(row: MatrixRow) -> int | None:
        mark = matrix.roster.marks.get((row.member.enrollment_id, session_id))
        return mark.credited_minutes if mark else None

    return Column(f"session_{key}", f"Session {key}, minutes", "integer", minutes)


def _clock_columns(matrix: Matrix, session_id: int, key: str) -> tuple[Column[MatrixRow], ...]:
    """Empty for who did not come."""
    zone = ZoneInfo(matrix.time_zone)

    def told(row: MatrixRow, of: Callable[[AttendanceRow], datetime | None]) -> str | None:
        mark = matrix.roster.marks.get((row.member.enrollment_id, session_id))
        moment = of(mark) if mark else None
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else None

    arrived, left = f"session_{key}_arrived", f"session_{key}_left"
    return (
        Column(arrived, f"Session {key}, arrived", "text", lambda row: told(row, lambda m: m.arrived_at)),
        Column(left, f"Session {key}, left", "text", lambda row: told(row, lambda m: m.left_at)),
    )


def _attended(matrix: Matrix, row: MatrixRow) -> int:
    return matrix.roster.minutes(row.member.enrollment_id)
