"""Pages of a proof that are built anew only when something changed that they are built from."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar, TypeVarTuple

from msgspec import Struct

from lms.content.compiler import Reading
from lms.content.desk import Carry, Desk, Known, Shelf, Workshop
from lms.content.languages import Language
from lms.content.nodes import SeenBy
from lms.content.problems import Problem
from lms.content.tree import Page

Html = dict[tuple[str, bool], str]
"""Of a page: by the text of a part, and whether it is inline."""

_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")


class _LookedUp(NamedTuple):
    """Files that a page's links name, and keys of sources and local facts."""

    files: frozenset[str]
    sources: frozenset[str]
    inserts: frozenset[str]


class _Built(Struct, frozen=True):
    """What came of building a page, and what that rests on beside the file itself."""

    node: Any
    around: tuple[object, ...]
    refers: tuple[object, ...]
    """Where its links lead, its sources and its local facts."""
    looked_up: _LookedUp
    problems: tuple[Problem, ...]
    keyed: Mapping[str, Known]
    carries: tuple[Carry, ...]


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
        if (
            built is not None
            and built.around == around
            and _found(built.looked_up, page, shelf) == built.refers
        ):
            shelf.problems += built.problems
            shelf.keyed |= built.keyed
            shelf.carries += built.carries
            shelf.used_sources |= built.looked_up.sources
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
        links = desk.links
        looked_up = _LookedUp(
            frozenset(links.asked), frozenset(links.used_sources), frozenset(links.used_inserts)
        )
        if not links.guessed:  # a guess rests on everything that could have been meant
            kept.built = _Built(
                node,
                around,
                _found(looked_up, page, shelf),
                looked_up,
                tuple(shelf.problems[problems:]),
                {key: known for key, known in shelf.keyed.items() if key.startswith(f"{desk.key}.")},
                tuple(shelf.carries[carries:]),
            )
        return node


def _around(page: Page, shelf: Shelf) -> tuple[object, ...]:
    """What any page rests on beside its own words: all that a desk looks up, references aside. Who sees it is
    said in the page, and another language is another reading."""
    return (
        shelf.keys[page.file],
        shelf.today,
        dict(shelf.images),
        [problem for problem in shelf.problems if problem.file == page.file],
    )


def _found(looked_up: _LookedUp, page: Page, shelf: Shelf) -> tuple[object, ...]:
    """What the page finds now where it looked."""
    targets = shelf.guide_targets if page.kind == "session" else shelf.targets
    return (
        {path: targets.get(path) for path in looked_up.files},
        {key: shelf.sources.get(key) for key in looked_up.sources},
        {key: shelf.inserts.get(key) for key in looked_up.inserts},
    )


def _told_apart(shelf: Shelf) -> bool:
    """Whether no two files have one key: what belongs to a page is known by it."""
    return len(set(shelf.keys.values())) == len(shelf.keys)
