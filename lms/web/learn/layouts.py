"""How the attempt at a quiz that comes next is laid out: from enrollment, key and number alone."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.nodes import Quiz
from lms.responses.chance import seed_for
from lms.responses.grading import Shown, lay_out
from lms.responses.queries.quizzes import AttemptRow
from lms.web.learn.here import Here


def next_number(made: Sequence[AttemptRow]) -> int:
    return made[0].number + 1 if made else 1


def next_layout(found: Here, quiz: Quiz, made: Sequence[AttemptRow]) -> tuple[Shown, ...]:
    seed = seed_for(found.enrollment.id, quiz.key, next_number(made))
    return lay_out(quiz.questions, seed, quiz.shuffle)
