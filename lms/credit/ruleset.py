"""Rules: a credit rule set, read from plain values and checked. Data, not code: one file a version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar, get_args

from msgspec import Struct

from lms.credit.lines import LineKind

Word = TypeVar("Word", bound=str)
Mode = Literal["floor", "half_up"]
Confidence = Literal["verified", "secondary", "local_policy"]
REVIEWER_KINDS = ("facilitator", "organization", "peer")
JOBS = ("teacher", "paraprofessional", "administrator", "support staff")
BODY_TYPES = (
    "department", "district", "collaborative", "registered_provider", "approved_sponsor", "approved_provider",
    "accredited_provider",
)  # fmt: skip
CategoryKind = Literal["whole", "part"]
CONTACT_HOURS = "contact-hours"
"""The one rule set that everybody gets: no body, no license, no gate."""


def jurisdiction(place: str) -> str:
    """'US-MA' of 'MA': profiles name a state by its postal abbreviation."""
    return f"US-{place}" if len(place) == 2 else place


class BadRuleSet(ValueError):
    """A rule set that does not say what it must; the sentence names the field."""


class Category(Struct, frozen=True):
    """A heading under which an authority counts units. `whole`: a certificate's units go to one of these;
    `part`: some of its minutes are counted here as well, never as a total of their own."""

    code: str
    label: str
    kind: CategoryKind


class RuleSet(Struct, frozen=True):
    """What one authority makes of minutes. `data` is the whole of it, as printed on certificates."""

    key: str
    version: int
    title: str
    jurisdiction: str
    """'US-MA'; '' for contact hours, a name of its own ('IACET') where no state stands behind it."""
    effective_from: date
    effective_to: date | None
    label: str
    """The unit in full: 'MA PDP'."""
    minutes_per_unit: int
    multiplier: Decimal
    mode: Mode
    quantum: Decimal
    countable: tuple[LineKind, ...]
    min_award: Decimal
    min_activity_minutes: int
    min_topic_minutes: int
    bundling_allowed: bool
    requires: tuple[str, ...]
    """Of 'assessment' and 'product': what must be among the things mastered."""
    reviewers: tuple[str, ...]
    """Kinds of reviewer whose acceptance counts here."""
    license_required: bool
    eligible_jobs: tuple[str, ...]
    """Empty: everybody."""
    awarding_body_types: tuple[str, ...]
    registration_required_for: tuple[str, ...]
    """Body types that need a registration valid on the day all gates are met."""
    categories: tuple[Category, ...]
    valid_years: int
    """Units end so many years after completion; 0: never."""
    data: Mapping[str, Any]

    def __hash__(self) -> int:
        """`data` has none of its own; key and version are enough to find what is equal."""
        return hash((self.key, self.version))

    @property
    def for_a_job(self) -> bool:
        """It asks for a certain job and for no license: nobody else is to hear of it."""
        return bool(self.eligible_jobs) and not self.license_required

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


PARAMETERS = (
    "minutes_per_unit", "multiplier", "rounding", "countable", "self_paced_basis", "min_award",
    "min_activity_minutes", "min_topic_minutes", "bundling_allowed", "requires", "reviewers",
    "license_required", "eligible_jobs", "awarding_body_types", "registration_required_for", "cycle",
    "retention_years",
)  # fmt: skip
"""What an authority, or our own policy, decides: each names how sure we are of it."""
DESCRIPTION = (
    "key", "version", "title", "jurisdiction", "effective_from", "effective_to", "authority_urls",
    "checked_on", "confidence", "unit", "not_eligible_text", "learner_id", "categories", "caps",
    "certificate_fields", "retention_from", "report", "valid_years",
)  # fmt: skip
OPTIONAL = {
    "effective_to", "not_eligible_text", "learner_id", "categories", "caps", "certificate_fields", "report",
    "valid_years",
}  # fmt: skip


SHAPES: dict[str, type] = {
    **dict.fromkeys(("key", "title", "jurisdiction", "self_paced_basis", "retention_from"), str),
    **dict.fromkeys(("rounding", "unit", "cycle", "confidence", "learner_id", "report"), dict),
    **dict.fromkeys(
        ("authority_urls", "countable", "requires", "reviewers", "eligible_jobs", "awarding_body_types",
         "registration_required_for", "categories", "caps", "certificate_fields"),
        list,
    ),
    **dict.fromkeys(("bundling_allowed", "license_required"), bool),
    **dict.fromkeys(("version", "retention_years"), int),
}  # fmt: skip
SHAPE_WORDS: dict[type, str] = {
    str: "a text", dict: "a table", list: "a list", bool: "true or false", int: "a whole number",
}  # fmt: skip


def rule_set(data: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from the values of its file or of its row. BadRuleSet says what is wrong with it."""
    _check_fields(data)
    rounding = data["rounding"]
    if set(rounding) != {"mode", "quantum"} or rounding["mode"] not in get_args(Mode):
        raise BadRuleSet("rounding needs a mode, floor or half_up, and a quantum")
    unit = data["unit"]
    if set(unit) != {"singular", "plural", "abbreviation", "label"}:
        raise BadRuleSet("unit needs singular, plural, abbreviation and label")
    if set(data["cycle"]) != {"years", "total", "carry_over", "proration"}:
        raise BadRuleSet("cycle needs years, total, carry_over and proration")
    if "learner_id" in data:
        _check_learner_id(data["learner_id"])
    if data["self_paced_basis"] != "design_minutes":
        raise BadRuleSet("self_paced_basis: only design_minutes can be counted")
    return RuleSet(
        key=data["key"],
        version=data["version"],
        title=data["title"],
        jurisdiction=data["jurisdiction"],
        effective_from=_day(data, "effective_from"),
        effective_to=_day(data, "effective_to") if data.get("effective_to") else None,
        label=unit["label"],
        minutes_per_unit=_positive(data, "minutes_per_unit"),
        multiplier=_decimal(data, "multiplier", data["multiplier"]),
        mode=rounding["mode"],
        quantum=_quantum(rounding["quantum"]),
        countable=_words(data, "countable", get_args(LineKind)),
        min_award=_decimal(data, "min_award", data["min_award"]),
        min_activity_minutes=_count(data, "min_activity_minutes"),
        min_topic_minutes=_count(data, "min_topic_minutes"),
        bundling_allowed=bool(data["bundling_allowed"]),
        requires=_words(data, "requires", ("assessment", "product")),
        reviewers=_words(data, "reviewers", REVIEWER_KINDS),
        license_required=bool(data["license_required"]),
        eligible_jobs=_words(data, "eligible_jobs", JOBS),
        awarding_body_types=_words(data, "awarding_body_types", BODY_TYPES),
        registration_required_for=_words(
            data, "registration_required_for", tuple(data["awarding_body_types"])
        ),
        categories=_categories(data),
        valid_years=_count(data, "valid_years") if "valid_years" in data else 0,
        data=dict(data),
    )


