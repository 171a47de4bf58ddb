"""Rules: what was typed and chosen, in words: for reading beside, carrying over and handing in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from lms.content.nodes import Field
from lms.kernel.errors import RuleBroken
from lms.responses.fields import Json, Values, columns_of, rows_of


def as_text(value: Json) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def spoken(field: Field, value: Json) -> str:
    """One answer: 'often', 'Yes', '12', or the text itself; '' for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.options:
        places = value if isinstance(value, list) else [value]
        words = [field.options[p] for p in places if isinstance(p, int) and 0 <= p < len(field.options)]
        return ", ".join(words)
    return as_text(value)


def field_words(field: Field, value: Json) -> str:
    """'Label: answer', a table row by row; '' when nothing is there."""
    if field.kind == "table":
        rows = [
            ", ".join(words for column in columns_of(field) if (words := spoken(column, row.get(column.key))))
            for _, row in rows_of(field, value)
        ]
        text = "\n".join(row for row in rows if row)
    else:
        text = spoken(field, value)
    return f"{field.label_text}: {text}" if text else ""


def sheet_lines(fields: Iterable[Field], values: Mapping[str, Json]) -> tuple[str, ...]:
    """One paragraph for each field that holds something."""
    return tuple(words for field in fields if (words := field_words(field, values.get(field.key))))


class HandedSheet(Struct, frozen=True):
    """A worksheet that goes with a capstone. `logs`: fields and entries of each of its logs."""

    title: str
    fields: Sequence[Field]
    values: Values
    logs: Sequence[tuple[Sequence[Field], Sequence[Values]]] = ()


WHOLE_LIMIT = 400_000
"""Characters of a capstone with all that goes with it. The rule: more than twice what comes together where
every text of a training is written twice as long as its page asks for. It bounds what one request stores."""


def capstone_text(
    fields: Iterable[Field], values: Mapping[str, Json], handed: Mapping[str, HandedSheet]
) -> str:
    """What a reviewer reads: the capstone's own fields, and the worksheets handed in with it.

    `handed`: by the page key that a `hand in` field names. RuleBroken('whole_long') with the key of the
    longest part beyond the limit of the whole.
    """
    parts = {field.key: _part_text(field, values, handed) for field in fields}
    text = "\n\n".join(part for part in parts.values() if part)
    if len(text) > WHOLE_LIMIT:
        raise RuleBroken("whole_long", max(parts, key=lambda key: len(parts[key])))
    return text


def _part_text(field: Field, values: Mapping[str, Json], handed: Mapping[str, HandedSheet]) -> str:
    sheet = handed.get(field.hands_in or "")
    if sheet is None:
        return field_words(field, values.get(field.key))
    lines = [f"{field.label_text}: {sheet.title}", *sheet_lines(sheet.fields, sheet.values)]
    for log_fields, entries in sheet.logs:
        lines.extend("; ".join(sheet_lines(log_fields, entry)) for entry in entries)
    return "\n\n".join(line for line in lines if line)
