"""What learners do on a page: keep drafts, check activities and quizzes, keep and finish worksheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from lms.accounts.permissions import Actor
from lms.actions.learn_pages import activity_of, learning, page_of, quiz_of, shown_on, toolkit_of
from lms.credit.services import settle
from lms.kernel.clock import local_day, now
from lms.kernel.db import transaction
from lms.responses.checking import Checked, checkable
from lms.responses.fields import Values
from lms.responses.services import activities, drafts, quizzes, sheets
from lms.responses.services.drafts import Place, Saved, Stale
from lms.responses.services.quizzes import AttemptMade
from lms.responses.worksheets import Standing


class Typed(Struct, frozen=True):
    """What stands in one part of a page, and the revision of the draft it was made from."""

    key: str
    values: Values
    revision: int
    sitting: str = ""
    entry: int = 0
    conflict: int | None = None
    """The text kept beside the draft that this is the continuation of."""


def save_drafts(
    actor: Actor, course_key: str, page_key: str, typed: Iterable[Typed]
) -> dict[str, Saved | Stale]:
    """Keep what was typed, each part by its own revision; a stale one is kept beside, never over."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        page_of(here.course, page_key)
        shown = shown_on(here, page_key)
        return {
            part.key: drafts.save_draft(
                session,
                Place(here.enrollment.id, part.key, part.sitting, part.entry),
                revision=part.revision,
                values=part.values,
                now=moment,
                conflict=part.conflict,
                shown=shown,
            )
            for part in typed
        }


def choose_text(
    actor: Actor, course_key: str, typed: Typed, number: int, keep: Literal["draft", "other"]
) -> None:
    """Of two texts for one place, keep one."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        place = Place(here.enrollment.id, typed.key, typed.sitting, typed.entry)
        drafts.choose(session, place, number=number, keep=keep, now=moment)


def check_activity(actor: Actor, course_key: str, page_key: str, part_key: str, typed: Typed) -> Checked:
    """Check one part of an activity; `part_key` of an activity with parts is the part's."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        activity = activity_of(here.course, page_key, part_key)
        if part_key == activity.key and activity.kind == "activity":
            part_key = checkable(activity)[0].key
        checked = activities.record_activity(
            session,
            enrollment_id=here.enrollment.id,
            version_id=here.enrollment.version_id,
            activity=activity,
            part_key=part_key,
            values=typed.values,
            revision=typed.revision,
            now=moment,
            shown=shown_on(here, page_key),
        )
        if checked.done:
            settle(session, [here.enrollment.id], moment, actor.user_id, "activity checked")
        return checked


class Submitted(Struct, frozen=True):
    attempt: AttemptMade
    completed: bool
    """It was the last thing the course asked for."""


def submit_quiz(
    actor: Actor,
    course_key: str,
    page_key: str,
    number: int,
    values: Values,
    submit_token: str,
    revision: int | None = None,
) -> Submitted | Stale:
    """Grade a whole attempt. The same token gives the attempt it made before. Stale: as for
    `finish_sheet`."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        made = quizzes.record_attempt(
            session,
            enrollment_id=here.enrollment.id,
            version_id=here.enrollment.version_id,
            quiz=quiz_of(here.course, page_key),
            number=number,
            values=values,
            submit_token=submit_token,
            now=moment,
            revision=revision,
            shown=shown_on(here, page_key),
        )
        if isinstance(made, Stale):
            return made
        if made.again:
            return Submitted(made, False)
        changes = settle(session, [here.enrollment.id], moment, actor.user_id, "quiz checked")
        return Submitted(made, here.enrollment.id in changes.completed)


def add_entry(
    actor: Actor, course_key: str, page_key: str, typed: Typed, *, change: bool = False
) -> int | Stale:
    """Add an entry to a log, or change the words of one. Gives its number. Stale: as for `finish_sheet`."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        return sheets.record_entry(
            session,
            enrollment_id=here.enrollment.id,
            version_id=here.enrollment.version_id,
            toolkit=toolkit_of(here.course, page_key),
            log_key=typed.key,
            sitting=typed.sitting,
            entry=typed.entry,
            values=typed.values,
            now=moment,
            today=local_day(moment, here.enrollment.time_zone),
            change=change,
            revision=typed.revision,
            shown=shown_on(here, page_key),
        )


def finish_sheet(actor: Actor, course_key: str, page_key: str, typed: Typed) -> Standing | Stale:
    """'Finish': RuleBroken while something needed is missing. Stale: two texts stand beside one another, of
    this page and of another one; both are kept, and nothing was finished."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        standing = sheets.finish_sheet(
            session,
            enrollment_id=here.enrollment.id,
            version_id=here.enrollment.version_id,
            toolkit=toolkit_of(here.course, page_key),
            sitting=typed.sitting,
            values=typed.values,
            revision=typed.revision,
            now=moment,
            shown=shown_on(here, page_key),
        )
        if not isinstance(standing, Stale):
            settle(session, [here.enrollment.id], moment, actor.user_id, "worksheet finished")
        return standing


def state_paper_done(actor: Actor, course_key: str, page_key: str, wording: str) -> None:
    """The learner states that a piece which is never stored was done on paper."""
    moment = now()
    with transaction() as session:
        here = learning(session, actor, course_key)
        sheets.state_paper_done(
            session,
            enrollment_id=here.enrollment.id,
            version_id=here.enrollment.version_id,
            toolkit=toolkit_of(here.course, page_key),
            wording=wording,
            now=moment,
        )
        settle(session, [here.enrollment.id], moment, actor.user_id, "done on paper")
