"""The capstone as it stands for its author."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from lms.content.nodes import NOTHING, Capstone
from lms.kernel.clock import now
from lms.kernel.errors import NotFound
from lms.responses.fields import faults
from lms.responses.queries.reviews import review_case, submission_history
from lms.responses.queries.sheets import sheet_state
from lms.responses.queries.states import page_states
from lms.responses.worksheets import Sheet, standing
from lms.web.learn.carrying import brought_over
from lms.web.learn.clashing import clashes_of
from lms.web.learn.here import Here
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.capstone import CapstonePage
from lms.web.learn.pages.fields import input_id
from lms.web.learn.pages.filling import Carried
from lms.web.learn.pages.lesson import every_page, neighbor
from lms.web.learn.pages.worksheet import Missing
from lms.web.learn.reflecting import (
    STATES,
    handed_in,
    level_of,
    may_ask,
    readers_words,
    reviewers_of,
    state_of,
)
from lms.web.learn.sentences import OPEN, REFUSED, over_problems, unread_problems
from lms.web.learn.sheets import missing_of, problems_of
from lms.web.reading import session


def shown_capstone(found: Here, page_key: str, query: Mapping[str, str]) -> CapstonePage:
    """`query`: `missing` to say what is missing, `refused` why it was not handed in, `part` the field that
    this is about."""
    capstone = found.stop(page_key).node
    if not isinstance(capstone, Capstone):
        raise NotFound
    sheet = Sheet.of(capstone.key, capstone.blocks)
    states = page_states(session(), found.enrollment.id, page_key)
    draft = states.draft(page_key)
    shown, start = brought_over(found, sheet.fields)
    values = draft.values if draft is not None else start
    handed = {f.key: _sheet(found, f.hands_in) for f in sheet.fields if f.hands_in is not None}
    filling = replace(found.filling(), values=values, carried={**shown, **handed}, privacy_line=NOTHING)
    filling = replace(filling, problems=over_problems(faults(sheet.fields, values)) | unread_problems(query))
    missing: tuple[Missing, ...] = ()
    if query.get("missing"):
        stands = standing(sheet, values, {})
        problems = problems_of(stands.needs, stands.faults)
        unfinished = {key: OPEN for key, carried in handed.items() if not carried.lines}
        filling = replace(filling, problems={**problems, **unfinished})
        missing = missing_of(sheet, stands.needs, stands.faults, tuple(unfinished))
    problem = REFUSED.get(query.get("refused", ""), "")
    part = next((f for f in sheet.fields if f.key == query.get("part")), None)
    if problem and part is not None:
        filling = replace(filling, problems={part.key: problem})
        missing = (Missing(f"{part.label_text}: {problem}", f"#{input_id(part.key)}"),)
    history = submission_history(session(), found.enrollment.id, page_key, now())
    case = review_case(session(), found.enrollment.public_id, page_key)
    state = state_of(history, level_of(found, page_key))
    return CapstonePage(
        course_key=found.where.course.key,
        course_title=found.where.course.title_text,
        key=capstone.key,
        title=capstone.title,
        title_text=capstone.title_text,
        minutes=capstone.minutes,
        content_note=capstone.content_note,
        privacy=found.where.course.privacy_line,
        readers=readers_words(case, reviewers_of(found, page_key)),
        state=state,
        state_words=STATES[state],
        history=tuple(handed_in(row, capstone.rubric) for row in history),
        body=pieces(capstone.blocks, filling, "reviewer"),
        revision=draft.revision if draft is not None else 0,
        saved_at=draft.saved_at if draft is not None else None,
        missing=missing,
        problem=problem,
        may_ask_peer=state == "waiting" and may_ask(case, reviewers_of(found, page_key)),
        notes=capstone.citations,
        before=neighbor(found.where.before(page_key)),
        every_page=every_page(filling),
        person=found.actor.public_id,
        clashes=clashes_of(found, page_key, states, {page_key: (capstone.title_text, sheet.fields)}),
        to_be_read_by=found.to_be_read_by(capstone),
    )


def _sheet(found: Here, page_key: str) -> Carried:
    """A worksheet that is handed in with it; `lines` say when it was finished, none that it is not."""
    state = sheet_state(session(), found.enrollment.id, page_key)
    lines = ("It is finished, and goes along when you hand this in.",) if state.finished else ()
    return Carried(lines, page_key, found.stop(page_key).title_text)
