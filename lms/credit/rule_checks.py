"""Rules: what a new rule set may say, so that whatever it says can be reckoned, printed and shown for good.

`ruleset.rule_set` reads what stands in rows already; a file passes this door first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from lms.credit.ruleset import CONTACT_HOURS, JOBS, BadRuleSet, RuleSet, rule_set

DAYS = ("effective_from", "effective_to", "checked_on")
FIRST_YEAR, LAST_YEAR = 1900, 2200
NUMBERS: dict[str, tuple[int, int]] = {
    "version": (1, 10_000), "minutes_per_unit": (1, 100_000), "min_activity_minutes": (0, 100_000),
    "min_topic_minutes": (0, 100_000), "retention_years": (1, 100), "valid_years": (0, 100),
}  # fmt: skip
CYCLE: dict[str, tuple[int, int]] = {"years": (1, 50), "total": (0, 10_000), "carry_over": (0, 10_000)}
CATEGORY: dict[str, tuple[int, int]] = {
    "cycle_min": (0, 10_000), "cycle_min_percent": (0, 100), "retention_years": (1, 100),
}  # fmt: skip
REPORT = {"adapter": str, "due_days": int, "exclude_jobs": list}
CAP = {"what", "percent"}
WORD_LISTS = (
    "countable", "requires", "reviewers", "eligible_jobs", "awarding_body_types", "registration_required_for",
)  # fmt: skip
DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
PLACE = re.compile(r"US-[A-Z]{2}|[A-Z][A-Z0-9-]{2,20}")
URL = re.compile(r"https?://[!-~]+")
PATTERN = re.compile(r"((\[[0-9A-Za-z-]+\]|[0-9A-Za-z])(\{[0-9]{1,2}(,[0-9]{1,2})?\})?)+")
"""Digits and letters, so many of them: nothing that takes long, whatever somebody typed as a license."""
SAYS_NOTHING = frozenset(
    ["PDP", "PDPS", "PD", "POINT", "POINTS", "PROFESSIONAL", "DEVELOPMENT", "HOUR", "HOURS", "CREDIT",
     "CREDITS", "UNIT", "UNITS", "THE", "OF", "A"]
)  # fmt: skip
"""A unit of these words alone could be any state's."""
LINE, SENTENCE = 200, 500
MOST_TIMES = 100


def checked(data: Mapping[str, Any]) -> RuleSet:
    """The rule set of a file's values. BadRuleSet: the first thing in it that would break or mean nothing."""
    _check_leaves(data, "")
    _check_decimal_texts(data)
    rules = rule_set(data)
    _check_names(data)
    _check_days(data)
    for name, (least, most) in NUMBERS.items():
        if name in data:
            _whole(data[name], name, least, most)
    _check_decimals(rules)
    _check_words(data)
    _check_unit(data)
    _check_cycle(data)
    _check_the_rest(data)
    _check_contact_hours(data, rules)
    return rules


def _check_leaves(value: Any, name: str) -> None:
    """Texts of printable letters, whole numbers, true and false: what the row holds as it was written."""
    if isinstance(value, Mapping):
        for inner, held in value.items():
            if not str(inner).isprintable():
                raise BadRuleSet(f"{name or 'the file'}: a name in it has a sign that cannot be printed")
            _check_leaves(held, f"{name}.{inner}" if name else str(inner))
    elif isinstance(value, list):
        for held in value:
            _check_leaves(held, name)
    elif isinstance(value, str):
        if not value.isprintable():
            raise BadRuleSet(f"{name} has a sign in it that cannot be printed")
        if len(value) > SENTENCE:
            raise BadRuleSet(f"{name} is longer than {SENTENCE} characters")
    elif isinstance(value, float):
        raise BadRuleSet(f"{name}: write a number with a point in quotation marks, so that it stays exact")
    elif not isinstance(value, int):
        raise BadRuleSet(f"{name} must be a text, a whole number, or true or false")


def _check_names(data: Mapping[str, Any]) -> None:
    if not KEY.fullmatch(data["key"]) or len(data["key"]) > LINE:
        raise BadRuleSet("key must be small letters and digits, with hyphens between: us-ma-pdp")
    for name in ("title", "retention_from"):
        _line(data[name], name)
    place = data["jurisdiction"]
    if data["key"] != CONTACT_HOURS and not PLACE.fullmatch(place):
        raise BadRuleSet(
            "jurisdiction must be US- and a state, as US-MA, or another authority's name in capitals"
        )
    if data["license_required"] and not place.startswith("US-"):
        raise BadRuleSet(
            "license_required: profiles state licenses of US states, so jurisdiction must be one"
        )
    for url in data["authority_urls"]:
        if not isinstance(url, str) or not URL.fullmatch(url):
            raise BadRuleSet("authority_urls must be addresses that begin with https:// or http://")


