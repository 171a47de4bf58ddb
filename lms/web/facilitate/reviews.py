"""The review queue and the page on which a hand-in is answered: facilitators, reviewers and peers alike."""

from __future__ import annotations

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import queries as accounts
from lms.accounts.permissions import Permission, scopes
from lms.actions import review as actions
from lms.completion.queries import snapshot
from lms.kernel.clock import now
from lms.kernel.errors import Conflict, RuleBroken
from lms.kernel.keys import page_of
from lms.kernel.paging import PageRequest
from lms.responses.queries.reviews import SubmissionRow, review_queue
from lms.responses.reviewing import COMMENT_LIMIT
from lms.web import mail
from lms.web.access import current_actor, signed_in
from lms.web.facilitate.blueprint import NUMBER, blueprint
from lms.web.facilitate.pages import Criterion, Fault, Level, PastTry, QueuePage, ReviewPage
from lms.web.facilitate.waiting import try_words, waiting_line
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.course_map import course_map
from lms.web.learn.pages.filling import Filling
from lms.web.reading import compiled, session
from lms.web.visiting import whole_address

CASE = "/reviews/<enrollment>/<key>/" + NUMBER
FAULT_WORDS = {
    "criterion_open": "Choose where it stands",
    "criterion_unknown": "This form is out of date. Open the text again",
    "comment_missing": "Add a note: whoever is asked for one more try is told why",
    "comment_long": f"Shorten the note to {COMMENT_LIMIT:,} characters",
}
LEVELS = (("not_yet", "Not yet"), ("meets", "Meets"), ("strong", "Strong"))


@blueprint.get("/reviews")
@signed_in
def reflections() -> ResponseReturnValue:
    actor = current_actor()
    found = review_queue(
        session(), reviewer_id=actor.user_id, scopes=scopes(actor, Permission.REFLECTION_REVIEW), now=now(),
        request=PageRequest.of(request.args.get("page")),
    )  # fmt: skip
    moment = now()
    page = QueuePage(
        tuple(waiting_line(row, moment) for row in found.rows),
        found,
        lambda number: url_for("facilitate.reflections", page=number),
    )
    return render_template("facilitate/reviews.html", page=page)


@blueprint.post(f"{CASE}/hold")
@signed_in
def hold(enrollment: str, key: str, number: int) -> ResponseReturnValue:
    try:
        actions.hold(current_actor(), enrollment=enrollment, key=key, number=number)
    except Conflict:
        flash("Somebody else is reading this one, or has answered it. Take the next.")
        return redirect(url_for("facilitate.reflections"), code=303)
    return redirect(url_for("facilitate.review", enrollment=enrollment, key=key, number=number), code=303)


@blueprint.post(f"{CASE}/put-back")
@signed_in
def put_back(enrollment: str, key: str, number: int) -> ResponseReturnValue:
    actions.put_back(current_actor(), enrollment=enrollment, key=key, number=number)
    return redirect(url_for("facilitate.reflections"), code=303)


@blueprint.get(CASE)
@signed_in
def review(enrollment: str, key: str, number: int) -> ResponseReturnValue:
    page = _page(enrollment, key, number, {}, "", ())
    return render_template("facilitate/review.html", page=page)


@blueprint.post(CASE)
@signed_in
def answer(enrollment: str, key: str, number: int) -> ResponseReturnValue:
    criteria = _criteria()
    comment = request.form.get("comment", "")
    try:
        answered = actions.answer(
            current_actor(), enrollment=enrollment, key=key, number=number, criteria=criteria, comment=comment
        )
    except RuleBroken as broken:
        anchor = "comment-field" if broken.field == "comment" else f"criterion-{broken.field or 1}"
        faults = (Fault(anchor, FAULT_WORDS.get(broken.code, "This cannot be sent as it stands")),)
        page = _page(enrollment, key, number, criteria, comment, faults)
        return render_template("facilitate/review.html", page=page), 422
    except Conflict:
        faults = (
            Fault(
                "comment-field", "Somebody else answered it, or is reading it. Your note still stands below"
            ),
        )
        page = _page(enrollment, key, number, criteria, comment, faults)
        return render_template("facilitate/review.html", page=page), 409
    mail.tell_of_answer(answered, _own_page(answered, key))
    first = answered.name.partition(" ")[0]
    accepted = answered.reviewed.verdict != "not_yet"
    flash(f"Accepted, and {first} can read your note." if accepted else f"{first} is asked for one more try.")
    return redirect(url_for("facilitate.reflections"), code=303)


