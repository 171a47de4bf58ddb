"""Tables as JSON: {"name", notes…, "columns": [{key, title, kind}], "rows": [{key: value}], "count"}.

Numbers stay numbers, decimals are written as text so that no reader rounds them; dates as in CSV. The
count stands last: a file without it was cut off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from lms.kernel.tabular import Cell, Table
from lms.kernel.writers import CHUNK, iso_moment

MEDIA_TYPE = "application/json"


def write(table: Table[Any]) -> Iterator[bytes]:
    head = {
        "name": table.name,
        "notes": dict(table.notes),
        "columns": [{"key": c.key, "title": c.title, "kind": c.kind} for c in table.columns],
    }
    yield (_dump(head)[:-1] + ',"rows":[').encode()
    rows = iter(table.rows)
    count = 0
    while chunk := [{c.key: _value(c.cell(row)) for c in table.columns} for row in islice(rows, CHUNK)]:
        yield (("," if count else "") + ",\n".join(map(_dump, chunk))).encode()
        count += len(chunk)
    yield f'],"count":{count}}}\n'.encode()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


def _value(cell: Cell) -> str | int | bool | None:
    if isinstance(cell, datetime):
        return iso_moment(cell)
    if isinstance(cell, date | Decimal):
        return str(cell)
    return cell
