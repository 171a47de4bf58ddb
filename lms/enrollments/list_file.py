"""Rules: from the bytes of a coordinator's list to its rows, without losing or guessing one.

What cannot be read as written becomes U+FFFD, which no check lets pass: the row is told, not enrolled under
a wrong name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from lms.enrollments.roster import COLUMNS, RosterRow
from lms.kernel.errors import RuleBroken

MAX_BYTES = 500_000
MAX_ROWS = 2_000
HEAD_WITHIN = 20
"""So many rows may stand above the names of the columns and with them: a title, blank rows."""
DELIMITERS = ",;\t"
HEADS = {
    "e-mail": "email",
    "email address": "email",
    "e-mail address": "email",
    "full name": "name",
    "job title": "job",
}
UNREADABLE = "\ufffd"
SEPARATOR = re.compile(r"\ufeff?sep=([,;\t])\r?\n?", re.IGNORECASE)
"""First line of some lists, which spreadsheets read and do not show."""
SPACES = re.compile(r"[^\S\r\n\x1c-\x1f\x85]+")
NOT_OF_A_NAME = re.compile(r"[^\W\d_A-Z][ŠŒŽŸ]|[–—][a-zà-öø-ÿ]|[€‚ƒ„…†‡ˆ‰‹•˜™›]")
"""What accented letters of an old Macintosh look like when they are read as the letters of Windows."""


class UnclosedQuote(RuleBroken):
    """A quotation mark that opens in `row`, as a spreadsheet counts, takes in what stands below it."""

    def __init__(self, row: int) -> None:
        super().__init__("file_quotes", "file")
        self.row = row


def decode(data: bytes) -> str:
    """Text of an uploaded file: UTF-8, UTF-16 with its mark, or what older spreadsheets write.

    A file that is none of them as a whole has U+FFFD where it could not be read. Raises RuleBroken:
    file_empty, file_large, file_binary.
    """
    if not data.strip():
        raise RuleBroken("file_empty", "file")
    if len(data) > MAX_BYTES:
        raise RuleBroken("file_large", "file")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data or data[:4] in (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"):
        raise RuleBroken("file_binary", "file")
    text = data.decode("utf-8-sig", errors="replace")
    if UNREADABLE not in text or any(not c.isascii() and c != UNREADABLE for c in text):
        return text
    older = data.decode("cp1252", errors="replace")
    if NOT_OF_A_NAME.search(older):
        return "".join(c if c.isascii() else UNREADABLE for c in older)
    return older


def read_roster(text: str) -> tuple[RosterRow, ...]:
    """Rows of the list, empty ones left out. Raises RuleBroken: head_missing, no_rows, too_many_rows,
    file_empty, file_large, file_quotes (UnclosedQuote)."""
    if not text.strip():
        raise RuleBroken("file_empty", "file")
    if len(text) > MAX_BYTES:
        raise RuleBroken("file_large", "file")
    said = SEPARATOR.match(text)
    text = text[said.end() :] if said else text.lstrip("\ufeff")
    delimiter = _delimiter(text, said[1] if said else DELIMITERS)
    lines = list(_records(text, delimiter))
    head = next((at for at, cells in enumerate(lines[:HEAD_WITHIN]) if _names_columns(cells)), None)
    if head is None:
        raise RuleBroken("head_missing", "file")
    places = {name: place for place, name in reversed(list(enumerate(map(_head, lines[head]))))}
    rows = tuple(
        _row(number, cells, places)
        for number, cells in enumerate(lines[head + 1 :], start=head + 2)
        if any(cell.strip() for cell in cells)
    )
    if not rows:
        raise RuleBroken("no_rows", "file")
    if len(rows) > MAX_ROWS:
        raise RuleBroken("too_many_rows", "file")
    return rows


def _delimiter(text: str, among: str) -> str:
    """The sign that makes a row near the top name the columns."""
    top = io.StringIO(text, newline="").readlines(MAX_BYTES)[:HEAD_WITHIN]
    for delimiter in among:
        try:
            if any(map(_names_columns, csv.reader(top, delimiter=delimiter))):
                return delimiter
        except csv.Error:
            continue
    raise RuleBroken("head_missing", "file")


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Cells of each row. No row may swallow another: of its lines one has an address."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        taken.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UnclosedQuote(number) from error
        if cells is None:
            return
        if sum("@" in line for line in taken) > 1:
            raise UnclosedQuote(number)
        yield cells


def _head(cell: str) -> str:
    name = " ".join(cell.casefold().replace("\u2011", "-").strip(" *:").split())
    return HEADS.get(name, name)


def _names_columns(cells: Sequence[str]) -> bool:
    return {"name", "email"} <= set(map(_head, cells))


def _row(number: int, cells: Sequence[str], places: Mapping[str, int]) -> RosterRow:
    found = {column: cells[place] for column, place in places.items() if place < len(cells)}
    name, email, school, job = (SPACES.sub(" ", found.get(column, "")).strip(" \r\n") for column in COLUMNS)
    if email[:7].casefold() == "mailto:":
        email = email[7:].strip()
    return RosterRow(number, name, email, " ".join(school.split()), " ".join(job.split()))
