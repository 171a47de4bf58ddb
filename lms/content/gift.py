"""Moodle's GIFT, a text format for questions -> questions, and what could not be taken and why.

Read as Moodle reads it: an empty line ends a question, `\\` takes the meaning from the sign behind it.
https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from lms.content.nodes import Mark

MAX_BYTES = 2_000_000
"""As much as all text of a course."""

GiftKind = Literal["choose one", "choose many", "true or false", "short answer", "match", "sort"]

LITERAL = {
    "\\": "\ufdd0", "~": "\ufdd1", "=": "\ufdd2", "#": "\ufdd3", "{": "\ufdd4", "}": "\ufdd5",
    ":": "\ufdd6", "n": "\ufdd7", "*": "\ufdd8",
}  # fmt: skip
"""Stand-ins for escaped signs, which no text may hold (Unicode keeps them for use inside a program)."""
BLANK = "\ufdda"
"""The gap of a missing word."""
ANYTHING = ""
"""The words of the answer that stands for everything else, Moodle's `*`."""

_ESCAPED = re.compile(r"\\([\\~=#{}:n*])")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TRUTH = re.compile(r"(true|t|false|f)\s*(?:#|\Z)", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%")
_EXACT = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?(?=\s*(?::\s*0+(?:\.0+)?\s*)?\Z)")


class Words(Struct, frozen=True):
    """Text as the file has it, stand-ins included. `form`: moodle, html, plain or markdown."""

    text: str
    form: str = "moodle"


class GiftAnswer(Struct, frozen=True):
    """`group`: of a card, where it belongs; a card without words leaves its group empty."""

    words: Words
    mark: Mark
    note: Words
    group: Words | None = None


class GiftQuestion(Struct, frozen=True):
    line: int
    title: str
    kind: GiftKind
    prompt: Words
    answers: tuple[GiftAnswer, ...]
    back: Words
    """Feedback on the question as a whole."""
    part_credit: bool = False
    remarks: tuple[str, ...] = ()
    """What is not quite as it was."""


class NotTaken(Struct, frozen=True):
    line: int
    why: str


class Refused(Exception):
    """Why a question cannot be taken."""


def read_gift(data: bytes) -> tuple[tuple[GiftQuestion, ...], tuple[NotTaken, ...]]:
    """The questions of a file, and a reason for each that has no place here. Categories and comments go."""
    if len(data) > MAX_BYTES:
        return (), (NotTaken(1, f"A file has at most {MAX_BYTES // 1_000_000} MB: split it."),)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return (), (NotTaken(line, "Save this file as UTF-8; as it is, no question can be read."),)
    questions: list[GiftQuestion] = []
    not_taken: list[NotTaken] = []
    for line, block in _blocks(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")):
        try:
            questions.append(_question(line, block))
        except Refused as refused:
            not_taken.append(NotTaken(line, str(refused)))
    return tuple(questions), tuple(not_taken)


def _blocks(text: str) -> list[tuple[int, str]]:
    """The line that each question begins on, and its text."""
    blocks: list[tuple[int, str]] = []
    start, kept = 0, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        words = line.strip()
        if words.startswith("//"):
            continue
        if words and not words.startswith("$CATEGORY:"):
            start = start or number
            kept.append(words)
        elif kept:
            blocks.append((start, "\n".join(kept)))
            start, kept = 0, []
    return blocks


# ── One question ─────────────────────────────────────────────────────────────────────────────────


def _question(line: int, block: str) -> GiftQuestion:
    if unseen := _UNSEEN.search(block):
        raise Refused(f"It holds the invisible character U+{ord(unseen[0]):04X}: delete it.")
    text = _ESCAPED.sub(lambda found: LITERAL[found[1]], block)
    title, text = _title(text)
    text, form = _formed(text, "moodle")
    before, inside, after = _braces(text)
    answers, mark, back = inside.partition("####")
    prompt = f"{before.strip()} {BLANK} {after.strip()}" if after.strip() else before.strip()
    if not prompt:
        raise Refused("It has no text, only answers: write the question above its braces.")
    kind, found, part_credit, remarks = _answers(answers.strip(), form)
    return GiftQuestion(
        line, title, kind, Words(prompt, form), tuple(found),
        Words(*_formed(back, form)) if mark else Words("", form), part_credit, tuple(remarks),
    )  # fmt: skip


def _title(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    title, end, rest = text[2:].partition("::")
    if not end:
        raise Refused("Its title never ends: write ::title::.")
    return title.strip(), rest


def _formed(text: str, form: str) -> tuple[str, str]:
    """The text without the name of its format, and the format."""
    found = _FORM.match(text)
    return (text[found.end() :].strip(), found[1].lower()) if found else (text.strip(), form)


def _braces(text: str) -> tuple[str, str, str]:
    before, opened, rest = text.partition("{")
    inside, closed, after = rest.partition("}")
    if not opened:
        if "}" in before:
            raise Refused("A } stands without its {: write \\} for the sign itself.")
        raise Refused("It has no answers in braces: a text without a question belongs in a lesson.")
    if not closed:
        raise Refused("Its { never ends; an empty line ends a question.")
    if "{" in inside or "{" in after or "}" in after:
        raise Refused("It has more than one pair of braces: write \\{ and \\} for the signs themselves.")
    return before, inside, after


_Found = tuple[GiftKind, list[GiftAnswer], bool, list[str]]


def _answers(text: str, form: str) -> _Found:
    if not text:
        raise Refused("An essay is read by a person: write it by hand as a `reflection`, with its rubric.")
    if text[0] == "#":
        return _numbers(text[1:].strip(), form)
    if found := _TRUTH.match(text):
        return _truth(found[1][0].lower() == "t", text, form)
    listed = _listed(text)
    if any("->" in body for sign, body in listed) and all(sign == "=" for sign, _ in listed):
        return _pairs([body for _, body in listed], form)
    if any(sign == "~" for sign, _ in listed):
        return _choices([_weighed(sign, body, form) for sign, body in listed])
    return _spellings([_weighed(sign, body, form) for sign, body in listed])


def _listed(text: str) -> list[tuple[str, str]]:
    """Sign and text of each answer."""
    cut = re.split("([=~])", text)
    if cut[0].strip() or len(cut) < 3:
        raise Refused("Each answer begins with = or ~; for the signs themselves write \\= and \\~.")
    return list(zip(cut[1::2], cut[2::2], strict=True))


def _weighed(sign: str, body: str, form: str) -> tuple[float, Words, Words]:
    """What an answer is worth in percent, its words, its feedback."""
    worth = 100.0 if sign == "=" else 0.0
    if found := _WEIGHT.match(body):
        worth, body = float(found[1]), body[found.end() :]
    words, _, note = body.partition("#")
    if not words.strip():
        raise Refused("One of its answers is empty.")
    return worth, Words(*_formed(words, form)), Words(*_formed(note, form))


def _choices(found: list[tuple[float, Words, Words]]) -> _Found:
    if len(found) < 2:
        raise Refused("It has one choice only: give at least two.")
    if any(worth >= 100 for worth, _, _ in found):
        kind: GiftKind = "choose one"
        first = next(place for place, each in enumerate(found) if each[0] >= 100)
        marks: list[Mark] = [
            "right" if place == first else "defensible" if each[0] > 0 else "wrong"
            for place, each in enumerate(found)
        ]
    elif any(worth > 0 for worth, _, _ in found):
        kind = "choose many"
        marks = ["right" if worth > 0 else "wrong" for worth, _, _ in found]
    else:
        raise Refused("None of its choices is right.")
    answers = [GiftAnswer(each[1], mark, each[2]) for each, mark in zip(found, marks, strict=True)]
    return kind, answers, kind == "choose many", _in_part(found) if kind == "choose one" else []


def _in_part(found: list[tuple[float, Words, Words]]) -> list[str]:
    if any(0 < worth < 100 for worth, _, _ in found):
        return ["An answer that was worth a part of the points counts as right here, marked [~]."]
    return []


def _spellings(found: list[tuple[float, Words, Words]]) -> _Found:
    answers: list[GiftAnswer] = []
    rest: list[GiftAnswer] = []
    for worth, words, note in found:
        if words.text == "*":
            if worth > 0:
                raise Refused("It takes every answer (*) as right: ask it in a `reflection` or a field.")
            rest.append(GiftAnswer(Words(ANYTHING), "wrong", note))
        elif "*" in words.text:
            raise Refused("A * that stands for any letters has no place here: write the spellings out.")
        elif " / " in f" {words.text} ":
            raise Refused("An answer holds ' / ', which parts spellings here: write it in another way.")
        else:
            mark: Mark = "right" if worth >= 100 else "defensible" if worth > 0 else "wrong"
            answers.append(GiftAnswer(words, mark, note))
    if not any(answer.mark == "right" for answer in answers):
        raise Refused("None of its answers is right.")
    return "short answer", [*answers, *rest[:1]], False, _in_part(found)


def _numbers(text: str, form: str) -> _Found:
    """Numbers that count exactly become a short answer; a range has no counterpart."""
    listed = _listed(text) if text.startswith(("=", "~")) else [("=", text)]
    found = []
    for sign, body in listed:
        worth, words, note = _weighed(sign, body, form)
        number = _EXACT.match(words.text)
        if words.text != "*" and number is None:
            raise Refused("A number with a range has no kind here: make it a choice, or write it by hand.")
        found.append((worth, Words(number[0] if number else "*", "plain"), note))
    return _spellings(found)


def _truth(true: bool, text: str, form: str) -> _Found:
    """The first feedback is for who answers wrong, the second for who answers right."""
    _, wrong, right = (*text.split("#", 2), "", "")[:3]
    notes = (right, wrong) if true else (wrong, right)
    marks: tuple[Mark, Mark] = ("right", "wrong") if true else ("wrong", "right")
    answers = [
        GiftAnswer(Words(word, "plain"), mark, Words(*_formed(note, form)))
        for word, mark, note in zip(("true", "false"), marks, notes, strict=True)
    ]
    return "true or false", answers, False, []


def _pairs(bodies: list[str], form: str) -> _Found:
    answers: list[GiftAnswer] = []
    for body in bodies:
        card, arrow, group = body.partition("->")
        if not arrow or not group.strip():
            raise Refused("Each pair is written =one -> other.")
        answers.append(
            GiftAnswer(Words(*_formed(card, form)), "right", Words("", form), Words(*_formed(group, form)))
        )
    cards = [answer for answer in answers if answer.words.text and answer.group]
    groups = {answer.group.text for answer in answers if answer.group}
    if len(cards) < 2 or len(groups) < 2:
        raise Refused("Matching needs at least two pairs that differ.")
    taken = [answer.group.text for answer in cards if answer.group]
    return "match" if len(set(taken)) == len(taken) else "sort", answers, True, []
