"""What the text of one page may refer to, and what it has referred to so far."""

from __future__ import annotations

import html as html_entities
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from lms.content.nodes import Citation, Source
from lms.content.problems import Problem, did_you_mean

SUGGESTIONS = 100
"""Of a file; looking for near words is slow where there are many."""


class Target(NamedTuple):
    """A page that may be linked: its address beside the other pages (`cc-1-4`), and its anchors."""

    href: str
    anchors: Container[str]


class Picture(NamedTuple):
    src: str
    width: int | None = None
    height: int | None = None


class _Cited(Struct):
    number: int
    uses: int = 0
    places: list[str] = field(default_factory=list)


class PageLinks(Struct):
    """What the text of one file may refer to, and what it has referred to so far."""

    file: str
    targets: Mapping[str, Target]
    images: Mapping[str, Picture]
    sources: Mapping[str, Source]
    inserts: Mapping[str, str]
    source_word: str = "Source"
    table_word: str = "Table"
    problems: list[Problem] = field(default_factory=list)
    used_inserts: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Paths of files that were looked for, also those that are not there."""
    _suggested: int = 0
    _cited: dict[str, _Cited] = field(default_factory=dict)
    _tables: dict[str, int] = field(default_factory=dict)

    @property
    def guessed(self) -> bool:
        """Something was looked for among all that is known."""
        return self._suggested > 0

    @property
    def used_sources(self) -> set[str]:
        return set(self._cited)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The numbered notes, in order of first use."""
        return tuple(
            Citation(
                number=cited.number,
                key=key,
                html=self.sources[key].html,
                kinds=self.sources[key].kinds,
                second_hand=self.sources[key].second_hand,
                places=tuple(cited.places),
            )
            for key, cited in self._cited.items()
        )

    def suggest(self, word: str, known: Iterable[str]) -> str:
        """What was probably meant, as long as anybody reads it: a file shows its first problems only."""
        self._suggested += 1
        return did_you_mean(word, known) if self._suggested <= SUGGESTIONS else ""

    def cite(self, key: str, place_cited: str) -> str:
        """The reference to a note; its id is unique on the page."""
        cited = self._cited.setdefault(key, _Cited(len(self._cited) + 1))
        cited.uses += 1
        if place_cited and place_cited not in cited.places:
            cited.places.append(place_cited)
        number = cited.number
        own = f"ref-{number}" if cited.uses == 1 else f"ref-{number}-{cited.uses}"
        label = f"{self.source_word} {number}" + (f", {place_cited}" if place_cited else "")
        return (
            f'<a class="fn-ref" href="#fn-{number}" id="{own}"'
            f' aria-label="{html_entities.escape(label)}">{number}</a>'
        )

    def table_label(self, heads: list[str]) -> str:
        """A name for a table's region, unlike every other of the page."""
        words = ", ".join(head for head in heads if head)
        self._tables[words] = self._tables.get(words, 0) + 1
        again = self._tables[words]
        name = self.table_word if again == 1 else f"{self.table_word} {again}"
        return f"{name}: {words}" if words else name
