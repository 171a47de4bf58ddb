"""Rule sets: TOML files, one a version, that come with the site or lie in the instance's `rule_sets/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lms.credit.rule_checks import checked
from lms.credit.ruleset import BadRuleSet, RuleSet
from lms.kernel.canonical import canonical, digest

FOLDER = Path(__file__).with_name("rule_sets")


OWN = "rule_sets"
"""The folder in an instance with the operator's own."""


def read_rule_set(path: Path) -> RuleSet:
    """One file. BadRuleSet names it and says what is wrong with it."""
    try:
        return checked(_plain(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, OSError) as error:  # of TOML, of Unicode, of numbers without end, and our own
        raise BadRuleSet(f"{path.name}: {error}") from error
    except RecursionError as error:
        raise BadRuleSet(f"{path.name}: brackets are nested too deeply") from error


def read_rule_sets(folder: Path) -> tuple[RuleSet, ...]:
    """Every rule set of a folder, by key and version. BadRuleSet names the file."""
    found: dict[tuple[str, int], RuleSet] = {}
    for path in sorted(folder.glob("*.toml")):
        rules = read_rule_set(path)
        if (rules.key, rules.version) in found:
            raise BadRuleSet(
                f"{path.name}: {rules.key} has a version {rules.version} already; give this one the next"
            )
        found[rules.key, rules.version] = rules
    return tuple(found[name] for name in sorted(found))


@cache
def shipped() -> tuple[RuleSet, ...]:
    return read_rule_sets(FOLDER)


def text_digest(rules: RuleSet) -> str:
    """Of the text that its row holds."""
    return digest(canonical(dict(rules.data)))


def brought(
    own: Sequence[RuleSet], seen: Mapping[tuple[str, int], str]
) -> tuple[tuple[RuleSet, ...], tuple[RuleSet, ...]]:
    """What a start brings in: the operator's `own`, and what came with this release.

    Second, what of the latter is left out because another text has its number: a file of the operator's, or
    one that a start has `seen` (digests). So no release takes a number away, or stops a start with a text
    that nobody here can change.
    """
    found = {(rules.key, rules.version): rules for rules in own}
    taken = {**seen, **{name: text_digest(rules) for name, rules in found.items()}}
    left_out = []
    for rules in shipped():
        name = (rules.key, rules.version)
        if taken.get(name) in (None, text_digest(rules)):
            found.setdefault(name, rules)
        else:
            left_out.append(rules)
    return tuple(found[name] for name in sorted(found)), tuple(left_out)


def _plain(value: Any) -> Any:
    """The same values as JSON has them: dates as text, so that file and stored row are equal."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
