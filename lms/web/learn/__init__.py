"""Learners' pages: my learning, courses, lessons, worksheets, quizzes, reflections, certificates."""

from __future__ import annotations

from lms.web.learn.blueprint import blueprint
from lms.web.learn.views import (
    activities,
    certificates,
    drafts,
    enrolling,
    lessons,
    media,
    my_learning,
    pages,
    quizzes,
    reflections,
    texts,
    transcript,
    worksheets,
)

__all__ = [
    "activities",
    "blueprint",
    "certificates",
    "drafts",
    "enrolling",
    "lessons",
    "media",
    "my_learning",
    "pages",
    "quizzes",
    "reflections",
    "texts",
    "transcript",
    "worksheets",
]
