"""Which file of a course is what: told by its path alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, field

from lms.content.problems import Problem, did_you_mean, error

_MODULE = r"(?P<module>(?P<number>\d{1,3})-[\w-]+)"
_IMAGE = r"[A-Za-z0-9][A-Za-z0-9._-]*\.(?:svg|png|jpg|jpeg|gif|webp)"
_SHAPES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("lesson", rf"{_MODULE}/(?P<order>\d{{1,3}})-[\w-]+\.md"),
        ("toolkit", rf"{_MODULE}/toolkit/t(?P<order>\d{{1,3}})-[\w-]+\.md"),
        ("module", rf"{_MODULE}/module\.md"),
        ("quiz", rf"{_MODULE}/quiz\.md"),
        ("session", r"sessions/(?P<order>\d{1,3})-[\w-]+\.md"),
        ("course", r"course\.md"),
        ("sources", r"sources\.md"),
        ("local", r"local\.md"),
        ("capstone", r"capstone\.md"),
        ("image", rf"(?:{_MODULE}/|sessions/)?images/{_IMAGE}"),
    )
)
_LOOSE_PAGE = re.compile(r"\d{1,3}-[\w-]+/[^/]+\.md")
_OF_A_MODULE = ("module.md", "quiz.md")
_FIXED = ("course.md", "sources.md", "local.md", "capstone.md", "module.md", "quiz.md")


class Placed(Struct, frozen=True):
    path: str
    kind: str
    order: int
    module: str = ""


class Layout(Struct):
    placed: dict[str, Placed] = field(default_factory=dict)
    """By path: course, sources and local first, then everything in the order that learners meet it."""
    modules: dict[str, int] = field(default_factory=dict)
    """Number of each module folder, in order."""

    def of(self, kind: str, module: str = "") -> list[Placed]:
        return [each for each in self.placed.values() if each.kind == kind and each.module == module]


_READING_ORDER = (
    "course", "local", "sources", "module", "lesson", "toolkit", "quiz", "capstone", "session", "image",
)  # fmt: skip


def lay_out(paths: Iterable[str], problems: list[Problem]) -> Layout:
    found: list[Placed] = []
    numbers: dict[str, int] = {}
    for path in sorted(paths):
        placed = _place(path)
        if placed is None:
            name = path.rsplit("/", 1)[-1]
            in_module = _LOOSE_PAGE.fullmatch(path) is not None
            fixed = _OF_A_MODULE if in_module else _FIXED
            hint = did_you_mean(name, fixed) if name not in _FIXED else ""
            if in_module and not hint:
                hint = " Lessons begin with a number; notes of your own go into README.md."
            problems.append(error(path, 1, 1, "file-place", f"No file of this name belongs here.{hint}"))
            continue
        if placed.module:
            numbers[placed.module] = int(placed.module.partition("-")[0])
        found.append(placed)
    modules = dict(sorted(numbers.items(), key=lambda item: (item[1], item[0])))
    rank = {module: place for place, module in enumerate(modules)}
    last = len(rank)
    found.sort(key=lambda each: (
        rank.get(each.module, -1 if each.kind in ("course", "local", "sources") else last),
        _READING_ORDER.index(each.kind), each.order, each.path,
    ))  # fmt: skip
    layout = Layout({each.path: each for each in found}, modules)
    _check_numbers(layout, problems)
    _check_whole(layout, problems)
    return layout


def _place(path: str) -> Placed | None:
    for kind, shape in _SHAPES:
        if match := shape.fullmatch(path):
            groups = match.groupdict()
            order = int(groups.get("order") or 0)
            return Placed(path, kind, order, groups.get("module") or "")
    return None


def _check_numbers(layout: Layout, problems: list[Problem]) -> None:
    taken: set[tuple[str, str, int]] = set()
    for placed in layout.placed.values():
        if placed.kind not in ("lesson", "toolkit", "session"):
            continue
        place = (placed.kind, placed.module, placed.order)
        if place in taken:
            start = f"t{placed.order}" if placed.kind == "toolkit" else str(placed.order)
            problems.append(error(placed.path, 1, 1, "file-order", f"Two files start with {start}."))
        taken.add(place)
    numbers: set[int] = set()
    for module, number in layout.modules.items():
        if number in numbers:
            message = f"Two folders start with {number}."
            problems.append(error(f"{module}/module.md", 1, 1, "file-order", message))
        numbers.add(number)


def _check_whole(layout: Layout, problems: list[Problem]) -> None:
    if "course.md" not in layout.placed:
        problems.append(error("course.md", 1, 1, "file-place", "A course needs a file 'course.md'."))
    for module in layout.modules:
        if f"{module}/module.md" not in layout.placed:
            message = "A module needs a file 'module.md'."
            problems.append(error(f"{module}/module.md", 1, 1, "file-place", message))
