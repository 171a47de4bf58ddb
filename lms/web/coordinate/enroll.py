"""Enrolling staff from a list: upload, check, enroll. Until the last step nothing is written.

The checked text travels in the form, so that the list is checked again when it is enrolled and no
half-finished upload lies on the server.
"""

from __future__ import annotations

import csv
import io

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts
from lms.accounts.permissions import Permission, scopes
from lms.actions import coordinate as actions
from lms.cohorts import queries as cohorts
from lms.courses import queries as courses
from lms.enrollments.list_file import MAX_BYTES, MAX_ROWS, UnclosedQuote, decode
from lms.enrollments.roster import CheckedRoster, CheckedRow, Fault
from lms.kernel.errors import RuleBroken
from lms.kernel.writers.csv import harmless
from lms.web.access import allowed, current_actor
from lms.web.coordinate.blueprint import blueprint
from lms.web.coordinate.pages import Choice, EnrolledPage, EnrollPage, LinkLine, ListLine
from lms.web.reading import session

FILE_WORDS = {
    "file_missing": "Choose a file first",
    "file_empty": "The file is empty",
    "file_large": "The file is larger than 500 KB. Split it into smaller ones",
    "file_binary": "This is a workbook or a picture. Save it as CSV first, then upload that file",
    "head_missing": "A row above the list must name the columns: name, email, school, job",
    "cohort_closed": "This cohort is closed: nobody joins it any more",
    "no_rows": "There is no row below the column names",
    "too_many_rows": f"The file has more than {MAX_ROWS:,} rows. Split it into smaller ones",
}


@blueprint.get("/coordinate/enroll")
@allowed(Permission.ENROLLMENT_CREATE)
def enroll_staff() -> ResponseReturnValue:
    return render_template("coordinate/enroll.html", page=EnrollPage(1, _choices()))


@blueprint.post("/coordinate/enroll")
@allowed(Permission.ENROLLMENT_CREATE)
def enroll_check() -> ResponseReturnValue:
    upload = request.files.get("file")
    into_value = request.form.get("into", "")
    try:
        if upload is None or not upload.filename:
            raise RuleBroken("file_missing", "file")
        with upload.stream as stream:
            text = decode(stream.read(MAX_BYTES + 1))
        into = actions.find_into(session(), current_actor(), into_value)
        roster = actions.check_list(session(), current_actor(), into=into, text=text)
    except RuleBroken as broken:
        fault = _file_words(broken)
        page = EnrollPage(1, _choices(), into_value, fault=fault)
        return render_template("coordinate/enroll.html", page=page), 422
    own = sum(1 for row in roster.ready if row.user_id is not None)
    words = f"{own} of your staff at once, {len(roster.ready) - own} by an invitation link"
    page = EnrollPage(
        2, _choices(), into_value, _training(into), upload.filename[:120], text,
        rows=tuple(map(_line, roster.rows)), bad=tuple(map(_line, roster.faulty)),
        good=len(roster.ready), ready_words=words,
    )  # fmt: skip
    return render_template("coordinate/enroll.html", page=page)


@blueprint.post("/coordinate/enroll/confirm")
@allowed(Permission.ENROLLMENT_CREATE)
def enroll_confirm() -> ResponseReturnValue:
    into_value, text = request.form.get("into", ""), request.form.get("text", "")
    try:
        done = actions.enroll_list(current_actor(), into_value=into_value, text=text)
    except RuleBroken as broken:
        fault = _file_words(broken)
        page = EnrollPage(1, _choices(), into_value, fault=fault)
        return render_template("coordinate/enroll.html", page=page), 422
    links = tuple(
        LinkLine(
            row.name, row.email, url_for("auth.invitation", token=row.token, _external=True), row.expires_at
        )
        for row in done.invited
    )
    enrolled = EnrolledPage(done.enrolled, len(links), done.skipped, _training(done.into), links)
    return render_template("coordinate/enrolled.html", page=enrolled)


