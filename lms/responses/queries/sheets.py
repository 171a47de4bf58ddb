"""What stands in a learner's worksheets, and what other pages bring over from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.content.nodes import Log
from lms.responses.bodies import read
from lms.responses.fields import Json, Values
from lms.responses.models import Draft, WorksheetCompletion, WorksheetEntry, WorksheetText
from lms.responses.queries.states import on_page
from lms.responses.worksheets import Home


class EntryRow(Struct, frozen=True):
    """A log entry or a finished sheet whose words are kept."""

    key: str
    sitting: str
    entry: int
    recorded_at: datetime
    happened_on: date | None
    values: Values


class SheetState(Struct, frozen=True):
    """`sheets`: by sitting. `logs`: by (log key, sitting), oldest first. `finished`: sitting -> when.

    `next_entry`: by (log key, sitting), the number that a new entry gets; 1 where it is missing.
    """

    sheets: dict[str, EntryRow]
    logs: dict[tuple[str, str], tuple[EntryRow, ...]]
    finished: dict[str, datetime]
    next_entries: dict[tuple[str, str], int]

    def entries(self, log_key: str, sitting: str = "") -> tuple[EntryRow, ...]:
        return self.logs.get((log_key, sitting), ())

    def next_entry(self, log_key: str, sitting: str = "") -> int:
        return self.next_entries.get((log_key, sitting), 1)


def sheet_state(session: Session, enrollment_id: int, page_key: str) -> SheetState:
    """Everything kept of one worksheet, in two queries; drafts come with `states.page_states`."""
    rows = session.execute(
        select(
            WorksheetEntry.key, WorksheetEntry.sitting, WorksheetEntry.entry, WorksheetEntry.recorded_at,
            WorksheetEntry.happened_on, WorksheetText.body,
        )
        .outerjoin(
            WorksheetText,
            and_(
                WorksheetText.enrollment_id == WorksheetEntry.enrollment_id,
                WorksheetText.key == WorksheetEntry.key,
                WorksheetText.sitting == WorksheetEntry.sitting,
                WorksheetText.entry == WorksheetEntry.entry,
            ),
        )
        .where(WorksheetEntry.enrollment_id == enrollment_id, on_page(WorksheetEntry.key, page_key))
        .order_by(WorksheetEntry.key, WorksheetEntry.sitting, WorksheetEntry.entry)
    )  # fmt: skip
    sheets: dict[str, EntryRow] = {}
    logs: dict[tuple[str, str], list[EntryRow]] = {}
    following: dict[tuple[str, str], int] = {}
    for key, sitting, entry, recorded_at, happened_on, body in rows:
        following[key, sitting] = entry + 1
        if body is None:
            continue
        found = EntryRow(key, sitting, entry, recorded_at, happened_on, read(body))
        if key == page_key:
            sheets[sitting] = found
        else:
            logs.setdefault((key, sitting), []).append(found)
    finished = session.execute(
        select(WorksheetCompletion.sitting, WorksheetCompletion.at).where(
            WorksheetCompletion.enrollment_id == enrollment_id, WorksheetCompletion.key == page_key
        )
    )
    return SheetState(
        sheets, {where: tuple(entries) for where, entries in logs.items()}, dict(finished.all()), following
    )


def carried(
    session: Session, enrollment_id: int, sources: Mapping[str, Home], keys: Iterable[str]
) -> dict[str, Json]:
    """What stands at these full keys now (`show`, `starts from`), in two queries.

    Of a sheet with sittings the latest counts; a draft, being newer than what was finished, before that.
    A log gives the list of its entries, a field of a log or a column the list of its values.
    """
    wanted = {key: sources[key] for key in keys if key in sources}
    kept_under = sorted({home.kept_under for home in wanted.values()})
    if not kept_under:
        return {}
    kept: dict[str, dict[tuple[str, int], tuple[datetime, Values]]] = {}
    texts = session.execute(
        select(
            WorksheetText.key, WorksheetText.sitting, WorksheetText.entry, WorksheetEntry.recorded_at,
            WorksheetText.body,
        )
        .join_from(WorksheetText, WorksheetEntry)
        .where(WorksheetText.enrollment_id == enrollment_id, WorksheetText.key.in_(kept_under))
        .order_by(WorksheetText.entry)
    )  # fmt: skip
    drafts = session.execute(
        select(Draft.key, Draft.sitting, Draft.entry, Draft.saved_at, Draft.body)
        .where(Draft.enrollment_id == enrollment_id, Draft.key.in_(kept_under))
        .order_by(Draft.entry)
    )
    logs = {home.kept_under for home in sources.values() if isinstance(home.node, Log)}
    for key, sitting, entry, at, body in [*texts, *(row for row in drafts if row.key not in logs)]:
        kept.setdefault(key, {})[sitting, entry] = (at, read(body))
    found: dict[str, Json] = {}
    for key, home in wanted.items():
        value = _value(key, home, kept.get(home.kept_under, {}), home.kept_under in logs)
        if value is not None:
            found[key] = value
    return found


def _value(key: str, home: Home, kept: dict[tuple[str, int], tuple[datetime, Values]], in_log: bool) -> Json:
    if not kept:
        return None
    latest = max(at for at, _ in kept.values())
    sitting = next(where[0] for where, (at, _) in kept.items() if at == latest)
    sheets = [values for where, (_, values) in kept.items() if where[0] == sitting]
    if isinstance(home.node, Log):
        return [*sheets]
    if in_log:
        return [values[key] for values in sheets if key in values]
    values = sheets[0]
    if home.table is None:
        return values.get(key)
    rows = values.get(home.table.key)
    cells = [*rows.values()] if isinstance(rows, dict) else rows if isinstance(rows, list) else []
    return [row[key] for row in cells if isinstance(row, dict) and key in row]
