"""What the public pages show, ready for the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from msgspec import Struct

from lms.content.nodes import Block, Course, Module, Prose, Requirement, SafeHtml
from lms.web.words import listed, minutes, plural

EMBLEMS = {"connections": "connections", "healing": "healing", "trauma": "healing", "cultur": "culture"}
"""A word in the course's key -> the emblem of its tile."""

_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_COMPOUND = re.compile(r"\b\w{1,12}-\w{1,12}\b")
_TAG = re.compile(r"<[^>]+>")


class Training(Struct, frozen=True):
    key: str
    title: SafeHtml
    title_text: str
    emblem: str
    lead: str
    earns: str
    time: str
    audience: str


class Catalog(Struct, frozen=True):
    trainings: tuple[Training, ...]


class Part(Struct, frozen=True):
    """One line of a module: a lesson, a toolkit piece, a quiz or a reflection."""

    icon: str
    kind: str
    """Said before the title of what is not a lesson: 'Toolkit', 'Quiz', 'Reflection'."""
    title: SafeHtml
    minutes: int


class ModuleOutline(Struct, frozen=True):
    number: int
    title: SafeHtml
    objective: str
    meta: str
    parts: tuple[Part, ...]


class CoursePage(Struct, frozen=True):
    training: Training
    introduction: tuple[SafeHtml, ...]
    objectives: tuple[str, ...]
    modules: tuple[ModuleOutline, ...]
    required: tuple[str, ...]
    clock_hours: int
    sessions: int
    signed_in: bool
    enrolled: bool


def training(course: Course) -> Training:
    return Training(
        key=course.key,
        title=_unbroken(course.title),
        title_text=course.title_text,
        emblem=next((name for word, name in EMBLEMS.items() if word in course.key), "connections"),
        lead=_first_paragraph(course.blocks),
        earns=plural(course.clock_hours, "contact hour"),
        time=f"About {minutes(course.design_minutes)}, in short sittings",
        audience=_sentence(listed(course.audience)),
    )


def course_page(course: Course, *, signed_in: bool, enrolled: bool) -> CoursePage:
    return CoursePage(
        training=training(course),
        introduction=tuple(block.html for block in course.blocks if isinstance(block, Prose))[:1],
        objectives=course.objectives,
        modules=tuple(_outline(module, course.requirements) for module in course.modules),
        required=required_words(course.requirements),
        clock_hours=course.clock_hours,
        sessions=len(course.sessions),
        signed_in=signed_in,
        enrolled=enrolled,
    )


def required_words(requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """What a learner must have done, one line for each kind of thing."""
    by_kind: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        by_kind.setdefault(requirement.kind, []).append(requirement)
    return tuple(_required(kind, found) for kind, found in by_kind.items())


def required_in_one_line(requirements: Iterable[Requirement]) -> str:
    """The same for a certificate's reader: about the course, not about a person."""
    counts: dict[str, int] = {}
    for requirement in requirements:
        counts[requirement.kind] = counts.get(requirement.kind, 0) + 1
    nouns = {"quiz": "quiz passed", "reflection": "reflection accepted by a reviewer"}
    plurals = {
        "quiz": "quizzes passed",
        "reflection": "reflections accepted by a reviewer",
        "activity": "activities",
        "try-out": "toolkit pieces",
    }
    nouns |= {"try-out": "toolkit piece", "capstone": "final project accepted by a reviewer"}
    parts = [plural(many, nouns.get(kind, kind), plurals.get(kind)) for kind, many in counts.items()]
    return listed(parts)


def _required(kind: str, found: list[Requirement]) -> str:
    many = len(found)
    if kind == "quiz":
        percent = max(requirement.pass_percent or 0 for requirement in found)
        return f"Pass {plural(many, 'quiz', 'quizzes')} with {percent} percent, in as many tries as you like"
    if kind == "reflection":
        return f"Have {plural(many, 'reflection')} accepted by the person who reviews them"
    return {
        "lesson": f"Finish {plural(many, 'lesson')}",
        "activity": f"Try {plural(many, 'activity')} in the lessons; any answer counts",
        "try-out": f"Fill in {plural(many, 'toolkit piece')}",
        "capstone": "Have your final project accepted by the person who reviews it",
    }[kind]


def _outline(module: Module, requirements: tuple[Requirement, ...]) -> ModuleOutline:
    parts = tuple(_parts(module))
    lessons = len(module.lessons)
    counts = [plural(lessons, "lesson")]
    if module.toolkits:
        counts.append(plural(len(module.toolkits), "toolkit piece"))
    if module.quiz:
        counts.append("a quiz")
    pages = {lesson.key for lesson in module.lessons} | {toolkit.key for toolkit in module.toolkits}
    if module.quiz:
        pages.add(module.quiz.key)
    total = sum(requirement.minutes for requirement in requirements if requirement.page_key in pages)
    meta = f"{listed(counts)}. About {minutes(total)}."
    return ModuleOutline(module.number, module.title, module.objective, meta, parts)


def _parts(module: Module) -> Iterable[Part]:
    for lesson in module.lessons:
        yield Part("book-open", "", lesson.title, lesson.minutes)
    for toolkit in module.toolkits:
        yield Part("clipboard-pen-line", "Toolkit", toolkit.title, toolkit.minutes)
    if module.quiz:
        yield Part("list-checks", "Quiz", module.quiz.title, module.quiz.minutes)
        for reflection in module.quiz.reflections:
            yield Part("message-square-text", "Reflection", reflection.title, reflection.minutes)


def _unbroken(title: SafeHtml) -> SafeHtml:
    """'Youth-Adult' stays on one line; in a narrow heading it reads as two words otherwise."""
    if "<" in title:
        return title
    return SafeHtml(_COMPOUND.sub(r'<span class="nowrap">\g<0></span>', title))


def _first_paragraph(blocks: Iterable[Block]) -> str:
    for block in blocks:
        if isinstance(block, Prose) and (found := _PARAGRAPH.search(block.html)):
            return unescape(_TAG.sub("", found[1])).strip()
    return ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
