"""Lines that begin in bold: fields, and dialogue."""

from __future__ import annotations

import re

from lms.content.items import read_items
from lms.content.script import FIELD, Script, begins_list
from lms.content.settings import OPTION_KINDS
from lms.content.tables import read_cells, table_end
from lms.content.tags import like_a_kind, looks_like_tag
from lms.content.tree import Cells, FieldLine, Speech

_WITH_MORE = re.compile(r" {0,3}\*\*(?:.+?)\*\*[ ]*+`([^`]*)`[ ]*+\S")
_SPEAKER = re.compile(r" {0,3}\*\*([^*:]+):\*\*(?=[ ]|$)[ ]*")


def read_bold_line(script: Script, i: int) -> int:
    """The line after the field or dialogue that begins on line i; 0 if it is ordinary text."""
    line = script.lines[i]
    if (found := FIELD.fullmatch(line)) and like_a_kind(found[2]):
        return _field(script, i, found)
    if (found := _WITH_MORE.match(line)) and "#" in found[1] and looks_like_tag(found[1]):
        message = "End the line after the tag; help goes on the next line."
        script.error(i + 1, found.start(1), "tag-loose", message)
        return i + 1
    return _dialogue(script, i) if _SPEAKER.match(line) else 0


def _field(script: Script, i: int, found: re.Match[str]) -> int:
    page, lines = script.page, script.lines
    script.flush()
    label = page.text(i + 1, found.start(1) + 1, found[1].strip(" "), inline=True)
    tag = script.tag(found[2], i + 1, found.start(2) + 1, "label", found[1])
    field = FieldLine(i + 1, found.start(1) - 1, label, tag)
    end = script.paragraph_end(i)
    if end > i + 1:
        field.help = page.text(i + 2, 1, "\n".join(lines[i + 1 : end]))
    following = script.next_words(end)
    if following is not None:
        listed = (tag.kind in OPTION_KINDS and not tag.options) or not tag.kind
        if listed and begins_list(lines[following]):
            field.items, end = read_items(script.around, following)
        elif tag.kind in ("table", "") and lines[following].lstrip(" ").startswith("|"):
            end = table_end(lines, following)
            field.table = read_table(script, following, end)
    script.add(field)
    return end


def read_table(script: Script, start: int, end: int) -> Cells:
    """A table whose cells are read one by one: to be filled in, or a rubric."""
    return read_cells(
        script.page,
        start,
        end,
        script.problems,
        lambda code, line, column, words: script.tag(code, line, column, "cell", words),
    )


def _dialogue(script: Script, i: int) -> int:
    """Two paragraphs or more that each begin with a name; 0 if it is only one."""
    lines = script.lines
    spoken: list[tuple[int, int, re.Match[str]]] = []
    at: int | None = i
    while at is not None and (found := _SPEAKER.match(lines[at])):
        end = script.paragraph_end(at)
        spoken.append((at, end, found))
        apart = end < len(lines) and not lines[end].strip(" ")
        at = script.next_words(end) if apart else None
    if len(spoken) < 2:
        return 0
    speech = Speech([])
    for start, end, found in spoken:
        words = "\n".join([lines[start][found.end() :], *lines[start + 1 : end]])
        speech.lines.append((found[1].strip(), script.page.text(start + 1, found.end() + 1, words, rest=1)))
    script.add(speech)
    return spoken[-1][1]