def _check_learner_id(said: Mapping[str, Any]) -> None:
    if not {"type", "pattern", "required_for"} <= set(said) <= {"type", "pattern", "required_for", "digits"}:
        raise BadRuleSet("learner_id needs type, pattern and required_for, and may have digits")
    try:
        re.compile(said["pattern"])
    except (re.error, TypeError) as error:
        raise BadRuleSet("learner_id: pattern is not a regular expression") from error


def _categories(data: Mapping[str, Any]) -> tuple[Category, ...]:
    found: list[Category] = []
    for each in data.get("categories", ()):
        told = isinstance(each, Mapping) and all(
            isinstance(each.get(name), str) for name in ("code", "label", "kind")
        )
        if not told or each["kind"] not in get_args(CategoryKind):
            raise BadRuleSet("each of categories needs a code, a label and a kind, whole or part")
        found.append(Category(each["code"], each["label"], each["kind"]))
    if len({category.code for category in found}) < len(found):
        raise BadRuleSet("categories: a code stands twice")
    return tuple(found)


def _check_fields(data: Mapping[str, Any]) -> None:
    unknown = set(data) - set(PARAMETERS) - set(DESCRIPTION)
    if unknown:
        raise BadRuleSet(f"unknown field {sorted(unknown)[0]}")
    missing = (set(PARAMETERS) | set(DESCRIPTION)) - OPTIONAL - set(data)
    if missing:
        raise BadRuleSet(f"{sorted(missing)[0]} is missing")
    for name, kind in SHAPES.items():
        if name in data and not isinstance(data[name], kind):
            raise BadRuleSet(f"{name} must be {SHAPE_WORDS[kind]}")
    sure = data["confidence"]
    for name in PARAMETERS:
        if sure.get(name) not in get_args(Confidence):
            raise BadRuleSet(f"confidence of {name} must be one of {', '.join(get_args(Confidence))}")
    stray = set(sure) - set(PARAMETERS)
    if stray:
        raise BadRuleSet(f"confidence names {sorted(stray)[0]}, which is no parameter")
    if not data["authority_urls"] and "verified" in sure.values():
        raise BadRuleSet("something is verified and authority_urls names no source")
    _day(data, "checked_on")


def _day(data: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(data[name]))
    except ValueError as error:
        raise BadRuleSet(f"{name} is not a date") from error


def _positive(data: Mapping[str, Any], name: str) -> int:
    if _count(data, name) < 1:
        raise BadRuleSet(f"{name} must be at least 1")
    return int(data[name])


def _count(data: Mapping[str, Any], name: str) -> int:
    if not isinstance(data[name], int) or isinstance(data[name], bool) or data[name] < 0:
        raise BadRuleSet(f"{name} must be a whole number")
    return int(data[name])


def _decimal(data: Mapping[str, Any], name: str, text: object) -> Decimal:
    if not isinstance(text, str):
        raise BadRuleSet(f"{name} must be in quotation marks: floats cannot hold tenths")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise BadRuleSet(f"{name} is not a number") from error
    if not value.is_finite() or value < 0:
        raise BadRuleSet(f"{name} must not be negative")
    return value


def _quantum(text: object) -> Decimal:
    value = _decimal({}, "rounding.quantum", text)
    if value <= 0 or (value * 100) % 1:
        raise BadRuleSet("rounding.quantum must be a positive number of hundredths")
    return value


def _words(data: Mapping[str, Any], name: str, known: tuple[Word, ...]) -> tuple[Word, ...]:
    unknown = [word for word in data[name] if word not in known]
    if unknown:
        raise BadRuleSet(f"{name}: unknown word {unknown[0]}")
    return tuple(data[name])


def plain(number: Decimal) -> str:
    """'12', '12.5': no exponent, no zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