def _check_days(data: Mapping[str, Any]) -> None:
    days: dict[str, date] = {}
    for name in DAYS:
        if name not in data:
            continue
        said = data[name]
        if not isinstance(said, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            raise BadRuleSet(f"{name} must be a day, as 2026-07-01")
        days[name] = date.fromisoformat(said)
        if not FIRST_YEAR <= days[name].year <= LAST_YEAR:
            raise BadRuleSet(f"{name}: look at the year again")
    if days.get("effective_to", date.max) < days["effective_from"]:
        raise BadRuleSet("effective_to lies before effective_from")


def _check_decimal_texts(data: Mapping[str, Any]) -> None:
    """Before they are read: Decimal knows exponents that no certificate has room for."""
    rounding = data.get("rounding")
    quantum = rounding.get("quantum") if isinstance(rounding, Mapping) else None
    said = {
        "multiplier": data.get("multiplier"),
        "min_award": data.get("min_award"),
        "rounding.quantum": quantum,
    }
    for name, text in said.items():
        if isinstance(text, str) and not DECIMAL.fullmatch(text):
            raise BadRuleSet(f'{name} must be a plain number below 10,000, as "1" or "0.25"')


def _check_decimals(rules: RuleSet) -> None:
    if not 0 < rules.multiplier <= MOST_TIMES:
        raise BadRuleSet("multiplier must be more than 0, and 100 at most: with 0 nobody ever earns anything")
    if (rules.min_award * 100) % 1:
        raise BadRuleSet("min_award must be a number of hundredths")


def _check_words(data: Mapping[str, Any]) -> None:
    for name in WORD_LISTS:
        if len(set(data[name])) < len(data[name]):
            raise BadRuleSet(f"{name}: a word stands twice")
    if not data["countable"]:
        raise BadRuleSet("countable is empty: no minute would ever count")
    if not data["reviewers"]:
        raise BadRuleSet("reviewers is empty: nobody's review would ever count")
    if "not_eligible_text" in data:
        _line(data["not_eligible_text"], "not_eligible_text", SENTENCE)
        if not data["eligible_jobs"]:
            raise BadRuleSet(
                "not_eligible_text is never said: eligible_jobs is empty, so everybody is eligible"
            )


def _check_unit(data: Mapping[str, Any]) -> None:
    for name, text in data["unit"].items():
        _line(text, f"unit.{name}")
    if data["key"] == CONTACT_HOURS:
        return
    for name, text in data["unit"].items():
        words = set(re.findall(r"\w+", text.upper()))
        if words <= SAYS_NOTHING:
            raise BadRuleSet(f"unit.{name} must name its state or authority: {text!r} could be anybody's")


def _check_cycle(data: Mapping[str, Any]) -> None:
    cycle = data["cycle"]
    for name, (least, most) in CYCLE.items():
        _whole(cycle[name], f"cycle.{name}", least, most)
    if not isinstance(cycle["proration"], bool):
        raise BadRuleSet("cycle.proration must be true or false")
    for category in data.get("categories", ()):
        code = category["code"]
        unknown = set(category) - {"code", "label", "kind"} - set(CATEGORY)
        if not CODE.fullmatch(code):
            raise BadRuleSet(
                f"categories: the code {code!r} must be small letters and digits, as ma_pedagogy"
            )
        if unknown:
            raise BadRuleSet(f"categories: {code} has an unknown field {sorted(unknown)[0]}")
        _line(category["label"], f"categories: label of {code}")
        for name, (least, most) in CATEGORY.items():
            if name in category:
                _whole(category[name], f"categories: {name} of {code}", least, most)
    least_of_all = sum(
        each.get("cycle_min", 0) for each in data.get("categories", ()) if each["kind"] == "whole"
    )
    if cycle["total"] and least_of_all > cycle["total"]:
        raise BadRuleSet(f"categories: they ask for {least_of_all} together, cycle.total is {cycle['total']}")
    if least_of_all and not cycle["total"]:
        raise BadRuleSet("categories: cycle_min is never shown while cycle.total is 0")


def _check_the_rest(data: Mapping[str, Any]) -> None:
    """What stands by for files and for people: shapes, so that who reads it need not ask."""
    for text in data.get("certificate_fields", ()):
        _line(text, "certificate_fields")
    for cap in data.get("caps", ()):
        if not isinstance(cap, Mapping) or set(cap) != CAP:
            raise BadRuleSet("each of caps needs what it is, and a percent")
        _line(cap["what"], "caps: what")
        _whole(cap["percent"], "caps: percent", 0, 100)
    report = data.get("report")
    if report is not None:
        if set(report) - set(REPORT) or not all(
            isinstance(held, REPORT[name]) for name, held in report.items()
        ):
            raise BadRuleSet("report may have an adapter, due_days and exclude_jobs")
        _line(report.get("adapter", ""), "report.adapter")
        _whole(report.get("due_days", 1), "report.due_days", 1, 3650)
        if any(job not in JOBS for job in report.get("exclude_jobs", ())):
            raise BadRuleSet(f"report.exclude_jobs: choose among {', '.join(JOBS)}")
    if "learner_id" in data:
        said = data["learner_id"]
        _line(said["type"], "learner_id.type")
        if not PATTERN.fullmatch(said["pattern"]):
            raise BadRuleSet("learner_id.pattern must be letters, digits and [0-9], each with {7} or {1,9}")
        if not isinstance(said["required_for"], str):
            raise BadRuleSet("learner_id.required_for must be a text")
        _whole(said.get("digits", 0), "learner_id.digits", 0, 40)


def _check_contact_hours(data: Mapping[str, Any], rules: RuleSet) -> None:
    """They are what everybody gets: no authority behind them, and nothing that could refuse them."""
    if data["key"] != CONTACT_HOURS:
        return
    asks = [
        name
        for name in (
            "jurisdiction", "effective_to", "min_activity_minutes", "min_topic_minutes", "requires",
            "license_required", "eligible_jobs", "awarding_body_types", "registration_required_for",
            "categories", "valid_years",
        )
        if data.get(name)
    ]  # fmt: skip
    if rules.min_award:
        asks.append("min_award")
    if asks:
        raise BadRuleSet(f"{CONTACT_HOURS} are for everybody and without condition: take {asks[0]} out")


def _line(text: object, name: str, most: int = LINE) -> None:
    if not isinstance(text, str) or not text.strip():
        raise BadRuleSet(f"{name} must be a text that says something")
    if len(text) > most:
        raise BadRuleSet(f"{name} is longer than {most} characters")


def _whole(number: object, name: str, least: int, most: int) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise BadRuleSet(f"{name} must be a whole number from {least} to {most:,}")
