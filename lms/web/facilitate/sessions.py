"""One live session of a cohort, changed: another day, time, length or place."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import Permission, may
from lms.actions import facilitate as actions
from lms.cohorts.queries import CohortRow, SessionRow, Sheet
from lms.kernel.errors import RuleBroken
from lms.web.access import allowed, current_actor
from lms.web.facilitate.attendance import cohort_row, cohort_target, sheet_of, title_of
from lms.web.facilitate.blueprint import NUMBER, blueprint
from lms.web.facilitate.forms import SessionForm
from lms.web.facilitate.pages import SessionPage

ADDRESS = "/facilitate/cohorts/<cohort>/sessions/" + NUMBER


@blueprint.get(ADDRESS, endpoint="change_session")
@allowed(Permission.COHORT_EDIT, target=cohort_target, see=Permission.COHORT_VIEW)
def show(cohort: str, number: int) -> ResponseReturnValue:
    row, sheet = cohort_row(cohort), sheet_of(cohort, number)
    page = _page(row, sheet, _as_planned(row, sheet.session))
    return render_template("facilitate/session.html", page=page)


@blueprint.post(ADDRESS, endpoint="save_session")
@allowed(Permission.COHORT_EDIT, target=cohort_target, see=Permission.COHORT_VIEW)
def save(cohort: str, number: int) -> ResponseReturnValue:
    row, sheet, form = cohort_row(cohort), sheet_of(cohort, number), SessionForm()
    if form.is_sent() and form.day.data and form.time.data:
        try:
            actions.change_session(
                current_actor(), cohort_id=cohort, session_id=number,
                starts_at=_starts_at(row, sheet.session, form.day.data, form.time.data),
                minutes=form.minutes.data or 0, break_minutes=form.break_minutes.data or 0,
                place=form.place.data or "",
            )  # fmt: skip
        except RuleBroken as broken:
            form.explain(broken)
            sheet = sheet_of(cohort, number)
        else:
            flash("The session is changed. Tell the people who come: no message goes out by itself.")
            return redirect(url_for("facilitate.cohort", cohort=cohort), code=303)
    if sheet.marks:  # what was typed can never be saved: show what stands
        form = _as_planned(row, sheet.session)
        form.explain(RuleBroken("attendance_recorded"))
    return render_template("facilitate/session.html", page=_page(row, sheet, form), form=form), 422


def _as_planned(row: CohortRow, planned: SessionRow) -> SessionForm:
    local = planned.starts_at.astimezone(ZoneInfo(row.time_zone))
    stands = {
        "day": local.date(), "time": local.time(), "minutes": planned.scheduled_minutes,
        "break_minutes": planned.break_minutes, "place": planned.place,
    }  # fmt: skip
    return SessionForm(formdata=None, data=stands)


def _starts_at(row: CohortRow, planned: SessionRow, day: date, clock: time) -> datetime:
    """The moment that was typed. Where the day and the clock are as they were, the moment is too: a clock
    shows no seconds, and in autumn it shows one hour twice."""
    local = planned.starts_at.astimezone(ZoneInfo(row.time_zone))
    if (day, f"{clock:%H:%M}") == (local.date(), f"{local:%H:%M}"):
        return planned.starts_at
    return datetime.combine(day, clock, ZoneInfo(row.time_zone))


def _page(row: CohortRow, sheet: Sheet, form: SessionForm) -> SessionPage:
    planned = sheet.session
    records = may(current_actor(), Permission.ATTENDANCE_RECORD, actions.target_of(row))
    attendance = url_for("facilitate.attendance", cohort=row.public_id, number=planned.id)
    return SessionPage(
        title=title_of(planned),
        cohort=row.title,
        cohort_href=url_for("facilitate.cohort", cohort=row.public_id),
        href=url_for("facilitate.save_session", cohort=row.public_id, number=planned.id),
        fixed=bool(sheet.marks),
        attendance_href=attendance if records else "",
        starts_at=planned.starts_at,
        time_zone=row.time_zone,
        minutes=planned.scheduled_minutes,
        break_minutes=planned.break_minutes,
        place=planned.place,
        form=form,
    )
