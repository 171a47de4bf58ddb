"""One address for every page of a course: lesson, worksheet, quiz or capstone."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from lms.web.access import signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.here import here
from lms.web.learn.views.lessons import show_lesson
from lms.web.learn.views.quizzes import show_quiz
from lms.web.learn.views.reflections import show_capstone
from lms.web.learn.views.worksheets import show_sheet

SHOW = {
    "lesson": show_lesson,
    "toolkit": show_sheet,
    "quiz": show_quiz,
    "capstone": show_capstone,
}


@blueprint.get("/learn/<course_key>/<page_key>")
@signed_in
def page(course_key: str, page_key: str) -> ResponseReturnValue:
    found = here(course_key)
    return SHOW[found.stop(page_key).kind](found, page_key)