@blueprint.get("/reviews/invited/<token>")
@signed_in
def invited(token: str) -> ResponseReturnValue:
    """A peer opens the author's link: what it means is said first, taking it up is a button."""
    return render_template("facilitate/invited.html", token=token)


@blueprint.post("/reviews/invited/<token>")
@signed_in
def take_up(token: str) -> ResponseReturnValue:
    try:
        enrollment, hand_in = actions.take_up(current_actor(), token)
    except Conflict:
        flash("Somebody else has taken this up already. Thank you for coming.")
        return redirect(url_for("learn.home"), code=303)
    return redirect(
        url_for("facilitate.review", enrollment=enrollment, key=hand_in.key, number=hand_in.number), code=303
    )


def _own_page(answered: actions.Answered, key: str) -> str:
    """Where its author reads the answer."""
    anchor = course_map(compiled(answered.version_id)).anchors.get(key) or None
    return whole_address("learn.page", course_key=answered.course_key, page_key=page_of(key), _anchor=anchor)


def _criteria() -> dict[int, str]:
    found = {}
    for name, value in request.form.items():
        match = re.fullmatch(r"criterion-(\d{1,3})", name)
        if match:
            found[int(match[1])] = value
    return found


def _page(
    enrollment: str, key: str, number: int, criteria: dict[int, str], comment: str, faults: tuple[Fault, ...]
) -> ReviewPage:
    actor = current_actor()
    case = actions.find_case(session(), actor, enrollment=enrollment, key=key, number=number)
    course = compiled(case.submission.version_id)
    progress = snapshot(session(), case.row.enrollment_id)
    author = accounts.person_by_id(session(), case.row.author_id)
    home = accounts.home_of(session(), case.row.author_id)

    def address(endpoint: str) -> str:
        return url_for(endpoint, enrollment=enrollment, key=key, number=number)

    return ReviewPage(
        person=case.row.author_name,
        first_name=case.row.author_name.partition(" ")[0],
        piece=str(case.piece.title),
        crumbs=(("Reflections to read", url_for("facilitate.reflections")),),
        href=address("facilitate.answer"),
        put_back_href=address("facilitate.put_back"),
        hold_href=address("facilitate.hold"),
        held=case.submission.claimed_by == actor.user_id,
        held_by_other=case.submission.claimed_by not in (None, actor.user_id),
        answered=case.submission.review is not None,
        at=case.submission.at,
        words=case.submission.words,
        number=number,
        try_words=try_words(number),
        paragraphs=_paragraphs(case.submission.text),
        prompt=pieces(case.piece.blocks, Filling(where=course_map(course))),
        earlier=tuple(_past(row, case.row.author_name) for row in case.history if row.number < number),
        job=author.job.capitalize() if author else "",
        school=home.name if home else "",
        done=progress.done if progress else 0,
        needed=progress.needed if progress else len(course.requirements),
        course=course.title_text,
        criteria=tuple(
            Criterion(
                c.number, c.html, c.needs_strong,
                tuple(
                    Level(value, name, words, criteria.get(c.number) == value)
                    for (value, name), words in zip(LEVELS, c.levels, strict=True)
                ),
            )
            for c in case.piece.rubric.criteria
        ),
        comment=comment,
        errors=faults,
    )  # fmt: skip


def _past(row: SubmissionRow, author: str) -> PastTry:
    return PastTry(
        heading=f"{try_words(row.number)} of {author.partition(' ')[0]}, and the note",
        paragraphs=_paragraphs(row.text),
        comment=(row.review.comment or "") if row.review else "",
        reviewed_at=row.review.at if row.review else row.at,
    )


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n|\n", text or "") if part.strip())
