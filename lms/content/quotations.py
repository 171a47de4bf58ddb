"""Quotations: boxes, which begin with a known label in bold, and plain ones."""

from __future__ import annotations

import re

from lms.content.problems import did_you_mean, warning
from lms.content.script import Script
from lms.content.tree import Boxed, FieldLine, Items, Quote

_QUOTE = re.compile(r" {0,3}>")
_LABEL = re.compile(r"\*\*(.+?)\*\*(.*)")


def read_quotation(script: Script, i: int) -> int:
    """The quotation that begins on line i, and the line after it."""
    lines = script.lines
    end = i
    while end < len(lines) and _QUOTE.match(lines[end]):
        end += 1
    column = lines[i].index(">") + 1
    if _right_below_answers(script, i):
        message = "This feedback belongs to no choice: indent it by four spaces."
        script.error(i + 1, column, "feedback-indent", message)
        return end
    script.flush()
    if end < len(lines) and not script.interrupts(end):
        message = "Start every line of a quotation with >, or leave an empty line below it."
        script.error(end + 1, 1, "feedback-lazy", message)
        while end < len(lines) and lines[end].strip(" "):
            end += 1
    first = column + (2 if lines[i][column : column + 1] == " " else 1)
    body = [_unquoted(line) for line in lines[i:end] if _QUOTE.match(line)]
    lead = len(body[0]) - len(body[0].lstrip(" "))
    if label := _LABEL.match(body[0], lead):
        _box(script, i, first, body, label)
    elif bare := script.language.bare_label.match(body[0], lead):
        message = f"Write **{bare['label']}.** with the full stop inside the bold."
        script.error(i + 1, first + lead, "box-label", message)
    else:
        if script.siblings and isinstance(script.siblings[-1], Boxed):
            message = "This quotation comes right after a box: if it belongs to it, put > on the empty line."
            script.problems.append(warning(script.file, i + 1, column, "box-split", message))
        script.add(Quote(script.page.text(i + 1, first, "\n".join(body), rest=first)))
    return end


def _right_below_answers(script: Script, i: int) -> bool:
    """Whether a list with answers stands on the line above, without an empty line between."""
    last = script.siblings[-1] if script.siblings else None
    if isinstance(last, FieldLine):
        last = last.items
    return isinstance(last, Items) and bool(script.lines[i - 1].strip(" ")) and not script.in_prose


def _box(script: Script, i: int, column: int, body: list[str], found: re.Match[str]) -> None:
    bold, rest = found[1], found[2]
    at = column + found.start()
    label, colon, title = bold.partition(":")
    boxes = script.language.boxes
    words = label.strip().rstrip(".?!")
    if words not in boxes:
        hint = did_you_mean(words, boxes) or f" The labels are: {'; '.join(boxes)}."
        message = f"'{words}' is not a box; a quotation begins with another word.{hint}"
        return script.error(i + 1, at, "box-label", message)
    has_stop = bold[-1] in ".?!" and (not colon or title.strip(" .") != "")
    if not has_stop or label != label.strip() or (colon and not title.startswith(" ")):
        message = f"Write **{words}.** with the full stop inside the bold."
        return script.error(i + 1, at, "box-label", message)
    heading = None
    if colon:
        own = title.strip()
        own = own[:-1] if own.endswith(".") else own
        start = at + 3 + len(label) + len(title) - len(title.lstrip(" "))
        heading = script.page.text(i + 1, start, own, inline=True)
    text = rest.lstrip(" ")
    start = column + found.start(2) + len(rest) - len(text)
    inside = script.page.text(i + 1, start, "\n".join([text, *body[1:]]), rest=column)
    return script.add(Boxed(boxes[words], words, heading, inside, i + 1))


def _unquoted(line: str) -> str:
    """Without its `>` and the space after it."""
    at = line.index(">") + 1
    return line[at + 1 :] if line[at : at + 1] == " " else line[at:]
