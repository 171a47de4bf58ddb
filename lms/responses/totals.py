"""Rules: the numbers that a worksheet works out: `sum of` a number, `count of` entries or marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lms.content.nodes import Count, Field, Log
from lms.responses.fields import Json, Values, columns_of, fields_in, is_filled, rows_of

Entries = Mapping[str, Sequence[Values]]
"""Entries of each log, by the log's full key, oldest first."""


def total(
    count: Count, fields: Sequence[Field], logs: Sequence[Log], values: Mapping[str, Json], entries: Entries
) -> int:
    """The number a `total` shows for the sheet as it stands; 0 while nothing is there."""
    found = [each for key in count.keys for each in _occurrences(key, fields, logs, values, entries)]
    if count.how == "sum":
        return sum(v for _, v, _ in found if isinstance(v, int) and not isinstance(v, bool))
    if not count.values:
        return sum(begun if field is None else is_filled(field, value) for field, value, begun in found)
    wanted = {word.casefold() for word in count.values}
    return sum(bool(wanted & _marks(field, value, begun)) for field, value, begun in found)


Occurrence = tuple[Field | None, Json, bool]
"""The field (None: the row itself), what stands in it, and whether its row was begun."""


def _occurrences(
    key: str, fields: Sequence[Field], logs: Sequence[Log], values: Mapping[str, Json], entries: Entries
) -> Iterator[Occurrence]:
    yield from _within(key, fields, values)
    for log in logs:
        for entry in entries.get(log.key, ()):
            if log.key == key:
                yield None, None, bool(entry)
            else:
                yield from _within(key, tuple(fields_in(log.blocks)), entry)


def _within(key: str, fields: Sequence[Field], values: Mapping[str, Json]) -> Iterator[Occurrence]:
    for field in fields:
        value = values.get(field.key)
        if field.kind == "table":
            columns = {column.key: column for column in columns_of(field)}
            for _, row in rows_of(field, value):
                if field.key == key:
                    yield None, None, bool(row)
                elif key in columns:
                    yield columns[key], row.get(key), bool(row)
        elif field.key == key:
            yield field, value, bool(values)


def _marks(field: Field | None, value: Json, begun: bool) -> set[str]:
    """The words of what was chosen; 'none' when the row was begun and nothing was."""
    if field is None or not is_filled(field, value):
        return {"none"} if begun else set()
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    places = value if isinstance(value, list) else [value]
    return {
        field.options[place].casefold()
        for place in places
        if isinstance(place, int) and place < len(field.options)
    }
