"""A course folder or an uploaded set of files -> SourceFiles. The only disk access of the compiler."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from lms.content.problems import Problem, error

MAX_FILES = 1_000
MAX_BYTES = 8_000_000
"""Of one file on disk; text has a lower limit of its own."""
MAX_DEPTH = 4
NOTES = "README.md"
"""A file for writers and for who looks at the folder in a code host: no part of the course or its digest."""


class SourceFiles(Struct, frozen=True):
    """Bytes by path inside the course, with `/` and in NFC; and what could not be taken up."""

    files: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()


def course_folders(parent: Path) -> tuple[Path, ...]:
    """Folders of courses below `parent`: those with a course.md."""
    return tuple(sorted(path.parent for path in parent.glob("*/course.md"))) if parent.is_dir() else ()


def read_folder(folder: Path) -> SourceFiles:
    """Every file below the folder. Links are refused; hidden names (`.git`, `.DS_Store`) and README.md are
    passed over.

    Raises OSError when the folder itself cannot be read.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path, entry in _entries(folder, ""):
        name = unicodedata.normalize("NFC", path)
        if len(files) >= MAX_FILES:
            message = f"A course has at most {MAX_FILES} files; this folder has more."
            problems.append(error(name, 1, 1, "course-large", message))
            break
        fault = _fault(name, entry)
        if fault:
            problems.append(fault)
            continue
        try:
            files[name] = Path(entry.path).read_bytes()
        except OSError as failure:
            problems.append(error(name, 1, 1, "file-place", f"This file cannot be read: {failure.strerror}."))
    return SourceFiles(files, tuple(problems))


def _entries(folder: Path, below: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith(".") or entry.name == NOTES:
            continue
        path = f"{below}{entry.name}"
        if entry.is_dir(follow_symlinks=False) and below.count("/") < MAX_DEPTH:
            yield from _entries(Path(entry.path), f"{path}/")
        else:
            yield path, entry


def _fault(name: str, entry: os.DirEntry[str]) -> Problem | None:
    try:
        shown = name.encode("utf-8").decode("utf-8")
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "replace").decode("utf-8")
        return error(shown, 1, 1, "file-place", "The name of this file is not readable text: rename it.")
    if entry.is_symlink():
        return error(shown, 1, 1, "file-place", "This is a link to another file: put the file itself here.")
    if not entry.is_file(follow_symlinks=False):
        return error(shown, 1, 1, "file-place", "No file of this name belongs here.")
    if entry.stat(follow_symlinks=False).st_size > MAX_BYTES:
        return error(shown, 1, 1, "file-large", f"A file has at most {MAX_BYTES // 1_000_000} MB.")
    return None
