"""The outline beside a page: the module's pages with a seat each, and the words that say the same."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from lms.content.nodes import Module, SafeHtml
from lms.web.learn.pages.course_map import CourseMap, Stop

Seat = Literal["done", "part", "review", "empty"]
SEAT_WORDS: dict[Seat, str] = {
    "done": "completed",
    "part": "begun",
    "review": "with your reviewer",
    "empty": "not started",
}
KIND_WORDS = {"lesson": "", "toolkit": "Toolkit: ", "quiz": "", "capstone": ""}
KIND_ICONS = {
    "lesson": "book-open", "toolkit": "clipboard-pen-line", "quiz": "message-square-text",
    "capstone": "award",
}  # fmt: skip


class Standing(Struct, frozen=True):
    """Where somebody stands in a course: reasons by requirement key, and the pages seen."""

    unmet: dict[str, str]
    seen: frozenset[str]
    complete: bool = False

    def seat(self, stop: Stop) -> Seat:
        """A page is done when nothing required on it is open; a page that earns nothing is never done."""
        open_here = [self.unmet[key] for key in stop.needed if key in self.unmet]
        if stop.needed and not open_here:
            return "done"
        if open_here and all(reason == "awaiting_review" for reason in open_here):
            return "review"
        if len(open_here) < len(stop.needed) or stop.key in self.seen:
            return "part"
        return "empty"


class OutlineItem(Struct, frozen=True):
    key: str
    kind: str
    icon: str
    lead: str
    title: SafeHtml
    minutes: int
    seat: Seat
    words: str
    here: bool
    optional: bool


class Outline(Struct, frozen=True):
    heading: str
    position: str
    items: tuple[OutlineItem, ...]


def outline(where: CourseMap, stop: Stop, standing: Standing) -> Outline:
    stops = [s for s in where.stops_of(stop.module) if s.key not in where.make_ups or s is stop]
    lessons = [s for s in stops if s.kind == "lesson"]
    if stop.module is None:
        heading, position = "Capstone", "Capstone"
    else:
        heading = f"Module {stop.module.number}: {stop.module.title_text}"
        position = f"Module {stop.module.number}"
        if stop.kind == "lesson" and stop in lessons:
            position += f": lesson {lessons.index(stop) + 1} of {len(lessons)}"
    return Outline(heading, position, items(stops, standing, stop.key))


def items(stops: Collection[Stop], standing: Standing, here: str | None) -> tuple[OutlineItem, ...]:
    return tuple(_item(stop, standing, here) for stop in stops)


def _item(stop: Stop, standing: Standing, here: str | None) -> OutlineItem:
    seat = standing.seat(stop)
    return OutlineItem(
        stop.key, stop.kind, KIND_ICONS[stop.kind], KIND_WORDS[stop.kind], stop.title, stop.minutes,
        seat, SEAT_WORDS[seat], stop.key == here, not stop.needed,
    )  # fmt: skip


class ModuleView(Struct, frozen=True):
    number: int
    title: SafeHtml
    objective: str
    items: tuple[OutlineItem, ...]
    seat: Seat
    counts: str
    open: bool


def modules(where: CourseMap, standing: Standing, here: str | None) -> tuple[ModuleView, ...]:
    """Every module with its pages, the capstone apart; the one that holds `here` is open."""
    return tuple(_module(where, module, standing, here) for module in where.course.modules)


def _module(where: CourseMap, module: Module, standing: Standing, here: str | None) -> ModuleView:
    stops = [s for s in where.stops_of(module) if s.key not in where.make_ups]
    seats = [standing.seat(stop) for stop in stops if stop.needed]
    seat: Seat = "part" if any(s != "empty" for s in seats) else "empty"
    if seats and all(s == "done" for s in seats):
        seat = "done"
    lessons = len(module.lessons)
    sheets = len(module.toolkits)
    counts = f"{lessons} lesson{'s' if lessons != 1 else ''}"
    if sheets:
        counts += f", {sheets} toolkit{'s' if sheets != 1 else ''}"
    return ModuleView(
        module.number, module.title, module.objective, items(stops, standing, here), seat, counts,
        any(stop.key == here for stop in stops),
    )  # fmt: skip


def resume_at(where: CourseMap, standing: Standing, last_seen: str | None) -> Stop | None:
    """The page to go on with: the one seen last if it is not done, else the first that is not. A lesson that
    was marked complete with an activity still open comes after those that were not."""
    waiting = [s for s in where.core if standing.seat(s) not in ("done", "review")]
    fresh = [s for s in waiting if s.key in standing.unmet]
    for stop in fresh:
        if stop.key == last_seen:
            return stop
    return next(iter((*fresh, *waiting)), None)
