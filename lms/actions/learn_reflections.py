"""What learners hand in: reflections and the capstone; and asking a peer to read one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor
from lms.actions.learn_pages import Learning, capstone_of, learning, reflection_of, shown_on, toolkit_of
from lms.actions.learn_work import Typed
from lms.content.nodes import Requirement
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import NotAllowed, NotFound, RuleBroken
from lms.responses.fields import fields_in
from lms.responses.queries.reviews import review_case, submission_history
from lms.responses.queries.sheets import sheet_state
from lms.responses.reviewing import peers_allowed
from lms.responses.services import drafts, handins, peers
from lms.responses.services.drafts import Place, Stale
from lms.responses.services.handins import HandedIn
from lms.responses.services.reviews import HandIn
from lms.responses.wording import WHOLE_LIMIT, HandedSheet, capstone_text
from lms.responses.worksheets import Sheet, sittings_of, standing


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


def hand_in_capstone(actor: Actor, course_key: str, page_key: str, typed: Typed) -> HandedIn | Stale:
    """Hand the capstone in: its own fields, and the worksheets that go with it, as one text.

    RuleBroken: 'needed' with the first thing that is missing, 'whole_long' with the longest part when the
    whole is too long, and as for a reflection. What was typed stays
    in the page, so that there is something to add to after 'not yet'.
    """
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        capstone = capstone_of(here.course, page_key)
        sheet = Sheet.of(capstone.key, capstone.blocks)
        handed = _handed(session, here, sheet)
        stands = standing(sheet, typed.values, {})
        missing = [need.key for need in stands.needs] + [fault.key for fault in stands.faults]
        missing += [f.key for f in sheet.fields if f.kind == "hand in" and f.hands_in not in handed]
        if missing:
            raise RuleBroken("needed", missing[0])
        requirement = _requirement(here, capstone.key)
        place = Place(here.enrollment.id, capstone.key)
        whole = drafts.with_unseen(session, place, typed.values, shown_on(here, page_key))
        done = handins.hand_in(
            session,
            enrollment_id=here.enrollment.id,
            author_id=actor.user_id,
            version_id=here.enrollment.version_id,
            key=capstone.key,
            text=capstone_text(sheet.fields, typed.values, handed),
            words_min=None,
            level=(requirement.level if requirement is not None else None) or "meets",
            now=moment,
            revision=typed.revision,
            draft=whole,
            limit=WHOLE_LIMIT,
        )
        if isinstance(done, HandedIn) and not done.again:
            drafts.put_draft(session, place, revision=None, values=whole, now=moment)
            settle(session, [here.enrollment.id], moment, actor.user_id, "capstone handed in")
        return done


def _handed(session: Session, here: Learning, sheet: Sheet) -> dict[str, HandedSheet]:
    """The worksheets that are finished, by page key: the latest sitting of each, with its logs."""
    found: dict[str, HandedSheet] = {}
    for field in sheet.fields:
        if field.kind != "hand in" or field.hands_in is None:
            continue
        toolkit = toolkit_of(here.course, field.hands_in)
        state = sheet_state(session, here.enrollment.id, toolkit.key)
        finished = [name for name in sittings_of(toolkit) if name in state.finished]
        if not finished:
            continue
        own, sitting = Sheet.of(toolkit.key, toolkit.blocks), finished[-1]
        kept = state.sheets.get(sitting)
        found[toolkit.key] = HandedSheet(
            title=toolkit.title_text,
            fields=own.fields,
            values=kept.values if kept is not None else {},
            logs=[
                (tuple(fields_in(log.blocks)), [row.values for row in state.entries(log.key, sitting)])
                for log in own.logs
            ],
        )
    return found


def ask_peer(actor: Actor, course_key: str, page_key: str, key: str) -> str:
    """A link's token for one peer, where nobody else is there to answer and the course allows it."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        requirement = _requirement(here, key)
        if requirement is None or requirement.page_key != page_key:
            raise NotFound
        case = review_case(session, here.enrollment.public_id, key)
        history = submission_history(session, here.enrollment.id, key, moment)
        if case is None or not history:
            raise NotFound
        if not peers_allowed(case.case(requirement.reviewers)):
            raise NotAllowed
        hand_in_key = HandIn(here.enrollment.id, key, history[0].number)
        return peers.invite_peer(session, hand_in_key, author_id=actor.user_id, now=moment)


def _requirement(here: Learning, key: str) -> Requirement | None:
    return next((r for r in here.course.requirements if r.key == key), None)
