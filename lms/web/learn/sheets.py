"""A worksheet as it stands for one person: gathered in six queries at any size, made into its page."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from lms.content.nodes import NOTHING, Field, Log, Toolkit
from lms.kernel.errors import NotFound
from lms.responses.fields import Fault, Need, Values, columns_of, faults, fields_in
from lms.responses.queries.sheets import SheetState, sheet_state
from lms.responses.queries.states import PageStates, course_states, page_states
from lms.responses.worksheets import Sheet, entry_standing, open_sittings, sittings_of, standing, totals
from lms.web.learn.carrying import brought_over
from lms.web.learn.clashing import Names, clashes_of
from lms.web.learn.forms import Sent, last_row
from lms.web.learn.here import Here
from lms.web.learn.pages.fields import input_id
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.worksheet import LogView, Missing, SheetPage, SheetStanding, log_view, sheet_page
from lms.web.learn.sentences import (
    fault_problems,
    fault_words,
    input_name,
    need_words,
    over_problems,
    unread_problems,
)
from lms.web.reading import session
from lms.web.words import plain


def shown_sheet(found: Here, page_key: str, query: Mapping[str, str]) -> SheetPage:
    """`query`: `sitting`; `print=blank`; `missing` to say what is missing; `rows=KEY:N` of a table;
    `change=KEY:N` to change an entry of a log; `open=KEY` to say what an entry lacks."""
    stop = found.stop(page_key)
    toolkit = stop.node
    if not isinstance(toolkit, Toolkit):
        raise NotFound
    sheet = Sheet.of(toolkit.key, toolkit.blocks)
    states = page_states(session(), found.enrollment.id, page_key)
    state = sheet_state(session(), found.enrollment.id, page_key)
    sitting = _sitting(toolkit, state, query.get("sitting", ""))
    all_fields = (*sheet.fields, *(f for log in sheet.logs for f in fields_in(log.blocks)))
    shown, start = brought_over(found, all_fields)
    draft = states.draft(page_key, sitting)
    kept = state.sheets.get(sitting)
    values = draft.values if draft is not None else kept.values if kept is not None else start
    entries = {log.key: [row.values for row in state.entries(log.key, sitting)] for log in sheet.logs}
    filling = replace(
        found.filling(),
        values=values,
        carried={} if query.get("print") == "blank" else shown,
        totals=totals(sheet, values, entries),
        earlier=_earlier(toolkit, state, states, sitting),
        rows=_rows(query.get("rows", "")),
        problems=over_problems(faults(sheet.fields, values)) | unread_problems(query),
        blank=query.get("print") == "blank" or toolkit.form == "paper",
        privacy_line=NOTHING,
    )
    missing: tuple[Missing, ...] = ()
    if query.get("missing"):
        stands = standing(sheet, values, entries)
        filling = replace(filling, problems=problems_of(stands.needs, stands.faults))
        missing = missing_of(sheet, stands.needs, stands.faults)
    logs = {log.key: _log(log, toolkit, filling, states, state, sitting, query, start) for log in sheet.logs}
    stated = toolkit.form == "paper" and page_key in course_states(session(), found.enrollment.id).papers
    return sheet_page(
        stop,
        toolkit,
        replace(filling, logs=logs),
        SheetStanding(
            sitting=sitting,
            revision=draft.revision if draft is not None else 0,
            saved_at=draft.saved_at if draft is not None else None,
            finished=state.finished,
            missing=missing,
            stated=stated,
        ),
        person=found.actor.public_id,
        clashes=clashes_of(found, page_key, states, _names(toolkit, sheet)),
        to_be_read_by=found.to_be_read_by(toolkit),
    )


def _sitting(toolkit: Toolkit, state: SheetState, asked: str) -> str:
    names = sittings_of(toolkit)
    if asked in names:
        return asked
    still_open = open_sittings(toolkit, state.finished)
    return still_open[0] if still_open else names[-1]


def _earlier(toolkit: Toolkit, state: SheetState, states: PageStates, sitting: str) -> Values:
    """What stood on the sheet the time before."""
    names = sittings_of(toolkit)
    place = names.index(sitting)
    if place == 0:
        return {}
    before = names[place - 1]
    draft, kept = states.draft(toolkit.key, before), state.sheets.get(before)
    return kept.values if kept is not None else draft.values if draft is not None else {}


def _rows(text: str) -> dict[str, int]:
    key, _, number = text.partition(":")
    return {key: min(int(number), 200)} if number.isascii() and number.isdigit() and len(number) < 4 else {}


def rows_sent(table: Field, sent: Sent) -> int:
    return last_row(columns_of(table), sent)


def problems_of(needs: tuple[Need, ...], faults: tuple[Fault, ...]) -> dict[str, str]:
    return {input_name(need.key, need.row): need_words(need) for need in needs} | fault_problems(faults)


def missing_of(
    sheet: Sheet, needs: tuple[Need, ...], faults: tuple[Fault, ...], unfinished: tuple[str, ...] = ()
) -> tuple[Missing, ...]:
    """What is still to be done, in words, with the way to each. `unfinished`: keys of `hand in` fields."""
    labels = {field.key: field.label_text for field in sheet.fields}
    labels |= {c.key: c.label_text for field in sheet.fields for c in columns_of(field)}
    labels |= {log.key: plain(log.title) for log in sheet.logs}
    anchors = {log.key: log.anchor for log in sheet.logs}
    found = []
    for key, row, words in [
        *((need.key, need.row, need_words(need)) for need in needs),
        *((fault.key, fault.row, fault_words(fault)) for fault in faults),
        *((key, None, "The worksheet is not finished yet") for key in unfinished),
    ]:
        label = labels.get(key, "")
        where = f"{label}, row {row}" if row is not None else label
        found.append(Missing(f"{where}: {words}", f"#{anchors.get(key) or input_id(input_name(key, row))}"))
    return tuple(found)


def _log(
    log: Log,
    toolkit: Toolkit,
    filling: Filling,
    states: PageStates,
    state: SheetState,
    sitting: str,
    query: Mapping[str, str],
    start: Values,
) -> LogView:
    rows = state.entries(log.key, sitting)
    fields = tuple(fields_in(log.blocks))
    key, _, number = query.get("change", "").partition(":")
    changed = next((row for row in rows if key == log.key and str(row.entry) == number), None)
    entry = changed.entry if changed is not None else state.next_entry(log.key, sitting)
    draft = states.draft(log.key, sitting, entry)
    values = draft.values if draft is not None else changed.values if changed is not None else start
    if query.get("open") == log.key:
        stands = entry_standing(log, values)
        filling = replace(filling, problems=problems_of(stands.needs, stands.faults))
    else:
        long = over_problems(faults(fields, values))
        filling = replace(filling, problems={**filling.problems, **long})
    return log_view(
        log,
        filling,
        rows,
        sitting=sitting,
        entry=entry,
        changes=changed is not None,
        values={key: values[key] for key in (f.key for f in fields) if key in values},
        revision=draft.revision if draft is not None else 0,
        seen_by=toolkit.seen_by,
    )


def _names(toolkit: Toolkit, sheet: Sheet) -> Names:
    names: Names = {toolkit.key: (toolkit.title_text, sheet.fields)}
    for log in sheet.logs:
        names[log.key] = (toolkit.title_text, tuple(fields_in(log.blocks)))
    return names
