"""Files -> compiled course. Pure: no disk, no clock, no randomness; every problem in one run.

The way: screen, read each file into a tree, render all text in one batch, build nodes, check what pages
say of one another. Never raises on hostile input: text that is not fit to be rendered is only read.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from lms.content.assembly import assemble
from lms.content.codec import source_digest
from lms.content.desk import Shelf, Workshop
from lms.content.earlier import Earlier, changed_kind
from lms.content.fields import MARKDOWN
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


class CompileResult(Struct, frozen=True):
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
    shelf = Shelf(DEFAULT, today, whole=not problems, problems=problems, earlier=earlier)
    fit = _read_pages(files.files, layout, shelf)
    texts = [text for page in shelf.pages.values() for text in page.texts]
    screened = screen([text.piece for text in texts])
    problems += screened
    rendered = False
    if fit and not has_error(screened):
        rendering = render([text.piece for text in texts])
        problems += rendering.problems
        rendered = not has_error(rendering.problems)
        for text, words in zip(texts, rendering.html, strict=True):
            text.html = words
    for page in shelf.pages.values():
        page.rendered = rendered
        if not rendered:
            as_written(page)
        name_headings(page)
    course = build(files.files, layout, shelf, Workshop())
    found = first_hundreds(problems)
    return CompileResult(None if has_error(found) else course, found)


def as_written(page: Page) -> None:
    """Text that is not fit to be rendered, shown as it stands in the file."""
    for text in page.texts:
        text.html = html.escape(text.piece.text, quote=False)


def name_headings(page: Page) -> None:
    """The words and anchors of a page's headings, from their rendered titles."""
    anchors = Anchors()
    if page.title is not None:
        page.anchors.add(anchors.next(plain_text(page.title.html)))
    for section in page.headings:
        section.words = plain_text(section.title.html)
        section.anchor = anchors.next(section.words)
        page.anchors.add(section.anchor)


def build(files: Mapping[str, bytes], layout: Layout, shelf: Shelf, workshop: Workshop) -> Course | None:
    """The course from pages that were read, rendered and named. None without a readable `course.md`."""
    images = _read_images(files, layout, shelf)
    _name_pages(shelf)
    return assemble(shelf, layout, images, source_digest(files), workshop)


def first_hundreds(problems: list[Problem]) -> tuple[Problem, ...]:
    """In order, each once, at most a hundred of each file, then a word that there are more."""
    kept: list[Problem] = []
    numbers: dict[str, int] = {}
    for problem in sorted(set(problems)):
        number = numbers[problem.file] = numbers.get(problem.file, 0) + 1
        if number <= FILE_PROBLEMS:
            kept.append(problem)
        elif number == FILE_PROBLEMS + 1:
            message = f"Only the first {FILE_PROBLEMS} problems of this file are shown."
            kept.append(error(problem.file, problem.line, problem.column, "and-more", message))
    return tuple(kept)


def has_error(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _read_pages(files: Mapping[str, bytes], layout: Layout, shelf: Shelf) -> bool:
    """Every Markdown file as a tree onto the shelf, and whether all of them are fit to be rendered."""
    paths, fit = paths_to_read(files, layout, shelf)
    for path in paths:
        reading = read_file(path, layout.placed[path].kind, files[path], shelf.language)
        fit = put_on_shelf(reading, shelf) and fit
    return fit


def paths_to_read(files: Mapping[str, bytes], layout: Layout, shelf: Shelf) -> tuple[list[str], bool]:
    """The files to read, in order, and whether that is all of them: what is too large is left out."""
    written = [path for path, placed in layout.placed.items() if placed.kind != "image"]
    too_large = check_sizes({path: len(files[path]) for path in written})
    shelf.problems += too_large
    shelf.whole = shelf.whole and "course.md" in written and not too_large
    if any(problem.code == "course-large" for problem in too_large):
        return [], False
    refused = {problem.file for problem in too_large}
    return [path for path in written if path not in refused], not refused


class Reading(Struct):
    """One file as it was read. `page` is None where there is no text in it."""

    page: Page | None
    problems: list[Problem]
    fit: bool
    """Its characters are of a kind that may be rendered; its pieces are not yet screened."""


def read_file(path: str, kind: str, data: bytes, language: Language) -> Reading:
    """`language` is that of the course; `course.md` itself says which."""
    text, problems = decode(path, data)
    if text is None:
        return Reading(None, problems, False)
    problems += screen_text(path, text)
    fit = not has_error(problems)
    lines = text.split("\n")
    header = read_header(path, kind, lines, problems)
    page = Page(path, kind, header, lines)
    for name in MARKDOWN:
        if value := header.values.get(name):
            page.lines_of_header[name] = page.text(value.line, value.column, value.text, inline=True)
    read_page(
        page, LANGUAGES.get(header.text("language"), DEFAULT) if kind == "course" else language, problems
    )
    return Reading(page, problems, fit)


def put_on_shelf(reading: Reading, shelf: Shelf) -> bool:
    """Whether the file is fit to be rendered."""
    shelf.problems += reading.problems
    page = reading.page
    shelf.whole = shelf.whole and page is not None and page.header.usable
    if page is not None:
        shelf.pages[page.file] = page
        if page.kind == "course":
            shelf.language = LANGUAGES.get(page.header.text("language"), DEFAULT)
    return reading.fit


def _read_images(files: Mapping[str, bytes], layout: Layout, shelf: Shelf) -> tuple[Image, ...]:
    images: dict[str, Image] = {}
    for path, placed in layout.placed.items():
        if placed.kind == "image" and (found := read_picture(path, files[path], shelf.problems)):
            images[found[0].name] = found[0]
            shelf.images[path] = found[1]
    return tuple(images[name] for name in sorted(images))


def _name_pages(shelf: Shelf) -> None:
    """Keys of files, and where links may lead."""
    taken: dict[str, str] = {}
    for path, page in shelf.pages.items():
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
            shelf.guide_targets[path] = Target(href, page.anchors)
            if page.kind != "session":
                shelf.targets[path] = shelf.guide_targets[path]
