"""The rule sets that come with the site: TOML files, one a version, read and checked once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lms.credit.ruleset import BadRuleSet, RuleSet, rule_set

FOLDER = Path(__file__).with_name("rule_sets")


def read_rule_sets(folder: Path) -> tuple[RuleSet, ...]:
    """Every rule set of a folder, by key and version. BadRuleSet names the file and what is wrong."""
    found: dict[tuple[str, int], RuleSet] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            rules = rule_set(_plain(tomllib.loads(path.read_text(encoding="utf-8"))))
        except (BadRuleSet, tomllib.TOMLDecodeError) as error:
            raise BadRuleSet(f"{path.name}: {error}") from error
        if (rules.key, rules.version) in found:
            raise BadRuleSet(f"{path.name}: {rules.key} has a version {rules.version} already")
        found[rules.key, rules.version] = rules
    return tuple(found[name] for name in sorted(found))


@cache
def shipped() -> tuple[RuleSet, ...]:
    return read_rule_sets(FOLDER)


def _plain(value: Any) -> Any:
    """The same values as JSON has them: dates as text, so that file and stored row are equal."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
