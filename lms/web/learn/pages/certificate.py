"""The certificate as its owner sees it: every word from the frozen row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from lms.credit.badges import why_no_badges
from lms.credit.pdf.printed import address
from lms.credit.pdf.words import format_in_words, units
from lms.credit.queries import CertificateRow
from lms.credit.ruleset import CONTACT_HOURS
from lms.credit.wording import required_words
from lms.web.site.pages import EMBLEMS

NOTICES = {
    "corrected": "This certificate was corrected. It is kept, and it is not the one in force any more.",
    "expired": "This certificate has expired.",
    "revoked": "This certificate was revoked and is not valid.",
}
DUE = (
    "Something it rests on has changed since it was issued. "
    "A corrected one can be issued by your coordinator."
)
NO_BADGES = (
    "This site does not give out digital badges yet: whoever runs it has not set its public address. "
    "Your certificate and its number are valid without one."
)


class AwardLine(Struct, frozen=True):
    label: str
    units: str


class BadgePart(Struct, frozen=True):
    """What the owner can do with the certificate as a badge. `refusal`: why there is none; '' if there is."""

    refusal: str
    address: str = ""
    picture: str = ""


class CertificatePage(Struct, frozen=True):
    number: str
    own: bool
    name: str
    course_title: str
    words: str
    minutes: int
    awards: tuple[AwardLine, ...]
    refused: tuple[AwardLine, ...]
    completed_on: date
    format: str
    issuer: str
    verify_at: str
    emblem: str
    tile: str
    notice: str
    reason: str
    """Why it was corrected or revoked, as it was written then."""
    state_at: datetime | None
    replaced_by: str
    badge: BadgePart | None
    """None where it is not the viewer's own, or not in force."""


def certificate_page(row: CertificateRow, own: bool, site_url: str, site_address: str) -> CertificatePage:
    """`site_url`: where this page is seen; `site_address`: the setting, which badges are issued under."""
    frozen = row.frozen
    course = frozen["course"]
    emblem = next((name for word, name in EMBLEMS.items() if word in course["key"]), "connections")
    due = DUE if row.state == "valid" and not row.current else ""
    return CertificatePage(
        number=row.number,
        own=own,
        name=frozen["person"]["name"],
        course_title=course["title"],
        words=required_words(frozen),
        minutes=row.minutes,
        awards=awards(frozen),
        refused=tuple(
            AwardLine(made["rule_set"]["title"], _refusal(made))
            for made in frozen["awards"]
            if not made["units_hundredths"]
        ),
        completed_on=row.completed_on,
        format=format_in_words(frozen),
        issuer=frozen["signed_by"]["name"],
        verify_at=address(site_url),
        emblem=f"img/emblem-{emblem}.svg",
        tile=f"tile-{emblem}",
        notice=NOTICES.get(row.state, due),
        reason=row.state_reason or "",
        state_at=row.state_at,
        replaced_by=row.replaced_by or "",
        badge=_badge(row.number, site_address) if own and row.state == "valid" else None,
    )


def _badge(number: str, site_address: str) -> BadgePart:
    if why_no_badges(site_address):
        return BadgePart(NO_BADGES)
    return BadgePart("", f"{site_address}/badges/{number}", f"/badges/{number}/picture.png")


def awards(frozen: Mapping[str, Any]) -> tuple[AwardLine, ...]:
    """Units of authorities, each named in full; contact hours are said as time."""
    return tuple(
        AwardLine(
            made["rule_set"]["title"],
            f"{units(made['units_hundredths'])} {made['rule_set']['unit']['label']}",
        )
        for made in frozen["awards"]
        if made["units_hundredths"] and made["rule_set"]["key"] != CONTACT_HOURS
    )


def _refusal(made: Mapping[str, Any]) -> str:
    reasons = [gate["detail"] for gate in made["gates"] if not gate["passed"]]
    return " ".join(f"{reason.rstrip('.')}." for reason in reasons)