@blueprint.post("/coordinate/enroll/problems.csv")
@allowed(Permission.ENROLLMENT_CREATE)
def enroll_problems() -> ResponseReturnValue:
    actor, text = current_actor(), request.form.get("text", "")
    into = actions.find_into(session(), actor, request.form.get("into", ""))
    try:
        roster = actions.check_list(session(), actor, into=into, text=text)
    except RuleBroken:
        roster = CheckedRoster(())
    return _file("rows-to-fix.csv", _problem_rows(roster))


@blueprint.get("/coordinate/enroll/template.csv")
@allowed(Permission.ENROLLMENT_CREATE)
def enroll_template() -> ResponseReturnValue:
    return _file("staff.csv", [["name", "email", "school", "job"]])


def _file_words(broken: RuleBroken) -> str:
    if isinstance(broken, UnclosedQuote):
        return (
            f"A quotation mark in row {broken.row} is not closed at the end of its cell, so the rows below it"
            " would be lost. Close it or take it out"
        )
    return FILE_WORDS.get(broken.code, "This file cannot be read as a list")


def _problem_rows(roster: CheckedRoster) -> list[list[str]]:
    head = ["name", "email", "school", "job", "problem", "row in your file"]
    return [
        head,
        *(
            [row.row.name, row.row.email, row.row.school, row.row.job, _words(row.fault), str(row.row.line)]
            for row in roster.faulty
            if row.fault is not None
        ),
    ]


def _file(name: str, rows: list[list[str]]) -> Response:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[harmless(cell) for cell in row] for row in rows])
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(buffer.getvalue().encode("utf-8"), mimetype="text/csv; charset=utf-8", headers=head)


def _choices() -> tuple[Choice, ...]:
    actor = current_actor()
    within = scopes(actor, Permission.ENROLLMENT_CREATE)
    districts = [row for row in accounts.organizations(session(), within) if row.kind == "district"]
    offered = courses.catalog(session())
    self_paced = [
        Choice(f"course:{place.public_id}:{row.course_key}", f"{row.title}, self-paced ({place.name})")
        for place in districts
        for row in offered
    ]
    titles = {row.course_key: row.title for row in offered}
    groups = [
        Choice(f"cohort:{row.public_id}", f"{titles.get(row.course_key, row.course_key)}: {row.title}")
        for row in cohorts.open_cohorts(session(), within)
    ]
    return (*groups, *self_paced)


def _training(into: actions.Into) -> str:
    return f"{into.course}, {into.cohort}" if into.cohort else f"{into.course}, self-paced"


def _line(row: CheckedRow) -> ListLine:
    ready = "Ready" if row.user_id is not None else "Ready, by invitation link"
    return ListLine(
        row.row.line, row.row.name, row.row.email, row.row.school, row.row.job,
        fault=_words(row.fault) if row.fault else "", column=row.fault.column if row.fault else "",
        result="" if row.fault else ready,
    )  # fmt: skip


def _words(fault: Fault) -> str:
    elsewhere = (
        f"Learns with another cohort of this training, {fault.other}. Take them out on its page first, or "
        "remove this row"
        if fault.other
        else "Learns with a cohort of another district. Its facilitator takes them out first. Remove this row"
    )
    meant = f" Did you mean {fault.suggestion}?" if fault.suggestion else ""
    return {
        "letters_unreadable": (
            f"{fault.column.capitalize()} has a letter that could not be read. Save the file as"
            " “CSV UTF-8”, or write the letter anew"
        ),
        "name_empty": "Name is empty",
        "name_long": "Name is longer than 120 characters",
        "name_unprintable": "Name has a line break or a sign in it that cannot be printed",
        "email_empty": "Email is empty",
        "email_at": "Email is missing “@”",
        "email_form": "Email is not in the form name@school.org",
        "email_twice": f"The same email is in row {fault.first_line}",
        "school_unknown": f"No school of yours has this name.{meant}",
        "job_empty": "Job is empty",
        "job_unknown": f"Job is not one of the four.{meant}",
        "already_enrolled": "Is enrolled in this training already. Remove this row",
        "already_member": "Is in this cohort already. Remove this row",
        "other_cohort": elsewhere,
    }[fault.reason]
