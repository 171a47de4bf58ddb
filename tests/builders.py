"""Small factories: each makes one row, or one value, and fills in what the test does not care about.

They write rows directly, so that a test of one part does not fail for the mistakes of another.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lms.accounts.models import SITE_ID, Affiliation, License, Organization, User
from lms.cohorts.models import AttendanceEntry, Cohort, CohortSession
from lms.completion.models import LessonProgress
from lms.content import codec
from lms.content.nodes import NOTHING, Course, Release, Requirement, SafeHtml, SessionGuide
from lms.courses.models import Course as CourseRow
from lms.courses.models import CourseVersion
from lms.credit.models import AwardingBody, AwardingBodyAssignment, Registration
from lms.enrollments.models import Enrollment
from lms.responses.models import (
    ActivityAttempt,
    PaperStatement,
    QuizAttempt,
    Review,
    Submission,
    WorksheetCompletion,
)

ZONE = "America/New_York"
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten in the morning in Massachusetts: day 0 of most tests."""

_numbers = itertools.count(1)


def day(number: int, hour: int = 0) -> datetime:
    """A moment on day `number` of the test, ten in the morning and `hour` more."""
    return MONDAY + timedelta(days=number, hours=hour)


# ── Courses ──────────────────────────────────────────────────────────────────────────────────────


def lesson(key: str, minutes: int = 60, also: Sequence[str] = ()) -> Requirement:
    return Requirement("lesson", key, key, f"Lesson {key}", minutes, also=tuple(also))


def activity(key: str) -> Requirement:
    return Requirement("activity", key, key.partition(".")[0], f"Activity {key}", 0)


def quiz(key: str, minutes: int = 30) -> Requirement:
    return Requirement("quiz", key, key, f"Quiz {key}", minutes, pass_percent=80)


def reflection(key: str, minutes: int = 30, peers: bool = False) -> Requirement:
    who: Any = "facilitator, or self and one peer" if peers else "facilitator"
    return Requirement(
        "reflection", key, key.partition(".")[0], f"Reflection {key}", minutes, level="meets", reviewers=who
    )


def capstone(key: str, minutes: int = 60, level: Any = "meets") -> Requirement:
    return Requirement("capstone", key, key, f"Capstone {key}", minutes, level=level)


def try_out(key: str, minutes: int = 20, sittings: Sequence[str] = (), paper: bool = False) -> Requirement:
    return Requirement("try-out", key, key, f"Piece {key}", minutes, sittings=tuple(sittings), paper=paper)


def guide(key: str, minutes: int = 90, make_up: str | None = None) -> SessionGuide:
    return SessionGuide(
        key=key, number=1, title=SafeHtml(key), title_text=f"Session {key}", minutes=minutes, when="",
        group="", bring=(), needs="", make_up=make_up, blocks=(), agenda=(),
    )  # fmt: skip


def course(
    *requirements: Requirement,
    key: str = "care",
    topic: str = "healing and trauma-informed care",
    sessions: Sequence[SessionGuide] = (),
    digest: str | None = None,
) -> Course:
    """A compiled course with these requirements and no pages."""
    minutes = sum(requirement.minutes for requirement in requirements)
    return Course(
        key=key, title=SafeHtml(f"Course {key}"), title_text=f"Course {key}", language="en",
        license="CC BY 4.0", audience=("teachers",), topic=topic, content_areas=("pedagogy",),
        needs_assessment="", objectives=("Listen before acting.",), clock_hours=minutes // 60,
        design_minutes=minutes, reviewers="facilitator", privacy_line=NOTHING, every_page=(),
        release=Release("minor", ""), blocks=(), modules=(), capstone=None, sessions=tuple(sessions),
        requirements=tuple(requirements), sources=(), inserts=(),
        digest=digest or f"{next(_numbers):064x}",
    )  # fmt: skip


