"""Erasing words. The facts beside them stay, and nothing is worked out anew."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.models import (
    ReviewComment,
    Submission,
    SubmissionText,
    WorksheetText,
)
from lms.responses.services.drafts import Place, discard_draft
from lms.responses.services.handins import standing_of


def erase_submission(session: Session, *, enrollment_id: int, key: str, number: int) -> None:
    """Erase the words of one hand-in, with their salt and the reviewer's note about them.

    RuleBroken('waiting') before its verdict: the reviewer would have nothing to read.
    """
    submission = session.get(Submission, (enrollment_id, key, number))
    if submission is None:
        raise NotFound
    if standing_of(session, submission) == "waiting":
        raise RuleBroken("waiting", key)
    for table in (SubmissionText, ReviewComment):
        session.execute(
            delete(table).where(
                table.enrollment_id == enrollment_id, table.key == key, table.number == number
            )
        )


def erase_entry(session: Session, place: Place) -> None:
    """Erase the words of one log entry or sheet, drafts included; that it was written stays."""
    session.execute(
        delete(WorksheetText).where(
            WorksheetText.enrollment_id == place.enrollment_id,
            WorksheetText.key == place.key,
            WorksheetText.sitting == place.sitting,
            WorksheetText.entry == place.entry,
        )
    )
    discard_draft(session, place)
