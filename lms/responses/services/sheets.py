"""Worksheets: entries of a log, 'Finish' for a sheet, and the statement for what is done on paper.

That a sheet or entry was written is a fact; its words stand beside it and may be changed or erased.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime

from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.nodes import Field, Toolkit
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.responses.bodies import read, unseen, written
from lms.responses.fields import Values, fields_in, is_date, needs, read_values
from lms.responses.models import PaperStatement, WorksheetCompletion, WorksheetEntry, WorksheetText
from lms.responses.services.drafts import Place, Stale, discard_draft, stale_against, with_unseen
from lms.responses.worksheets import Sheet, Standing, entry_standing, read_sitting, standing

ENTRY_LIMIT = 500
"""Entries of one log in one sitting."""


def record_entry(
    session: Session,
    *,
    enrollment_id: int,
    version_id: int,
    toolkit: Toolkit,
    log_key: str,
    sitting: str,
    entry: int,
    values: Values,
    now: datetime,
    today: date,
    change: bool = False,
    revision: int | None = None,
    shown: Collection[str] | None = None,
) -> int | Stale:
    """Add an entry to a log, or with `change` put other words into one. Gives its number.

    `entry`: the number that the page showed. When that one exists with the same words, the form was sent
    twice and nothing happens; with other words a second window added it, and this becomes the next.
    Stale: as for `finish_sheet`. RuleBroken with the first thing that is missing or cannot stand.
    """
    log = Sheet.of(toolkit.key, toolkit.blocks).log(log_key)
    read_sitting(toolkit, sitting)
    fields = tuple(fields_in(log.blocks))
    stored = read_values(fields, values)
    stands = entry_standing(log, stored)
    _refuse(stands, log_key)
    place = Place(enrollment_id, log_key, sitting, entry)
    text = _text(session, place)
    if change and text is None:
        raise NotFound
    whole = _whole(session, place, stored, text if change else None, shown)
    stale = stale_against(session, place, revision=revision, values=whole, now=now)
    if stale is not None:
        return stale
    body = written(whole)
    if change and text is not None:
        text.body = body
        session.flush()
    elif text is None or text.body != body:
        happened_on = _happened_on(fields, stored, today)
        entry = _add(session, place, version_id, stands.filled, body, now, happened_on)
    discard_draft(session, place)
    return entry


def finish_sheet(
    session: Session,
    *,
    enrollment_id: int,
    version_id: int,
    toolkit: Toolkit,
    sitting: str,
    values: Values,
    now: datetime,
    revision: int | None = None,
    shown: Collection[str] | None = None,
) -> Standing | Stale:
    """'Finish': the sheet's words are kept, and once for each sitting the fact that it is done.

    Finishing again changes the words alone. Stale: as for `stale_against` (`revision` is the one
    that this page knew), and nothing was finished. RuleBroken with the first thing that is missing or
    cannot stand; 'sheet_empty' when nothing is filled in.
    """
    if toolkit.form == "paper":
        raise RuleBroken("never_stored", toolkit.key)
    read_sitting(toolkit, sitting)
    sheet = Sheet.of(toolkit.key, toolkit.blocks)
    stored = read_values(sheet.fields, values)
    entries = entries_of(session, enrollment_id, sheet, sitting)
    stands = standing(sheet, stored, entries)
    _refuse(stands, toolkit.key)
    place = Place(enrollment_id, toolkit.key, sitting)
    whole = _whole(session, place, stored, _text(session, place) if shown is not None else None, shown)
    stale = stale_against(session, place, revision=revision, values=whole, now=now)
    if stale is not None:
        return stale
    body = written(whole)
    known = session.get(WorksheetEntry, (enrollment_id, toolkit.key, sitting, 0)) is not None
    if known or not _added(session, place, version_id, stands.filled, body, now, None):
        _put_words(session, place, body)
    needed = len(needs(sheet.fields, {})) + sum(log.at_least is not None for log in sheet.logs)
    _once(
        session,
        WorksheetCompletion(
            enrollment_id=enrollment_id, key=toolkit.key, sitting=sitting, version_id=version_id, at=now,
            needed=needed, filled=stands.filled,
        ),
        (enrollment_id, toolkit.key, sitting),
    )  # fmt: skip
    discard_draft(session, place)
    return stands


def state_paper_done(
    session: Session, *, enrollment_id: int, version_id: int, toolkit: Toolkit, wording: str, now: datetime
) -> None:
    """The learner states that a piece which is never stored was done. Stating it twice changes nothing."""
    if toolkit.form != "paper":
        raise RuleBroken("not_on_paper", toolkit.key)
    _once(
        session,
        PaperStatement(
            enrollment_id=enrollment_id, key=toolkit.key, version_id=version_id, stated_at=now,
            wording_digest=hashlib.sha256(wording.encode()).hexdigest(),
        ),
        (enrollment_id, toolkit.key),
    )  # fmt: skip


def _once(session: Session, fact: WorksheetCompletion | PaperStatement, key: tuple[object, ...]) -> None:
    """Add a fact unless it stands; a second click at the same moment finds it standing."""
    if session.get(type(fact), key) is not None:
        return
    try:
        with session.begin_nested():
            session.add(fact)
            session.flush()
    except IntegrityError:
        if session.get(type(fact), key) is None:
            raise


def entries_of(session: Session, enrollment_id: int, sheet: Sheet, sitting: str) -> dict[str, list[Values]]:
    """What stands in the logs of a sheet, oldest first; erased entries are no longer counted."""
    found: dict[str, list[Values]] = {log.key: [] for log in sheet.logs}
    if found:
        rows = session.execute(
            select(WorksheetText.key, WorksheetText.body)
            .where(
                WorksheetText.enrollment_id == enrollment_id,
                WorksheetText.key.in_(found),
                WorksheetText.sitting == sitting,
            )
            .order_by(WorksheetText.key, WorksheetText.entry)
        )
        for key, body in rows:
            found[key].append(read(body))
    return found


def _refuse(stands: Standing, key: str) -> None:
    if stands.needs:
        raise RuleBroken("needed", stands.needs[0].key)
    if stands.faults:
        raise RuleBroken(stands.faults[0].code, stands.faults[0].key)
    if not stands.filled:
        raise RuleBroken("sheet_empty", key)


def _whole(
    session: Session,
    place: Place,
    stored: Values,
    text: WorksheetText | None,
    shown: Collection[str] | None,
) -> Values:
    """What is kept: the page's own values, and words of another version that the page does not show."""
    if shown is None:
        return stored
    before = {} if text is None else unseen(read(text.body), shown)
    return {**before, **with_unseen(session, place, stored, shown)}


