"""Where each page of a compiled course stands: its neighbors, its module, its key's owner.

Built once for a version and kept, because every learner's page asks it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Literal

from markupsafe import Markup
from msgspec import Struct, field

from lms.content.nodes import (
    Activity,
    Block,
    Capstone,
    Course,
    Lesson,
    Module,
    Quiz,
    Requirement,
    SafeHtml,
    Toolkit,
    ToolkitCard,
    Variants,
)
from lms.kernel.latest import Latest
from lms.responses.worksheets import Home, homes

PageKind = Literal["lesson", "toolkit", "quiz", "capstone"]
PageNode = Lesson | Toolkit | Quiz | Capstone
_KEPT_VERSIONS = 16
_KEPT_ANSWERS = 300


class Stop(Struct, frozen=True):
    """A page of the course in reading order."""

    key: str
    kind: PageKind
    node: PageNode
    module: Module | None
    number: int
    """Its place among the lessons of its module, from 1; 0 for other pages."""
    needed: tuple[str, ...]
    """Keys of the requirements that are met on this page."""
    title: SafeHtml
    title_text: str
    minutes: int


class CourseMap(Struct, frozen=True):
    course: Course
    stops: tuple[Stop, ...]
    by_key: dict[str, Stop]
    requirements: dict[str, Requirement]
    make_ups: frozenset[str]
    """Pages that stand in for a missed session: outside the core, never 'next'."""
    homes: dict[str, Home]
    """Where the answer to each field is kept that something can be brought over from."""
    anchors: dict[str, str]
    """Where on its page each activity and each reflection stands, by full key."""
    rendered: dict[tuple[Hashable, ...], Markup] = field(default_factory=dict)
    """What templates made of parts that are the same for everybody: see `bodies`."""
    answered: Latest[Markup] = field(default_factory=lambda: Latest(_KEPT_ANSWERS))
    """What they made of activities as somebody answered them, by choosing and not by typing."""

    @property
    def core(self) -> tuple[Stop, ...]:
        return tuple(stop for stop in self.stops if stop.needed)

    def stops_of(self, module: Module | None) -> tuple[Stop, ...]:
        return tuple(stop for stop in self.stops if stop.module is module)

    def after(self, key: str) -> Stop | None:
        return self._step(key, 1)

    def before(self, key: str) -> Stop | None:
        return self._step(key, -1)

    def _step(self, key: str, by: int) -> Stop | None:
        places = [stop.key for stop in self.stops]
        place = places.index(key) + by
        while 0 <= place < len(places):
            if places[place] not in self.make_ups:
                return self.stops[place]
            place += by
        return None


_maps: dict[tuple[str, str], CourseMap] = {}


def course_map(course: Course) -> CourseMap:
    """The map of a version, kept per process. Courses are told apart by key and digest, never by hash:
    hashing a compiled course would walk all of it."""
    name = (course.key, course.digest)
    known = _maps.get(name)
    if known is not None and known.course is course:
        return known
    made = _draw(course)
    if len(_maps) >= _KEPT_VERSIONS:
        _maps.pop(next(iter(_maps)))
    _maps[name] = made
    return made


def _draw(course: Course) -> CourseMap:
    needed: dict[str, list[str]] = {}
    for requirement in course.requirements:
        needed.setdefault(requirement.page_key, []).append(requirement.key)
    stops = tuple(
        Stop(
            node.key, kind, node, module, number, tuple(needed.get(node.key, ())),
            node.title, node.title_text, node.minutes,
        )
        for kind, node, module, number in _pages(course)
    )  # fmt: skip
    return CourseMap(
        course=course,
        stops=stops,
        by_key={stop.key: stop for stop in stops},
        requirements={requirement.key: requirement for requirement in course.requirements},
        make_ups=frozenset(guide.make_up for guide in course.sessions if guide.make_up),
        homes=homes(course),
        anchors=dict(_anchors(stops)),
    )


def _pages(course: Course) -> Iterator[tuple[PageKind, PageNode, Module | None, int]]:
    """Lessons first, each followed by the toolkit pieces it is the first to name, then the rest."""
    for module in course.modules:
        sheets = {toolkit.key: toolkit for toolkit in module.toolkits}
        for number, lesson in enumerate(module.lessons, start=1):
            yield "lesson", lesson, module, number
            for key in _named_sheets(lesson.blocks):
                if key in sheets:
                    yield "toolkit", sheets.pop(key), module, 0
        for toolkit in sheets.values():
            yield "toolkit", toolkit, module, 0
        if module.quiz is not None:
            yield "quiz", module.quiz, module, 0
    if course.capstone is not None:
        yield "capstone", course.capstone, None, 0


def _named_sheets(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, ToolkitCard):
            yield block.toolkit_key
        elif isinstance(block, Variants):
            for variant in block.variants:
                yield from _named_sheets(variant.blocks)


def _anchors(stops: tuple[Stop, ...]) -> Iterator[tuple[str, str]]:
    for stop in stops:
        if isinstance(stop.node, Lesson):
            for block in stop.node.blocks:
                if isinstance(block, Activity):
                    yield block.key, block.anchor
        elif isinstance(stop.node, Quiz):
            for reflection in stop.node.reflections:
                yield reflection.key, reflection.anchor
