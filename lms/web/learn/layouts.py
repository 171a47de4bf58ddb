"""How an attempt at a quiz is laid out: from enrollment, key and number alone."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.nodes import Quiz
from lms.responses.chance import seed_for
from lms.responses.grading import Shown, lay_out
from lms.responses.queries.quizzes import AttemptRow
from lms.web.learn.here import Here


def next_number(made: Sequence[AttemptRow]) -> int:
    return made[0].number + 1 if made else 1


def layout_of(found: Here, quiz: Quiz, number: int) -> tuple[Shown, ...]:
    return lay_out(quiz.questions, seed_for(found.enrollment.id, quiz.key, number), quiz.shuffle)
