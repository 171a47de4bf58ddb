"""How long a text takes and how hard it reads: words, sentences, grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lms.content.desk import Desk
from lms.content.nodes import Activity, Block
from lms.content.pieces import place
from lms.content.render import count_words, plain_text
from lms.content.roles import read_role_heading
from lms.content.tree import Boxed, Child, Lone, Quote, Run, Section, Speech, Text

WORDS_A_MINUTE = 200
SENTENCE = 40
"""Words; a longer sentence is warned about."""
SCENE = 180
NO_SCENE = 30
"""Fewer words tell of nobody, anywhere: a note, and not a short scene."""
GRADE = 9
WARN_FROM = 11

_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"'”’)*_\]]*\s+|\n[ ]*\n|\n[ ]*(?:[-*+>|#]|\d{1,3}[.)])")
_LEAD = re.compile(r"\s*+(?:(?:[-*+>|#]++|\d{1,3}[.)])\s++)*+")
"""Spaces and marks of a list or quotation, before the words begin."""
_WORDS = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouyáéíóúü]+")
_SILENT = re.compile(r"[^aeiouyl\W]e(?:s|d)?\b")
_STOPS = re.compile(r"(?<![.!?])[.!?]++[\"'”’)]*+(?:\s|$)")


def reading_words(desk: Desk) -> int:
    """Words that everybody reads: headings, text, boxes, the longest role variant; no activities."""
    title = count_words(desk.page.title.shown) if desk.page.title else 0
    return title + _words_in(desk, desk.page.children)


def counted_minutes(words: int, blocks: Sequence[Block]) -> int:
    """What a lesson of so many words and these blocks may claim; what stands in for another adds nothing."""
    doing = (block.minutes for block in blocks if isinstance(block, Activity) and not block.instead_of)
    return words // WORDS_A_MINUTE + sum(doing)


def _words_in(desk: Desk, children: Sequence[Child]) -> int:
    total = 0
    variants: list[int] = []
    for child in children:
        if isinstance(child, Section):
            if child.tag is not None:
                own = 0
            else:
                own = count_words(child.title.shown) + _words_in(desk, child.children)
                role = read_role_heading(child.words, desk.language)
                if role is not None and role.roles:
                    variants.append(own)
                    continue
        else:
            own = sum(count_words(text.shown) for text in _texts(child))
        total += max(variants, default=0) + own
        variants.clear()
    return total + max(variants, default=0)


def _texts(child: Child) -> list[Text]:
    if isinstance(child, Run | Lone | Quote):
        return [child.text]
    if isinstance(child, Boxed):
        if child.label == "example":
            return []
        return [child.title, child.body] if child.title else [child.body]
    if isinstance(child, Speech):
        return [text for _, text in child.lines]
    return []


def check_reading(desk: Desk) -> None:
    """Warnings of a lesson: scenes that are none or too long, long sentences, a high grade."""
    texts = _prose(desk.page.children)
    for text in texts:
        if len(text.piece.text) > 2 * SENTENCE:
            _check_sentences(desk, text)
    words = "\n".join(plain_text(text.html) for text in texts)
    course = desk.shelf.pages.get("course.md")
    grade = grade_of(words, course.header.text("language") if course else "")
    if grade >= WARN_FROM and desk.page.title is not None:
        message = f"About grade {grade}; aim at {GRADE}."
        desk.warning(desk.page.title.line, 1, "reads-hard", message)
    _check_scenes(desk, desk.page.children)


def _prose(children: Sequence[Child]) -> list[Text]:
    found: list[Text] = []
    for child in children:
        if isinstance(child, Section):
            found += _prose(child.children)
        else:
            found += _texts(child)
    return found


def _check_scenes(desk: Desk, children: Sequence[Child]) -> None:
    for child in children:
        if isinstance(child, Section):
            _check_scenes(desk, child.children)
        elif isinstance(child, Boxed) and child.label == "scene":
            words = count_words(child.body.html)
            if words > SCENE or (words < NO_SCENE and not desk.has_errors):
                message = f"{words} {'word' if words == 1 else 'words'}; scenes are 120 to {SCENE}."
                desk.warning(child.line, 1, "scene-long" if words > SCENE else "scene-short", message)


def _check_sentences(desk: Desk, text: Text) -> None:
    words = text.piece.text
    start = 0
    for end in (*(found.start() for found in _SENTENCE_END.finditer(words)), len(words)):
        if end - start > 2 * SENTENCE:
            number = len(_WORDS.findall(words, start, end))
            if number > SENTENCE:
                first = _LEAD.match(words, start, end)
                line, column = place(text.piece, first.end() if first else start)
                desk.warning(line, column, "sentence-long", f"{number} words in one sentence.")
        start = end


@lru_cache(maxsize=64)
def grade_of(words: str, language: str) -> int:
    """School grade: Flesch-Kincaid for English, Crawford (1989) for Spanish."""
    number = len(_WORDS.findall(words))
    if number < 100:
        return 0
    lower = words.lower()
    sentences = max(len(_STOPS.findall(words)), 1)
    syllables = len(_VOWELS.findall(lower))
    if language == "es":
        return round(-0.205 * sentences * 100 / number + 0.049 * syllables * 100 / number - 3.407)
    syllables = max(syllables - len(_SILENT.findall(lower)), number)
    return round(0.39 * number / sentences + 11.8 * syllables / number - 15.59)
