"""What a certificate says in print, from its frozen row: pure, and the same words each time.

The frozen row decides everything but two things: what has happened to the certificate since (`Standing`)
and the address of the site where it can be checked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from lms.credit.pdf.faces import HEADING, OTHER_SCRIPTS, TEXT, needed, set_whole
from lms.credit.pdf.words import day, format_in_words, hours, line_in_words, sources, units
from lms.credit.ruleset import CONTACT_HOURS

BRAND = "Relationships in Action Learning"
EMBLEMS = {
    "creating-connections": "connections",
    "healing-and-trauma-informed-care": "healing",
    "culturally-responsive-practices": "culture",
}
REPEATED = (
    "The same course was completed before in this credit period: only what is new is credited, and a state "
    "may count a course only once."
)
DIGEST_SIGNS = 12
ONE_PAGE = 20
"""Ledger lines that are sure to fit on one page with all that follows them."""

Json = dict[str, Any]


class Standing(Struct, frozen=True):
    """What has happened to a certificate since it was issued."""

    kind: Literal["valid", "corrected", "expired", "revoked"] = "valid"
    on: date | None = None
    replaced_by: str | None = None
    """Number of the certificate that took its place."""
    replaces: str | None = None
    """Number of the certificate whose place this one took."""
    issued_on: date | None = None
    """Of one that took another's place; a first one is issued on the day of the first award."""


def printed(number: str, frozen: Json, standing: Standing, site_url: str) -> Json:
    """Everything `certificate.typ` prints, as plain values."""
    course, signer = frozen["course"], frozen["signed_by"]
    name = frozen["person"]["name"]
    said = {
        "language": "en",
        "title": f"Certificate {number}: {name}, {course['title']}",
        "issuer": {"name": signer["name"]},
        "brand": BRAND,
        "emblem": EMBLEMS.get(course["key"], "mark"),
        "heading": "Certificate of completion",
        "lead": "This certifies that",
        "name": _whole(name, HEADING),
        "completed": "completed the course",
        "course": _whole(course["title"], HEADING),
        "course-line": _text(f"Topic: {course['topic']}"),
        "number": number,
        "status": {"banner": _banner(standing), "line": _status_line(standing)},
        "sums": [{"label": "Contact hours", "value": hours(frozen["minutes"])}, *_units(_awarded(frozen))],
        "facts": _facts(frozen, standing),
        "signatures": _signatures(signer),
        "check": {
            "lead": "Anyone can check this certificate:",
            "address": _whole(address(site_url), TEXT),
            "alt": f"QR code that opens the check of certificate {number}",
            "number-label": "Certificate number",
        },
        "footer": _footer(number, name, course["title"]),
        "numbered": len(frozen["lines"]) > ONE_PAGE,
        "arithmetic": _arithmetic(frozen),
        "sections": [section for section in _sections(number, frozen, standing) if section["lines"]],
    }
    return _with_faces(said)


def printed_transcript(said: Json) -> Json:
    """What people typed set whole, cell by cell: no letter is put together from two faces."""
    cycles = [
        cycle
        | {
            "groups": [
                group | {"lines": [[_whole(cell, TEXT) for cell in line] for line in group["lines"]]}
                for group in cycle["groups"]
            ]
        }
        for cycle in said["cycles"]
    ]
    return _with_faces(said) | {"title": _whole(said["title"], HEADING), "cycles": cycles}


def _with_faces(said: Json) -> Json:
    """With the typefaces that all of its letters need, for running text and for headings."""
    letters = "".join(set(json.dumps(said, ensure_ascii=False)))
    return said | {
        "text-faces": needed(letters, (*TEXT, *OTHER_SCRIPTS)),
        "heading-faces": needed(letters, (*HEADING, *OTHER_SCRIPTS)),
    }


def check_url(site_url: str, number: str) -> str:
    """Where the QR code leads."""
    return f"{site_url.rstrip('/')}/verify/{number}"


def address(site_url: str) -> str:
    """The page to type the number into, as people write addresses."""
    return f"{site_url.rstrip('/').removeprefix('https://').removeprefix('http://')}/verify"


def _whole(text: str, faces: tuple[str, ...]) -> Json:
    chosen = set_whole(text, faces)
    return {"text": chosen.text, "families": list(chosen.families)}


def _banner(standing: Standing) -> str | None:
    on = f" on {day(standing.on)}" if standing.on else ""
    if standing.kind == "revoked":
        return f"Revoked{on}. This certificate is no longer valid."
    if standing.kind == "corrected":
        return f"Replaced{on} by certificate {standing.replaced_by}. Use that one."
    if standing.kind == "expired":
        return f"Expired{on}."
    return None


def _status_line(standing: Standing) -> str:
    state = "Valid when printed" if standing.kind == "valid" else standing.kind.capitalize()
    return f"{state}. That page shows today’s state."


def _awarded(frozen: Json) -> list[Json]:
    """The awards in units of a state or another authority; contact hours are said as time."""
    return [
        award
        for award in frozen["awards"]
        if award["units_hundredths"] and award["rule_set"]["key"] != CONTACT_HOURS
    ]


