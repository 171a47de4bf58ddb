"""What a reviewer does with a hand-in."""

from __future__ import annotations

import re

from tests.browser.visitor import Visitor


def answer_hand_in(visitor: Visitor, author: str, level: str, note: str) -> None:
    """Take the author's text from the queue, and answer it."""
    visitor.go("/reviews")
    visitor.press(re.compile(rf"^Read .+ by {re.escape(author)}$"))
    visitor.heading(author)
    visitor.choose(level)
    visitor.write(f"Your note to {author.partition(' ')[0]}", note)
    visitor.press("Send to")
