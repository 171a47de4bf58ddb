"""Drafts: what is typed and not handed in yet. A stale save never overwrites: both texts are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.kernel.errors import Conflict, NotFound
from lms.responses.bodies import read, unseen, written
from lms.responses.fields import Values
from lms.responses.models import Draft, DraftConflict

CONFLICTS = 20
"""Texts kept beside one draft until their author has chosen."""


class Place(Struct, frozen=True):
    """Where words are kept. `key`: of a sheet the page key, of a log or an activity or reflection its
    full key. `entry`: of a log entry its number from 1, else 0."""

    enrollment_id: int
    key: str
    sitting: str = ""
    entry: int = 0


class Saved(Struct, frozen=True):
    revision: int


class Stale(Struct, frozen=True):
    """Somebody, most likely the same person on another device, saved in between. What was sent is kept as
    conflict `number`; a page that saves on names it, so that its text stays one text."""

    revision: int
    values: Values
    number: int


def at(table: type[Draft] | type[DraftConflict], place: Place) -> ColumnElement[bool]:
    return (
        (table.enrollment_id == place.enrollment_id)
        & (table.key == place.key)
        & (table.sitting == place.sitting)
        & (table.entry == place.entry)
    )


def save_draft(
    session: Session,
    place: Place,
    *,
    revision: int,
    values: Values,
    now: datetime,
    conflict: int | None = None,
    shown: Collection[str] | None = None,
) -> Saved | Stale:
    """`revision`: the one that the page was built from, 0 when there was no draft. `shown`: as for
    `with_unseen`."""
    body = written(with_unseen(session, place, values, shown))
    if conflict is not None and _rewrite_conflict(session, place, conflict, body, now):
        found = _draft(session, place)
        return Stale(found.revision, read(found.body), conflict)
    if _update(session, place, revision, body, now):
        return Saved(revision + 1)
    existing = session.scalar(select(Draft).where(at(Draft, place)).execution_options(populate_existing=True))
    if existing is None:
        # None yet, or it was handed in on another device: what was typed begins a new one.
        fresh = _insert(session, place, revision + 1, body, now)
        if fresh is not None:
            return Saved(fresh)
        existing = _draft(session, place)
    if existing.body == body:
        return Saved(existing.revision)
    number = _keep_beside(session, place, revision, body, now)
    return Stale(existing.revision, read(existing.body), number)


def with_unseen(session: Session, place: Place, values: Values, shown: Collection[str] | None) -> Values:
    """`values`, and what the draft holds under keys that the page does not show: written under another
    version of the course, it is neither changed nor dropped by saving this one. `shown` None: everything."""
    if shown is None:
        return values
    body = session.scalar(select(Draft.body).where(at(Draft, place)))
    return values if body is None else {**unseen(read(body), shown), **values}


def put_draft(session: Session, place: Place, *, revision: int | None, values: Values, now: datetime) -> int:
    """Make this the draft: it was checked or finished on purpose. If the page was stale, the text that
    stood there is kept beside it. Gives the new revision."""
    body = written(values)
    existing = _for_update(session, place)
    if existing is None:
        fresh = _insert(session, place, (revision or 0) + 1, body, now)
        if fresh is not None:
            return fresh
        existing = _draft(session, place)  # a second click, at the same moment
    if revision is not None and existing.revision != revision and existing.body != body:
        _keep_beside(session, place, existing.revision, existing.body, now)
    existing.body, existing.saved_at = body, now
    existing.revision += 1
    session.flush()
    return existing.revision


def stale_against(
    session: Session, place: Place, *, revision: int | None, values: Values, now: datetime
) -> Stale | None:
    """Is what is about to be finished or handed in older than the draft? Then it is kept beside it. Nothing
    is finished while two texts stand beside one another: what comes after the draft is the draft, until its
    author has chosen. None: go ahead."""
    existing = _for_update(session, place)
    if existing is None:
        return None
    body = written(values)
    if revision not in (None, existing.revision) and existing.body != body:
        number = _keep_beside(session, place, revision, body, now)
        return Stale(existing.revision, read(existing.body), number)
    beside = session.scalar(select(func.min(DraftConflict.number)).where(at(DraftConflict, place)))
    if beside is None:
        return None
    if existing.body != body:
        existing.body, existing.saved_at = body, now
        existing.revision += 1
        session.flush()
    return Stale(existing.revision, read(existing.body), beside)


def choose(
    session: Session, place: Place, *, number: int, keep: Literal["draft", "other"], now: datetime
) -> int:
    """Settle one conflict: keep the draft as it is, or put the other text in its place. Gives the draft's
    revision."""
    this = at(DraftConflict, place) & (DraftConflict.number == number)
    other = session.scalar(select(DraftConflict).where(this))
    if other is None:
        raise NotFound
    draft = _draft(session, place)
    if keep == "other":
        draft.body, draft.saved_at = other.body, now
        draft.revision += 1
    session.delete(other)
    session.flush()
    return draft.revision


# Built once: whatever is handed in or checked ends a draft. Texts beside it go first, they point at it.
_DISCARD = tuple(
    delete(table)
    .where(
        table.enrollment_id == bindparam("the_enrollment"),
        table.key == bindparam("the_key"),
        table.sitting == bindparam("the_sitting"),
        table.entry == bindparam("the_entry"),
    )
    .execution_options(synchronize_session="fetch" if table is Draft else False)
    for table in (DraftConflict, Draft)
)


def discard_draft(session: Session, place: Place) -> None:
    """Remove a draft and what is kept beside it: handed in, finished, or not wanted."""
    given = {"the_enrollment": place.enrollment_id, "the_key": place.key, "the_sitting": place.sitting,
             "the_entry": place.entry}  # fmt: skip
    for statement in _DISCARD:
        session.execute(statement, given)


def _for_update(session: Session, place: Place) -> Draft | None:
    return session.scalar(
        select(Draft).where(at(Draft, place)).with_for_update().execution_options(populate_existing=True)
    )


def _draft(session: Session, place: Place) -> Draft:
    draft = session.scalar(select(Draft).where(at(Draft, place)).execution_options(populate_existing=True))
    if draft is None:
        raise NotFound
    return draft


def _update(session: Session, place: Place, revision: int, body: str, now: datetime) -> bool:
    done = session.execute(
        update(Draft)
        .where(at(Draft, place), Draft.revision == revision)
        .values(body=body, saved_at=now, revision=revision + 1)
        .execution_options(synchronize_session=False)
    )
    return isinstance(done, CursorResult) and done.rowcount == 1


def _insert(session: Session, place: Place, revision: int, body: str, now: datetime) -> int | None:
    """The new revision; None when somebody else began the draft at the same moment."""
    try:
        with session.begin_nested():
            session.add(
                Draft(
                    enrollment_id=place.enrollment_id, key=place.key, sitting=place.sitting,
                    entry=place.entry, revision=revision, body=body, saved_at=now,
                )
            )  # fmt: skip
            session.flush()
    except IntegrityError:
        return None
    return revision


def _keep_beside(session: Session, place: Place, base: int, body: str, now: datetime) -> int:
    """The number under which it is kept. The same text is kept once, however often it is sent."""
    same = at(DraftConflict, place) & (DraftConflict.body == body)
    there = session.scalar(select(func.min(DraftConflict.number)).where(same))
    if there is not None:
        return there
    last, count = session.execute(
        select(func.max(DraftConflict.number), func.count()).where(at(DraftConflict, place))
    ).one()
    if count >= CONFLICTS:
        raise Conflict("choose between the texts first")
    number = (last or 0) + 1
    session.add(
        DraftConflict(
            enrollment_id=place.enrollment_id, key=place.key, sitting=place.sitting, entry=place.entry,
            number=number, base_revision=base, body=body, saved_at=now,
        )
    )  # fmt: skip
    session.flush()
    return number


def _rewrite_conflict(session: Session, place: Place, number: int, body: str, now: datetime) -> bool:
    done = session.execute(
        update(DraftConflict)
        .where(at(DraftConflict, place), DraftConflict.number == number)
        .values(body=body, saved_at=now)
        .execution_options(synchronize_session=False)
    )
    return isinstance(done, CursorResult) and done.rowcount == 1
