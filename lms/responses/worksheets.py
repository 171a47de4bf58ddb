"""Rules: a worksheet as a whole: its sheets and logs, what it brings over, when it may be finished.

A worksheet with sittings is filled in once per name; without them there is one sitting, named ''. A log
is kept entry by entry, each with values of its own; everything else of the page is one sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from lms.content.nodes import Activity, Block, Course, Field, Lesson, Log, Quiz, SeenBy, Toolkit, Variants
from lms.kernel.errors import RuleBroken
from lms.responses.fields import (
    Fault,
    Json,
    Need,
    Values,
    columns_of,
    faults,
    fields_in,
    filled,
    needs,
    read_values,
)
from lms.responses.totals import Entries, total


class Sheet(Struct, frozen=True):
    """The fields of a page by where they are kept: the page's own, and those of each log."""

    key: str
    fields: tuple[Field, ...]
    logs: tuple[Log, ...]

    @staticmethod
    def of(key: str, blocks: Iterable[Block]) -> Sheet:
        blocks = tuple(blocks)
        return Sheet(key, tuple(fields_in(blocks)), tuple(logs_in(blocks)))

    def log(self, key: str) -> Log:
        for log in self.logs:
            if log.key == key:
                return log
        raise RuleBroken("log_unknown", key)


def logs_in(blocks: Iterable[Block]) -> Iterator[Log]:
    for block in blocks:
        if isinstance(block, Log):
            yield block
        elif isinstance(block, Variants):
            for variant in block.variants:
                yield from logs_in(variant.blocks)


def totals(sheet: Sheet, values: Mapping[str, Json], entries: Entries) -> dict[str, int]:
    """Every total of the page, by its full key, those inside logs left out (they stand on one entry)."""
    return {
        field.key: total(field.count, sheet.fields, sheet.logs, values, entries)
        for field in sheet.fields
        if field.kind == "total" and field.count is not None
    }


class Standing(Struct, frozen=True):
    """Where a sheet stands: what is missing, what cannot stay, how much is there."""

    needs: tuple[Need, ...]
    faults: tuple[Fault, ...]
    filled: int

    @property
    def may_finish(self) -> bool:
        return not self.needs and not self.faults and self.filled > 0


def standing(sheet: Sheet, values: Mapping[str, Json], entries: Entries) -> Standing:
    """Done means: all needed fields, each log's minimum, something filled in; then 'Finish' is pressed."""
    missing = list(needs(sheet.fields, values))
    count = filled(sheet.fields, values)
    for log in sheet.logs:
        begun = sum(bool(entry) for entry in entries.get(log.key, ()))
        count += begun
        if log.at_least is not None and begun < log.at_least:
            missing.append(Need(log.key, begun, log.at_least))
    return Standing(tuple(missing), faults(sheet.fields, values), count)


def entry_standing(log: Log, values: Mapping[str, Json]) -> Standing:
    """One entry of a log, before it is added."""
    fields = tuple(fields_in(log.blocks))
    return Standing(needs(fields, values), faults(fields, values), filled(fields, values))


def sittings_of(toolkit: Toolkit) -> tuple[str, ...]:
    return toolkit.sittings or ("",)


def open_sittings(toolkit: Toolkit, finished: Iterable[str]) -> tuple[str, ...]:
    """The sittings still to be finished, in their order; the piece is done when there are none."""
    done = set(finished)
    return tuple(sitting for sitting in sittings_of(toolkit) if sitting not in done)


def read_sitting(toolkit: Toolkit, sitting: str) -> str:
    if sitting not in sittings_of(toolkit):
        raise RuleBroken("sitting_unknown", toolkit.key)
    return sitting


# ── Carrying over ────────────────────────────────────────────────────────────────────────────────


class Home(Struct, frozen=True):
    """Where the answer to a field is kept. `kept_under`: page key of a sheet, full key of a log or of an
    activity. `table`: the table whose column it is."""

    node: Field | Log
    page_key: str
    kept_under: str
    seen_by: SeenBy
    table: Field | None = None


def homes(course: Course) -> dict[str, Home]:
    """Every field and log that something can be brought over from, by full key."""
    found: dict[str, Home] = {}
    for module in course.modules:
        for toolkit in module.toolkits:
            if toolkit.form != "paper":
                _settle_sheet(found, toolkit.key, toolkit.blocks, toolkit.seen_by)
        for lesson in module.lessons:
            _settle_activities(found, lesson)
        if module.quiz is not None:
            _settle_activities(found, module.quiz)
    if course.capstone is not None:
        _settle_sheet(found, course.capstone.key, course.capstone.blocks, "reviewer")
    return found


def _settle_sheet(found: dict[str, Home], page: str, blocks: Iterable[Block], seen_by: SeenBy) -> None:
    sheet = Sheet.of(page, blocks)
    _settle(found, page, page, sheet.fields, seen_by)
    for log in sheet.logs:
        found[log.key] = Home(log, page, log.key, seen_by)
        _settle(found, page, log.key, fields_in(log.blocks), seen_by)


def _settle(
    found: dict[str, Home], page: str, kept_under: str, fields: Iterable[Field], seen_by: SeenBy
) -> None:
    for field in fields:
        audience = field.seen_by if field.seen_by == "me" else seen_by
        found[field.key] = Home(field, page, kept_under, audience)
        for column in columns_of(field):
            found[column.key] = Home(column, page, kept_under, audience, field)


def _settle_activities(found: dict[str, Home], page: Lesson | Quiz) -> None:
    questions = page.questions if isinstance(page, Quiz) else ()
    for activity in (*(b for b in page.blocks if isinstance(b, Activity)), *questions):
        for part in (activity, *activity.members):
            _settle(found, page.key, part.key, fields_in((*part.blocks, *part.after)), activity.seen_by)


def carried_keys(fields: Iterable[Field]) -> tuple[str, ...]:
    """Full keys that a page shows or starts from, tables' columns included."""
    keys: list[str] = []
    for field in fields:
        if field.carries is not None:
            keys.append(field.carries)
        keys.extend(carried_keys(columns_of(field)))
    return tuple(dict.fromkeys(keys))


def starting_values(
    fields: Iterable[Field], sources: Mapping[str, Home], values: Mapping[str, Json]
) -> Values:
    """What an untouched sheet begins with: `values` holds what stands at each source's full key now.

    An answer is taken over where it means the same there: text into text, otherwise the same kind with
    the same options.
    """
    found: Values = {}
    for field in fields:
        source = sources.get(field.carries or "")
        if field.kind == "show" or source is None or not isinstance(source.node, Field):
            continue
        value = values.get(source.node.key)
        if _means_the_same(source.node, field):
            found.update(_readable(field, value))
    return found


def _means_the_same(source: Field, field: Field) -> bool:
    if {source.kind, field.kind} <= {"short", "long"}:
        return True
    return source.kind == field.kind != "table" and source.options == field.options


def _readable(field: Field, value: Json) -> Values:
    """Nothing where the field cannot hold it: the many answers of a log, a text that is too long."""
    try:
        found = read_values((field,), {field.key: value})
    except RuleBroken:
        return {}
    return {} if any(fault.code == "text_long" for fault in faults((field,), found)) else found
