"""The quiz page: one whole attempt to fill in, or the result of one; and the open reflections below it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from lms.content.nodes import Activity, Citation, Reflection, Rubric, SafeHtml
from lms.responses.fields import LONG_LIMIT
from lms.responses.grading import Shown
from lms.web.learn.pages.blocks import Piece, pieces
from lms.web.learn.pages.clashes import Clash
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.lesson import Neighbor
from lms.web.learn.pages.outline import Outline
from lms.web.learn.pages.questions import QuestionView, question_view


class Question(Struct, frozen=True):
    """`number`: 'Question 2 of 8'; a scenario has none of its own, its parts have."""

    number: str
    question: QuestionView
    prompt: tuple[Piece, ...]
    after: tuple[Piece, ...]
    members: tuple[Question, ...]
    see: tuple[Piece, ...]
    looking_back: SafeHtml


class AttemptView(Struct, frozen=True):
    number: int
    at: datetime
    points: int
    out_of: int
    passed: bool
    here: bool


class OpenQuestion(Struct, frozen=True):
    words: str
    href: str


class HandedIn(Struct, frozen=True):
    """One hand-in and its answer, the newest first."""

    number: int
    at: datetime
    words: int
    text: str | None
    verdict: str
    verdict_words: str
    reviewer: str
    answered_at: datetime | None
    criteria: tuple[tuple[SafeHtml, str], ...]
    comment: str


class ReflectionView(Struct, frozen=True):
    """`state`: open (never handed in), waiting, not_yet, or accepted."""

    node: Reflection
    id: str
    prompt: tuple[Piece, ...]
    rubric: Rubric
    state: str
    state_words: str
    text: str
    revision: int
    saved_at: datetime | None
    readers: str
    privacy: SafeHtml
    history: tuple[HandedIn, ...]
    example: SafeHtml
    problem: str
    focus: bool
    may_ask_peer: bool

    limit: int = LONG_LIMIT
    """Characters that may be handed in."""

    @property
    def may_write(self) -> bool:
        return self.state in ("open", "not_yet")


class SideLine(Struct, frozen=True):
    words: str
    href: str
    seat: str
    status: str


class QuizPage(Struct, frozen=True):
    course_key: str
    course_title: str
    key: str
    title: SafeHtml
    title_text: str
    intro: tuple[Piece, ...]
    content_note: SafeHtml
    pass_words: str
    outline: Outline
    questions: tuple[Question, ...]
    attempt: int
    submit_token: str
    """'' when a result is shown and nothing can be sent."""
    revision: int
    saved_at: datetime | None
    result: AttemptView | None
    erased: bool
    """The answers of the attempt shown are no longer kept."""
    attempts: tuple[AttemptView, ...]
    may_retry: bool
    tries_words: str
    open_questions: tuple[OpenQuestion, ...]
    reflections: tuple[ReflectionView, ...]
    side: tuple[SideLine, ...]
    notes: tuple[Citation, ...]
    before: Neighbor | None
    after: Neighbor | None
    every_page: tuple[SafeHtml, ...]
    person: str
    clashes: tuple[Clash, ...]
    to_be_read_by: str


def question_views(shown: tuple[Shown, ...], filling: Filling) -> tuple[Question, ...]:
    """Questions in the order of the attempt, numbered through; what a pool drew stands in its place."""
    flat = tuple(_unpooled(shown))
    total = sum(len(s.members) or 1 for s in flat)
    found, number = [], 1
    for each in flat:
        found.append(_question(each, filling, number, total))
        number += len(each.members) or 1
    return tuple(found)


def _unpooled(shown: tuple[Shown, ...]) -> list[Shown]:
    flat: list[Shown] = []
    for each in shown:
        flat.extend(_unpooled(each.members) if each.question.kind == "pool" else [each])
    return flat


def _question(shown: Shown, filling: Filling, number: int, total: int) -> Question:
    node = shown.question
    members = tuple(
        _question(member, filling, number + place, total) for place, member in enumerate(shown.members)
    )
    return Question(
        number="" if members else f"Question {number} of {total}",
        question=question_view(node, filling, shown=shown),
        prompt=pieces(node.blocks, filling, node.seen_by),
        after=pieces(node.after, filling, node.seen_by),
        members=members,
        see=_see(node, filling),
        looking_back=node.looking_back
        if node.key in filling.graded or _all_graded(node, filling)
        else SafeHtml(),
    )


def _all_graded(node: Activity, filling: Filling) -> bool:
    return bool(node.members) and all(member.key in filling.graded for member in node.members)


def _see(node: Activity, filling: Filling) -> tuple[Piece, ...]:
    """The way back to the lesson, once there is something to look up."""
    return pieces((node.see,), filling) if node.see is not None and node.key in filling.graded else ()
