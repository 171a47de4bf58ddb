"""Completion records: a page with filters in its address, and the same rows as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts
from lms.accounts.permissions import Permission, scopes
from lms.actions import records as actions
from lms.courses import queries as courses
from lms.kernel.clock import local_day, now
from lms.kernel.errors import NotFound
from lms.kernel.paging import PageRequest
from lms.kernel.tabular import Table
from lms.kernel.writers import csv as csv_writer
from lms.kernel.writers import iso_moment
from lms.kernel.writers import json as json_writer
from lms.records import charts, queries
from lms.records.columns import COMPLETION_COLUMNS, STATUS_WORDS, award_rows, units_in_words
from lms.records.rules import ORDERS, FilterFault, Order, RecordFilter, read_filter, read_order
from lms.web.access import allowed, current_actor
from lms.web.coordinate.blueprint import blueprint
from lms.web.coordinate.charts import months_chart, schools_chart
from lms.web.coordinate.pages import Choice, Fault, RecordLine, RecordsPage
from lms.web.reading import session

FAULT_WORDS = {
    "date_form": "Write the day as year, month, day: 2026-03-31",
    "dates_crossed": "Choose a first day that lies before the last one",
    "status_unknown": "Choose a certificate status from the list",
}
STATUS_CHOICES = {
    "": "All",
    "valid": "Valid",
    "due": "Due for correction",
    "expired": "Expired",
    "corrected": "Replaced",
    "revoked": "Revoked",
}
FILTER_NAMES = ("training", "school", "from", "to", "status", "sort")
WRITERS = {"csv": csv_writer, "json": json_writer}


@blueprint.get("/coordinate/records")
@allowed(Permission.RECORD_VIEW)
def records() -> ResponseReturnValue:
    within = scopes(current_actor(), Permission.RECORD_VIEW)
    wanted, faults = read_filter(request.args)
    order = read_order(request.args)
    asked = _asked(wanted, order)
    found = queries.completion_records(
        session(), within, wanted, PageRequest.of(request.args.get("page")), order
    )
    sums = queries.totals(session(), within, wanted)
    today = local_day(now(), current_actor().time_zone)
    page = RecordsPage(
        rows=tuple(map(_line, found.rows)),
        pages=found,
        page_href=lambda number: _address("coordinate.records", page=str(number), **asked),
        sort_href={each: _address("coordinate.records", **_asked(wanted, each)) for each in ORDERS},
        order=order,
        trainings=_trainings(wanted),
        schools=(
            Choice("", "All"),
            *(
                Choice(row.public_id, row.label, row.public_id == wanted.organization)
                for row in accounts.organizations(session(), within)
            ),
        ),
        statuses=tuple(
            Choice(value, words, value == wanted.status) for value, words in STATUS_CHOICES.items()
        ),
        from_text=wanted.from_on.isoformat() if wanted.from_on else "",
        to_text=wanted.to_on.isoformat() if wanted.to_on else "",
        filtered=wanted != RecordFilter(),
        faults=tuple(map(_fault, faults)),
        total=sums.certificates,
        people=sums.people,
        total_minutes=sums.minutes,
        months=months_chart(charts.by_month(session(), within, wanted, today), today),
        schools_finished=schools_chart(charts.by_school(session(), within, wanted)),
        csv_href=_address("coordinate.export", format="csv", **asked),
        json_href=_address("coordinate.export", format="json", **asked),
        summary_href=_address("coordinate.summary_csv", **wanted.as_query()),
        perms_href=_address("coordinate.perms", **wanted.as_query()),
    )
    return render_template("coordinate/records.html", page=page)


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def _asked(wanted: RecordFilter, order: Order) -> dict[str, str]:
    """Filter and order as an address carries them."""
    return wanted.as_query() | ({} if order == "finished" else {"sort": order})


def _trainings(wanted: RecordFilter) -> tuple[Choice, ...]:
    offered = courses.catalog(session())
    return (
        Choice("", "All trainings"),
        *(Choice(row.course_key, row.title, row.course_key == wanted.course_key) for row in offered),
    )


def _line(row: queries.Record) -> RecordLine:
    return RecordLine(
        person=row.frozen["person"]["name"],
        school=row.school,
        course=row.frozen["course"]["title"],
        completed_on=row.completed_on,
        minutes=row.minutes,
        units=units_in_words(row.frozen),
        number=row.number,
        href=url_for("coordinate.record", number=row.number),
        status=row.status,
        status_words=STATUS_WORDS[row.status].capitalize(),
    )


def _fault(fault: FilterFault) -> Fault:
    typed = request.args.get(fault.field, "")[:40]
    return Fault(
        fault.field, f"{FAULT_WORDS[fault.code]}, not “{typed}”" if typed else FAULT_WORDS[fault.code]
    )


@blueprint.get("/coordinate/records.<format>")
@allowed(Permission.RECORD_EXPORT)
def export(format: str) -> ResponseReturnValue:
    """The rows of the page, all of them, as a stream. The pull itself is noted in the audit trail.

    A filter that cannot be understood gives no file, since it would hold other rows than were asked for.
    """
    if format not in WRITERS:
        raise NotFound
    wanted, faults = read_filter(request.args)
    if faults:
        asked = {name: request.args[name] for name in FILTER_NAMES if name in request.args}
        return redirect(_address("coordinate.records", **asked), 303)
    actor, writer = current_actor(), WRITERS[format]
    within, moment = scopes(actor, Permission.RECORD_EXPORT), now()
    count = queries.count_records(session(), within, wanted)
    actions.note_pull(actor, format=format, wanted=wanted.as_query(), rows=count)
    table = Table(
        name="Completion records",
        columns=COMPLETION_COLUMNS,
        rows=award_rows(queries.stream_records(session(), within, wanted, read_order(request.args))),
        notes=(("pulled_by", actor.name), ("as_of", iso_moment(moment)), *wanted.as_query().items()),
    )
    stream: Iterator[bytes] = stream_with_context(writer.write(table))
    name = f"completion-records-{moment:%Y-%m-%d}.{format}"
    return Response(
        stream, mimetype=writer.MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