def version(session: Session, compiled: Course, number: int | None = None) -> int:
    """Import and publish the course; returns the version's id."""
    row = session.get(CourseRow, compiled.key)
    if number is None:
        latest = session.query(CourseVersion.number).filter_by(course_key=compiled.key)
        number = max((found for (found,) in latest), default=0) + 1
    made = CourseVersion(
        course_key=compiled.key, number=number, title=compiled.title_text, digest=compiled.digest,
        release_class="minor", notes="", sources=b"", compiled=codec.encode(compiled), imported_at=MONDAY,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if row is None:
        session.add(CourseRow(key=compiled.key, title=compiled.title_text, current_version_id=made.id))
    else:
        row.current_version_id = made.id
    session.flush()
    return made.id


# ── People and places ────────────────────────────────────────────────────────────────────────────


def site(session: Session, name: str = "Relationships in Action") -> None:
    """The row that stands for the site itself."""
    if session.get(Organization, SITE_ID) is None:
        session.add(Organization(id=SITE_ID, kind="site", name=name, created_at=MONDAY))
        session.flush()


def person(session: Session, name: str | None = None, job: str = "teacher") -> int:
    number = next(_numbers)
    row = User(
        email=f"person{number}@example.org", name=name or f"Person {number}", job=job, created_at=MONDAY
    )
    session.add(row)
    session.flush()
    return row.id


def district(session: Session, name: str | None = None) -> int:
    row = Organization(kind="district", name=name or f"District {next(_numbers)}", created_at=MONDAY)
    session.add(row)
    session.flush()
    return int(row.id or 0)


def school(session: Session, district_id: int, name: str | None = None) -> int:
    row = Organization(
        kind="school", name=name or f"School {next(_numbers)}", parent_id=district_id, created_at=MONDAY
    )
    session.add(row)
    session.flush()
    return int(row.id or 0)


def affiliate(session: Session, user_id: int, organization_id: int, state: str = "confirmed") -> None:
    session.add(
        Affiliation(
            user_id=user_id, organization_id=organization_id, sequence=1, state=state, basis="coordinator",
            from_on=MONDAY.date(),
        )
    )  # fmt: skip
    session.flush()


def license(session: Session, user_id: int, jurisdiction: str = "MA", number: str = "123456") -> License:
    row = License(user_id=user_id, jurisdiction=jurisdiction, number=number, stated_at=MONDAY)
    session.add(row)
    session.flush()
    return row


def body(
    session: Session,
    kind: str = "district",
    jurisdictions: Sequence[str] = ("US-MA",),
    name: str = "Harbor Valley Public Schools",
) -> int:
    row = AwardingBody(
        name=name, type=kind, jurisdictions=list(jurisdictions), signatory_name="Dr. Amina Okafor",
        signatory_title="Director",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def assign(
    session: Session,
    body_id: int,
    scope_kind: str = "site",
    scope_id: int = 0,
    from_on: date = date(2020, 1, 1),
    to_on: date | None = None,
) -> None:
    session.add(
        AwardingBodyAssignment(
            scope_kind=scope_kind, scope_id=scope_id, from_on=from_on, to_on=to_on, body_id=body_id
        )
    )
    session.flush()


def register(
    session: Session,
    body_id: int,
    jurisdiction: str = "US-MA",
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
    number: str = "R-1",
) -> None:
    session.add(
        Registration(
            body_id=body_id, jurisdiction=jurisdiction, valid_from=valid_from, valid_to=valid_to,
            number=number,
        )
    )  # fmt: skip
    session.flush()


# ── Enrollments and facts ────────────────────────────────────────────────────────────────────────


def enroll(
    session: Session,
    user_id: int,
    version_id: int,
    course_key: str = "care",
    at: datetime = MONDAY,
    cohort_id: int | None = None,
    zone: str = ZONE,
) -> int:
    row = Enrollment(
        user_id=user_id, course_key=course_key, version_id=version_id, cohort_id=cohort_id, time_zone=zone,
        enrolled_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def cohort(
    session: Session,
    version_id: int,
    organization_id: int = SITE_ID,
    course_key: str = "care",
    required_minutes: int | None = None,
) -> int:
    row = Cohort(
        organization_id=organization_id, course_key=course_key, version_id=version_id, title="Spring",
        time_zone=ZONE, starts_on=MONDAY.date(), required_minutes=required_minutes,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def cohort_session(
    session: Session,
    cohort_id: int,
    version_id: int,
    key: str,
    at: datetime = MONDAY,
    minutes: int = 90,
    breaks: int = 0,
) -> int:
    row = CohortSession(
        cohort_id=cohort_id, session_key=key, version_id=version_id, starts_at=at, scheduled_minutes=minutes,
        break_minutes=breaks,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def lesson_done(session: Session, enrollment_id: int, version_id: int, key: str, at: datetime) -> None:
    session.add(
        LessonProgress(
            enrollment_id=enrollment_id, key=key, version_id=version_id, opened_at=at, seen_at=at,
            completed_at=at,
        )
    )  # fmt: skip
    session.flush()


def activity_checked(
    session: Session,
    enrollment_id: int,
    version_id: int,
    key: str,
    at: datetime,
    number: int = 1,
    checked_all: bool = True,
) -> None:
    session.add(
        ActivityAttempt(
            enrollment_id=enrollment_id, key=key, number=number, version_id=version_id, at=at,
            checked_all=checked_all,
        )
    )  # fmt: skip
    session.flush()


def quiz_tried(
    session: Session,
    enrollment_id: int,
    version_id: int,
    key: str,
    at: datetime,
    number: int = 1,
    passed: bool = True,
) -> None:
    session.add(
        QuizAttempt(
            enrollment_id=enrollment_id, key=key, number=number, version_id=version_id, at=at,
            points=9 if passed else 4, out_of=10, passed=passed, seed="s", drawn=[],
            submit_token=f"t{next(_numbers)}",
        )
    )  # fmt: skip
    session.flush()


def sheet_finished(
    session: Session, enrollment_id: int, version_id: int, key: str, at: datetime, sitting: str = ""
) -> None:
    session.add(
        WorksheetCompletion(
            enrollment_id=enrollment_id, key=key, sitting=sitting, version_id=version_id, at=at, needed=1,
            filled=1,
        )
    )  # fmt: skip
    session.flush()


def paper_stated(session: Session, enrollment_id: int, version_id: int, key: str, at: datetime) -> None:
    session.add(
        PaperStatement(
            enrollment_id=enrollment_id, key=key, version_id=version_id, stated_at=at, wording_digest="0" * 64
        )
    )
    session.flush()


def handed_in(
    session: Session, enrollment_id: int, version_id: int, key: str, at: datetime, number: int = 1
) -> None:
    author = session.get_one(Enrollment, enrollment_id).user_id
    session.add(
        Submission(
            enrollment_id=enrollment_id, key=key, number=number, author_id=author, version_id=version_id,
            at=at, words=200, text_digest="0" * 64,
        )
    )  # fmt: skip
    session.flush()


def reviewed(
    session: Session,
    enrollment_id: int,
    key: str,
    reviewer_id: int,
    at: datetime,
    number: int = 1,
    review: int = 1,
    verdict: str = "meets",
    kind: str = "facilitator",
) -> None:
    author = session.get_one(Enrollment, enrollment_id).user_id
    session.add(
        Review(
            enrollment_id=enrollment_id, key=key, number=number, review=review, author_id=author,
            reviewer_id=reviewer_id, reviewer_kind=kind, verdict=verdict, at=at,
        )
    )  # fmt: skip
    session.flush()


def met(
    session: Session, enrollment_id: int, version_id: int, requirement: Requirement, at: datetime
) -> None:
    """The facts that a requirement rests on; a text is handed in and waits for its review."""
    done = (session, enrollment_id, version_id, requirement.key, at)
    match requirement.kind:
        case "lesson":
            lesson_done(*done)
        case "activity":
            activity_checked(*done)
        case "quiz":
            quiz_tried(*done)
        case "try-out":
            for sitting in requirement.sittings or ("",):
                sheet_finished(*done, sitting=sitting)
        case _:
            handed_in(*done)


def attended(
    session: Session,
    session_id: int,
    enrollment_id: int,
    minutes: int,
    recorded_by: int,
    at: datetime = MONDAY,
    sequence: int = 1,
    reason: str | None = None,
    late: int = 0,
) -> None:
    """An attendance entry; with a sequence above 1 a correction of the one before. `late`: by how many
    minutes somebody came after the beginning."""
    planned = session.get_one(CohortSession, session_id)
    arrived = planned.starts_at + timedelta(minutes=late) if minutes else None
    session.add(
        AttendanceEntry(
            session_id=session_id, enrollment_id=enrollment_id, sequence=sequence,
            corrects=sequence - 1 if sequence > 1 else None, arrived_at=arrived,
            left_at=arrived + timedelta(minutes=minutes) if arrived else None,
            scheduled_minutes=planned.scheduled_minutes, break_minutes=planned.break_minutes,
            credited_minutes=minutes, recorded_by=recorded_by, at=at,
            reason=reason or ("entered wrongly" if sequence > 1 else None),
        )
    )  # fmt: skip
    session.flush()
