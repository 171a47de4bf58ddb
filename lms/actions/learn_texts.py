"""What people do with their own words: delete them. What they earned stays."""

from __future__ import annotations

from typing import Literal

from lms.accounts.permissions import Actor
from lms.enrollments.queries import enrollment
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound
from lms.responses.services import drafts, texts
from lms.responses.services.drafts import Place

Kind = Literal["hand in", "worksheet", "draft"]


def delete_text(
    actor: Actor, enrollment_public_id: str, kind: Kind, key: str, sitting: str, number: int
) -> None:
    """`number`: of the hand-in, or of the entry of a log. RuleBroken('waiting') for a hand-in without its
    answer: the reviewer would have nothing to read."""
    with transaction() as session:
        row = enrollment(session, enrollment_public_id)
        if row is None or row.user_id != actor.user_id:
            raise NotFound
        place = Place(row.id, key, sitting, number)
        if kind == "hand in":
            texts.erase_submission(session, enrollment_id=row.id, key=key, number=number)
        elif kind == "worksheet":
            texts.erase_entry(session, place)
        else:
            drafts.discard_draft(session, place)
