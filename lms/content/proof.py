"""A course while it is being written: shown as far as it goes, and quickly.

A proof is not a compiled course: it may have errors, and its text carries marks that say from which line
it came, so that a page can show each problem in its place. Only files that changed since the last proof are
read, screened and rendered; the others come back as they were. A file that is not fit to be rendered shows
its text as written and spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape

from msgspec import Struct

from lms.content.compiler import (
    Reading,
    as_written,
    build,
    first_hundreds,
    has_error,
    name_headings,
    paths_to_read,
    put_on_shelf,
    read_file,
)
from lms.content.desk import Shelf
from lms.content.languages import DEFAULT, Language
from lms.content.layout import Layout, lay_out
from lms.content.nodes import Course
from lms.content.pieces import parts
from lms.content.problems import Problem
from lms.content.reader import SourceFiles
from lms.content.rebuilding import Html, KeepingWorkshop, KeptPage
from lms.content.render import render
from lms.content.screen import screen
from lms.content.tree import Child, Lone, Page, Section

MARK = re.compile(r'<mark data-at="([^"]*):(\d+)"></mark>')
"""Of a proof's HTML: file and line of what follows, or of the heading or label that ends here. A mark has no
words: titles, counts and anchors are as without it. `html.unescape` gives the file."""


class Proof(Struct, frozen=True):
    """`course` is None when there is no readable `course.md`. `keys`: the page key of each file."""

    course: Course | None
    problems: tuple[Problem, ...]
    keys: Mapping[str, str]


class Proofs:
    """Proofs of one folder, one after the other. For one thread at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptPage] = {}
        self.read: tuple[str, ...] = ()
        """Files that the last proof had to read."""
        self.built: tuple[str, ...] = ()
        """Files that it had to build: these, and those that refer to something that changed."""

    def make(self, files: SourceFiles, *, today: date) -> Proof:
        before = dict(self._kept)
        found: list[Problem] = list(files.problems)
        layout = lay_out(files.files, found)
        shelf = Shelf(DEFAULT, today, whole=not found, problems=found)
        self._fill(shelf, files.files, layout)
        self.read = tuple(path for path, kept in self._kept.items() if kept is not before.get(path))
        workshop = KeepingWorkshop(self._kept)
        course = build(files.files, layout, shelf, workshop)
        self.built = tuple(workshop.built)
        return Proof(course, first_hundreds(found), dict(shelf.keys))

    def _fill(self, shelf: Shelf, files: Mapping[str, bytes], layout: Layout) -> None:
        paths, _ = paths_to_read(files, layout, shelf)
        for path in paths:
            put_on_shelf(self._reading(path, layout.placed[path].kind, files[path], shelf.language), shelf)
        self._kept = {path: self._kept[path] for path in paths}

    def _reading(self, path: str, kind: str, data: bytes, language: Language) -> Reading:
        kept = self._kept.get(path)
        spoken = None if kind == "course" else language
        if kept is None or kept.data != data or kept.language is not spoken:
            reading = read_file(path, kind, data, language)
            html: Html = {}
            if reading.page is not None:
                html = _render(reading, reading.page, kept.html if kept else {})
            kept = self._kept[path] = KeptPage(data, spoken, reading, html)
        return kept.reading


def _render(reading: Reading, page: Page, known: Html) -> Html:
    """Fills the page, and gives the HTML of its parts. `known`: of parts that were rendered before."""
    if reading.fit:
        screened = screen([text.piece for text in page.texts])
        reading.problems += screened
        reading.fit = not has_error(screened)
    cut = [parts(text.piece) for text in page.texts] if reading.fit else []
    every = [part for each in cut for part in each]
    rendering = render(new := [part for part in every if (part.text, part.inline) not in known])
    reading.problems += rendering.problems
    page.rendered = reading.fit and not has_error(rendering.problems)
    html: Html = {}
    if page.rendered:
        fresh = {(part.text, part.inline): words for part, words in zip(new, rendering.html, strict=True)}
        html = {key: known[key] if key in known else fresh[key] for part in every for key in [part[3:5]]}
    else:
        as_written(page)
    unmarked = _unmarked(page)
    for place, text in enumerate(page.texts):
        if page.rendered:
            shown = [(part.line, html[part.text, part.inline]) for part in cut[place]]
        else:
            shown = [(text.line, text.html)]
        if id(text) in unmarked:
            text.html = "\n".join(words for _, words in shown)
        elif text.piece.inline:
            text.html = f"{shown[0][1]}{_mark(page, text.line)}"
        else:
            text.html = "\n".join(f"{_mark(page, line)}{words}" for line, words in shown)
    name_headings(page)
    return html


def _mark(page: Page, line: int) -> str:
    return f'<mark data-at="{escape(page.file)}:{line}"></mark>'


def _unmarked(page: Page) -> set[int]:
    """A paragraph that is one link must stay it, and what the header says stands on many pages."""
    lone = {id(child.text) for child in _all(page.children) if isinstance(child, Lone)}
    return lone | {id(text) for text in page.lines_of_header.values()}


def _all(children: Sequence[Child]) -> Iterator[Child]:
    for child in children:
        yield child
        if isinstance(child, Section):
            yield from _all(child.children)
