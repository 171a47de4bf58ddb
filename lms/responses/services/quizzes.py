"""Whole attempts at a quiz: graded under their own version, one for each submit token."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, exists, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.nodes import Quiz
from lms.kernel.db import table
from lms.kernel.errors import Conflict, RuleBroken
from lms.responses.chance import seed_for
from lms.responses.fields import Json, Values
from lms.responses.grading import grade, lay_out, leaves, passed, read_answers, unanswered
from lms.responses.models import Answer, QuizAttempt
from lms.responses.services.drafts import Place, Stale, discard_draft, stale_against, with_unseen

TOKEN_LIMIT = 64


class AttemptMade(Struct, frozen=True):
    key: str
    number: int
    points: int
    out_of: int
    passed: bool
    again: bool
    """The same form came a second time: this is the attempt that the first one made."""


def record_attempt(
    session: Session,
    *,
    enrollment_id: int,
    version_id: int,
    quiz: Quiz,
    number: int,
    values: Values,
    submit_token: str,
    now: datetime,
    revision: int | None = None,
    shown: Collection[str] | None = None,
) -> AttemptMade | Stale:
    """Grade and keep an attempt. `number`: the attempt that the page showed, which fixed its layout.

    A form sent twice gives the attempt back that it made. Conflict: the page belongs to an attempt that
    was made in another window. Stale: as for `stale_against`; no attempt was made. RuleBroken:
    'attempts_used', or 'unanswered' with the first open question
    (whole attempts only, so that nobody spends one by accident).
    """
    if not submit_token or len(submit_token) > TOKEN_LIMIT:
        raise RuleBroken("submit_token")
    asked = {"token": submit_token, "enrollment": enrollment_id, "quiz": quiz.key}
    last = session.execute(_LATEST, asked).one()
    if last.token_used:
        return _made(session, enrollment_id, quiz.key, submit_token)
    if number != (last.number or 0) + 1:
        raise Conflict("another attempt was made meanwhile")
    if quiz.attempts is not None and number > quiz.attempts:
        raise RuleBroken("attempts_used", quiz.key)
    seed = seed_for(enrollment_id, quiz.key, number)
    laid_out = lay_out(quiz.questions, seed, quiz.shuffle)
    questions = leaves(laid_out)
    answers = read_answers(questions, values)
    missing = unanswered(questions, answers)
    if missing:
        raise RuleBroken("unanswered", missing[0])
    place = Place(enrollment_id, quiz.key)
    whole = with_unseen(session, place, values, shown)
    stale = stale_against(session, place, revision=revision, values=whole, now=now)
    if stale is not None:
        return stale
    score = grade(laid_out, answers)
    is_passed = passed(score.points, score.out_of, quiz.pass_percent)
    try:
        with session.begin_nested():
            session.connection().execute(
                _ATTEMPT,
                {
                    "enrollment_id": enrollment_id,
                    "key": quiz.key,
                    "number": number,
                    "version_id": version_id,
                    "at": now,
                    "points": score.points,
                    "out_of": score.out_of,
                    "passed": is_passed,
                    "seed": seed,
                    "drawn": [question.key for question in questions],
                    "submit_token": submit_token,
                },
            )
    except IntegrityError:
        return _made(session, enrollment_id, quiz.key, submit_token)
    given = [
        {
            "enrollment_id": enrollment_id, "key": quiz.key, "number": number, "question_key": key,
            "places": _places(answer), "text": answer if isinstance(answer, str) else None,
        }
        for key, answer in answers.items()
    ]  # fmt: skip
    if given:
        session.connection().execute(_ANSWERS, given)
    discard_draft(session, place)
    return AttemptMade(quiz.key, number, score.points, score.out_of, is_passed, again=False)


# Built once: a class that hands in together sends many of these in a minute.
_LATEST = select(
    func.max(QuizAttempt.number).label("number"),
    exists().where(QuizAttempt.submit_token == bindparam("token")).correlate(None).label("token_used"),
).where(QuizAttempt.enrollment_id == bindparam("enrollment"), QuizAttempt.key == bindparam("quiz"))
_ATTEMPT = insert(table(QuizAttempt))
_ANSWERS = insert(table(Answer))


def _made(session: Session, enrollment_id: int, key: str, submit_token: str) -> AttemptMade:
    """The attempt that this form made before. Conflict when another form was faster."""
    found = session.scalar(select(QuizAttempt).where(QuizAttempt.submit_token == submit_token))
    if found is None:
        raise Conflict("another attempt was made meanwhile")
    if (found.enrollment_id, found.key) != (enrollment_id, key):
        raise Conflict("this form belongs to another quiz")
    return AttemptMade(key, found.number, found.points, found.out_of, found.passed, again=True)


def _places(answer: Json) -> list[int] | None:
    """One place becomes a list of one; `grading.restored` turns it back."""
    if isinstance(answer, str):
        return None
    return [place for place in (answer if isinstance(answer, list) else [answer]) if isinstance(place, int)]
