"""Reading a tag: `kind #key, setting, setting`."""

from __future__ import annotations

import re
from difflib import get_close_matches

from lms.content.forms import HOMES, form_of, full_key, kinds_allowed
from lms.content.problems import Problem, did_you_mean, error
from lms.content.settings import (
    FIELD_KINDS,
    HEADING_KINDS,
    KEY,
    KEYLESS,
    KINDS,
    OPTION_KINDS,
    PATH,
    PATH_KINDS,
    SETTINGS,
    Place,
    Tag,
    settings_of,
)

NEAR = 0.8
"""How alike a word must be to count as a slip of the pen where ordinary words may stand too."""
_START = re.compile("(" + "|".join(KINDS) + r")(?![\w-])")
_HEAD = re.compile(r"(?P<kind>" + "|".join(KINDS) + r")(?: +(?P<key>\S.*))?")

_NAMES = {
    "lesson": "a lesson",
    "quiz": "a quiz",
    "toolkit": "a worksheet",
    "capstone": "the capstone",
    "sources": "sources.md",
    "local": "local.md",
}


def looks_like_tag(text: str) -> bool:
    """Whether a code span begins with a kind, or names a key."""
    return _START.match(text) is not None or re.search(r"(?:^| )#[a-z]", text) is not None


def like_a_kind(text: str) -> bool:
    """After a bold label: a field's kind, a near miss of one, or anything with a key in it."""
    head = text.split(",")[0].split("#")[0].strip()
    return looks_like_tag(text) or bool(get_close_matches(head, FIELD_KINDS, 1, NEAR))


def read_tag(
    text: str, file: str, line: int, column: int, place: Place, page: str, problems: list[Problem]
) -> Tag:
    """Reads the words between the backticks. After a problem, and there is at most one, `kind` is ''."""
    wrong = Tag("", line, column)

    def report(at: int, code: str, message: str) -> Tag:
        problems.append(error(file, line, at, code, message))
        return wrong

    segments: list[tuple[int, str]] = []
    at = column
    for part in text.split(","):
        segments.append((at + len(part) - len(part.lstrip()), part.strip()))
        at += len(part) + 1
    head = _HEAD.fullmatch(segments[0][1])
    if head is None:
        words = segments[0][1].split("#")[0].strip()
        known = HEADING_KINDS if place == "heading" else FIELD_KINDS
        hint = did_you_mean(words, known) or kinds_allowed(place, page)
        return report(segments[0][0], "tag-kind", f"'{words}' is not a kind.{hint}")
    kind, name = head["kind"], head["key"] or ""
    misplaced = _misplaced(kind, place, page)
    if misplaced:
        return report(column, "tag-place", misplaced)
    tag = Tag(kind, line, column, key_column=segments[0][0] + head.start("key") if name else 0)
    if kind in PATH_KINDS:
        if PATH.fullmatch(name) is None:
            return report(tag.key_column or column, "key-form", full_key(kind, name))
        tag.path = name
    elif name and (kind in KEYLESS or not name.startswith("#")):
        return report(tag.key_column, "tag-setting", f"'{name}' is not a setting of {kind}.")
    elif name:
        if KEY.fullmatch(name[1:]) is None:
            return report(tag.key_column, "key-form", "A key is lower-case words joined by hyphens.")
        tag.key = name[1:]
    fault = _read_settings(tag, segments[1:], settings_of(kind, place, page)) or _lacking(tag, place)
    return report(fault[0], fault[1], fault[2]) if fault else tag


def _misplaced(kind: str, place: Place, page: str) -> str:
    if place != "heading":
        if kind in FIELD_KINDS:
            return ""
        where = "after a bold label" if place == "label" else "in a table"
        return f"'{kind}' cannot stand {where}: put it under a heading."
    if kind not in HEADING_KINDS:
        return f"'{kind}' cannot stand under a heading: put it after a bold label."
    if kind in HOMES.get(page, ()):
        return ""
    homes = " or ".join(_NAMES[home] for home, kinds in HOMES.items() if kind in kinds)
    return f"'{kind}' cannot stand here; it belongs in {homes}."


_Fault = tuple[int, str, str]


def _read_settings(tag: Tag, segments: list[tuple[int, str]], allowed: frozenset[str]) -> _Fault | None:
    has_options = "options" in allowed and any(" / " in text for _, text in segments)
    for at, text in segments:
        found = None
        for name, (_, pattern, setter) in SETTINGS.items():
            if name in allowed and (found := pattern.fullmatch(text)):
                if name in tag.columns and name != "studies":
                    return at, "tag-setting", f"'{text}' says again what stands before it."
                tag.columns.setdefault(name, at)
                try:
                    setter(tag, found)
                except ValueError:
                    return at, "tag-setting", f"'{text}' is not a date."
                break
        if found is None:
            if has_options and " / " in text:
                message = f"'{text}' has an option that is empty or holds a slash. Separate options by ' / '."
                return at, "tag-setting", message
            if has_options:
                cut = _comma(segments)
                return at, "tag-setting", f"Separate options by ' / ' only; '{cut}' holds a comma."
            hint = form_of(tag.kind, text, allowed) or _near(text, allowed)
            return at, "tag-setting", f"'{text}' is not a setting of {tag.kind}.{hint}"
    return None


def _comma(segments: list[tuple[int, str]]) -> str:
    """The option that was cut in two by its comma."""
    place = next(i for i, (_, text) in enumerate(segments) if " / " in text)
    own = segments[place][1].split(" / ")
    if place > 0:
        return f"{segments[place - 1][1]}, {own[0]}"
    return f"{own[-1]}, {segments[place + 1][1].split(' / ')[0]}"


def _near(text: str, allowed: frozenset[str]) -> str:
    numbers = re.findall(r"\d+", text)
    forms = [form for name, (form, _, _) in SETTINGS.items() if name in allowed]
    near = did_you_mean(re.sub(r"\d+", "N", text), forms)
    for number in numbers:
        near = near.replace("N", number, 1)
    return "" if re.search(r"\bN\b", near) else near


_EXAMPLES = {
    "pool": "Say how many questions a learner gets, such as 'draw 2'.",
    "log": "Say how many entries the log has, such as '20 entries'.",
    "for each": "Say whom the fields are for, such as 'Person A / Person B'.",
    "scale": "Write the steps of the scale, such as 'rarely / sometimes / often'.",
    "total": "Say what is added up, such as 'sum of #minutes' or 'count of #contacts'.",
    "insert": "Say when this was checked, such as 'checked 2026-11-22'.",
}


def _lacking(tag: Tag, place: Place) -> _Fault | None:
    """What this kind cannot do without."""
    given = {
        "pool": tag.draw is not None,
        "log": tag.entries is not None,
        "for each": bool(tag.options),
        "scale": bool(tag.options),
        "total": bool(tag.sum_of or tag.count_of),
        "insert": tag.checked is not None,
    }
    if not given.get(tag.kind, True):
        return tag.column, "tag-setting", _EXAMPLES[tag.kind]
    if place == "cell" and tag.kind in OPTION_KINDS and not tag.options:
        return tag.column, "tag-setting", "Write the choices here, such as 'told / shared / led'."
    if tag.low is not None and tag.high is not None and tag.low > tag.high:
        at = tag.columns.get("words") or tag.at("range")
        return at, "tag-setting", f"{tag.low} to {tag.high} runs backwards."
    if len(tag.studies) > 2:
        return tag.at("studies"), "source-kind", "Name one kind of study, or two."
    return None
