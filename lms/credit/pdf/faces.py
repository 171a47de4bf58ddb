"""Which typefaces set a text, decided from what the committed font files cover.

A name is set whole in one face: `Besley` when it has every letter, else the first of the others that
does. Only a text that no single face covers is mixed, letter by letter. What none of them has is
replaced by `MISSING`, so that the printed page shows the gap instead of hiding it.
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct

FONTS = Path(__file__).parent / "fonts"
MISSING = "■"

HEADING = ("Besley", "Source Serif 4", "Noto Serif")
TEXT = ("Atkinson Hyperlegible Next", "Source Serif 4", "Noto Serif")
"""The first face of each has every letter of ASCII."""
OTHER_SCRIPTS = (
    "Noto Naskh Arabic",
    "Noto Serif Hebrew",
    "Noto Serif Armenian",
    "Noto Serif Georgian",
    "Noto Serif Ethiopic",
    "Noto Serif Devanagari",
    "Noto Serif Bengali",
    "Noto Serif Gujarati",
    "Noto Serif Gurmukhi",
    "Noto Serif Kannada",
    "Noto Serif Malayalam",
    "Noto Serif Sinhala",
    "Noto Serif Tamil",
    "Noto Serif Telugu",
    "Noto Serif Khmer",
    "Noto Serif Lao",
    "Noto Serif Myanmar",
    "Noto Serif Thai",
    "Noto Sans KR",
    "Droid Sans Fallback",
)
_FILES = {
    "Besley": "Besley-SemiBold.ttf",
    "Atkinson Hyperlegible Next": "AtkinsonHyperlegibleNext-Regular.ttf",
    "Source Serif 4": "SourceSerif4-Regular.ttf",
}


class SetText(Struct, frozen=True):
    """A text ready for the typesetter: its letters, and the families to try, the best one first."""

    text: str
    families: tuple[str, ...]


@lru_cache(maxsize=2_048)  # most texts of a certificate stand on the next one too
def set_whole(text: str, faces: tuple[str, ...] = HEADING) -> SetText:
    """Choose the faces for one text (a name, a title): one face that has all of it, if there is one."""
    clean = _printable(text)
    if clean.isascii():
        return SetText(clean, faces[:1])
    families = (*faces, *OTHER_SCRIPTS)
    letters = {ord(letter) for letter in clean if _needs_a_glyph(letter)}
    for family in families:
        if all(_covers(family, letter) for letter in letters):
            return SetText(clean, (family,))
    # Mixed: who has the most letters leads, so that an accent is not borrowed from another face.
    families = tuple(sorted(families, key=lambda family: -sum(_covers(family, letter) for letter in letters)))
    lost = {letter for letter in letters if not any(_covers(family, letter) for family in families)}
    for letter in lost:
        clean = clean.replace(chr(letter), MISSING)
    return SetText(clean, needed(clean, families))


def needed(text: str, families: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `families` that somebody has to bring, in their order, for the letters of `text`.

    The first is always among them. The typesetter looks through all it is given for every run of text.
    """
    open_letters = {ord(letter) for letter in text if _needs_a_glyph(letter)}
    found: list[str] = []
    for family in families:
        brought = {letter for letter in open_letters if _covers(family, letter)}
        if brought or not found:
            found.append(family)
        open_letters -= brought
    return tuple(found)


def _printable(text: str) -> str:
    """NFC, on one line, without controls and direction overrides; joiners stay, scripts need them."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if words.isascii() and words.isprintable():
        return words
    return "".join(
        letter
        for letter in words
        if unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cn", "Cs"} or letter in "\u200c\u200d"
    )


def _needs_a_glyph(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) != "Cf"


def _covers(family: str, letter: int) -> bool:
    starts, ends = _coverage(family)
    place = bisect_right(starts, letter) - 1
    return place >= 0 and letter <= ends[place]


@cache
def _coverage(family: str) -> tuple[list[int], list[int]]:
    """First and last code points of the runs that a family's file has glyphs for, ascending."""
    name = _FILES.get(family, family.replace(" ", "") + "-Regular.ttf")
    data = (FONTS / name).read_bytes()
    runs = sorted(_runs(data, _table(data, b"cmap")))
    return [first for first, _ in runs], [last for _, last in runs]


def _table(data: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        found, _checksum, offset, _length = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        if found == tag:
            return int(offset)
    raise ValueError(f"the font has no {tag.decode()} table")


def _runs(data: bytes, cmap: int) -> list[tuple[int, int]]:
    """Runs of the Unicode subtable with the widest reach (format 12 before format 4)."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    subtables: dict[int, int] = {}
    for number in range(count):
        platform, _encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * number)
        if platform in {0, 3}:
            (shape,) = struct.unpack_from(">H", data, cmap + offset)
            subtables[shape] = cmap + offset
    if 12 in subtables:
        return _runs_of_format_12(data, subtables[12])
    return _runs_of_format_4(data, subtables[4])


def _runs_of_format_12(data: bytes, start: int) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from(">L", data, start + 12)
    groups = (struct.unpack_from(">LLL", data, start + 16 + 12 * number) for number in range(count))
    return [(first, last) for first, last, _glyph in groups]


def _runs_of_format_4(data: bytes, start: int) -> list[tuple[int, int]]:
    """Segments point at glyphs by a difference or by a list; only listed zeros are holes."""
    (doubled,) = struct.unpack_from(">H", data, start + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + doubled)
    places = start + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", data, places)
    runs: list[tuple[int, int]] = []
    for number, (first, last, offset) in enumerate(zip(starts, ends, offsets, strict=True)):
        if first == 0xFFFF:
            continue
        if offset == 0:
            runs.append((first, last))
            continue
        glyphs = struct.unpack_from(f">{last - first + 1}H", data, places + 2 * number + offset)
        runs.extend((first + place, first + place) for place, glyph in enumerate(glyphs) if glyph)
    return runs