def _happened_on(fields: tuple[Field, ...], values: Values, today: date) -> date:
    """The day that the entry tells of: its first date field, else the day it was written."""
    for field in fields:
        told = values.get(field.key)
        if field.kind == "date" and isinstance(told, str) and is_date(told):
            return date.fromisoformat(told.strip())
    return today


def _text(session: Session, place: Place) -> WorksheetText | None:
    key = (place.enrollment_id, place.key, place.sitting, place.entry)
    return session.get(WorksheetText, key, populate_existing=True)


def _put_words(session: Session, place: Place, body: str) -> None:
    """Other words for a sheet that was written before, also when those were erased since."""
    text = _text(session, place)
    if text is None:
        session.add(_words(place, body))
    else:
        text.body = body
    session.flush()


def _add(
    session: Session,
    place: Place,
    version_id: int,
    filled: int,
    body: str,
    now: datetime,
    happened_on: date | None,
) -> int:
    """A new entry under the next number, which is given back. Two clicks at the same moment add one: the
    other may have committed between our first look and this one."""
    shown = place
    for _ in range(3):
        last = session.scalar(
            select(func.max(WorksheetEntry.entry)).where(
                WorksheetEntry.enrollment_id == place.enrollment_id,
                WorksheetEntry.key == place.key,
                WorksheetEntry.sitting == place.sitting,
            )
        )
        if (last or 0) >= shown.entry:
            text = _text(session, shown)
            if text is not None and text.body == body:
                return shown.entry
        place = replace(place, entry=(last or 0) + 1)
        if place.entry > ENTRY_LIMIT:
            raise RuleBroken("entries_many", place.key)
        if _added(session, place, version_id, filled, body, now, happened_on):
            return place.entry
        text = _text(session, place)
        if text is not None and text.body == body:
            return place.entry
    raise Conflict("added at the same moment")


def _added(
    session: Session,
    place: Place,
    version_id: int,
    filled: int,
    body: str,
    now: datetime,
    happened_on: date | None,
) -> bool:
    """False when somebody else took the number at the same moment."""
    try:
        with session.begin_nested():
            session.add(
                WorksheetEntry(
                    enrollment_id=place.enrollment_id, key=place.key, sitting=place.sitting,
                    entry=place.entry, version_id=version_id, recorded_at=now, happened_on=happened_on,
                    filled=filled,
                )
            )  # fmt: skip
            session.flush()
            session.add(_words(place, body))
            session.flush()
    except IntegrityError:
        return False
    return True


def _words(place: Place, body: str) -> WorksheetText:
    return WorksheetText(
        enrollment_id=place.enrollment_id, key=place.key, sitting=place.sitting, entry=place.entry,
        salt=secrets.token_bytes(16), body=body,
    )  # fmt: skip
