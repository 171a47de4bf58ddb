"""One record: what the certificate says, what happened to it, and what an authorized person may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from lms.accounts.permissions import Permission, Target, may
from lms.actions import records as actions
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.records.columns import STATUS_WORDS, units_in_words
from lms.records.queries import Record, record
from lms.web.access import allowed, current_actor
from lms.web.coordinate.blueprint import blueprint
from lms.web.coordinate.pages import Fault
from lms.web.reading import session

FAULT_WORDS = {
    "reason_missing": "Give a reason: it stands on the record for good",
    "reason_long": "Shorten the reason to 300 characters",
    "not_due": "Nothing has changed since this certificate was issued, so there is nothing to correct",
}


class LedgerLine(Struct, frozen=True):
    title: str
    kind: str
    minutes: int
    earned_on: date


class AwardLine(Struct, frozen=True):
    title: str
    explanation: tuple[str, ...]


class RecordPage(Struct, frozen=True):
    number: str
    person: str
    school: str
    course: str
    version: int
    completed_on: date
    minutes: int
    units: str
    issued_at: datetime
    status: str
    status_words: str
    status_at: datetime | None
    expires_on: date | None
    status_reason: str
    replaces: str
    replaced_by: str
    lines: tuple[LedgerLine, ...]
    awards: tuple[AwardLine, ...]
    certificate_href: str
    pdf_href: str
    correct_href: str
    revoke_href: str
    reason: str
    errors: tuple[Fault, ...]


def record_target(number: str) -> Target:
    return Target(organization_id=_found(number)[1])


def _found(number: str) -> tuple[Record, int]:
    found = record(session(), number)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/coordinate/records/<number>", endpoint="record")
@allowed(Permission.RECORD_VIEW, target=record_target)
def show(number: str) -> ResponseReturnValue:
    return render_template("coordinate/record.html", page=_page(number, "", ()))


@blueprint.post("/coordinate/records/<number>/correct")
@allowed(Permission.CERTIFICATE_CORRECT, target=record_target, see=Permission.RECORD_VIEW)
def correct(number: str) -> ResponseReturnValue:
    return _amend(number, actions.correct_certificate, "A corrected certificate is issued.")


@blueprint.post("/coordinate/records/<number>/revoke")
@allowed(Permission.CERTIFICATE_REVOKE, target=record_target, see=Permission.RECORD_VIEW)
def revoke(number: str) -> ResponseReturnValue:
    return _amend(number, actions.revoke_certificate, "The certificate is revoked.")


def _amend(number: str, action: Callable[..., str], words: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        standing = action(current_actor(), number=number, reason=reason)
    except RuleBroken as broken:
        faults = (Fault("reason", FAULT_WORDS.get(broken.code, "This cannot be done as things stand now")),)
        return render_template("coordinate/record.html", page=_page(number, reason, faults)), 422
    except Conflict:
        words = "Somebody else has done this meanwhile"
        faults = (Fault("ledger", f"{words}. You had typed as the reason: “{reason}”" if reason else words),)
        return render_template("coordinate/record.html", page=_page(number, reason, faults)), 409
    flash(words)
    return redirect(url_for("coordinate.record", number=standing), code=303)


def _page(number: str, reason: str, errors: tuple[Fault, ...]) -> RecordPage:
    row, organization_id = _found(number)
    actor, target = current_actor(), Target(organization_id=organization_id)
    last = row.status in ("valid", "due", "expired")  # what has expired may still be corrected or revoked
    corrects = last and row.changed and may(actor, Permission.CERTIFICATE_CORRECT, target)
    revokes = last and may(actor, Permission.CERTIFICATE_REVOKE, target)
    frozen = row.frozen
    return RecordPage(
        number=number,
        person=frozen["person"]["name"],
        school=row.school or row.district,
        course=frozen["course"]["title"],
        version=frozen["course"]["version"],
        completed_on=row.completed_on,
        minutes=row.minutes,
        units=units_in_words(frozen),
        issued_at=row.issued_at,
        status=row.status,
        status_words=STATUS_WORDS[row.status].capitalize(),
        status_at=row.status_at,
        expires_on=row.expires_on,
        status_reason=row.status_reason,
        replaces=row.replaces or "",
        replaced_by=row.replaced_by or "",
        lines=tuple(
            LedgerLine(
                line["title"], line["kind"].replace("_", " "), line["minutes"],
                date.fromisoformat(line["earned_on"]),
            )
            for line in frozen["lines"]
        ),
        awards=tuple(
            AwardLine(award["rule_set"]["title"], tuple(award["explanation"])) for award in frozen["awards"]
        ),
        certificate_href=url_for("learn.certificate", number=number),
        pdf_href=url_for("learn.certificate_pdf", number=number),
        correct_href=url_for("coordinate.correct", number=number) if corrects else "",
        revoke_href=url_for("coordinate.revoke", number=number) if revokes else "",
        reason=reason,
        errors=errors,
    )  # fmt: skip
