"""What learners do with their reflections: hand them in, ask a peer to read one."""

from __future__ import annotations

from lms.accounts.permissions import Actor
from lms.actions.learn_pages import Learning, learning, reflection_of
from lms.actions.learn_work import Typed
from lms.content.nodes import Requirement
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotAllowed, NotFound
from lms.responses.queries.reviews import review_case, submission_history
from lms.responses.reviewing import peers_allowed
from lms.responses.services import handins, peers
from lms.responses.services.drafts import Stale
from lms.responses.services.handins import HandedIn
from lms.responses.services.reviews import HandIn


def hand_in(actor: Actor, course_key: str, page_key: str, typed: Typed) -> HandedIn | Stale:
    """Hand a reflection in for review; a newer draft from another page is kept, and nothing handed in."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        reflection = reflection_of(here.course, page_key, typed.key)
        requirement = _requirement(here, typed.key)
        done = handins.hand_in(
            session,
            enrollment_id=here.enrollment.id,
            author_id=actor.user_id,
            version_id=here.enrollment.version_id,
            key=reflection.key,
            text=str(typed.values.get(typed.key, "")),
            words_min=reflection.words_min,
            level=(requirement.level if requirement is not None else None) or "meets",
            now=moment,
            revision=typed.revision,
        )
        if isinstance(done, HandedIn) and not done.again:
            settle(session, [here.enrollment.id], moment, actor.user_id, "reflection handed in")
        return done


def ask_peer(actor: Actor, course_key: str, page_key: str, key: str) -> str:
    """A link's token for one peer, where nobody else is there to answer and the course allows it."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        reflection_of(here.course, page_key, key)
        requirement = _requirement(here, key)
        reviewers = requirement.reviewers if requirement is not None else here.course.reviewers
        case = review_case(session, here.enrollment.public_id, key)
        history = submission_history(session, here.enrollment.id, key, moment)
        if case is None or not history:
            raise NotFound
        if not peers_allowed(case.case(reviewers)):
            raise NotAllowed
        hand_in_key = HandIn(here.enrollment.id, key, history[0].number)
        return peers.invite_peer(session, hand_in_key, author_id=actor.user_id, now=moment)


def _requirement(here: Learning, key: str) -> Requirement | None:
    return next((r for r in here.course.requirements if r.key == key), None)
