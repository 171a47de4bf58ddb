"""The attendance sheet of one live session: arrival and departure in, credited minutes out."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from lms.accounts.permissions import Permission, Target
from lms.actions import facilitate as actions
from lms.cohorts.attendance import Mark
from lms.cohorts.queries import (
    AttendanceRow,
    CohortRow,
    MemberRow,
    SessionRow,
    Sheet,
    attendance_sheet,
    cohort,
)
from lms.cohorts.rules import minutes_inside, moment_of
from lms.courses.queries import load_compiled
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.web.access import allowed, current_actor
from lms.web.facilitate.blueprint import NUMBER, blueprint
from lms.web.facilitate.pages import AttendanceLine, AttendancePage, Fault, Option
from lms.web.reading import session
from lms.web.words import clock_time, minutes, plural

ADDRESS = "/facilitate/cohorts/<cohort>/sessions/" + NUMBER + "/attendance"
FAULT_WORDS = {
    "left_before_arrived": "leaves before arriving",
    "left_missing": "needs a time of leaving",
    "arrived_missing": "needs a time of arrival",
    "time_form": "has a time that cannot be read. Write it as 15:30",
}
SHEET_WORDS = {
    "reason_missing": "Say why a mark is changed: the first one stays on record beside it",
    "reason_long": "Shorten the reason to 300 characters",
    "not_begun": "This session has not begun: who is there can be recorded once it has",
}
EXCUSED = "excused"


def cohort_target(cohort: str, **_: object) -> Target:
    return actions.target_of(cohort_row(cohort))


def cohort_row(public_id: str) -> CohortRow:
    row = cohort(session(), public_id)
    if row is None:
        raise NotFound
    return row


class Typed(Struct, frozen=True):
    """What one line of the sheet says: was (present, absent, excused), and the two clock times as typed.
    `shown`: what it said when it was shown (`line_text`)."""

    was: str
    arrived: str
    left: str
    sequence: int
    shown: str

    @property
    def untouched(self) -> bool:
        return self.shown == line_text(self.was, self.arrived, self.left)


def line_text(was: str, arrived: str, left: str) -> str:
    return f"{was} {arrived} {left}"


class LineBroken(Exception):
    """A line cannot be read: whose, and why."""

    def __init__(self, member: MemberRow, code: str) -> None:
        super().__init__(code)
        self.member = member
        self.code = code


@blueprint.get(ADDRESS, endpoint="attendance")
@allowed(Permission.ATTENDANCE_RECORD, target=cohort_target, see=Permission.COHORT_VIEW)
def show(cohort: str, number: int) -> ResponseReturnValue:
    row, sheet = cohort_row(cohort), sheet_of(cohort, number)
    return render_template("facilitate/attendance.html", page=_page(row, sheet, {}, "", ()))


@blueprint.post(ADDRESS, endpoint="save_attendance")
@allowed(Permission.ATTENDANCE_RECORD, target=cohort_target, see=Permission.COHORT_VIEW)
def save(cohort: str, number: int) -> ResponseReturnValue:
    row, sheet = cohort_row(cohort), sheet_of(cohort, number)
    typed = {member.enrollment_id: _typed(member) for member in sheet.members}
    reason, status = request.form.get("reason", ""), 422
    faults: tuple[Fault, ...]
    try:
        marks = [_mark(row, sheet, member, typed[member.enrollment_id]) for member in sheet.members]
        changed = actions.save_attendance(
            current_actor(), cohort_id=cohort, session_id=number, marks=marks, reason=reason
        )
    except LineBroken as broken:
        words = f"{broken.member.name} {FAULT_WORDS[broken.code]}"
        faults = (Fault(f"person-{broken.member.enrollment_public_id}", words),)
    except RuleBroken as broken:
        words = SHEET_WORDS.get(broken.code, "This sheet cannot be saved as it stands")
        faults = (Fault(broken.field or "sheet", words),)
    except Conflict:
        sheet, faults, status = sheet_of(cohort, number), (), 409
    else:
        flash("Nothing had changed." if not changed else "Attendance is saved, and the minutes are credited.")
        return redirect(url_for("facilitate.attendance", cohort=cohort, number=number), code=303)
    page = _page(row, sheet, typed, reason, (*faults, *_meanwhile(row, sheet, typed)))
    return render_template("facilitate/attendance.html", page=page), status


def _meanwhile(row: CohortRow, sheet: Sheet, typed: dict[int, Typed]) -> tuple[Fault, ...]:
    """Whose mark somebody else has recorded since the sheet was shown, and what that means here."""
    found = []
    for member in sheet.members:
        line = typed[member.enrollment_id]
        if not _overtaken(row, sheet, member, line):
            continue
        words = (
            "You had changed nothing there, so that stands"
            if line.untouched
            else "What you typed stands beside it: save again to put it in its place"
        )
        anchor = f"person-{member.enrollment_public_id}"
        found.append(Fault(anchor, f"Somebody else has recorded {member.name} meanwhile. {words}"))
    return tuple(found)


def _overtaken(row: CohortRow, sheet: Sheet, member: MemberRow, typed: Typed) -> bool:
    """Has somebody else made a mark since, and another one than this line says?"""
    mark = sheet.marks.get(member.enrollment_id)
    if mark is None or mark.sequence == typed.sequence:
        return False
    return line_text(*_standing(row, sheet, mark)) != line_text(typed.was, typed.arrived, typed.left)


def sheet_of(cohort: str, number: int) -> Sheet:
    """NotFound where it is the sheet of another cohort."""
    sheet = attendance_sheet(session(), number)
    if sheet is None or sheet.session.cohort_id != cohort_row(cohort).id:
        raise NotFound
    return sheet


def title_of(planned: SessionRow) -> str:
    """What its guide calls it."""
    course = load_compiled(session(), planned.version_id)
    guide = next((each for each in course.sessions if each.key == planned.session_key), None)
    return guide.title_text if guide else planned.session_key


def _typed(member: MemberRow) -> Typed:
    def sent(name: str) -> str:
        return request.form.get(f"{name}-{member.enrollment_public_id}", "").strip()

    seen = sent("seen")
    sequence = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
    return Typed(sent("was"), sent("arrived"), sent("left"), sequence, sent("shown"))


def _mark(row: CohortRow, sheet: Sheet, member: MemberRow, typed: Typed) -> Mark:
    if typed.was != "present":
        note = EXCUSED if typed.was == EXCUSED else None
        return Mark(member.enrollment_id, typed.sequence, None, None, note)
    if not typed.arrived or not typed.left:
        raise LineBroken(member, "arrived_missing" if not typed.arrived else "left_missing")
    try:
        clocks = time.fromisoformat(typed.arrived), time.fromisoformat(typed.left)
    except ValueError as error:
        raise LineBroken(member, "time_form") from error
    zone = ZoneInfo(row.time_zone)
    arrived, left = (moment_of(clock, sheet.session.schedule, zone) for clock in clocks)
    if left < arrived:
        raise LineBroken(member, "left_before_arrived")
    return Mark(member.enrollment_id, typed.sequence, arrived, left)


def _page(
    row: CohortRow, sheet: Sheet, typed: dict[int, Typed], reason: str, faults: tuple[Fault, ...]
) -> AttendancePage:
    schedule = sheet.session.schedule
    return AttendancePage(
        title=title_of(sheet.session),
        cohort=row.title,
        cohort_href=url_for("facilitate.cohort", cohort=row.public_id),
        href=url_for("facilitate.save_attendance", cohort=row.public_id, number=sheet.session.id),
        starts_at=sheet.session.starts_at,
        ends_time=clock_time(schedule.ends_at, row.time_zone),
        time_zone=row.time_zone,
        creditable=schedule.full_minutes,
        break_minutes=sheet.session.break_minutes,
        corrects=bool(sheet.marks),
        reason=reason,
        rows=tuple(_line(row, sheet, member, typed.get(member.enrollment_id)) for member in sheet.members),
        errors=faults,
    )


def _line(row: CohortRow, sheet: Sheet, member: MemberRow, typed: Typed | None) -> AttendanceLine:
    mark = sheet.marks.get(member.enrollment_id)
    standing = _standing(row, sheet, mark)
    overtaken = typed is not None and _overtaken(row, sheet, member, typed)
    own = typed is not None and not (overtaken and typed.untouched)
    was, arrived, left = (typed.was, typed.arrived, typed.left) if typed and own else standing
    return AttendanceLine(
        id=member.enrollment_public_id,
        person=member.name,
        sequence=str(mark.sequence) if mark else "",
        shown=line_text(*standing),
        options=tuple(
            Option(value, words, value == was)
            for value, words in (("present", "Present"), ("absent", "Absent"), (EXCUSED, "Excused"))
        ),
        arrived=arrived,
        left=left,
        credited=f"{minutes(mark.credited_minutes)}, {mark.status()}" if mark else "Not marked yet",
        arithmetic=_arithmetic(row, sheet, mark) if mark else "",
        recorded=_recorded(row, mark) if mark and overtaken else "",
    )


def _recorded(row: CohortRow, mark: AttendanceRow) -> str:
    """A mark that somebody else has made, in words."""
    if mark.arrived_at is None or mark.left_at is None:
        return "Recorded meanwhile: " + ("excused" if mark.note_code == EXCUSED else "absent")
    there = f"{clock_time(mark.arrived_at, row.time_zone)} to {clock_time(mark.left_at, row.time_zone)}"
    return f"Recorded meanwhile: {there}"


def _arithmetic(row: CohortRow, sheet: Sheet, mark: AttendanceRow) -> str:
    """How the credited minutes follow from arrival and departure; '' for who was not there."""
    if mark.arrived_at is None or mark.left_at is None:
        return ""
    schedule = sheet.session.schedule
    start, end = max(mark.arrived_at, schedule.starts_at), min(mark.left_at, schedule.ends_at)
    inside = minutes_inside(schedule, mark.arrived_at, mark.left_at)
    there = (
        f"{clock_time(start, row.time_zone)} to {clock_time(end, row.time_zone)}" if inside else "Not inside"
    )
    pause = f", less {schedule.break_minutes} of breaks" if schedule.break_minutes else ""
    return f"{there}: {plural(inside, 'minute')}{pause}"


def _standing(row: CohortRow, sheet: Sheet, mark: AttendanceRow | None) -> tuple[str, str, str]:
    """What the line shows at first: the mark in force, or there for the whole time."""
    planned = _clock(sheet.session.starts_at, row), _clock(sheet.session.schedule.ends_at, row)
    if mark is None:
        return ("present", *planned)
    if mark.arrived_at is None or mark.left_at is None:
        return (EXCUSED if mark.note_code == EXCUSED else "absent", *planned)
    return "present", _clock(mark.arrived_at, row), _clock(mark.left_at, row)


def _clock(moment: datetime, row: CohortRow) -> str:
    return f"{moment.astimezone(ZoneInfo(row.time_zone)):%H:%M}"
