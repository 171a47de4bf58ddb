"""A quiz as it stands for one person: the attempt to come, or one that was made, and its reflections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from lms.content.nodes import Quiz
from lms.kernel.errors import NotFound
from lms.kernel.keys import public_id
from lms.responses.checking import fields_of
from lms.responses.fields import Values
from lms.responses.grading import Shown, grade, leaves, unanswered
from lms.responses.queries.quizzes import AttemptRow, answers, attempts, layout
from lms.responses.queries.states import DraftRow, page_states
from lms.web.learn.clashing import Names, clashes_of
from lms.web.learn.here import Here
from lms.web.learn.layouts import layout_of, next_number
from lms.web.learn.pages.blocks import pieces
from lms.web.learn.pages.course_map import course_map
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.lesson import every_page, neighbor
from lms.web.learn.pages.outline import outline
from lms.web.learn.pages.questions import QuestionView
from lms.web.learn.pages.quiz import (
    AttemptView,
    OpenQuestion,
    Question,
    QuizPage,
    ReflectionView,
    SideLine,
    question_views,
)
from lms.web.learn.parts import still_fits
from lms.web.learn.reflecting import reflection_views
from lms.web.learn.sentences import REFUSED, open_words, unread_problems
from lms.web.reading import compiled, session
from lms.web.words import plain


def shown_quiz(found: Here, page_key: str, query: Mapping[str, str]) -> QuizPage:
    """`query`: `attempt=N` for one that was made, `again` for a fresh one, `missing` to say what is open,
    `at` and `refused` about a reflection, `unread` about an input."""
    stop = found.stop(page_key)
    quiz = stop.node
    if not isinstance(quiz, Quiz):
        raise NotFound
    states = page_states(session(), found.enrollment.id, page_key)
    made = attempts(session(), found.enrollment.id, page_key)
    standing = found.standing()
    draft = states.draft(page_key)
    chosen = _chosen(made, query, draft)
    may_retry = quiz.attempts is None or len(made) < quiz.attempts
    if chosen is None and not may_retry and made:
        chosen = made[0]
    focus, problem = query.get("at"), REFUSED.get(query.get("refused", ""), "")
    about = {focus: problem} if focus and problem else {}
    filling = replace(found.filling(), focus=focus, problems=unread_problems(query) | about)
    erased = False
    if chosen is not None:
        shown, graded = _graded(found, quiz, chosen, filling)
        erased = graded is None
        questions = question_views(shown, graded) if graded is not None else ()
        open_questions: tuple[OpenQuestion, ...] = ()
    else:
        shown = layout_of(found, quiz, next_number(made))
        values = _draft_values(shown, draft)
        missing = unanswered(leaves(shown), values) if query.get("missing") else ()
        by_key = {question.key: question for question in leaves(shown)}
        still_open = {key: open_words(by_key[key], values.get(key)) for key in missing}
        begun = replace(filling, values=values, problems={**filling.problems, **still_open})
        questions = question_views(shown, begun)
        open_questions = _open(questions, missing)
    reflections = reflection_views(found, quiz, filling, states)
    attempt_views = tuple(
        AttemptView(a.number, a.at, a.points, a.out_of, a.passed, a is chosen) for a in made
    )
    return QuizPage(
        course_key=found.where.course.key,
        course_title=found.where.course.title_text,
        key=quiz.key,
        title=quiz.title,
        title_text=quiz.title_text,
        intro=pieces(quiz.blocks, filling),
        content_note=quiz.content_note,
        pass_words=f"{quiz.pass_percent} percent of the points pass.",
        outline=outline(found.where, stop, standing),
        questions=questions,
        attempt=next_number(made),
        submit_token=public_id() if chosen is None else "",
        revision=draft.revision if draft is not None else 0,
        saved_at=draft.saved_at if draft is not None else None,
        result=next((view for view in attempt_views if view.here), None),
        erased=erased,
        attempts=attempt_views,
        may_retry=may_retry,
        tries_words=_tries(quiz, len(made)),
        open_questions=open_questions,
        reflections=reflections,
        side=_side(questions, reflections),
        notes=quiz.citations,
        before=neighbor(found.where.before(page_key)),
        after=neighbor(found.where.after(page_key)),
        every_page=every_page(filling),
        person=found.actor.public_id,
        clashes=clashes_of(found, page_key, states, _names(quiz)),
        to_be_read_by=found.to_be_read_by(quiz),
    )


def _chosen(
    made: Sequence[AttemptRow], query: Mapping[str, str], draft: DraftRow | None
) -> AttemptRow | None:
    """The attempt whose result is shown; None for the one to come."""
    number = query.get("attempt", "")
    if number:
        for attempt in made:
            if str(attempt.number) == number:
                return attempt
        raise NotFound
    if query.get("again") or query.get("missing") or draft is not None or not made:
        return None
    return made[0]


def _graded(
    found: Here, quiz: Quiz, attempt: AttemptRow, filling: Filling
) -> tuple[tuple[Shown, ...], Filling | None]:
    """An attempt as it was shown, with its notes; no filling when its answers are no longer kept."""
    if attempt.version_id != found.enrollment.version_id:
        stop = course_map(compiled(attempt.version_id)).by_key.get(quiz.key)
        if stop is None or not isinstance(stop.node, Quiz):
            return (), None
        quiz = stop.node
    shown = layout(quiz, attempt)
    given = answers(session(), found.enrollment.id, quiz, attempt)
    if given is None:
        return shown, None
    score = grade(shown, given)
    return shown, replace(filling, values=given, graded=score.graded, done=frozenset(score.graded))


def _draft_values(shown: tuple[Shown, ...], draft: DraftRow | None) -> Values:
    values: Values = {}
    for question in leaves(shown) if draft is not None else ():
        keys = {question.key, *(field.key for field in fields_of(question))}
        own = {key: value for key, value in draft.values.items() if key in keys} if draft is not None else {}
        values.update(still_fits(question, own))
    return values


def _open(questions: tuple[Question, ...], missing: Sequence[str]) -> tuple[OpenQuestion, ...]:
    flat = [q for question in questions for q in (question.members or (question,))]
    return tuple(
        OpenQuestion(f"{q.number}: {plain(q.question.title)}", f"#{q.question.id}-q")
        for q in flat
        if q.question.node.key in missing
    )


def _tries(quiz: Quiz, made: int) -> str:
    if quiz.attempts is None:
        return "You can try as often as you like."
    left = max(quiz.attempts - made, 0)
    return f"{left} of {quiz.attempts} tries left." if left else "There are no tries left."


def _side(questions: tuple[Question, ...], reflections: tuple[ReflectionView, ...]) -> tuple[SideLine, ...]:
    lines = []
    for question in (q for each in questions for q in (each.members or (each,))):
        view = question.question
        if view.result is not None:
            right = view.result.tone == "right"
            seat, words = ("done", "Yes") if right else ("part", "Not yet")
        elif _begun(view):
            seat, words = "part", "Answered"
        else:
            seat, words = "empty", "Not answered"
        lines.append(SideLine(question.number.partition(" of ")[0], f"#{view.id}-q", seat, words))
    for reflection in reflections:
        seat, words = {
            "open": ("part", "Draft saved") if reflection.text else ("empty", "Not begun"),
            "waiting": ("review", "Handed in"),
            "not_yet": ("part", "One more try"),
            "accepted": ("done", "Accepted"),
        }[reflection.state]
        title = plain(reflection.node.title)
        lines.append(SideLine(title, f"#{reflection.node.anchor}", seat, words))
    return tuple(lines)


def _begun(view: QuestionView) -> bool:
    return (
        bool(view.text)
        or any(choice.chosen for choice in view.choices)
        or any(group.chosen for card in view.cards for group in card.groups)
        or any(step.position for step in view.steps)
    )


def _names(quiz: Quiz) -> Names:
    questions = tuple(q for each in quiz.questions for q in (each.members or (each,)))
    names: Names = {quiz.key: (quiz.title_text, questions)}
    for reflection in quiz.reflections:
        names[reflection.key] = (plain(reflection.title), ())
    return names
