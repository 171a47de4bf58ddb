"""What a page brings over from elsewhere: read only (`show`), or as a beginning (`starts from`)."""

from __future__ import annotations

from collections.abc import Iterable

from lms.content.nodes import Field, Log
from lms.responses.fields import Json, Values, fields_in
from lms.responses.queries.sheets import carried
from lms.responses.wording import field_words, sheet_lines, spoken
from lms.responses.worksheets import Home, carried_keys, starting_values
from lms.web.learn.here import Here
from lms.web.learn.pages.filling import Carried
from lms.web.reading import session


def brought_over(found: Here, fields: tuple[Field, ...]) -> tuple[dict[str, Carried], Values]:
    """(what is shown, by the source's full key; what an untouched sheet begins with)."""
    keys = carried_keys(fields)
    if not keys:
        return {}, {}
    homes = found.where.homes
    values = carried(session(), found.enrollment.id, homes, keys)
    shown = {key: _carried(found, homes[key], values.get(key)) for key in keys if key in homes}
    return shown, starting_values(fields, homes, values)


def _carried(found: Here, home: Home, value: Json) -> Carried:
    stop = found.where.by_key[home.page_key]
    return Carried(tuple(_lines(home, value)), home.page_key, stop.title_text)


def _lines(home: Home, value: Json) -> Iterable[str]:
    node = home.node
    if isinstance(node, Log):
        fields = tuple(fields_in(node.blocks))
        for entry in value if isinstance(value, list) else []:
            if isinstance(entry, dict):
                yield "; ".join(sheet_lines(fields, entry))
    elif node.kind == "table":
        words = field_words(node, value)
        if words:
            yield words.partition(": ")[2]
    elif (isinstance(value, list) and home.kept_under != home.page_key) or home.table is not None:
        for each in value if isinstance(value, list) else []:
            if words := spoken(node, each):
                yield words
    elif words := spoken(node, value):
        yield words
