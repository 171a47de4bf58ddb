"""Role variants: headings such as 'For teachers and support staff: your room'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct

from lms.content.languages import Language
from lms.content.nodes import Role
from lms.content.tags import NEAR

SHORT = 4
"""Letters; fewer begin too many words."""


class RoleHeading(Struct, frozen=True):
    roles: tuple[Role, ...]
    wrong: str = ""
    """The heading's words for roles, when one of them is misspelled."""
    hint: str = ""


def read_role_heading(words: str, language: Language) -> RoleHeading | None:
    """The roles that a heading names; None if it is an ordinary heading."""
    lead = language.role_lead + " "
    if not words.startswith(lead):
        return None
    named = words[len(lead) :].partition(":")[0].strip()
    between = rf",\s*(?:{language.joiner}\s+)?|\s+{language.joiner}\s+"
    names = [name.strip() for name in re.split(between, named)]
    if all(name in language.roles for name in names):
        return RoleHeading(tuple(dict.fromkeys(language.roles[name] for name in names)))
    if len(names) > 4 or len(named) > 100:
        return None
    lower = {role.lower(): role for role in language.roles}
    near = {name: get_close_matches(name.lower(), lower, 1, NEAR) or _in_short(name, lower) for name in names}
    if not any(near.values()):
        return None
    slips = [found[0] for name, found in near.items() if found and name not in language.roles]
    hint = f" Did you mean '{lower[slips[0]]}'?" if slips else ""
    return RoleHeading((), f"{lead}{named}", hint)


def _in_short(name: str, roles: Iterable[str]) -> list[str]:
    """The role of one word that this is the beginning of: 'paras', 'admins'."""
    start = name.lower().removesuffix("s")
    if len(start) < SHORT or " " in start:
        return []
    return [role for role in roles if role.startswith(start) and " " not in role][:1]
