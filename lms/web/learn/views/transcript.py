"""The transcript: the page, its files, learning from elsewhere, the dates of the running cycle."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.queries import licenses_of
from lms.actions import transcript as actions
from lms.credit.pdf import transcript_pdf
from lms.credit.queries import cycles_of, rule_sets_on
from lms.kernel.clock import local_day, now
from lms.kernel.tabular import Table
from lms.kernel.writers import csv as csv_writer
from lms.records.transcript import TRANSCRIPT_COLUMNS, transcript_of, transcript_rows
from lms.web.access import current_actor, signed_in
from lms.web.forms import answer_form
from lms.web.learn.blueprint import blueprint
from lms.web.learn.forms_of_transcript import CycleForm, OutsideForm
from lms.web.learn.pages.transcript import printed_transcript, transcript_page
from lms.web.reading import session


@blueprint.get("/transcript")
@signed_in
def transcript() -> ResponseReturnValue:
    actor = current_actor()
    today = local_day(now(), actor.time_zone)
    page = transcript_page(transcript_of(session(), actor.user_id, today), today)
    return render_template("learn/transcript.html", page=page)


@blueprint.get("/transcript.csv")
@signed_in
def transcript_csv() -> ResponseReturnValue:
    actor = current_actor()
    today = local_day(now(), actor.time_zone)
    rows = transcript_rows(transcript_of(session(), actor.user_id, today))
    table = Table("Transcript", TRANSCRIPT_COLUMNS, rows)
    response = Response(stream_with_context(csv_writer.write(table)), mimetype=csv_writer.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="transcript-{today}.csv"'
    return response


@blueprint.get("/transcript.pdf", endpoint="transcript_pdf")
@signed_in
def transcript_file() -> ResponseReturnValue:
    actor = current_actor()
    moment = now()
    today = local_day(moment, actor.time_zone)
    found = transcript_of(session(), actor.user_id, today)
    data = transcript_pdf(printed_transcript(found, actor.name, today), moment)
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="transcript-{today}.pdf"'
    return response


@blueprint.route("/transcript/add", methods=["GET", "POST"])
@signed_in
def add_outside() -> ResponseReturnValue:
    actor = current_actor()
    form = OutsideForm()
    form.offer(rule_sets_on(session(), local_day(now(), actor.time_zone)))
    return answer_form(
        form,
        lambda: actions.add_outside_learning(actor, form.stated()),
        template="learn/outside.html",
        done="It stands on your transcript, marked as added by you.",
        back="learn.transcript",
    )


@blueprint.post("/transcript/take-off")
@signed_in
def withdraw_outside() -> ResponseReturnValue:
    actions.withdraw_outside_learning(current_actor(), request.form.get("outside", ""))
    flash("It is taken off your transcript.")
    return redirect(url_for("learn.transcript"), 303)


@blueprint.route("/transcript/cycle", methods=["GET", "POST"])
@signed_in
def date_cycle() -> ResponseReturnValue:
    actor = current_actor()
    form = CycleForm()
    if not form.is_submitted():
        form.begin(cycles_of(session(), actor.user_id), licenses_of(session(), actor.user_id))

    def change() -> None:
        if form.starts_on.data and form.ends_on.data:
            actions.date_cycle(actor, form.starts_on.data, form.ends_on.data)

    return answer_form(
        form,
        change,
        template="learn/cycle.html",
        done="Your cycle has its new dates.",
        back="learn.transcript",
    )
