"""The worksheet page: a sheet of paper with fields, its logs, its sittings, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from lms.content.nodes import Citation, Field, Log, SafeHtml, SeenBy, Toolkit
from lms.responses.fields import Values, fields_in
from lms.responses.queries.sheets import EntryRow
from lms.responses.wording import spoken
from lms.responses.worksheets import sittings_of
from lms.web.learn.pages.blocks import Piece, pieces
from lms.web.learn.pages.clashes import Clash
from lms.web.learn.pages.course_map import Stop
from lms.web.learn.pages.fields import SEEN
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.lesson import Neighbor, every_page, neighbor
from lms.web.words import quoted


class EntryView(Struct, frozen=True):
    number: int
    cells: tuple[str, ...]
    being_changed: bool
    query: str
    """Of the address at which it can be changed."""


class LogView(Struct, frozen=True):
    """`entry`: number of the entry being written. `changes`: it is one that is there already.

    `blank_lines`: empty entries for paper; `as_table` when an entry fits a line of a table.
    """

    node: Log
    heads: tuple[str, ...]
    entries: tuple[EntryView, ...]
    counted: str
    entry: int
    changes: bool
    revision: int
    form: tuple[Piece, ...]
    problem: str
    as_table: bool
    blank_lines: int
    blank: bool
    sitting: str

    @property
    def page_key(self) -> str:
        return self.node.key.partition(".")[0]


class SittingView(Struct, frozen=True):
    name: str
    here: bool
    finished_at: datetime | None


class Missing(Struct, frozen=True):
    words: str
    href: str


class SheetPage(Struct, frozen=True):
    course_key: str
    course_title: str
    module_title: str
    key: str
    title: SafeHtml
    title_text: str
    who: str
    minutes: int
    form: str
    seen: str
    privacy: SafeHtml
    content_note: SafeHtml
    sittings: tuple[SittingView, ...]
    sitting: str
    revision: int
    saved_at: datetime | None
    finished_at: datetime | None
    body: tuple[Piece, ...]
    missing: tuple[Missing, ...]
    blank: bool
    stated: bool
    wording: str
    before: Neighbor | None
    after: Neighbor | None
    every_page: tuple[SafeHtml, ...]
    notes: tuple[Citation, ...]
    person: str
    clashes: tuple[Clash, ...]
    to_be_read_by: str


class SheetStanding(Struct, frozen=True):
    """What the page says beside its fields."""

    sitting: str
    revision: int
    saved_at: datetime | None
    finished: Mapping[str, datetime]
    missing: tuple[Missing, ...]
    stated: bool


def paper_wording(toolkit: Toolkit) -> str:
    """The sentence that a learner agrees to for a piece that is never stored here."""
    return f"I have done {quoted(toolkit.title_text)} on paper, as it asks, and I keep the paper myself."


def sheet_page(
    stop: Stop,
    toolkit: Toolkit,
    filling: Filling,
    standing: SheetStanding,
    *,
    person: str,
    clashes: tuple[Clash, ...],
    to_be_read_by: str = "",
) -> SheetPage:
    where = filling.where
    several = len(toolkit.sittings) > 1
    return SheetPage(
        course_key=where.course.key,
        course_title=where.course.title_text,
        module_title=stop.module.title_text if stop.module is not None else "",
        key=toolkit.key,
        title=toolkit.title,
        title_text=toolkit.title_text,
        who=toolkit.who,
        minutes=toolkit.minutes,
        form=toolkit.form,
        seen=SEEN[toolkit.seen_by],
        privacy=toolkit.privacy_line or where.course.privacy_line,
        content_note=toolkit.content_note,
        sittings=tuple(
            SittingView(name, name == standing.sitting, standing.finished.get(name))
            for name in (sittings_of(toolkit) if several else ())
        ),
        sitting=standing.sitting,
        revision=standing.revision,
        saved_at=standing.saved_at,
        finished_at=standing.finished.get(standing.sitting),
        body=pieces(toolkit.blocks, filling, toolkit.seen_by),
        missing=standing.missing,
        blank=filling.blank,
        stated=standing.stated,
        wording=paper_wording(toolkit),
        before=neighbor(where.before(toolkit.key)),
        after=neighbor(where.after(toolkit.key)),
        every_page=every_page(filling),
        notes=toolkit.citations,
        person=person,
        clashes=clashes,
        to_be_read_by=to_be_read_by,
    )


def log_view(
    log: Log,
    filling: Filling,
    rows: Sequence[EntryRow],
    *,
    sitting: str,
    entry: int,
    changes: bool,
    values: Values,
    revision: int,
    seen_by: SeenBy,
) -> LogView:
    """`values`: what stands in the entry being written."""
    fields = tuple(f for f in fields_in(log.blocks) if f.kind not in ("show", "total"))
    count = len(rows)
    least = log.at_least
    counted = f"{count} so far" if least is None else f"{count} so far, at least {least} for this sheet"
    form = pieces(log.blocks, replace(filling, values=values), seen_by)
    return LogView(
        node=log,
        heads=tuple(field.label_text for field in fields),
        entries=tuple(
            EntryView(
                row.entry,
                tuple(cell_words(f, row.values) for f in fields),
                changes and row.entry == entry,
                urlencode({"sitting": row.sitting, "change": f"{log.key}:{row.entry}"}),
            )
            for row in rows
        ),
        counted=counted,
        entry=entry,
        changes=changes,
        revision=revision,
        form=form,
        problem=filling.problems.get(log.key, ""),
        as_table=all(field.kind not in ("long", "table") for field in fields),
        blank_lines=log.entries,
        blank=filling.blank,
        sitting=sitting,
    )


def cell_words(field: Field, values: Values) -> str:
    value = values.get(field.key)
    if field.kind == "date" and isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return f"{day:%B} {day.day}"
    return spoken(field, value)
