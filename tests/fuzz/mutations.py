"""Ways to damage a page: blind ones on bytes, and ones that know tags, tables, nesting and headers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.unit.content.random_pieces import HOSTILE, TOKENS

_KINDS = [
    "choose one", "choose many", "true or false", "sort", "match", "order", "spot", "branching", "rewrite",
    "do", "activity", "short answer", "scenario", "pool", "reflection", "log", "short", "long", "number",
    "date", "yes or no", "scale", "checklist", "table", "total", "show", "link", "hand in", "rubric",
    "source", "insert", "spott", "",
]  # fmt: skip
_SETTINGS = [
    "5 min", "0 min", "2 points", "part credit", "in this order", "draw 2", "draw 99", "1 to 9", "9 to 1",
    "20 to 80 words", "3 lines", "20 entries", "24 rows", "up to 30 rows", "add rows", "at least 4",
    "exactly 2", "needed", "code", "or link", "a / b / c", "a / a", "sum of #x", "count of #how = none",
    "starts from s-t1.kept", "seen by me", "seen by cohort", "instead of #late", "needs strong",
    "was s-1.late", "checked 2026-11-22", "checked 2026-13-45", "argument", "second-hand",
    "99999999999999999999 min", "#again", "8 mins", "", " ", "`",
]  # fmt: skip
_HEADER_LINES = [
    "key: s-1", "key: [a", "key: {a: b}", "minutes: no", "minutes: 1e9", "minutes: 0x1f", "minutes: -1",
    "a: &x [*x]", "a: !!python/object/apply:os.system [ls]", "<<: *x", "- x", "key: |", "  deep: 1",
    'key: "x', "objective: a: b", "'", "?", "key: \u2028", "sittings: [a, a]", "requires: all",
    "requires:\n  lessons: all at 80\n  quizzes: none", "language: xx", "release: minor", "---", "...",
    "alternative-to: s-1", "make-up: s-1", "seen-by: cohort", "form: paper", "pass: 101", "\tkey: x",
]  # fmt: skip
_TAG = re.compile(r"`[^`\n]*`")
_ADDRESS = re.compile(r"\]\([^)\n]*\)")
_ADDRESSES = [
    "](javascript:alert(1))", "](//evil)", "](data:text/html,<script>)", "](#)", "](#late)", "](x.md#y)",
    "](../../x)", "](https://x.org/a_(b))", "](https://x.org/\"onclick=1)", "](<a b>)", "](",
    "](mailto:a@b.org)", "](1-page.md#he-leaves)", "](images/x.svg 'a')",
    '](https://x.org "<b>")', "](vbscript&colon;x)",
]  # fmt: skip

Mutation = Callable[[random.Random, str], str]


def mutate(chance: random.Random, text: str, other: str) -> bytes:
    """One to six changes; `other` is a page to take sections from. A quarter are damaged as bytes too."""
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 6])):
        if chance.random() < 0.06:
            text = _splice(chance, text, other)
        else:
            text = chance.choice(_MUTATIONS)(chance, text)
    data = text.encode("utf-8", "surrogatepass")
    return _damage(chance, data) if chance.random() < 0.25 else data


def _damage(chance: random.Random, data: bytes) -> bytes:
    bytes_ = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(bytes_) + 1)
        match chance.randrange(5):
            case 0:
                bytes_[at:at] = bytes([chance.randrange(256)])
            case 1:
                del bytes_[at : at + chance.randint(1, 9)]
            case 2:
                bytes_[at : at + 1] = bytes([chance.choice(b"\x00\r\n\t`>|-#[]()*_<&:\x7f\xff")])
            case 3:
                start = chance.randrange(len(bytes_) + 1)
                bytes_[at:at] = bytes_[start : start + chance.randint(1, 60)]
            case _:
                del bytes_[at : len(bytes_) if chance.random() < 0.2 else at + 1]
    return bytes(bytes_)


def _splice(chance: random.Random, text: str, other: str) -> str:
    mine, theirs = text.split("\n"), other.split("\n")
    start = chance.randrange(len(theirs))
    at = chance.randrange(len(mine) + 1)
    return "\n".join([*mine[:at], *theirs[start : start + chance.randint(1, 25)], *mine[at:]])


def _token(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    tokens = HOSTILE if chance.random() < 0.3 else TOKENS
    repeat = chance.choice([1, 1, 1, 1, 3, 40, 400])
    return text[:at] + chance.choice(tokens) * repeat + text[at + chance.choice([0, 0, 1, 8]) :]


def _lines(change: Callable[[random.Random, list[str], int], None]) -> Mutation:
    def mutation(chance: random.Random, text: str) -> str:
        lines = text.split("\n")
        change(chance, lines, chance.randrange(len(lines)))
        return "\n".join(lines)

    return mutation


def _delete_line(_: random.Random, lines: list[str], at: int) -> None:
    del lines[at]


def _double_line(_: random.Random, lines: list[str], at: int) -> None:
    lines.insert(at, lines[at])


def _swap_lines(chance: random.Random, lines: list[str], at: int) -> None:
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _empty_line(_: random.Random, lines: list[str], at: int) -> None:
    lines.insert(at, "")


def _join_lines(_: random.Random, lines: list[str], at: int) -> None:
    lines[at : at + 2] = [" ".join(lines[at : at + 2])]


def _split_line(chance: random.Random, lines: list[str], at: int) -> None:
    cut = chance.randrange(len(lines[at]) + 1)
    lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]


def _indent(chance: random.Random, lines: list[str], at: int) -> None:
    margins = [" ", "  ", "   ", "    ", "        ", "> ", "- ", "1. ", "> > ", "#", "## ", "- [x] "]
    margin = chance.choice(margins)
    for n in range(at, min(len(lines), at + chance.choice([1, 1, 2, 6, 30]))):
        lines[n] = margin + lines[n]


def _outdent(chance: random.Random, lines: list[str], at: int) -> None:
    for n in range(at, min(len(lines), at + chance.choice([1, 1, 2, 6]))):
        lines[n] = re.sub(r"^(?:[ ]{1,4}|> ?|#+ ?|- ?)", "", lines[n], count=1)


def _nest(chance: random.Random, lines: list[str], at: int) -> None:
    mark = chance.choice(["> ", "- ", "1. ", "    ", "  "])
    words = chance.choice(["x", "**Example.** x", "- [x] x", "| a | b |"])
    for depth in range(chance.randint(2, 9)):
        lines.insert(at + depth, mark * depth + words)


def _mark(chance: random.Random, lines: list[str], at: int) -> None:
    marks = ["- [x]", "- [ ]", "- [~]", "- [X]", "- [y]", "-[x]", "* [x]", "1. [x]", "- [x]x", "-"]
    for n in [*range(at, len(lines)), *range(at)]:
        if lines[n].lstrip().startswith("- ["):
            lines[n] = lines[n].replace(lines[n].lstrip()[:5], chance.choice(marks), 1)
            return


def _header(chance: random.Random, lines: list[str], at: int) -> None:
    end = next((n for n in range(1, len(lines)) if lines[n] == "---"), len(lines))
    place = at % end if end else 0
    if chance.random() < 0.4:
        lines[place : place + 1] = [chance.choice(_HEADER_LINES)]
    else:
        lines.insert(place, chance.choice(_HEADER_LINES))


def _table(chance: random.Random, lines: list[str], at: int) -> None:
    rows = [n for n, line in enumerate(lines) if "|" in line]
    if not rows:
        lines[at:at] = ["| a `short #a` | b |", "| --- | --- |", "| | x |"]
        return
    row = chance.choice(rows)
    cells = lines[row].split("|")
    match chance.randrange(5):
        case 0:
            del cells[chance.randrange(len(cells))]
        case 1:
            cell = chance.choice(["", " x ", " `scale #z, a / b` ", "\\"])
            cells.insert(chance.randrange(len(cells) + 1), cell)
        case 2:
            cells = cells[:1] + cells[:0:-1]
        case 3:
            cells[chance.randrange(len(cells))] = " " + chance.choice(TOKENS) + " "
        case _:
            cells = cells * 8
    lines[row] = "|".join(cells)


def _tag(chance: random.Random, text: str) -> str:
    tags = list(_TAG.finditer(text))
    if not tags:
        return text + "\n\n## X\n`spot #x`\n"
    tag = chance.choice(tags)
    inside = tag[0][1:-1]
    kind, _, rest = inside.partition(" #")
    key, *settings = rest.split(", ")
    match chance.randrange(7):
        case 0:
            kind = chance.choice(_KINDS)
        case 1:
            key = chance.choice(["", "Big", "a b", "line-1", key + key, "x" * 300, "was", "é", "1"])
        case 2:
            settings.insert(0, chance.choice(_SETTINGS))
        case 3:
            settings = [chance.choice(_SETTINGS) for _ in range(chance.randint(0, 4))]
        case 4:
            return text[: tag.end()] + " " + tag[0] + text[tag.end() :]
        case 5:
            return text[: tag.start()] + text[tag.end() :]
        case _:
            return text[: tag.end() - 1] + text[tag.end() :]
    made = ", ".join([f"{kind} #{key}" if key else kind, *settings])
    return text[: tag.start()] + f"`{made}`" + text[tag.end() :]


def _address(chance: random.Random, text: str) -> str:
    found = list(_ADDRESS.finditer(text))
    if not found:
        at = chance.randrange(len(text) + 1)
        return text[:at] + "[x" + chance.choice(_ADDRESSES) + text[at:]
    one = chance.choice(found)
    return text[: one.start()] + chance.choice(_ADDRESSES) + text[one.end() :]


def _line_ends(chance: random.Random, text: str) -> str:
    return text.replace("\n", chance.choice(["\r\n", "\r", "\n\n", "\u2028", "\x0c\n", " \n"]))


def _long(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(TOKENS + HOSTILE) * chance.choice([500, 5_000]) + text[at:]


_MUTATIONS: list[Mutation] = [
    _token, _token, _token, _tag, _tag, _tag, _address, _lines(_table), _lines(_table), _lines(_nest),
    _lines(_mark), _lines(_header), _lines(_delete_line), _lines(_delete_line), _lines(_double_line),
    _lines(_swap_lines), _lines(_empty_line), _lines(_join_lines), _lines(_split_line), _lines(_indent),
    _lines(_indent), _lines(_outdent),
]  # fmt: skip
_RARE: list[Mutation] = [_line_ends, _long]
_MUTATIONS = _MUTATIONS * 4 + _RARE
