"""What a reviewer does with a hand-in."""

from __future__ import annotations

import re

from tests.browser.visitor import Visitor


def answer_hand_in(visitor: Visitor, author: str, level: str, note: str) -> None:
    """Take the author's text from the queue, and answer it: the same level on each line of the rubric."""
    visitor.go("/reviews")
    visitor.press(re.compile(rf"^Read .+ by {re.escape(author)}$"))
    visitor.heading(author)
    visitor.sees("Your reading")
    for criterion in visitor.main.locator("fieldset.criterion").all():
        visitor.hand.mark(criterion.get_by_label(re.compile(f"^{level}")))
    visitor.write(f"Your note to {author.partition(' ')[0]}", note)
    visitor.press("Send to")
    visitor.at("/reviews")