def _units(awards: Sequence[Json]) -> list[Json]:
    """Units stand on the first page only where they were awarded, always named in full."""
    return [
        {
            "label": _text(award["rule_set"]["title"]),
            "value": f"{units(award['units_hundredths'])} {award['rule_set']['unit']['label']}",
        }
        for award in awards
    ]


def _facts(frozen: Json, standing: Standing) -> list[Json]:
    course, signer = frozen["course"], frozen["signed_by"]
    pairs = [
        ("Begun", day(frozen["started_on"])),
        ("Completed", day(frozen["completed_on"])),
        ("Issued", day(standing.issued_on or frozen["first_award_on"])),
        ("Awarding body" if signer["kind"] == "awarding_body" else "Issued by", signer["name"]),
        ("Registration", ", ".join(_registrations(frozen))),
        ("Rule set", "; ".join(_rule_set(award) for award in _awarded(frozen))),
        ("Format", format_in_words(frozen)),
        ("Content area", ", ".join(course["content_areas"])),
        ("Course version", f"Version {course['version']} · {course['digest'][:DIGEST_SIGNS]}"),
        ("Assessment", "Met" if frozen["mastery"] else ""),
        ("Credit", _why_hours_only(frozen)),
        ("First awarded", day(frozen["first_award_on"]) if standing.replaces else ""),
        ("Replaces", standing.replaces or ""),
    ]
    return [{"label": label, "value": _whole(value, TEXT)} for label, value in pairs if value]


def _registrations(frozen: Json) -> list[str]:
    """Those valid on the day of awarded units; an ended one is named with the condition it failed."""
    held = [
        f"{entry['jurisdiction']} {entry['number']}"
        for award in _awarded(frozen)
        if (entry := award.get("registration")) is not None
        and (entry["valid_to"] is None or award["met_on"] <= entry["valid_to"])
    ]
    return list(dict.fromkeys(held))


def _why_hours_only(frozen: Json) -> str:
    """On the first page no unit is named that was not awarded; the second page names the condition."""
    refused = any(award["rule_set"]["key"] != CONTACT_HOURS for award in frozen["awards"])
    if frozen["contact_hours_only"] and refused:
        return "Contact hours only: a condition for more was not met, see the second page."
    text: str = frozen["contact_hours_only"]
    return text


def _rule_set(award: Json) -> str:
    rule_set = award["rule_set"]
    return f"{rule_set['unit']['label']}, version {rule_set['version']}"


def _signatures(signer: Json) -> list[Json]:
    if not signer["signatory_name"]:
        return [{"name": _whole(signer["name"], TEXT), "role": _whole("Operator of this site", TEXT)}]
    role = ", ".join(part for part in (signer["signatory_title"], signer["name"]) if part)
    return [{"name": _whole(signer["signatory_name"], TEXT), "role": _whole(role, TEXT)}]


def _footer(number: str, name: str, title: str) -> str:
    return f"{number} · {set_whole(name, TEXT).text} · {set_whole(title, TEXT).text}"


def _arithmetic(frozen: Json) -> Json:
    minutes = frozen["minutes"]
    return {
        "heading": "How the hours were counted",
        "lead": "Each line is one piece of work, the day it was earned, and the minutes it stands for.",
        "columns": ["Earned on", "Piece of work", "Minutes"],
        "rows": [
            [day(line["earned_on"]), _text(line_in_words(line)), str(line["minutes"])]
            for line in frozen["lines"]
        ],
        "total": [f"Contact time: {minutes} minutes = {hours(minutes)}", str(minutes)],
    }


def _sections(number: str, frozen: Json, standing: Standing) -> list[Json]:
    course = frozen["course"]
    record = [
        f"Course version {course['version']}, digest {course['digest']}",
        f"Certificate {number}" + (f", replaces {standing.replaces}" if standing.replaces else ""),
    ]
    remarks = [frozen["contact_hours_only"]] if frozen["contact_hours_only"] else []
    if frozen["enrollment"]["repeats"]:
        remarks.append(REPEATED)
    if frozen["expires_on"]:
        remarks.append(f"What was awarded here ends on {day(frozen['expires_on'])}.")
    return [
        _section("To know first", remarks),
        *(_section(award["rule_set"]["title"], _award_lines(award)) for award in frozen["awards"]),
        _section("What was assessed", [_mastery(piece) for piece in frozen["mastery"]]),
        _section("What the course set out to teach", course["objectives"]),
        _section("What this stands on", record),
    ]


def _section(heading: str, lines: Sequence[str]) -> Json:
    return {"heading": _text(heading), "lines": [_text(line) for line in lines]}


def _award_lines(award: Json) -> list[str]:
    """The arithmetic of one rule set in the rule set's own sentences, and each of its conditions."""
    rule_set = award["rule_set"]
    return [
        f"Rule set {rule_set['key']}, version {rule_set['version']}, as of {day(award['met_on'])}.",
        *award["explanation"],
        *(f"Met: {gate['detail']}" for gate in award["gates"] if gate["passed"]),
        *sources(rule_set),
    ]


def _mastery(piece: Mapping[str, str]) -> str:
    return f"{piece['title']}: {piece['detail']}"


def _text(text: str) -> str:
    return set_whole(text, TEXT).text
