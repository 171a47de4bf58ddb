"""Writes the keys that are missing into the files of a course, once, from the words as they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from lms.content.header import read_header
from lms.content.languages import DEFAULT, LANGUAGES, Language
from lms.content.layout import lay_out
from lms.content.problems import Problem
from lms.content.reader import SourceFiles
from lms.content.screen import decode
from lms.content.sections import read_page
from lms.content.settings import Tag
from lms.content.tree import Child, Page, Section

LONGEST = 40
_GAP = re.compile(r"[^a-z0-9]+")


class WrittenKey(Struct, frozen=True):
    file: str
    line: int
    key: str


def write_keys(files: SourceFiles) -> tuple[dict[str, bytes], tuple[WrittenKey, ...]]:
    """The files that change, with their new bytes, and what was written.

    Nothing else in them is touched, line endings included. Files that cannot be read are left alone.
    """
    unheard: list[Problem] = []
    pages: dict[str, Page] = {}
    language = DEFAULT
    for path, placed in lay_out(files.files, unheard).placed.items():
        text = decode(path, files.files[path])[0] if placed.kind != "image" else None
        if text is not None:
            pages[path] = _read(path, placed.kind, text, language, unheard)
            if placed.kind == "course":
                language = LANGUAGES.get(pages[path].header.text("language"), DEFAULT)
    taken = {page.header.text("key") for page in pages.values()}
    changed: dict[str, bytes] = {}
    written: list[WrittenKey] = []
    for path, page in pages.items():
        lines = files.files[path].decode("utf-8").split("\n")
        found = [*_file_key(page, lines, taken), *_tag_keys(page, lines)]
        if found:
            changed[path] = "\n".join(lines).encode("utf-8")
            written += sorted(found, key=lambda each: each.line)
    return changed, tuple(written)


def _read(path: str, kind: str, text: str, language: Language, problems: list[Problem]) -> Page:
    lines = text.split("\n")
    header = read_header(path, kind, lines, problems)
    page = Page(path, kind, header, lines)
    if kind == "course":
        language = LANGUAGES.get(header.text("language"), DEFAULT)
    read_page(page, language, problems)
    return page


def _tag_keys(page: Page, lines: list[str]) -> Iterator[WrittenKey]:
    """Puts a key behind the kind of each tag that has none; from right to left, as tables have several."""
    taken = {tag.key for tag in _tags(page.children)}
    edits = []
    for tag, words in page.keyless:
        key = free_key(key_from_words(words) or tag.kind.replace(" ", "-"), taken)
        taken.add(key)
        edits.append((tag, key))
    for tag, key in sorted(edits, key=lambda edit: (edit[0].line, -edit[0].column)):
        line = lines[tag.line - 1]
        end = line.index(tag.kind, tag.column - 1) + len(tag.kind)
        lines[tag.line - 1] = f"{line[:end]} #{key}{line[end:]}"
        yield WrittenKey(page.file, tag.line, key)


def _file_key(page: Page, lines: list[str], taken: set[str]) -> Iterator[WrittenKey]:
    header = page.header
    if page.kind in ("sources", "local") or not header.usable or "key" in header.places:
        return
    key = free_key(key_from_words(page.title.piece.text if page.title else "") or page.kind, taken)
    taken.add(key)
    ending = "\r" if lines[0].endswith("\r") else ""
    lines[0] += f"\nkey: {key}{ending}"
    yield WrittenKey(page.file, 2, key)


def _tags(children: list[Child]) -> Iterator[Tag]:
    for child in children:
        if isinstance(child, Section):
            if child.tag is not None:
                yield child.tag
            yield from _tags(child.children)
        elif tag := getattr(child, "tag", None):
            yield tag
            table = getattr(child, "table", None)
            if table is not None:
                yield from (cell.tag for cell in table.head if cell.tag is not None)


def key_from_words(words: str) -> str:
    """Accents dropped, the rest in lower case and joined by hyphens; '' where no Latin letter is left."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
    key = _GAP.sub("-", plain.replace("'", "")).strip("-")
    if not re.search("[a-z]", key):
        return ""
    if len(key) > LONGEST:
        key = key[: LONGEST + 1].rpartition("-")[0] or key[:LONGEST]
    return key


def free_key(wanted: str, taken: set[str]) -> str:
    key, number = wanted, 2
    while key in taken or key in ("left", "media"):
        key = f"{wanted}-{number}"
        number += 1
    return key
