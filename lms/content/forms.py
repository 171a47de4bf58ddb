"""How a tag's words are to be written, for an author who wrote them in another form."""

from __future__ import annotations

import re

from lms.content.settings import ACTIVITY_KINDS, FIELD_KINDS, QUESTION_KINDS, SETTINGS, Place

HOMES = {
    "lesson": ACTIVITY_KINDS, "quiz": QUESTION_KINDS, "toolkit": ("log", "for each"), "capstone": ("rubric",),
    "sources": ("source",), "local": ("insert",),
}  # fmt: skip
NOT_IN_A_TABLE = ("table", "total", "show", "hand in")
_BARE = ("rows", "entries", "lines", "draw", "minutes", "points")
"""What a number alone was probably meant to be, the likeliest first."""
_SPAN = re.compile(r"(\d{1,9}) ?(?:to|-|–) ?(\d{1,9})")
_STEPS = 10
_SUM = re.compile(r"(sum|count) of (?:#?[\w-]+\.)*#?([a-z0-9]+(?:-[a-z0-9]+)*)")


def kinds_allowed(place: Place, page: str) -> str:
    """A sentence to append, with a space before it: every kind that may stand here, or nothing."""
    if place == "heading":
        kinds = tuple(HOMES.get(page, ()))
    elif place == "label":
        kinds = FIELD_KINDS
    else:
        kinds = tuple(kind for kind in FIELD_KINDS if kind not in NOT_IN_A_TABLE)
    return f" Here may stand: {', '.join(kinds)}." if kinds else ""


def full_key(kind: str, name: str) -> str:
    """What to write instead of this name after `show` or `hand in`."""
    parts = [part for part in name.split(".") if part]
    if kind == "show" and len(parts) > 2:
        return f"A full key has two parts, also in a log or a table: {kind} {parts[0]}.{parts[-1]}."
    return f"Write the full key: {kind} {'cc-t1.missing' if kind == 'show' else 'cc-t7'}."


def form_of(kind: str, text: str, allowed: frozenset[str]) -> str:
    """A sentence to append, with a space before it: the form of what this setting seems to mean, or ''."""
    span = _SPAN.fullmatch(text)
    if kind == "scale":
        steps = "1 / 2 / 3 / 4 / 5"
        if span and 0 < int(span[2]) - int(span[1]) <= _STEPS:
            steps = " / ".join(map(str, range(int(span[1]), int(span[2]) + 1)))
        return f" Write every step: '{steps}'."
    if kind == "number" and span:
        return f" Did you mean '{span[1]} to {span[2]}'?"
    if kind == "number" and re.match(r"(?:min|max|from|up to|at)\b", text):
        return " Give the smallest and the largest number: '0 to 100'."
    if kind == "for each":
        return " Write ' / ' between the people: 'Person A / Person B'."
    if kind == "total" and (found := _SUM.fullmatch(text)):
        return f" A total reaches the fields of its own sheet only: '{found[1]} of #{found[2]}'."
    if text.isdigit():
        form = next((SETTINGS[name][0] for name in _BARE if name in allowed), "")
        return f" Did you mean '{form.replace('N', text)}'?" if form else ""
    return ""
