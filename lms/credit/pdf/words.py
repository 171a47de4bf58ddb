"""How a certificate says things: amounts, days, lines of the ledger, and whose rule it was. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

KINDS = {
    "self_paced": "self-paced",
    "live": "live session",
    "make_up": "made up for a missed session",
    "assessment": "assessment",
    "product": "product",
}
POLICY_WORDS = {
    "minutes_per_unit": "minutes for a unit",
    "multiplier": "units for each unit’s minutes",
    "rounding": "rounding",
    "countable": "which kinds of work count",
    "self_paced_basis": "self-paced work counted by its published minutes",
    "min_award": "the least that is awarded",
    "min_activity_minutes": "the least minutes of a course",
    "min_topic_minutes": "the least minutes on a topic",
    "bundling_allowed": "adding up courses on a topic",
    "requires": "what must be assessed",
    "reviewers": "whose review counts",
    "license_required": "whether a license is needed",
    "eligible_jobs": "for which jobs it is",
    "awarding_body_types": "who may award",
    "registration_required_for": "who needs a registration",
    "cycle": "the credit period",
    "retention_years": "how long the record is kept",
}
"""Every parameter of a rule set, as a certificate names those that no source settles."""
PLACES = 3
"""Of live sessions, named on the first page; the second names each."""


def hours(minutes: int) -> str:
    """Contact time as it is always shown: '12 h 36 min', '45 min', '2 h'."""
    whole, rest = divmod(minutes, 60)
    return " ".join([*([f"{whole} h"] if whole else []), *([f"{rest} min"] if rest or not whole else [])])


def day(value: str | date) -> str:
    """'December 11, 2025', from a date or its ISO form."""
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment:%B} {moment.day}, {moment.year}"


def units(hundredths: int) -> str:
    """Units without zeros that say nothing: '12', '12.5', '1.25'."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def format_in_words(frozen: Mapping[str, Any]) -> str:
    """'Online, self-paced', and where people met: 'Online, self-paced; live: Room 12'."""
    live = [line for line in frozen["lines"] if line["kind"] == "live"]
    places = list(dict.fromkeys(line["place"] for line in live if line["place"]))
    more = len(places) - PLACES
    named = ", ".join(places[:PLACES]) + (f" and {more} more" if more > 0 else "")
    parts = ["online, self-paced"] if len(live) < len(frozen["lines"]) else []
    if live:
        parts.append(f"live: {named}" if named else "live")
    words = "; ".join(parts)
    return words[:1].upper() + words[1:]


def line_in_words(line: Mapping[str, Any]) -> str:
    """'Session 2: Listening first · live session · Room 12 · 09:02–10:31, 10 min break'."""
    where, title = line["where"], line["title"]
    if where and not title.startswith(f"{where}:"):  # a session's own title says which one it is
        title = f"{where}: {title}"
    return " · ".join(part for part in (title, KINDS[line["kind"]], line["place"], line["detail"]) if part)


def sources(rule_set: Mapping[str, Any]) -> list[str]:
    """Whose rule it is, and what no source settles."""
    policy = [
        words for name, words in POLICY_WORDS.items() if rule_set["confidence"].get(name) == "local_policy"
    ]
    found = []
    if rule_set["authority_urls"]:
        found.append(
            f"Sources, as read on {day(rule_set['checked_on'])}: {' · '.join(rule_set['authority_urls'])}"
        )
    if policy:
        found.append(f"Local policy, where no source says otherwise: {', '.join(policy)}.")
    return found
