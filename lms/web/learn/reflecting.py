"""Open reflections as they stand for their author: draft, hand-ins, answers, and who reads them."""

from __future__ import annotations

from lms.content.nodes import NOTHING, Quiz, Reflection, Reviewers, Rubric
from lms.kernel.clock import now
from lms.responses.fields import LONG_LIMIT
from lms.responses.queries.reviews import CaseRow, SubmissionRow, review_case, submission_history
from lms.responses.queries.states import PageStates
from lms.responses.reviewing import peers_allowed
from lms.web.learn.here import Here
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.fields import input_id
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.quiz import HandedIn, ReflectionView
from lms.web.learn.sentences import REFUSED
from lms.web.reading import session

VERDICTS = {"not_yet": "Not yet", "meets": "Meets", "strong": "Strong", "waiting": "Waiting for an answer"}
STATES = {
    "open": "Not handed in yet.",
    "waiting": "Handed in. You will see the answer here, and in My learning.",
    "not_yet": "One more try: read the note below, add to your text, and hand it in again.",
    "accepted": "Accepted. It counts.",
}
READERS_BEFORE: dict[Reviewers, str] = {
    "facilitator": "A facilitator or reviewer reads your reflections and answers each of them.",
    "facilitator, or self and one peer": (
        "A facilitator or reviewer reads your reflections; where there is none, a peer whom you ask."
    ),
}
"""Said before somebody joins."""
RANK = {"not_yet": 0, "meets": 1, "strong": 2}


def level_of(found: Here, key: str) -> str:
    requirement = found.where.requirements.get(key)
    return (requirement.level if requirement is not None else None) or "meets"


def reviewers_of(found: Here, key: str) -> Reviewers:
    requirement = found.where.requirements.get(key)
    return requirement.reviewers if requirement is not None else found.where.course.reviewers


def reflection_views(
    found: Here, quiz: Quiz, filling: Filling, states: PageStates
) -> tuple[ReflectionView, ...]:
    return tuple(_view(found, node, filling, states) for node in quiz.reflections)


def _view(found: Here, node: Reflection, filling: Filling, states: PageStates) -> ReflectionView:
    history = submission_history(session(), found.enrollment.id, node.key, now())
    case = review_case(session(), found.enrollment.public_id, node.key)
    draft = states.draft(node.key)
    state = state_of(history, level_of(found, node.key))
    text = str(draft.values.get(node.key, "")) if draft is not None else ""
    if draft is None and history and state == "not_yet":
        text = history[0].text or ""
    begun = draft is not None or bool(history)
    return ReflectionView(
        node=node,
        id=input_id(node.key),
        prompt=pieces(node.blocks, filling, node.seen_by),
        rubric=node.rubric,
        state=state,
        state_words=STATES[state],
        text=text,
        revision=draft.revision if draft is not None else 0,
        saved_at=draft.saved_at if draft is not None else None,
        readers=readers_words(case, reviewers_of(found, node.key)),
        privacy=found.where.course.privacy_line,
        history=tuple(handed_in(row, node.rubric) for row in history),
        example=node.example if begun else NOTHING,
        problem=filling.problems.get(node.key) or (REFUSED["text_long"] if len(text) > LONG_LIMIT else ""),
        focus=filling.focus == node.key,
        may_ask_peer=state == "waiting" and may_ask(case, reviewers_of(found, node.key)),
    )


def state_of(history: tuple[SubmissionRow, ...], level: str) -> str:
    if not history:
        return "open"
    review = history[0].review
    if review is None:
        return "waiting"
    return "accepted" if RANK[review.verdict] >= RANK[level] else "not_yet"


def may_ask(case: CaseRow | None, reviewers: Reviewers) -> bool:
    return case is not None and case.peer_id is None and peers_allowed(case.case(reviewers))


def readers_words(case: CaseRow | None, reviewers: Reviewers) -> str:
    """Who reads what is handed in, in one sentence."""
    if case is not None and case.facilitated:
        return "The facilitator of your cohort reads this when you hand it in. Nobody else does."
    if case is not None and case.queued:
        return "A reviewer of your district or of this site reads this when you hand it in. Nobody else does."
    if case is not None and peers_allowed(case.case(reviewers)):
        return "One peer, whom you ask, reads this when you hand it in. Nobody else does."
    return "A reviewer reads this when you hand it in. Nobody else does."


def course_readers(found: Here) -> str:
    """Who reads this person's reflections in the course."""
    key = next((r.key for r in found.where.course.requirements if r.kind in ("reflection", "capstone")), "")
    words = readers_words(review_case(session(), found.enrollment.public_id, key), reviewers_of(found, key))
    return words.replace("reads this when you hand it in", "reads them when you hand them in")


def handed_in(row: SubmissionRow, rubric: Rubric) -> HandedIn:
    review = row.review
    several = len(rubric.criteria) > 1
    verdict = review.verdict if review is not None else "waiting"
    return HandedIn(
        number=row.number,
        at=row.at,
        words=row.words,
        text=row.text,
        verdict=verdict,
        verdict_words=VERDICTS[verdict],
        reviewer=review.reviewer_name if review is not None else "",
        answered_at=review.at if review is not None else None,
        criteria=tuple(
            (criterion.html, VERDICTS[review.criteria[criterion.number]])
            for criterion in rubric.criteria
            if several and review is not None and criterion.number in review.criteria
        ),
        comment=(review.comment or "") if review is not None else "",
    )
