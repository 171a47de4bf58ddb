"""What a course may not hold, looked for before anything is converted.

Hostile text costs a scan and nothing more: a course with one of these problems never reaches Markdown
or the cleaner, both of which grow with the square of some patterns. The limits stand here and nowhere
else; an honest course stays far below them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from lms.content.pieces import Piece, parts, place
from lms.content.plain import is_plain
from lms.content.problems import Problem, error

COURSE_BYTES = 2_000_000
FILE_BYTES = 100_000
FILE_PIECES = 3_000
FILE_PROBLEMS = 100
LINE_CHARACTERS = 4_000
PIECE_CHARACTERS = 8_000
PIECE_LINES = 200
MARKS = 400
BRACKETS = 80
PARENTHESES = 160
DEPTH = 4

_MARK_CHARACTERS = "*_`\\[]!&<|"
_MARK = re.compile(r"[*_`\\\[\]!&<|]")

_NONCHARACTERS = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
UNREADABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ue000\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    + _NONCHARACTERS
    + "]"
)
"""Characters that nobody sees, or that turn the direction of those behind them."""
_LINE_START = r"^(?:[ ]*+(?:>|[-+*](?=[ ])|\d{1,9}[.)](?=[ ])))*+[ ]*+"
_HTML = re.compile(r"<(?!https://[^\s<>]*>|mailto:[^\s<>]*>)[A-Za-z/!?]")
_DEEP = re.compile(
    r"^(?:[ ]{4}|[ ]{0,3}(?:>|[-+*](?=[ ])|\d{1,9}[.)](?=[ ]))){" + str(DEPTH + 1) + "}", re.MULTILINE
)
_BLOCK_ONLY = {"definition-list", "heading-place", "heading-underline"}
_UNDERLINE = re.compile(r"^[ >]*+[^\s][^\n]*+\n[ >]*+(=++|-++)[ ]*+$", re.MULTILINE)

_CHECK = re.compile(_LINE_START + r"(\[[ xX~]\])(?= |$)", re.MULTILINE)
"""A box at the start of a line, list marks before it or not."""
LOOSE = "These check boxes belong to nothing: give the heading above them a tag."

_FORMS: tuple[tuple[str, tuple[str, ...], re.Pattern[str], str], ...] = (
    # code, what must occur at all (a quick look), where, what to do instead
    ("html", ("<",), _HTML, "HTML is not used here; for the sign itself write &lt;."),
    (
        "link-form",
        ("]:",),
        re.compile(_LINE_START + r"(\[)[^\[\]\n]*\]:", re.MULTILINE),
        "Write the address where the link stands: [words](address).",
    ),
    (
        "fence",
        ("```", "~~~"),
        re.compile(_LINE_START + r"(`{3}|~{3})", re.MULTILINE),
        "Code blocks are not used in courses: write a quotation or a table.",
    ),
    (
        "footnote",
        ("[^",),
        re.compile(r"\[\^[^\]\s]+\]"),
        "Footnotes are not used here: cite a source as [@KEY], or say it in the text.",
    ),
    (
        "attributes",
        ("{",),
        re.compile(r"\{[:.#][^{}\n]*\}"),
        "Braces with attributes are not used here; how things look is for the site.",
    ),
    (
        "definition-list",
        (":",),
        re.compile(r"^[ >]*+(:)[ ]++\S", re.MULTILINE),
        "Definition lists are not used here: write **Term.** and what it means, or a table.",
    ),
    (
        "heading-place",
        ("#",),
        re.compile(_LINE_START + r"(#{1,6})(?:[ ]|$)", re.MULTILINE),
        "A heading stands alone, not in a list or a quotation; for the sign itself write \\#.",
    ),
    (
        "heading-underline",
        ("=", "-"),
        _UNDERLINE,
        "Leave an empty line above ---; as it stands, it turns the line above into a heading.",
    ),
)


def decode(file: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """The text of a file with `\\n` between lines, or None and why not. Size is looked at first."""
    if len(data) > FILE_BYTES:
        return None, [
            error(file, 1, 1, "file-large", f"A file has at most {FILE_BYTES // 1000} KB: split it in two.")
        ]
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        before = data[: fault.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        return None, [error(file, before.count(b"\n") + 1, column, "encoding", "Save this file as UTF-8.")]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, []


def check_sizes(sizes: Mapping[str, int]) -> list[Problem]:
    """`course-large`, at the file that is one too many."""
    total = 0
    for file in sorted(sizes):
        total += sizes[file]
        if total > COURSE_BYTES:
            message = f"The texts of a course have at most {COURSE_BYTES // 1_000_000} MB together."
            return [error(file, 1, 1, "course-large", message)]
    return []


def screen_text(file: str, text: str) -> list[Problem]:
    """What no line of a file may hold: too many characters, tabs, characters that nobody can see."""
    found: list[Problem] = []
    if len(text) > LINE_CHARACTERS:
        lines, limit = text.split("\n"), LINE_CHARACTERS
        if max(map(len, lines)) > LINE_CHARACTERS:
            found += [_long_line(file, n, 0) for n, line in enumerate(lines, 1) if len(line) > limit]
    if "\t" in text or UNREADABLE.search(text):
        found += _characters(Piece(file, 1, 1, text))
    return _first_hundred(found)


def screen(pieces: Sequence[Piece]) -> list[Problem]:
    """Every guard for every piece. Pieces with an error here must not be rendered.

    No fault is looked for more often than it would be shown: finding a place costs a look at the text.
    """
    found: list[Problem] = []
    numbers: Counter[str] = Counter()
    for piece in pieces:
        text = piece.text
        if len(text) <= BRACKETS and is_plain(text):
            numbers[piece.file] += 1
            continue
        for part in parts(piece):
            numbers[piece.file] += 1
            found += _screen_part(part)
    for file, number in numbers.items():
        if number > FILE_PIECES:
            found.append(_piece_too_many(file, pieces))
    return _first_hundred(_fences_once(found)) if found else found


def _fences_once(found: list[Problem]) -> list[Problem]:
    """A block of code begins and ends with a fence; it is reported where it begins."""
    kept: list[Problem] = []
    ends: Counter[str] = Counter()
    for problem in sorted(set(found)):
        if problem.code == "fence":
            ends[problem.file] += 1
            if ends[problem.file] % 2 == 0:
                continue
        kept.append(problem)
    return kept


def _piece_too_many(file: str, pieces: Sequence[Piece]) -> Problem:
    count = 0
    line, column = 1, 1
    for piece in pieces:
        if piece.file == file:
            for part in parts(piece):
                count += 1
                if count == FILE_PIECES + 1:
                    line, column = part.line, part.column
    message = f"A file has at most {FILE_PIECES} pieces of text: split it in two."
    return error(file, line, column, "pieces-many", message)


def _screen_part(piece: Piece) -> list[Problem]:
    text = piece.text
    found: list[Problem] = []
    size = len(text)
    if size > BRACKETS:
        found += _sizes(piece)
    if is_plain(text):
        return found
    if "\t" in text or UNREADABLE.search(text):
        found += _characters(piece)
    if size > BRACKETS and not found:
        found += _marks(piece)
    if _DEEP.search(text):
        found += [
            _at(piece, match.start(), "nested-deep", f"Lists and quotations go {DEPTH} levels deep at most.")
            for match in islice(_DEEP.finditer(text), FILE_PROBLEMS + 1)
        ]
    for code, needed, pattern, message in _FORMS:
        if any(sign in text for sign in needed) and not (piece.inline and code in _BLOCK_ONLY):
            for match in islice(pattern.finditer(text), FILE_PROBLEMS + 1):
                start = match.start(1) if pattern.groups else match.start()
                found.append(_at(piece, start, code, message))
    if "[" in text and not piece.inline and (at := _loose_box(text)) is not None:
        found.append(_at(piece, at, "check-loose", LOOSE))
    return found


def _loose_box(text: str) -> int | None:
    """Where the first item with a check box begins that nothing has read: a viewer would show the answers."""
    for box in _CHECK.finditer(text):
        line = text.rfind("\n", 0, box.start(1)) + 1
        marks = text[line : box.start(1)].rstrip(" ")
        if marks and marks[-1] != ">":
            return line + len(marks) - len(marks.lstrip(" >"))
    return None


def _sizes(piece: Piece) -> list[Problem]:
    text = piece.text
    if len(text) > PIECE_CHARACTERS:
        message = f"A paragraph, list or table has at most {PIECE_CHARACTERS} characters: split it."
        return [_at(piece, PIECE_CHARACTERS, "piece-long", message)]
    if text.count("\n") >= PIECE_LINES:
        start = 0
        for _ in range(PIECE_LINES):
            start = text.index("\n", start) + 1
        message = f"A paragraph, list or table has at most {PIECE_LINES} lines: split it."
        return [_at(piece, start, "piece-long", message)]
    if len(text) > LINE_CHARACTERS:
        return [
            _long_line(piece.file, piece.line + number, ((number and piece.rest) or piece.column) - 1)
            for number, line in enumerate(text.split("\n"))
            if len(line) > LINE_CHARACTERS
        ]
    if text.count("(") > PARENTHESES:
        return [_one_too_many(piece, re.compile(r"\("), PARENTHESES, "'('")]
    if text.count("[") > BRACKETS:
        return [_one_too_many(piece, re.compile(r"\["), BRACKETS, "'['")]
    return []


def _marks(piece: Piece) -> list[Problem]:
    text = piece.text
    if len(text) > MARKS and sum(text.count(mark) for mark in _MARK_CHARACTERS) > MARKS:
        return [_one_too_many(piece, _MARK, MARKS, "marks such as * and [")]
    return []


def _one_too_many(piece: Piece, mark: re.Pattern[str], limit: int, name: str) -> Problem:
    starts = [match.start() for match in mark.finditer(piece.text)]
    message = f"One paragraph, list or table has at most {limit} {name}: split it."
    return _at(piece, starts[limit], "marks-many", message)


def _long_line(file: str, line: int, before: int) -> Problem:
    message = f"A line has at most {LINE_CHARACTERS} characters: start a new one."
    return error(file, line, before + LINE_CHARACTERS + 1, "line-long", message)


def _characters(piece: Piece) -> list[Problem]:
    found = []
    for match in islice(UNREADABLE.finditer(piece.text), FILE_PROBLEMS + 1):
        found.append(_at(piece, match.start(), "encoding", unseen(match[0])))
    for match in islice(re.finditer(r"\t", piece.text), FILE_PROBLEMS + 1):
        found.append(_at(piece, match.start(), "tab", "Use spaces, not tabs."))
    return found


def unseen(character: str) -> str:
    return f"The invisible character U+{ord(character):04X} stands here: delete it, and save as UTF-8."


def _at(piece: Piece, offset: int, code: str, message: str) -> Problem:
    line, column = place(piece, offset)
    return error(piece.file, line, column, code, message)


def _first_hundred(found: list[Problem]) -> list[Problem]:
    """In the order of the files and lines, a cause once, and no more of a file than anyone reads."""
    kept: list[Problem] = []
    numbers: Counter[str] = Counter()
    for problem in sorted(set(found)):
        numbers[problem.file] += 1
        if numbers[problem.file] <= FILE_PROBLEMS:
            kept.append(problem)
        elif numbers[problem.file] == FILE_PROBLEMS + 1:
            message = f"Only the first {FILE_PROBLEMS} problems of this file are shown."
            kept.append(error(problem.file, problem.line, problem.column, "and-more", message))
    return kept
