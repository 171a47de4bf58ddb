"""Files -> compiled course. Pure: no disk, no clock, no randomness; every problem in one run.

The way: screen, read each file into a tree, render all text in one batch, build nodes, check what pages
say of one another. Never raises on hostile input: text that is not fit to be rendered is only read.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms.content.assembly import assemble
from lms.content.codec import source_digest
from lms.content.desk import Shelf
from lms.content.earlier import Earlier, changed_kind
from lms.content.header import read_header
from lms.content.languages import DEFAULT, LANGUAGES, Language
from lms.content.layout import Layout, lay_out
from lms.content.links import Anchors
from lms.content.nodes import Course, Image
from lms.content.page import Target
from lms.content.pictures import read_picture
from lms.content.problems import Problem, error
from lms.content.reader import SourceFiles
from lms.content.render import plain_text, render
from lms.content.screen import FILE_PROBLEMS, check_sizes, decode, screen, screen_text
from lms.content.sections import read_page
from lms.content.tree import Page

_SHOWN_FIELDS = ("content-note", "privacy-line")


@dataclass(frozen=True, slots=True)
class CompileResult:
    """`course` is None when there is an error; warnings alone do not stop it."""

    course: Course | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


_NOTHING_EARLIER: Mapping[str, Earlier] = {}


def compile_course(
    files: SourceFiles, *, today: date, earlier: Mapping[str, Earlier] = _NOTHING_EARLIER
) -> CompileResult:
    """`today` decides only which sources were checked too long ago.

    `earlier`: the kinds of all keys that were ever published (`earlier_kinds`); a key keeps its kind.
    """
    problems = list(files.problems)
    layout = lay_out(files.files, problems)
    shelf = Shelf(DEFAULT, today, rendered=False, whole=not problems, problems=problems, earlier=earlier)
    pages, fit = _read_pages(files.files, layout, shelf)
    texts = [text for page in pages.values() for text in page.texts]
    screened = screen([text.piece for text in texts])
    problems += screened
    if fit and not _has_error(screened):
        rendering = render([text.piece for text in texts])
        problems += rendering.problems
        shelf.rendered = not _has_error(rendering.problems)
        for text, words in zip(texts, rendering.html, strict=True):
            text.html = words
    if not shelf.rendered:
        for text in texts:
            text.html = html.escape(text.piece.text, quote=False)
    images = _read_images(files.files, layout, shelf)
    _name_pages(pages, layout, shelf)
    course = assemble(shelf, layout, images, source_digest(files.files))
    found = _first_hundreds(sorted(set(problems)))
    return CompileResult(None if _has_error(found) else course, found)


def _first_hundreds(problems: list[Problem]) -> tuple[Problem, ...]:
    """In order, at most a hundred of each file, then a word that there are more."""
    kept: list[Problem] = []
    numbers: dict[str, int] = {}
    for problem in problems:
        number = numbers[problem.file] = numbers.get(problem.file, 0) + 1
        if number <= FILE_PROBLEMS:
            kept.append(problem)
        elif number == FILE_PROBLEMS + 1:
            message = f"Only the first {FILE_PROBLEMS} problems of this file are shown."
            kept.append(error(problem.file, problem.line, problem.column, "and-more", message))
    return tuple(kept)


def _has_error(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _read_pages(files: Mapping[str, bytes], layout: Layout, shelf: Shelf) -> tuple[dict[str, Page], bool]:
    """Every Markdown file as a tree, and whether all of them are fit to be rendered."""
    problems = shelf.problems
    before = len(problems)
    written = [path for path, placed in layout.placed.items() if placed.kind != "image"]
    shelf.whole = shelf.whole and "course.md" in written
    too_large = check_sizes({path: len(files[path]) for path in written})
    problems += too_large
    refused = {problem.file for problem in too_large}
    if any(problem.code == "course-large" for problem in too_large):
        shelf.whole = False
        return {}, False
    sound: dict[str, str] = {}
    for path in written:
        if path in refused:
            continue
        text, found = decode(path, files[path])
        problems += found
        if text is not None:
            problems += screen_text(path, text)
            sound[path] = text
    fit = not _has_error(problems[before:])
    shelf.whole = shelf.whole and len(sound) == len(written)
    for path, text in sound.items():
        kind = layout.placed[path].kind
        lines = text.split("\n")
        header = read_header(path, kind, lines, problems)
        shelf.whole = shelf.whole and header.usable
        page = Page(path, kind, header, lines)
        if kind == "course":
            shelf.language = _language(header.text("language"))
        for name in _SHOWN_FIELDS:
            if value := header.values.get(name):
                page.lines_of_header[name] = page.text(value.line, value.column, value.text, inline=True)
        read_page(page, shelf.language, problems)
        shelf.pages[path] = page
    return shelf.pages, fit


def _language(code: str) -> Language:
    return LANGUAGES.get(code, DEFAULT)


def _read_images(files: Mapping[str, bytes], layout: Layout, shelf: Shelf) -> tuple[Image, ...]:
    images: dict[str, Image] = {}
    for path, placed in layout.placed.items():
        if placed.kind == "image" and (found := read_picture(path, files[path], shelf.problems)):
            images[found[0].name] = found[0]
            shelf.images[path] = found[1]
    return tuple(images[name] for name in sorted(images))


def _name_pages(pages: Mapping[str, Page], layout: Layout, shelf: Shelf) -> None:
    """Keys of files, anchors of headings, and where links may lead."""
    taken: dict[str, str] = {}
    for path, page in pages.items():
        anchors = Anchors()
        known = set()
        if page.title is not None:
            known.add(anchors.next(plain_text(page.title.html)))
        for section in page.headings:
            section.words = plain_text(section.title.html)
            section.anchor = anchors.next(section.words)
            known.add(section.anchor)
        key = page.header.text("key")
        if key and key in taken:
            line, column = page.header.at("key")
            shelf.problems.append(
                error(path, line, column, "key-twice", f"'{key}' is already the key of {taken[key]}.")
            )
            key = ""
        elif key:
            taken[key] = path
            kind = "session guide" if page.kind == "session" else page.kind
            if changed := changed_kind(shelf.earlier, key, kind):
                line, column = page.header.at("key")
                shelf.problems.append(error(path, line, column, "key-reused", f"'{key}' {changed}"))
        shelf.keys[path] = key or path.removesuffix(".md").replace("/", "-")
        if page.kind not in ("sources", "local"):
            href = f"../{shelf.keys[path]}" if page.kind == "course" else shelf.keys[path]
            shelf.guide_targets[path] = Target(href, known)
            if page.kind != "session":
                shelf.targets[path] = shelf.guide_targets[path]
