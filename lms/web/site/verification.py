"""The answer to 'is this certificate real?': one line first, then the facts, then what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from lms.content.nodes import Course
from lms.credit.queries import VerificationRow
from lms.web.site.pages import required_in_one_line
from lms.web.words import day, minutes, units

TITLES = {
    "valid": "This certificate is valid",
    "corrected": "This certificate was replaced",
    "expired": "This certificate has expired",
    "revoked": "This certificate was withdrawn",
}
CHECKED = (
    "That this number was issued here, what it was issued for, and that it stands today. Not who holds it."
)
SIGNS = "After “RIA”, numbers never use the letters O, I and L, or the digits 0 and 1."


class Fact(Struct, frozen=True):
    term: str
    value: str
    code: bool = False


class VerifyPage(Struct, frozen=True):
    outcome: str
    """ask, valid, ended (corrected, expired, revoked), unknown or mistyped."""
    status: int
    title: str
    typed: str = ""
    verdict: str = ""
    tip: str = ""
    newer: str = ""
    facts: tuple[Fact, ...] = ()
    checked_at: datetime | None = None


def as_json(page: VerifyPage, row: VerificationRow | None, course: Course | None) -> dict[str, Any]:
    """The same answer for a program: what the page shows, and nothing else. Days and moments in ISO 8601."""
    if row is None or course is None:
        return {"outcome": page.outcome, "number": page.typed, "says": page.verdict}
    return {
        "outcome": page.outcome,
        "state": row.state,
        "state_since": _iso(row.state_at),
        "replaced_by": row.replaced_by,
        "says": page.verdict,
        "number": row.number,
        "name": row.name,
        "training": row.course,
        "completed_on": row.completed_on.isoformat(),
        "contact_minutes": row.minutes,
        "credit": [
            {"title": award.title, "unit": award.label, "units": units(award.units_hundredths)}
            for award in row.awards
        ],
        "required": required_in_one_line(course.requirements),
        "issued_by": row.signed_by,
        "issued_at": _iso(row.issued_at),
        "checked": CHECKED,
        "checked_at": _iso(page.checked_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment is not None else None


def ask() -> VerifyPage:
    return VerifyPage("ask", 200, "Check a certificate")


def mistyped(typed: str) -> VerifyPage:
    """The number cannot be right, whoever it would belong to: its last sign checks the others."""
    verdict = (
        "This cannot be a certificate number: its signs do not fit together. Most likely one of them was "
        "mistyped, left out, or changed places with another."
    )
    return VerifyPage("mistyped", 404, "This number has a typing mistake", typed, verdict, SIGNS)


def unknown(number: str) -> VerifyPage:
    verdict = f"The number {number} is well formed, but no certificate of ours has it."
    return VerifyPage("unknown", 404, "We cannot find this certificate", number, verdict, SIGNS)


def found(row: VerificationRow, course: Course, moment: datetime) -> VerifyPage:
    """What the certificate says and how it stands; nothing else about the person."""
    valid = row.state == "valid"
    return VerifyPage(
        outcome="valid" if valid else "ended",
        status=200,
        title=TITLES[row.state],
        typed=row.number,
        verdict=_verdict(row),
        newer=row.replaced_by or "",
        facts=_facts(row, course),
        checked_at=moment,
    )


def _verdict(row: VerificationRow) -> str:
    if row.state == "valid" or row.ended_on is None:
        return f"It was issued by {row.signed_by} and has not been changed or withdrawn."
    when = _day(row.ended_on)
    return {
        "corrected": f"It was corrected on {when}: another certificate took its place.",
        "expired": f"It was issued by {row.signed_by} and was valid until {when}.",
        "revoked": f"It was withdrawn on {when} and counts for nothing.",
    }[row.state]


def _facts(row: VerificationRow, course: Course) -> tuple[Fact, ...]:
    awarded = [f"{units(award.units_hundredths)} {award.label}" for award in row.awards]
    return (
        Fact("Name", row.name),
        Fact("Training", row.course),
        Fact("Completed", _day(row.completed_on)),
        Fact("Contact time", minutes(row.minutes)),
        Fact("Credit", ", ".join(awarded) or "None"),
        Fact("What was required", required_in_one_line(course.requirements)),
        Fact("Issued by", row.signed_by),
        Fact("Issued on", _day(row.issued_on)),
        Fact("What was checked", CHECKED),
        Fact("Number", row.number, code=True),
    )


def _day(value: date) -> str:
    return day(value, "UTC")  # a date has no zone: it is shown as it is
