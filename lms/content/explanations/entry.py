"""One explanation: what a code means, an example that yields it, and its cure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

COURSE = "course.md"
SOURCES = "sources.md"
LOCAL = "local.md"
CAPSTONE = "capstone.md"
_MODULE = "1-the-first-minute"
LESSON = f"{_MODULE}/1-at-the-door.md"
SECOND = f"{_MODULE}/2-at-the-door-in-writing.md"
QUIZ = f"{_MODULE}/quiz.md"
SHEET = f"{_MODULE}/toolkit/t1-week-sheet.md"
CARD = f"{_MODULE}/toolkit/t2-door-card.md"
PAPER = f"{_MODULE}/toolkit/t3-on-paper.md"
MAKE_UP = f"{_MODULE}/toolkit/t4-make-up.md"
PICTURE = f"{_MODULE}/images/door.svg"
SESSION = "sessions/1-names-at-the-door.md"


class Explanation(Struct, frozen=True):
    """`right` stands once in `file` of the example course (docs/example-course); with `wrong` in its
    place the course has the problem. `named`: both are names of the file instead of words in it.
    """

    code: str
    file: str
    meaning: str
    right: str
    wrong: str
    named: bool = False
    more: tuple[tuple[str, str], ...] = ()
    """The same change at other places of the file, where one alone would not do."""
    copies: int = 0
    """So many further lessons that hold `wrong`: only a whole course can be too large."""

    def spoil(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The example course with this mistake in it."""
        spoilt = dict(files)
        if self.named:
            spoilt[self.wrong] = spoilt.pop(self.right)
        elif self.copies:
            for number in range(self.copies):
                spoilt[f"{_MODULE}/{number + 10}-more.md"] = self.wrong.encode()
        else:
            words = files[self.file].decode()
            for right, wrong in ((self.right, self.wrong), *self.more):
                words = words.replace(right, wrong, 1)
            spoilt[self.file] = words.encode()
        return spoilt


_SHOWN_LINES = 12
_SHOWN_CHARACTERS = 100


def shown(words: str) -> list[str]:
    """An example as it can be printed: long ones cut, unreadable characters named."""
    lines = []
    for line in words.split("\n")[:_SHOWN_LINES]:
        plain = "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in line[:300])
        lines.append(plain if len(plain) <= _SHOWN_CHARACTERS else plain[:_SHOWN_CHARACTERS] + " …")
    if words.count("\n") >= _SHOWN_LINES:
        lines.append("…")
    return lines
