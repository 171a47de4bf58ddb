"""Rules: what a learner may type into a field, what is wrong with it, and what is still missing.

`Values` is the one shape for everything typed: full key -> value, ready for JSON.

- `short`, `long`, `link`: text · `number`: a whole number · `date`: 'YYYY-MM-DD' · `yes or no`: a bool
- `choose one`, `scale`: the place of the option · `choose many`, `checklist`: places, sorted
- `table` with fixed rows: {'row number': {column's full key: value}}; with the learner's rows: a list
  of such rows
- `total`, `show`, `hand in`: nothing

Two depths, because a draft must never lose what was typed: `read_values` refuses only what no page
sends (unknown keys, wrong types) and lets an unfinished number or date, or a text of any length, stand as
it is; `faults` names what must be put right before 'Finish'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from lms.content.nodes import Block, Field, Variants
from lms.kernel.errors import RuleBroken
from lms.responses.words import count_words

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Values: TypeAlias = dict[str, Json]

SHORT_LIMIT = 1_000
LONG_LIMIT = 20_000
LINK_LIMIT = 2_000
ROW_LIMIT = 200
"""Characters of one text, and rows of one table: far beyond any honest use."""
CODE_LIMIT = 4
"""A made-up code for a student: four characters at most, so that no name fits."""

STORED_NOT = frozenset({"total", "show", "hand in"})
TEXTS = frozenset({"short", "long", "link"})

FaultCode = Literal[
    "number_form", "number_range", "date_form", "link_form", "code_long", "words_few", "at_least", "exactly",
    "text_long", "rows_many",
]  # fmt: skip


class Fault(Struct, frozen=True):
    """Something typed that cannot stand. `row`: number of the row, from 1, when it is in a table. `limit`:
    of what is too long, how many characters or rows there may be."""

    key: str
    code: FaultCode
    row: int | None = None
    limit: int = 0


class Need(Struct, frozen=True):
    """Something still to be filled in: `have` of `need`; a single field is 0 of 1."""

    key: str
    have: int = 0
    need: int = 1
    row: int | None = None


def fields_in(blocks: Iterable[Block]) -> Iterator[Field]:
    """The fields of a page in its order, those of logs and activities apart."""
    for block in blocks:
        if isinstance(block, Field):
            yield block
        elif isinstance(block, Variants):
            for variant in block.variants:
                yield from fields_in(variant.blocks)


def columns_of(table: Field) -> tuple[Field, ...]:
    """The columns that are the learner's."""
    return tuple(column.field for column in table.columns if column.field is not None)


def rows_of(table: Field, value: Json) -> list[tuple[int, Values]]:
    """(number, cells) of each row: every fixed row, or the learner's own from 1."""
    if table.rows:
        given = value if isinstance(value, dict) else {}
        return [(row.number, _row(given.get(str(row.number)))) for row in table.rows]
    return [(number, _row(row)) for number, row in enumerate(value if isinstance(value, list) else [], 1)]


def _row(value: Json) -> Values:
    return value if isinstance(value, dict) else {}


# ── Shape ────────────────────────────────────────────────────────────────────────────────────────


def read_values(fields: Iterable[Field], raw: Mapping[str, Json]) -> Values:
    """What was typed, in its stored form and in the page's order; blanks are left out.

    RuleBroken: 'field_unknown' for a key that the page does not have, 'field_shape' for a value that
    none of its fields can hold, 'rows_many' beyond what any page shows.
    """
    known = {field.key: field for field in fields if field.kind not in STORED_NOT}
    for key in raw:
        if key not in known:
            raise RuleBroken("field_unknown", key)
    values: Values = {}
    for key, field in known.items():
        value = _read(field, raw.get(key))
        if value is not None:
            values[key] = value
    return values


def _read(field: Field, raw: Json) -> Json:
    if raw is None:
        return None
    match field.kind:
        case "short" | "long" | "link":
            return _read_text(field, raw)
        case "number":
            return _read_number(field, raw)
        case "date":
            return _read_text(field, raw)
        case "yes or no":
            if isinstance(raw, bool):
                return raw
        case "choose one" | "scale":
            if _is_option(field, raw):
                return raw
        case "choose many" | "checklist":
            if isinstance(raw, list) and all(_is_option(field, place) for place in raw):
                places: list[Json] = []
                places.extend(sorted({place for place in raw if isinstance(place, int)}))
                return places or None
        case "table":
            return _read_table(field, raw)
    raise RuleBroken("field_shape", field.key)


def _read_text(field: Field, raw: Json) -> Json:
    if not isinstance(raw, str):
        raise RuleBroken("field_shape", field.key)
    text = storable(raw)
    return text if text.strip() else None


def limit_of(field: Field) -> int:
    """How many characters may be typed into it."""
    if field.code:
        return CODE_LIMIT
    if field.kind == "long":
        return LONG_LIMIT
    return LINK_LIMIT if field.or_link or field.kind == "link" else SHORT_LIMIT


