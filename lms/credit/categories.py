"""Rules: under which heading units count. An awarding body says so, for a course; nobody else can know.

Whether a course on trauma is pedagogy or work with students with disabilities is the judgment of whoever
awards, so it is a dated row of theirs and never code.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from lms.credit.ruleset import RuleSet, plain


class Choice(Struct, frozen=True):
    """What a body said of a course from a day on. `minutes`: how many count here too; None for a heading
    that takes the whole."""

    body_id: int
    rule_key: str
    course_key: str
    code: str
    from_on: date
    minutes: int | None


class Share(Struct, frozen=True):
    """A heading of an award: its minutes, which a conversion makes units of."""

    code: str
    label: str
    kind: str
    minutes: int


def chosen(
    choices: Sequence[Choice], body_id: int, rule_key: str, course_key: str, day: date
) -> tuple[Choice, ...]:
    """What held on the day: for each code the row that began last."""
    begun = [
        choice
        for choice in choices
        if (choice.body_id, choice.rule_key, choice.course_key) == (body_id, rule_key, course_key)
        and choice.from_on <= day
    ]
    return tuple({choice.code: choice for choice in sorted(begun, key=lambda c: c.from_on)}.values())


def shares(rule_set: RuleSet, choices: Sequence[Choice], minutes: int) -> tuple[Share, ...]:
    """The headings under which so many minutes count: one whole at most, the one chosen last, and any parts.

    A part is never more than the minutes there are.
    """
    by_code = {choice.code: choice for choice in choices}
    wholes = [c for c in rule_set.categories if c.kind == "whole" and c.code in by_code]
    last = max(wholes, key=lambda c: (by_code[c.code].from_on, c.code), default=None)
    found = [Share(last.code, last.label, "whole", minutes)] if last is not None else []
    for category in rule_set.categories:
        choice = by_code.get(category.code)
        if category.kind == "part" and choice is not None and choice.minutes:
            found.append(Share(category.code, category.label, "part", min(choice.minutes, minutes)))
    return tuple(found)


def in_words(rule_set: RuleSet, headings: Sequence[tuple[Share, int]]) -> list[str]:
    """What a certificate says of them: share and hundredths of a unit."""
    said = []
    for share, hundredths in headings:
        units = f"{plain(Decimal(hundredths) / 100)} {rule_set.label}"
        if share.kind == "whole":
            said.append(f"Category: {share.label}, {units}.")
        else:
            said.append(f"Of these {units} in {share.label} ({share.minutes} min).")
    return said
