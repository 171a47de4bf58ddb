"""Handing in a reflection or the capstone: a fact with the number of its words; the words beside it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.kernel.errors import Conflict, RuleBroken
from lms.responses.bodies import text_digest
from lms.responses.fields import LONG_LIMIT, Values, storable
from lms.responses.models import Review, Submission, SubmissionText
from lms.responses.reviewing import Standing, may_hand_in
from lms.responses.services.drafts import Place, Stale, discard_draft, stale_against
from lms.responses.words import count_words


class HandedIn(Struct, frozen=True):
    key: str
    number: int
    words: int
    again: bool
    """The same text came a second time while it waits: nothing new was handed in."""


def hand_in(
    session: Session,
    *,
    enrollment_id: int,
    author_id: int,
    version_id: int,
    key: str,
    text: str,
    words_min: int | None,
    level: Literal["meets", "strong"],
    now: datetime,
    revision: int | None = None,
    draft: Values | None = None,
    limit: int = LONG_LIMIT,
) -> HandedIn | Stale:
    """Hand a text in for review. `key`: of the reflection, or the capstone's page key. `level`: what the
    course asks for; a text that reached it is not handed in again. `draft`: what the page holds, where
    `text` is made of several fields. `limit`: how many characters may be handed in.

    RuleBroken: 'text_missing', 'words_few', 'text_long', 'waiting' (a text waits for its answer),
    'answered' (the level was reached). Stale: as for `stale_against`; nothing was handed in.
    """
    body = storable(text).strip()
    words = _checked(body, words_min, limit, key)
    last = session.scalar(
        select(Submission)
        .where(Submission.enrollment_id == enrollment_id, Submission.key == key)
        .order_by(Submission.number.desc())
        .limit(1)
    )
    standing = None if last is None else standing_of(session, last)
    if last is not None and not may_hand_in(standing, level):
        if standing == "waiting" and _has_body(session, last, body):
            return HandedIn(key, last.number, last.words, again=True)
        raise RuleBroken("waiting" if standing == "waiting" else "answered", key)
    place = Place(enrollment_id, key)
    values: Values = {key: body} if draft is None else draft
    stale = stale_against(session, place, revision=revision, values=values, now=now)
    if stale is not None:
        return stale
    salt = secrets.token_bytes(16)
    number = 1 if last is None else last.number + 1
    submission = Submission(
        enrollment_id=enrollment_id,
        key=key,
        number=number,
        author_id=author_id,
        version_id=version_id,
        at=now,
        words=words,
        text_digest=text_digest(salt, body),
    )
    try:
        with session.begin_nested():
            session.add(submission)
            session.flush()
    except IntegrityError as error:
        other = session.get(Submission, (enrollment_id, key, number), populate_existing=True)
        if other is not None and _has_body(session, other, body):  # a second click, at the same moment
            return HandedIn(key, number, other.words, again=True)
        raise Conflict("handed in at the same moment") from error
    session.add(SubmissionText(enrollment_id=enrollment_id, key=key, number=number, salt=salt, body=body))
    session.flush()
    discard_draft(session, place)
    return HandedIn(key, number, words, again=False)


def standing_of(session: Session, submission: Submission) -> Standing:
    """The last verdict on one hand-in, or that it waits for one."""
    verdict = session.scalar(
        select(Review.verdict)
        .where(
            Review.enrollment_id == submission.enrollment_id,
            Review.key == submission.key,
            Review.number == submission.number,
        )
        .order_by(Review.review.desc())
        .limit(1)
    )
    match verdict:
        case "not_yet" | "meets" | "strong" as known:
            return known
    return "waiting"


def _checked(body: str, words_min: int | None, limit: int, key: str) -> int:
    if not body:
        raise RuleBroken("text_missing", key)
    if len(body) > limit:
        raise RuleBroken("text_long", key)
    words = count_words(body)
    if words_min is not None and words < words_min:
        raise RuleBroken("words_few", key)
    return words


def _has_body(session: Session, submission: Submission, body: str) -> bool:
    text = session.get(SubmissionText, (submission.enrollment_id, submission.key, submission.number))
    return text is not None and text.body == body
