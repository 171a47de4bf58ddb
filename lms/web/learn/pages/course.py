"""A course from the inside: where one is, the modules with a seat each, what is asked for."""

from __future__ import annotations

from msgspec import Struct

from lms.content.nodes import SafeHtml
from lms.web.learn.dates import DateBlock
from lms.web.learn.pages.course_map import CourseMap, Stop
from lms.web.learn.pages.outline import (
    ModuleView,
    OutlineItem,
    Standing,
    items,
    modules,
    resume_at,
)
from lms.web.site.pages import training
from lms.web.words import listed, minutes, plural


class Ask(Struct, frozen=True):
    words: str
    done: int
    needed: int


class CoursePage(Struct, frozen=True):
    course_key: str
    title: SafeHtml
    title_text: str
    lead: str
    emblem: str
    tile: str
    modules: tuple[ModuleView, ...]
    modules_done: int
    here: int | None
    """Place of the module one is in, from 0."""
    capstone: tuple[OutlineItem, ...]
    make_ups: tuple[OutlineItem, ...]
    resume: Stop | None
    resume_title: str
    resume_words: str
    resume_button: str
    complete: bool
    sessions: tuple[DateBlock, ...]
    asks: tuple[Ask, ...]
    readers: str
    may_leave: bool


def course_page(
    where: CourseMap,
    standing: Standing,
    *,
    last_seen: str | None,
    sessions: tuple[DateBlock, ...],
    readers: str,
    attendance: Ask | None,
    may_leave: bool,
) -> CoursePage:
    course = where.course
    shown = training(course)
    resume = resume_at(where, standing, last_seen)
    views = modules(where, standing, resume.key if resume is not None else None)
    begun = any(standing.seat(stop) != "empty" for stop in where.core)
    return CoursePage(
        course_key=course.key,
        title=course.title,
        title_text=course.title_text,
        lead=shown.lead,
        emblem=f"img/emblem-{shown.emblem}.svg",
        tile=f"tile-{shown.emblem}",
        modules=views,
        modules_done=sum(view.seat == "done" for view in views),
        here=next((place for place, view in enumerate(views) if view.open), None),
        capstone=items(
            [s for s in where.stops if s.kind == "capstone"], standing, resume.key if resume else None
        ),
        make_ups=items([s for s in where.stops if s.key in where.make_ups], standing, None)
        if sessions
        else (),
        resume=resume,
        resume_title=_resume_title(standing, resume, begun),
        resume_words=_resume_words(standing, resume),
        resume_button=f"{'Resume' if begun else 'Start'} {_noun(resume)}" if resume is not None else "",
        complete=standing.complete,
        sessions=sessions[:2],
        asks=_asks(where, standing, attendance),
        readers=readers,
        may_leave=may_leave,
    )


def _noun(stop: Stop) -> str:
    return {"lesson": "lesson", "toolkit": "worksheet", "quiz": "quiz", "capstone": "capstone"}[stop.kind]


def _resume_title(standing: Standing, resume: Stop | None, begun: bool) -> str:
    if standing.complete:
        return "You finished this training"
    if resume is None:
        return "Everything is handed in"
    return "Pick up where you left off" if begun else "Begin here"


def _resume_words(standing: Standing, resume: Stop | None) -> str:
    if standing.complete:
        return "Everything stays open: come back to any page, and to your worksheets."
    if resume is None:
        return "Your reviewer has it now. You do not have to do anything."
    return place_words(resume)


def place_words(stop: Stop) -> str:
    """'Module 1, lesson 2: What makes it developmental. About 12 minutes.'"""
    lead = f"Module {stop.module.number}" if stop.module is not None else "Capstone"
    if stop.kind == "lesson":
        lead += f", lesson {stop.number}"
    elif stop.kind == "toolkit":
        lead += ", toolkit"
    about = f" About {minutes(stop.minutes)}." if stop.minutes else ""
    end = "" if stop.title_text.endswith(("?", "!", ".")) else "."
    return f"{lead}: {stop.title_text}{end}{about}"


def _asks(where: CourseMap, standing: Standing, attendance: Ask | None) -> tuple[Ask, ...]:
    """What finishing takes, as counts: one line for each kind of thing."""
    by_kind: dict[str, list[str]] = {}
    for requirement in where.course.requirements:
        by_kind.setdefault(requirement.kind, []).append(requirement.key)
    lines = [
        Ask(_ask_words(kind, len(keys)), sum(key not in standing.unmet for key in keys), len(keys))
        for kind, keys in by_kind.items()
    ]
    return (*lines, attendance) if attendance is not None else tuple(lines)


def _ask_words(kind: str, count: int) -> str:
    return {
        "lesson": f"Finish {plural(count, 'lesson')}",
        "activity": f"Try {plural(count, 'activity')}; any answer counts",
        "quiz": f"Pass {plural(count, 'quiz')}",
        "reflection": f"Have {plural(count, 'reflection')} accepted",
        "try-out": f"Finish {plural(count, 'worksheet')}",
        "capstone": "Have your capstone accepted",
    }[kind]


class JoinPage(Struct, frozen=True):
    """Before enrolling, and before leaving: what it means."""

    course_key: str
    title: SafeHtml
    title_text: str
    words: str
    readers: str
    done: int = 0
    needed: int = 0


def join_words(where: CourseMap) -> str:
    parts = [plural(len(where.course.modules), "module")]
    lessons = sum(stop.kind == "lesson" for stop in where.core)
    parts.append(plural(lessons, "lesson"))
    words = listed(parts).capitalize()
    return f"{words}, about {minutes(where.course.design_minutes)} in all. It costs nothing."
