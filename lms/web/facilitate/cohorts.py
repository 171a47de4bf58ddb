"""Cohorts: the list, one cohort at a glance, its progress as a file, its session guides."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import Permission, Scopes, may, scopes
from lms.actions import facilitate as actions
from lms.actions.records import note_roster_pull
from lms.cohorts import queries
from lms.cohorts.queries import CohortRow
from lms.courses.queries import load_compiled
from lms.kernel.clock import now
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.kernel.paging import PageRequest
from lms.kernel.writers import csv as csv_writer
from lms.records.roster import cohort_matrix, matrix_table
from lms.responses.queries.reviews import review_queue
from lms.web.access import allowed, current_actor
from lms.web.facilitate.attendance import cohort_row, cohort_target
from lms.web.facilitate.blueprint import blueprint
from lms.web.facilitate.forms import NewSessionForm
from lms.web.facilitate.matrix import hand_lines, member_lines
from lms.web.facilitate.pages import CohortLine, CohortPage, CohortsPage, GuidePage, ModuleHead, SessionLine
from lms.web.facilitate.waiting import WaitingLine, waiting_line
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.course_map import course_map
from lms.web.learn.pages.filling import Filling
from lms.web.lists import Lines, asked, lines
from lms.web.reading import compiled, session

SHOWN_FIRST = PageRequest(1, 8)


@blueprint.get("/facilitate")
@allowed(Permission.COHORT_VIEW)
def cohorts() -> ResponseReturnValue:
    actor = current_actor()
    moment = now()
    waiting = review_queue(
        session(), reviewer_id=actor.user_id, scopes=scopes(actor, Permission.REFLECTION_REVIEW), now=moment,
        request=SHOWN_FIRST,
    )  # fmt: skip
    groups = queries.cohorts_in(session(), scopes(actor, Permission.COHORT_VIEW), asked("cohorts"))
    page = CohortsPage(
        waiting=waiting.total,
        queue=tuple(waiting_line(row, moment) for row in waiting.rows),
        cohorts=lines(groups, cohort_line, "cohorts", "facilitate.cohorts"),
    )
    return render_template("facilitate/cohorts.html", page=page)


def cohort_line(row: CohortRow) -> CohortLine:
    state = "Closed" if row.closed_at else "Open"
    href = url_for("facilitate.cohort", cohort=row.public_id)
    return CohortLine(row.title, row.course_title, row.members, state, href)


@blueprint.get("/facilitate/cohorts/<cohort>", endpoint="cohort")
@allowed(Permission.COHORT_VIEW, target=cohort_target)
def one_cohort(cohort: str) -> ResponseReturnValue:
    return render_template("facilitate/cohort.html", page=_page(cohort_row(cohort), NewSessionForm()))


@blueprint.post("/facilitate/cohorts/<cohort>/sessions")
@allowed(Permission.COHORT_EDIT, target=cohort_target, see=Permission.COHORT_VIEW)
def add_session(cohort: str) -> ResponseReturnValue:
    row, form = cohort_row(cohort), NewSessionForm()
    page = _page(row, form)
    if form.is_sent() and form.day.data and form.time.data:
        starts_at = datetime.combine(form.day.data, form.time.data, ZoneInfo(row.time_zone))
        try:
            actions.schedule_session(
                current_actor(), cohort_id=cohort, session_key=form.session_key.data or "",
                starts_at=starts_at, minutes=form.minutes.data or 0,
                break_minutes=form.break_minutes.data or 0, place=form.place.data or "",
            )  # fmt: skip
        except RuleBroken as broken:
            form.explain(broken, "minutes")
        except Conflict:
            form.explain(RuleBroken("session_dated"), "session_key")
        else:
            flash("The session has its date.")
            return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)
    return render_template("facilitate/cohort.html", page=page, form=form), 422


@blueprint.get("/facilitate/cohorts/<cohort>/progress.csv")
@allowed(Permission.PROGRESS_VIEW, target=cohort_target)
def progress(cohort: str) -> ResponseReturnValue:
    """Everybody's progress and attendance; with `?ids=1`, for who may export records, state ids too."""
    row, actor = cohort_row(cohort), current_actor()
    ids = "ids" in request.args
    if ids and not may(actor, Permission.RECORD_EXPORT, actions.target_of(row)):
        raise NotFound
    matrix = cohort_matrix(session(), row, load_compiled(session(), row.version_id))
    table = matrix_table(matrix, ids)
    note_roster_pull(actor, cohort_id=cohort, ids=ids, rows=len(matrix.rows))
    head = {"Content-Disposition": f'attachment; filename="cohort-{row.public_id}.csv"'}
    return Response(b"".join(csv_writer.write(table)), mimetype=csv_writer.MEDIA_TYPE, headers=head)


@blueprint.post("/facilitate/cohorts/<cohort>/close")
@allowed(Permission.COHORT_CLOSE, target=cohort_target, see=Permission.COHORT_VIEW)
def close(cohort: str) -> ResponseReturnValue:
    try:
        actions.close_cohort(current_actor(), cohort_id=cohort)
    except RuleBroken:
        flash("This cohort was closed already.")
    else:
        flash("The cohort is closed. What was attended after a certificate stands on a corrected one now.")
    return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)


