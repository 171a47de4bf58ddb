"""Files beside the records themselves: hours to report to PERMS, and a summary that names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from lms.accounts.permissions import Permission, scopes
from lms.actions import records as actions
from lms.kernel.clock import now
from lms.kernel.tabular import Column, Table
from lms.kernel.writers import csv as csv_writer
from lms.records.perms import CHECK, PERMS_COLUMNS, LeftOut, Reported
from lms.records.reporting import perms_report, summary
from lms.records.rules import RecordFilter, read_filter
from lms.records.summary import SUMMARY_COLUMNS
from lms.web.access import allowed, current_actor
from lms.web.coordinate.blueprint import blueprint
from lms.web.coordinate.records import FILTER_NAMES
from lms.web.reading import session


class PermsPage(Struct, frozen=True):
    rows: tuple[Reported, ...]
    left_out: tuple[LeftOut, ...]
    check: str
    filtered: bool
    csv_href: str
    records_href: str


@blueprint.get("/coordinate/records/perms")
@allowed(Permission.RECORD_EXPORT)
def perms() -> ResponseReturnValue:
    """What would be reported of the records that the filter finds, and who is left out and why."""
    wanted = _wanted()
    if wanted is None:
        return _back()
    found = perms_report(session(), scopes(current_actor(), Permission.RECORD_EXPORT), wanted)
    page = PermsPage(
        rows=found.rows,
        left_out=found.left_out,
        check=CHECK,
        filtered=wanted != RecordFilter(),
        csv_href=_address("coordinate.perms_csv", wanted),
        records_href=_address("coordinate.records", wanted),
    )
    return render_template("coordinate/perms.html", page=page)


@blueprint.get("/coordinate/records/perms.csv")
@allowed(Permission.RECORD_EXPORT)
def perms_csv() -> ResponseReturnValue:
    wanted = _wanted()
    if wanted is None:
        return _back()
    within = scopes(current_actor(), Permission.RECORD_EXPORT)
    return _file("perms", PERMS_COLUMNS, perms_report(session(), within, wanted).rows, wanted)


@blueprint.get("/coordinate/records/summary.csv")
@allowed(Permission.RECORD_EXPORT)
def summary_csv() -> ResponseReturnValue:
    wanted = _wanted()
    if wanted is None:
        return _back()
    within = scopes(current_actor(), Permission.RECORD_EXPORT)
    return _file("summary", SUMMARY_COLUMNS, summary(session(), within, wanted), wanted)


def _wanted() -> RecordFilter | None:
    """None where the filter cannot be understood: a file would hold other rows than were asked for."""
    wanted, faults = read_filter(request.args)
    return None if faults else wanted


def _back() -> ResponseReturnValue:
    """To the records, where what was not understood is named."""
    asked: dict[str, Any] = {name: request.args[name] for name in FILTER_NAMES if name in request.args}
    return redirect(url_for("coordinate.records", **asked), 303)


def _address(endpoint: str, wanted: RecordFilter) -> str:
    values: dict[str, Any] = dict(wanted.as_query())
    return url_for(endpoint, **values)


def _file(
    name: str, columns: tuple[Column[Any], ...], rows: tuple[Any, ...], wanted: RecordFilter
) -> Response:
    """The rows as CSV; the pull is noted in the audit trail."""
    actions.note_pull(current_actor(), format=name, wanted=wanted.as_query(), rows=len(rows))
    found: Iterable[bytes] = csv_writer.write(Table(name, columns, rows))
    head = {"Content-Disposition": f'attachment; filename="{name}-{now():%Y-%m-%d}.csv"'}
    return Response(b"".join(found), mimetype=csv_writer.MEDIA_TYPE, headers=head)
