"""A course as a zip file, out and in, byte for byte.

What comes in was made by any program, or by an enemy: names are read as the archive means them or not
at all, nothing is written to disk, and no more is unpacked than a course may hold.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping

from lms.content.problems import Problem, error
from lms.content.reader import MAX_BYTES, MAX_DEPTH, MAX_FILES, NOTES, SourceFiles

MAX_ARCHIVE = 50_000_000
"""Bytes of the zip file itself."""
MAX_UNPACKED = 80_000_000
"""Bytes of all files together, counted while they are unpacked: what the archive declares may be a lie."""

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_NAME_IN_UTF_8 = 0x800
_CHUNK = 65_536
_ODD_IN_NAMES = set('<>:"|?*\\')


class _Refused(Exception):
    """Why an entry is not taken; `code` is one of the catalogue."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, names in UTF-8; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _FIRST_DAY)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[path], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(data: bytes, name: str = "course.zip") -> SourceFiles:
    """The files of a zip, and a problem for each that cannot be taken. `name` stands for the zip itself.

    Folders, hidden names, README.md and what macOS adds are passed over. One folder around everything, as
    most programs make it, is taken off.
    """
    if len(data) > MAX_ARCHIVE:
        return _none(name, "course-large", f"A zip file has at most {MAX_ARCHIVE // 1_000_000} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Unpacker(archive, name).run()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as fault:
        return _none(name, "file-place", f"This is not a zip file that can be read ({_said(fault)}).")


def _none(name: str, code: str, message: str) -> SourceFiles:
    return SourceFiles({}, (error(name, 1, 1, code, message),))


def _said(fault: Exception) -> str:
    return str(fault).strip().rstrip(".") or type(fault).__name__


class _Unpacker:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.files: dict[str, bytes] = {}
        self.folded: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.left = MAX_UNPACKED

    def run(self) -> SourceFiles:
        entries = self.archive.infolist()
        if len(entries) > 2 * MAX_FILES:
            return _none(self.name, "course-large", f"A course has at most {MAX_FILES} files.")
        for entry in entries:
            shown = _shown(entry.filename)
            try:
                path = _path_of(entry)
                shown = path or shown
                if path:
                    self._take(entry, path)
            except _Refused as refused:
                self.problems.append(error(shown, 1, 1, refused.code, str(refused)))
                if refused.code == "course-large":
                    break
        return SourceFiles(_without_top_folder(self.files), tuple(sorted(set(self.problems))))

    def _take(self, entry: zipfile.ZipInfo, path: str) -> None:
        _check_kind(entry)
        twin = self.folded.setdefault(path.casefold(), path)
        if path in self.files or twin != path:
            raise _Refused("file-place", f"The archive holds two files of this name ('{twin}').")
        if len(self.files) == MAX_FILES:
            raise _Refused("course-large", f"A course has at most {MAX_FILES} files.")
        self.files[path] = self._bytes_of(entry)

    def _bytes_of(self, entry: zipfile.ZipInfo) -> bytes:
        """Unpacked chunk by chunk, so that a small archive never becomes a large memory."""
        found = bytearray()
        try:
            with self.archive.open(entry) as packed:
                while chunk := packed.read(_CHUNK):
                    found += chunk
                    if len(found) > MAX_BYTES:
                        raise _Refused("file-large", f"A file has at most {MAX_BYTES // 1_000_000} MB.")
                    self.left -= len(chunk)
                    if self.left < 0:
                        limit = MAX_UNPACKED // 1_000_000
                        raise _Refused(
                            "course-large", f"The files of a course have at most {limit} MB together."
                        )
        except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, ValueError) as fault:
            raise _Refused("file-place", f"This file is damaged in the archive ({_said(fault)}).") from None
        return bytes(found)


def _check_kind(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise _Refused("file-place", "This is a link to another file: put the file itself into the archive.")
    if kind not in (0, stat.S_IFREG):
        raise _Refused("file-place", "This is no file: a course holds texts and pictures only.")
    if entry.flag_bits & _ENCRYPTED:
        raise _Refused("file-place", "This file is locked with a password: pack it without one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Refused(
            "file-place", "This file is packed in a way that not every program reads: use plain zip."
        )


def _path_of(entry: zipfile.ZipInfo) -> str:
    """The path inside the course, '' for what is passed over."""
    written = _decoded(entry)
    if written.endswith("/"):
        return ""
    parts = written.split("/")
    if written.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise _Refused("file-place", "The name of this file leads out of the course: pack the folder itself.")
    path = unicodedata.normalize("NFC", written)
    if any(char in _ODD_IN_NAMES or unicodedata.category(char).startswith("C") for char in path):
        raise _Refused("file-place", "The name of this file holds a character that not every system knows.")
    if any(part.startswith(".") for part in parts) or parts[0] == "__MACOSX" or parts[-1] == NOTES:
        return ""
    if len(parts) > MAX_DEPTH + 2 or len(path) > 250:
        raise _Refused("file-place", "This file lies too deep in folders, or its name is too long.")
    return path


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name in UTF-8, which some programs write without saying so; other code pages are not guessed.

    `orig_filename`: Python cuts the other one at a NUL and turns the separators of Windows.
    """
    written = entry.orig_filename
    if not entry.flag_bits & _NAME_IN_UTF_8 and not written.isascii():
        try:
            return written.encode("cp437").decode("utf-8")
        except UnicodeError:
            message = (
                "The name of this file is not in UTF-8: use letters without accents, or another program."
            )
            raise _Refused("file-place", message) from None
    return written


def _shown(written: str) -> str:
    """A name fit to be printed on one line."""
    readable = written.encode("utf-8", "replace").decode()
    return "".join(char if char.isprintable() else "�" for char in readable)[:250] or "�"


def _without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files):
        return files
    cut = len(tops.pop()) + 1
    return {path[cut:]: data for path, data in files.items()} if _is_course(files, cut) else files


def _is_course(files: dict[str, bytes], cut: int) -> bool:
    return any(path[cut:] == "course.md" for path in files)
