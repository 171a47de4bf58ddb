"""Rules: who may review a hand-in, for how long it is theirs, and what the criteria add up to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from lms.content.nodes import Reviewers, Rubric
from lms.kernel.errors import RuleBroken

Verdict = Literal["not_yet", "meets", "strong"]
ReviewerKind = Literal["facilitator", "organization", "peer"]
Standing = Literal["waiting", "not_yet", "meets", "strong"]

CLAIM = timedelta(hours=2)
"""How long a text stays with the reviewer who opened it; it can be taken over afterwards."""
INVITATION = timedelta(days=30)
"""How long a peer may take up an invitation."""
COMMENT_LIMIT = 5_000
"""Characters of a reviewer's note."""
RANK: dict[Verdict, int] = {"not_yet": 0, "meets": 1, "strong": 2}


class ReviewCase(Struct, frozen=True):
    """What decides who may read one hand-in.

    `facilitated`: its author is in a cohort that has facilitators. `queued`: somebody holds the
    organization-wide queue that it would stand in. `reviewers`: what the course allows.
    """

    author_id: int
    facilitated: bool
    queued: bool
    reviewers: Reviewers


class Reviewer(Struct, frozen=True):
    """Somebody who asks: facilitator of the author's cohort, holder of the author's queue, or a peer who
    took up an invitation to this very text and is enrolled in the same course."""

    user_id: int
    facilitates: bool = False
    holds_queue: bool = False
    invited_peer: bool = False


def may_review(case: ReviewCase, reviewer: Reviewer) -> ReviewerKind | None:
    """The nearest wins: the cohort's facilitators, else the organization's queue, else one peer.

    Never oneself, whatever roles one holds.
    """
    if reviewer.user_id == case.author_id:
        return None
    if case.facilitated:
        return "facilitator" if reviewer.facilitates else None
    if case.queued:
        return "organization" if reviewer.holds_queue else None
    return "peer" if peers_allowed(case) and reviewer.invited_peer else None


def peers_allowed(case: ReviewCase) -> bool:
    """May the author ask a peer? Only where nobody else is there to answer and the course allows it."""
    return case.reviewers != "facilitator" and not case.facilitated and not case.queued


def read_criteria(rubric: Rubric, given: Mapping[int, str]) -> dict[int, Verdict]:
    """A verdict for each criterion of the rubric, no fewer and no others."""
    numbers = [criterion.number for criterion in rubric.criteria]
    if set(given) - set(numbers):
        raise RuleBroken("criterion_unknown")
    found: dict[int, Verdict] = {}
    for number in numbers:
        match given.get(number):
            case "not_yet" | "meets" | "strong" as verdict:
                found[number] = verdict
            case _:
                raise RuleBroken("criterion_open", str(number))
    return found


def verdict_of(rubric: Rubric, criteria: Mapping[int, Verdict]) -> Verdict:
    """Strong if all are; not yet if any is, or if one that must be strong is not; else meets."""
    if any(criteria[c.number] != "strong" for c in rubric.criteria if c.needs_strong):
        return "not_yet"
    lowest = min(RANK[criteria[criterion.number]] for criterion in rubric.criteria)
    return next(verdict for verdict, rank in RANK.items() if rank == lowest)


def may_hand_in(standing: Standing | None, level: Literal["meets", "strong"]) -> bool:
    """Again only after an answer, and only while that answer is below what the course asks for."""
    return standing is None or (standing != "waiting" and RANK[standing] < RANK[level])


def claim_is_over(until: datetime, now: datetime) -> bool:
    return until <= now