@blueprint.post("/facilitate/cohorts/<cohort>/join-code")
@allowed(Permission.COHORT_EDIT, target=cohort_target, see=Permission.COHORT_VIEW)
def renew_code(cohort: str) -> ResponseReturnValue:
    try:
        code = actions.renew_join_code(current_actor(), cohort_id=cohort)
    except RuleBroken:
        flash("This cohort is closed: nobody joins it any more.")
    else:
        flash(f"The new join code is {code}. The old one opens nothing any more.")
    return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)


@blueprint.get("/facilitate/cohorts/<cohort>/guides/<key>")
@allowed(Permission.COHORT_VIEW, target=cohort_target)
def guide(cohort: str, key: str) -> ResponseReturnValue:
    row = cohort_row(cohort)
    course = compiled(row.version_id)
    found = next((each for each in course.sessions if each.key == key), None)
    if found is None:
        raise NotFound
    empty = Filling(where=course_map(course))
    titles = {stop.key: stop.title_text for stop in course_map(course).stops}
    bring = ", ".join(titles.get(each, each) for each in found.bring)
    facts = (("When", found.when), ("Group", found.group), ("Bring", bring), ("Needs", found.needs))
    page = GuidePage(
        title=found.title,
        minutes=found.minutes,
        crumbs=((row.title, url_for("facilitate.cohort", cohort=cohort)),),
        facts=tuple((name, words) for name, words in facts if words),
        intro=pieces(found.blocks, empty),
        agenda=tuple(
            (item.minutes, item.title, item.anchor, pieces(item.blocks, empty)) for item in found.agenda
        ),
        sources=tuple((note.number, note.html) for note in found.citations),
    )
    return render_template("facilitate/guide.html", page=page)


def _page(row: CohortRow, form: NewSessionForm) -> CohortPage:
    actor, target = current_actor(), actions.target_of(row)
    course = load_compiled(session(), row.version_id)
    matrix = cohort_matrix(session(), row, course)
    form.offer(course, frozenset(planned.session_key for planned in matrix.roster.sessions))
    reviews = may(actor, Permission.REFLECTION_REVIEW, target)
    titles = {guide.key: guide.title_text for guide in course.sessions}
    return CohortPage(
        name=row.title,
        course=course.title_text,
        join_code=row.join_code or "",
        join_href=url_for("learn.join", _external=True),
        facilitators=matrix.facilitators,
        facilitates=may(actor, Permission.ATTENDANCE_RECORD, target),
        closed_at=row.closed_at,
        close_href=url_for("facilitate.close", cohort=row.public_id),
        closes=row.closed_at is None and may(actor, Permission.COHORT_CLOSE, target),
        queue=_queue(row) if reviews else None,
        need_a_hand=hand_lines(matrix, now() - timedelta(days=14), now()),
        modules=tuple(ModuleHead(module.number) for module in course.modules),
        sessions=tuple(
            SessionLine(
                title=titles.get(planned.session_key, planned.session_key),
                short_day=f"{planned.starts_at.astimezone(ZoneInfo(row.time_zone)):%b %-d}",
                starts_at=planned.starts_at,
                minutes=planned.scheduled_minutes,
                break_minutes=planned.break_minutes,
                marked=sum(
                    (who.enrollment_id, planned.id) in matrix.roster.marks for who in matrix.roster.members
                ),
                change_href=url_for("facilitate.change_session", cohort=row.public_id, number=planned.id),
                attendance_href=url_for("facilitate.attendance", cohort=row.public_id, number=planned.id),
                guide_href=url_for("facilitate.guide", cohort=row.public_id, key=planned.session_key),
            )
            for planned in matrix.roster.sessions
        ),
        rows=member_lines(matrix, row.public_id),
        csv_href=url_for("facilitate.progress", cohort=row.public_id),
        ids_href=url_for("facilitate.progress", cohort=row.public_id, ids=1)
        if may(actor, Permission.RECORD_EXPORT, target)
        else "",
        records_attendance=may(actor, Permission.ATTENDANCE_RECORD, target),
        edits=row.closed_at is None and may(actor, Permission.COHORT_EDIT, target),
        guides=bool(form.session_key.choices),
        renew_code_href=url_for("facilitate.renew_code", cohort=row.public_id),
        add_session_href=url_for("facilitate.add_session", cohort=row.public_id),
        session_form=form,
        time_zone=row.time_zone,
    )


def _queue(row: CohortRow) -> Lines[WaitingLine]:
    moment = now()
    found = review_queue(
        session(), reviewer_id=current_actor().user_id, scopes=Scopes(cohort_ids=frozenset({row.id})),
        now=moment, request=asked("queue"), cohort_id=row.id,
    )  # fmt: skip
    return lines(
        found, lambda each: waiting_line(each, moment), "queue", "facilitate.cohort", cohort=row.public_id
    )
