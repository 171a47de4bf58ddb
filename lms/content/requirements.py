"""What a learner must have done, with the minutes that it earns: `requires` applied to the pages."""

from __future__ import annotations

import re
from typing import Literal

from lms.content.nodes import (
    Activity,
    Capstone,
    Lesson,
    Module,
    Requirement,
    Reviewers,
    SessionGuide,
)  # fmt: skip
from lms.content.render import plain_text
from lms.content.tree import Page

_NOUNS = {
    "lessons": "lessons",
    "activities": "activities",
    "quizzes": "quizzes",
    "reflections": "reflections",
    "try-outs": "toolkit pieces with minutes",
    "capstone": "a capstone",
}


def requirements_of(
    requires: dict[str, str],
    modules: tuple[Module, ...],
    capstone: Capstone | None,
    sessions: tuple[SessionGuide, ...],
    reviewers: Reviewers,
) -> tuple[Requirement, ...]:
    """In the order that learners meet them. Live sessions and their make-ups are outside the core."""
    make_ups = {guide.make_up for guide in sessions if guide.make_up}
    stand_ins: dict[str, list[Lesson]] = {}
    for module in modules:
        for lesson in module.lessons:
            if lesson.alternative_to:
                stand_ins.setdefault(lesson.alternative_to, []).append(lesson)
    found: list[Requirement] = []
    for module in modules:
        for lesson in module.lessons:
            if lesson.alternative_to is None and lesson.key not in make_ups:
                found += _lesson(requires, lesson, stand_ins.get(lesson.key, []))
        found += _sheets(requires, module, make_ups)
        found += _quiz(requires, module, reviewers)
    if capstone is not None and "capstone" in requires:
        found.append(
            Requirement(
                "capstone", capstone.key, capstone.key, capstone.title_text, capstone.minutes,
                level=_level(requires["capstone"]), reviewers=capstone.reviewers,
            )
        )  # fmt: skip
    return tuple(found)


def _core(lesson: Lesson) -> list[Activity]:
    """The activities of a lesson that stand in for no other."""
    return [block for block in lesson.blocks if isinstance(block, Activity) and not block.instead_of]


def _lesson(requires: dict[str, str], lesson: Lesson, stand_ins: list[Lesson]) -> list[Requirement]:
    core = _core(lesson)
    with_lessons, with_activities = "lessons" in requires, "activities" in requires
    found = []
    if with_lessons:
        doing = 0 if with_activities else sum(activity.minutes for activity in core)
        minutes = max(lesson.minutes - doing, 0)
        also = tuple(other.key for other in stand_ins)
        found.append(Requirement("lesson", lesson.key, lesson.key, lesson.title_text, minutes, also=also))
    if with_activities:
        for place, activity in enumerate(core):
            minutes = 0 if with_lessons else activity.minutes
            title = plain_text(activity.title)
            also = _equal_credit(lesson, activity, place, stand_ins)
            found.append(Requirement("activity", activity.key, lesson.key, title, minutes, also=also))
    return found


def _equal_credit(lesson: Lesson, activity: Activity, place: int, stand_ins: list[Lesson]) -> tuple[str, ...]:
    """What counts instead of an activity: one that says so, or the one at its place in a lesson that can
    replace the whole (the last, when that has fewer; the lesson itself, when it has none).
    """
    keys = [
        block.key
        for block in lesson.blocks
        if isinstance(block, Activity) and block.instead_of == activity.key
    ]
    for other in stand_ins:
        own = _core(other)
        keys.append(own[min(place, len(own) - 1)].key if own else other.key)
    return tuple(keys)


def _sheets(requires: dict[str, str], module: Module, make_ups: set[str]) -> list[Requirement]:
    if "try-outs" not in requires:
        return []
    return [
        Requirement(
            "try-out", sheet.key, sheet.key, sheet.title_text, sheet.minutes,
            sittings=sheet.sittings, paper=sheet.form == "paper",
        )
        for sheet in module.toolkits
        if sheet.minutes and sheet.key not in make_ups
    ]  # fmt: skip


def _quiz(requires: dict[str, str], module: Module, reviewers: Reviewers) -> list[Requirement]:
    quiz = module.quiz
    if quiz is None:
        return []
    found = []
    if "quizzes" in requires:
        percent = int(re.sub(r"\D", "", requires["quizzes"]))
        found.append(
            Requirement("quiz", quiz.key, quiz.key, quiz.title_text, quiz.minutes, pass_percent=percent)
        )
    if "reflections" in requires:
        level = _level(requires["reflections"])
        found += [
            Requirement(
                "reflection", each.key, quiz.key, plain_text(each.title), each.minutes,
                level=level, reviewers=reviewers,
            )
            for each in quiz.reflections
        ]  # fmt: skip
    return found


def _level(words: str) -> Literal["meets", "strong"]:
    return "strong" if words.endswith("strong") else "meets"


def unmet(page: Page, requires: dict[str, str], found: tuple[Requirement, ...]) -> list[tuple[int, int, str]]:
    """Line, column and sentence of each line of `requires` that names what the course does not have."""
    kinds = {requirement.kind for requirement in found}
    named = {
        "lessons": "lesson", "activities": "activity", "quizzes": "quiz", "reflections": "reflection",
        "try-outs": "try-out", "capstone": "capstone",
    }  # fmt: skip
    problems = []
    for name in requires:
        if named[name] not in kinds:
            value = page.header.maps["requires"][name]
            none = "there is none" if name == "capstone" else "there are none"
            problems.append((value.line, value.column, f"'requires' names {_NOUNS[name]} and {none}."))
    return problems