def storable(text: str) -> str:
    """One kind of line end, and nothing that a database refuses: no NUL, no half of a surrogate pair."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def _read_number(field: Field, raw: Json) -> Json:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise RuleBroken("field_shape", field.key)
    if isinstance(raw, str):
        text = _read_text(field, raw)
        typed = text.strip() if isinstance(text, str) else ""
        return int(typed) if re.fullmatch(r"[+-]?[0-9]{1,9}", typed) else text
    if abs(raw) > 999_999_999:
        raise RuleBroken("field_shape", field.key)
    return raw


def _is_option(field: Field, value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(field.options)


def _read_table(field: Field, raw: Json) -> Json:
    columns = columns_of(field)
    if field.rows:
        if not isinstance(raw, dict):
            raise RuleBroken("field_shape", field.key)
        numbers = {str(row.number) for row in field.rows}
        if not numbers.issuperset(raw):
            raise RuleBroken("field_unknown", field.key)
        fixed = {number: _read_row(field, columns, raw[number]) for number in raw}
        return {number: row for number, row in fixed.items() if row} or None
    if not isinstance(raw, list):
        raise RuleBroken("field_shape", field.key)
    rows: list[Json] = []
    rows.extend(_read_row(field, columns, row) for row in raw)
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > ROW_LIMIT:
        raise RuleBroken("rows_many", field.key)
    return rows or None


def _read_row(table: Field, columns: tuple[Field, ...], raw: Json) -> dict[str, Json]:
    if not isinstance(raw, dict):
        raise RuleBroken("field_shape", table.key)
    return read_values(columns, raw)


# ── Meaning ──────────────────────────────────────────────────────────────────────────────────────


def is_filled(field: Field, value: Json) -> bool:
    if field.kind == "table":
        return any(row for _, row in rows_of(field, value))
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != []


def filled(fields: Iterable[Field], values: Mapping[str, Json]) -> int:
    """How many fields have something in them; the cells of a table count one each."""
    count = 0
    for field in fields:
        value = values.get(field.key)
        if field.kind == "table":
            count += sum(filled(columns_of(field), row) for _, row in rows_of(field, value))
        else:
            count += field.kind not in STORED_NOT and is_filled(field, value)
    return count


def faults(fields: Iterable[Field], values: Mapping[str, Json], row: int | None = None) -> tuple[Fault, ...]:
    """Everything typed that cannot stand, in the page's order; what is empty is no fault."""
    found: list[Fault] = []
    for field in fields:
        value = values.get(field.key)
        if field.kind == "table":
            rows = rows_of(field, value)
            for number, cells in rows:
                found.extend(faults(columns_of(field), cells, number))
            if field.up_to_rows is not None and len(rows) > field.up_to_rows:
                found.append(Fault(field.key, "rows_many", limit=field.up_to_rows))
        elif is_filled(field, value) and (code := _fault(field, value)):
            found.append(Fault(field.key, code, row, limit_of(field) if code == "text_long" else 0))
    return tuple(found)


def _fault(field: Field, value: Json) -> FaultCode | None:
    if field.kind in TEXTS and not field.code and isinstance(value, str) and len(value) > limit_of(field):
        return "text_long"
    match field.kind:
        case "number":
            return _number_fault(field, value)
        case "date":
            return None if isinstance(value, str) and is_date(value) else "date_form"
        case "link":
            return None if isinstance(value, str) and is_link(value) else "link_form"
        case "short" | "long" if isinstance(value, str):
            return _text_fault(field, value)
        case "choose many" | "checklist" if isinstance(value, list):
            if field.exactly is not None and len(value) != field.exactly:
                return "exactly"
            if field.at_least is not None and len(value) < field.at_least:
                return "at_least"
    return None


def _number_fault(field: Field, value: Json) -> FaultCode | None:
    if not isinstance(value, int):
        return "number_form"
    low = field.minimum is not None and value < field.minimum
    high = field.maximum is not None and value > field.maximum
    return "number_range" if low or high else None


def _text_fault(field: Field, value: str) -> FaultCode | None:
    if field.code and len(value.strip()) > CODE_LIMIT:
        return "code_long"
    if field.minimum is None or (field.or_link and is_link(value)):
        return None
    return "words_few" if count_words(value) < field.minimum else None


def is_date(text: str) -> bool:
    text = text.strip()
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_link(text: str) -> bool:
    return re.fullmatch(r"https://[^\s/@]+\.[^\s/@]+([/?#]\S*)?", text.strip()) is not None


def needs(fields: Iterable[Field], values: Mapping[str, Json]) -> tuple[Need, ...]:
    """What is still missing before 'Finish', in the page's order."""
    found: list[Need] = []
    for field in fields:
        value = values.get(field.key)
        if field.kind == "table":
            found.extend(_table_needs(field, value))
        elif field.needed and field.kind not in STORED_NOT and not is_filled(field, value):
            found.append(Need(field.key))
    return tuple(found)


def _table_needs(table: Field, value: Json) -> list[Need]:
    """`needed` on a table is every fixed row, or one row of the learner's own; in a head cell it is that
    cell of each fixed row, or of each own row that was begun."""
    rows = rows_of(table, value)
    begun = [(number, row) for number, row in rows if row]
    found = []
    least = table.at_least or (1 if table.needed and not table.rows else 0)
    if len(begun) < least:
        found.append(Need(table.key, len(begun), least))
    for number, row in rows if table.rows else begun:
        cells = [c for c in columns_of(table) if c.needed and not is_filled(c, row.get(c.key))]
        found.extend(Need(cell.key, row=number) for cell in cells)
        if table.rows and table.needed and not row and not cells:
            found.append(Need(table.key, row=number))
    return found
