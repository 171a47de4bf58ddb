"""Pages of a proof that are built anew only when something changed that they are built from."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, TypeVarTuple

from msgspec import Struct

from lms.content.compiler import Reading
from lms.content.desk import Carry, Desk, Known, Shelf, Workshop
from lms.content.languages import Language
from lms.content.nodes import SeenBy
from lms.content.page import Target
from lms.content.problems import Problem
from lms.content.tree import Page

Html = dict[tuple[str, bool], str]
"""Of a page: by the text of a part, and whether it is inline."""

_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")


class _Built(Struct, frozen=True):
    """What came of building a page, and what that rests on beside the file itself."""

    node: Any
    around: tuple[object, ...]
    asked: Mapping[str, Target | None]
    """Files that it refers to."""
    problems: tuple[Problem, ...]
    keyed: Mapping[str, Known]
    carries: tuple[Carry, ...]
    used_sources: frozenset[str]


class KeptPage:
    """A file as it was last read and rendered, and as it was last built."""

    def __init__(self, data: bytes, language: Language | None, reading: Reading, html: Html) -> None:
        self.data = data
        self.language = language
        """In which it was read; None of `course.md`, which says it itself."""
        self.reading = reading
        self.html = html
        self.built: _Built | None = None
        self._written_into = False
        self._page = pickle.dumps(reading.page, pickle.HIGHEST_PROTOCOL)

    def fresh(self, page: Page) -> Page:
        """The page as it was rendered. Building writes into it, so each build begins with another one."""
        if self._written_into:
            page = self.reading.page = pickle.loads(self._page)  # noqa: S301 - this object wrote it
        self._written_into = True
        return page


class KeepingWorkshop(Workshop):
    """Builds for one proof. `kept`: by path."""

    def __init__(self, kept: Mapping[str, KeptPage]) -> None:
        self.kept = kept
        self.built: list[str] = []

    def build(
        self,
        page: Page,
        shelf: Shelf,
        seen_by: SeenBy,
        make: Callable[[Desk, *_Given], _Made],
        *given: *_Given,
    ) -> _Made:
        kept = self.kept[page.file]
        around = (make, given, *_around(page, shelf))
        built = kept.built if _told_apart(shelf) else None
        if built is not None and built.around == around and _leads(built.asked, page, shelf) == built.asked:
            shelf.problems += built.problems
            shelf.keyed |= built.keyed
            shelf.carries += built.carries
            shelf.used_sources |= built.used_sources
            node: _Made = built.node
            return node
        kept.built = None
        self.built.append(page.file)
        page = shelf.pages[page.file] = kept.fresh(page)
        return self._anew(kept, around, Desk(page, shelf, seen_by), make, *given)

    def _anew(
        self,
        kept: KeptPage,
        around: tuple[object, ...],
        desk: Desk,
        make: Callable[[Desk, *_Given], _Made],
        *given: *_Given,
    ) -> _Made:
        page, shelf = desk.page, desk.shelf
        problems, carries = len(shelf.problems), len(shelf.carries)
        node = make(desk, *given)
        desk.close()
        if not desk.links.guessed:  # a guess rests on everything that could have been meant
            kept.built = _Built(
                node,
                around,
                _leads(desk.links.asked, page, shelf),
                tuple(shelf.problems[problems:]),
                {key: known for key, known in shelf.keyed.items() if key.startswith(f"{desk.key}.")},
                tuple(shelf.carries[carries:]),
                frozenset(desk.links.used_sources),
            )
        return node


def _around(page: Page, shelf: Shelf) -> tuple[object, ...]:
    """What any page rests on beside its own words: all that a desk looks up, links aside. Who sees a page is
    said in it, and another language is another reading."""
    return (
        shelf.keys[page.file],
        shelf.today,
        dict(shelf.images),
        dict(shelf.sources),
        dict(shelf.inserts),
        [problem for problem in shelf.problems if problem.file == page.file],
    )


def _leads(asked: Iterable[str], page: Page, shelf: Shelf) -> dict[str, Target | None]:
    """Where links of the page to these files lead."""
    targets = shelf.guide_targets if page.kind == "session" else shelf.targets
    return {path: targets.get(path) for path in asked}


def _told_apart(shelf: Shelf) -> bool:
    """Whether no two files have one key: what belongs to a page is known by it."""
    return len(set(shelf.keys.values())) == len(shelf.keys)
