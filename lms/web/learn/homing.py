"""My learning, gathered: every training with where one is in it, certificates, answers, dates."""

from __future__ import annotations

from datetime import datetime

from lms.accounts.permissions import Actor
from lms.cohorts.queries import cohort_by_id
from lms.completion.queries import SnapshotRow, lessons, snapshots
from lms.credit.queries import CertificateRow, certificates_of
from lms.enrollments.queries import EnrollmentRow, enrollments_of
from lms.kernel.keys import page_of
from lms.responses.queries.answers import AnswerRow, answers_since
from lms.web.learn.dates import DateBlock, coming_up
from lms.web.learn.pages.certificate import awards
from lms.web.learn.pages.course import place_words
from lms.web.learn.pages.course_map import CourseMap, course_map
from lms.web.learn.pages.home import AnswerView, HomePage, TrainingRow, TranscriptLine
from lms.web.learn.pages.outline import Standing, resume_at
from lms.web.learn.reflecting import VERDICTS
from lms.web.reading import compiled, session
from lms.web.site.pages import training
from lms.web.words import day, plain

STATES = {"valid": "valid", "corrected": "corrected since", "expired": "expired", "revoked": "revoked"}


def home_page(actor: Actor, since: datetime) -> HomePage:
    enrollments = [row for row in enrollments_of(session(), actor.user_id) if row.state != "left"]
    standings = snapshots(session(), [row.id for row in enrollments])
    certificates = certificates_of(session(), actor.user_id)
    in_force = {row.enrollment_id: row for row in certificates if row.state == "valid"}
    maps = {row.id: course_map(compiled(row.version_id)) for row in enrollments}
    rows: list[TrainingRow] = []
    dates: list[DateBlock] = []
    for row in sorted(enrollments, key=lambda row: (row.state != "active", -row.id)):
        found = standings.get(row.id)
        rows.append(_row(row, maps[row.id], found, in_force.get(row.id)))
        if row.state == "active":
            dates.extend(coming_up(row, maps[row.id].course))
    return HomePage(
        returning=any(row.begun or row.done for row in rows),
        trainings=tuple(rows),
        transcript=tuple(_line(row) for row in certificates if row.state != "corrected"),
        answers=tuple(
            _answer(row, maps[row.enrollment_id])
            for row in answers_since(session(), actor.user_id, since)
            if row.enrollment_id in maps
        ),
        sessions=tuple(sorted(dates, key=_starts)[:3]),
    )


def _starts(block: DateBlock) -> datetime:
    return block.starts_at


def _row(
    row: EnrollmentRow, where: CourseMap, found: SnapshotRow | None, certificate: CertificateRow | None
) -> TrainingRow:
    course = where.course
    unmet = {u.key: str(u.reason) for u in found.unmet} if found is not None else {}
    if found is None:
        unmet = {requirement.key: "not_done" for requirement in course.requirements}
    resume, place, cohort, begun = None, "", "", False
    if row.state == "active":
        seen = lessons(session(), row.id)
        last = max(seen.values(), key=lambda lesson: lesson.seen_at, default=None)
        standing = Standing(unmet, frozenset(seen))
        begun = any(standing.seat(stop) != "empty" for stop in where.core)
        resume = resume_at(where, standing, last.key if last is not None else None)
        place = (
            place_words(resume)
            if resume is not None
            else "Everything is handed in. Your reviewer has it now."
        )
        cohort = _cohort(row)
    return TrainingRow(
        course_key=course.key,
        title=course.title,
        title_text=course.title_text,
        emblem=f"img/emblem-{training(course).emblem}.svg",
        place=place,
        begun=begun,
        done=found.done if found is not None else 0,
        needed=found.needed if found is not None else len(course.requirements),
        resume=resume.key if resume is not None else "",
        completed_on=found.completed_on if found is not None and row.state == "completed" else None,
        certificate=certificate.number if certificate is not None else "",
        cohort=cohort,
    )


def _cohort(row: EnrollmentRow) -> str:
    found = cohort_by_id(session(), row.cohort_id) if row.cohort_id is not None else None
    if found is None:
        return ""
    return f"{found.title}, ends {day(found.ends_on, found.time_zone)}" if found.ends_on else found.title


def _line(row: CertificateRow) -> TranscriptLine:
    return TranscriptLine(
        title=row.frozen["course"]["title"],
        completed_on=row.completed_on,
        minutes=row.minutes,
        units=tuple(line.units for line in awards(row.frozen)),
        number=row.number,
        state=STATES[row.state],
    )


def _answer(row: AnswerRow, where: CourseMap) -> AnswerView:
    requirement = where.requirements.get(row.key)
    again = row.verdict == "not_yet"
    title = plain(requirement.title) if requirement is not None else row.key
    return AnswerView(
        title=title,
        verdict=VERDICTS[row.verdict],
        reviewer=row.reviewer_name.partition(" ")[0],
        comment=row.comment or "",
        at=row.at,
        course_key=row.course_key,
        page_key=page_of(row.key),
        anchor=where.anchors.get(row.key, ""),
        link="Add to your reflection" if again else "See it in the quiz",
    )
