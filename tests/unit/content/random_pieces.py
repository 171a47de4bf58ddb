"""Pieces of text made by chance from a seed: marks, HTML, entities, definitions and damaged prose."""

from __future__ import annotations

import random

from lms.content.pieces import Piece
from lms.content.problems import Problem
from lms.content.screen import screen

TOKENS = [
    "word", "Ms. Tavares", "it's", "“curly”", "naïve", "über", "12", "1986.", "...", "–", "🙂", "שלום",
    " ", "  ", "   ", "    ", "\n", "\n", "\n\n", "\n \n", "\u00a0", "\u2003",
    "*", "**", "***", "_", "__", "`", "``", "\\", "\\*", "~~", "#", "# ", "## ", "#5",
    "- ", "* ", "+ ", "1. ", "2) ", "10. ", "- [ ] ", "- [x] ", "> ", ">", "> - ", "    - ", "  - ",
    "| a | b |", "|---|---|", "| x |", "|", "---", "***", "===", "- - -",
    "[", "]", "(", ")", "![", "[a](b.md)", "[a](https://x.org/a_(b))", "![alt](images/a.svg \"cap\")",
    "[a](javascript:alert(1))", "[a](data:text/html,x)", "<https://x.org/?a=1&b=2>", "<mailto:a@b.org>",
    "[@LJ-2012]", "[@LJ-2012, p. 158]", "[@A; @B, pp. 3–5]", "[@", "{{report-now}}", "{{", "}}", "{",
    "&", "&amp;", "&copy;", "&foo;", "&#60;", "&#x3c;script&#x3e;", "<", ">", "< b", "a<b",
    "\"", "'", "!", "?", ":", ": ", ";", "=", "&nbsp;", "e\u0301",
]  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>", "</p>", "<p>", "<!--", "-->",
    "<![CDATA[", "<?php", "[x]: y", "[x]: javascript:1", "\x00", "\x02", "\x03", "\x02klzzwxh:0\x03",
    "\x02wzxhzdk:0\x03", "\x02amp\x03", "\ue000", "\t", "\x0c", "\u2028", "\x85", "\r", "\ufffe",
    "```", "~~~", "[^1]", "{: .x}", "{#id}", "<svg onload=1>", "<a href='javascript:1'>", "<style>",
]  # fmt: skip
_PROSE = [
    "Every school has students who can name an adult who knows them, and students who cannot.",
    "He stands there with the scraper. The office is dark. *Set boundaries* is not a warning. [@DR-5x20]",
    "**Be where you can be seen.** Talk in places with a window, an open door, or people going by.",
    '- **Who else knows?** Tell a named adult: "Room 9, back in ten."\n- **Where is the door?** Stand aside.',
    "1. **When.** You have reasonable cause.\n2. **How fast.** By phone, at once.\n\n   In writing later.",
    '> "I\'m glad to help. Can we look at the plan first?"\n>\n> She waits.',
    "| When | Say |\n| --- | --- |\n| “Why didn’t you?” | “What was last night *like*?” |",
]


def random_text(chance: random.Random, hostile: bool) -> str:
    if chance.random() < 0.1:
        words = TOKENS[:10] * 4 + ["!", "[@LJ-2012, p. 158]", "\n", "\u00a0"]
        return "".join(chance.choice(words) + chance.choice(["", " "]) for _ in range(chance.randint(1, 12)))
    if chance.random() < 0.3:
        return _damaged(chance, chance.choice(_PROSE))
    tokens = TOKENS + HOSTILE if hostile else TOKENS
    return "".join(chance.choice(tokens) for _ in range(chance.randint(1, 24)))


def _damaged(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(TOKENS) + text[at + chance.randint(0, 3) :]
    return text


def random_piece(chance: random.Random, hostile: bool = False) -> Piece:
    return Piece("page.md", chance.randint(1, 400), 1, random_text(chance, hostile), chance.random() < 0.4)


def accepted_pieces(seed: int, number: int) -> list[Piece]:
    """As many pieces that the screen lets through."""
    chance = random.Random(seed)
    found: list[Piece] = []
    while len(found) < number:
        piece = random_piece(chance)
        if not problems_of(piece):
            found.append(piece)
    return found


def problems_of(piece: Piece) -> list[Problem]:
    return screen([piece])
