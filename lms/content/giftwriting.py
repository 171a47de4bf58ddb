"""Questions out of GIFT -> a `quiz.md`, each one compiled before it is taken."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from lms.content.compiler import compile_course
from lms.content.gift import BLANK, LITERAL, GiftAnswer, GiftQuestion, NotTaken, Refused, Words, read_gift
from lms.content.keywriting import free_key, key_from_words
from lms.content.languages import LANGUAGES
from lms.content.plain import escaped, escaped_title
from lms.content.reader import SourceFiles
from lms.content.screen import FILE_BYTES

_PLAIN = {ord(stand_in): "\n" if sign == "n" else sign for sign, stand_in in LITERAL.items()}
_BREAK = LITERAL["n"]
_MARKS = {"right": "x", "defensible": "~", "wrong": " "}
_STRONG, _EMPHASIS = "\ufddb", "\ufddc"
_STRONG_TAG = re.compile(r"<(?:b|strong)>([^<>]*)</(?:b|strong)>", re.IGNORECASE)
_EMPHASIS_TAG = re.compile(r"<(?:i|em)>([^<>]*)</(?:i|em)>", re.IGNORECASE)
_PARAGRAPH_TAG = re.compile(r"</?(?:p|div|br)\b[^<>]*>", re.IGNORECASE)
_SILENT_TAG = re.compile(r"</?(?:span|b|strong|i|em)\b[^<>]*>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"</?([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n(?: *\n)+")

SEE = "[The lesson](1-lesson.md#the-lesson)"
_AROUND = {
    "course.md": (
        "---\nkey: c\nlanguage: {language}\nlicense: none\naudience: [teachers]\ntopic: One\n"
        "objectives: [One]\nclock-hours: 1\nrequires:\n  lessons: all\nprivacy-line: One.\n"
        "release:\n  class: minor\n  notes: One.\n---\n\n# One\n"
    ),
    "1-one/module.md": "---\nkey: m\n---\n\n# One\n",
    "1-one/1-lesson.md": "---\nkey: l\nobjective: One.\nminutes: 1\n---\n\n# The lesson\n\nOne.\n",
}
"""The smallest course that a question can be compiled in."""


class GiftWords(Struct, frozen=True):
    """What is said where a file says nothing."""

    true: str
    false: str
    right: str
    wrong: str
    belongs: str
    kept_in: str


WORDS: Mapping[str, GiftWords] = {
    "en": GiftWords("True", "False", "Right.", "Not right.", "It goes with {group}.", "Check what you know"),
    "es": GiftWords(
        "Verdadero", "Falso", "Correcto.", "No es correcto.", "Va con {group}.", "Compruebe lo que sabe"
    ),
}


class Import(Struct, frozen=True):
    """`text`: a whole quiz.md, '' when no question was taken."""

    text: str
    taken: tuple[GiftQuestion, ...]
    not_taken: tuple[NotTaken, ...]
    remarks: tuple[NotTaken, ...]
    """Of questions that were taken: what is to be looked at."""


def import_gift(data: bytes, *, key: str, title: str, language: str, see: str) -> Import:
    """`see`: a link to where learners read again, '' to leave that line to the author.

    Whatever is in the file, this ends in a text that compiles (but for a missing `see`) and a list.
    """
    questions, faults = read_gift(data)
    not_taken = list(faults)
    remarks: list[NotTaken] = []
    taken: list[GiftQuestion] = []
    written: list[str] = []
    keys: set[str] = set()
    for question in questions:
        writer = _Writer(language)
        try:
            head, body = writer.write(question)
            name = free_key(key_from_words(head) or "question", keys)
            _check(_whole(head, question, name, body, f"{_see(language, SEE)}\n"), language)
        except Refused as refused:
            not_taken.append(NotTaken(question.line, str(refused)))
            continue
        keys.add(name)
        taken.append(question)
        written.append(_whole(head, question, name, body, f"{_see(language, see)}\n" if see else ""))
        remarks += [NotTaken(question.line, remark) for remark in (*question.remarks, *writer.remarks)]
    text = _quiz(key, title or WORDS[language].kept_in, written) if written else ""
    if len(text.encode()) > FILE_BYTES:
        remarks.append(NotTaken(1, f"The quiz has more than {FILE_BYTES // 1000} KB: make two files of it."))
    return Import(text, tuple(taken), tuple(sorted(not_taken, key=_line)), tuple(remarks))


def _line(each: NotTaken) -> int:
    return each.line


def _quiz(key: str, title: str, written: Iterable[str]) -> str:
    head = f"---\nkey: {key}\npass: 80\nattempts: unlimited\n---\n\n# {escaped_title(title) or 'Quiz'}\n"
    return "\n".join((head, *written))


def _whole(head: str, question: GiftQuestion, key: str, body: str, see: str) -> str:
    credit = ", part credit" if question.part_credit else ""
    return f"## {head}\n`{question.kind} #{key}{credit}`\n\n{body}" + (f"\n{see}" if see else "")


def _see(language: str, link: str) -> str:
    return f"{LANGUAGES[language].see} {link}."


def _check(written: str, language: str) -> None:
    """Refused with the first thing that the compiler says of this question alone."""
    texts = {name: text.replace("{language}", language) for name, text in _AROUND.items()}
    texts["1-one/quiz.md"] = _quiz("q", "One", [written])
    try:
        files = {name: text.encode() for name, text in texts.items()}
    except UnicodeEncodeError:
        raise Refused("It holds a character that cannot be saved.") from None
    for problem in compile_course(SourceFiles(files), today=date(2000, 1, 1), earlier={}).problems:
        if problem.file == "1-one/quiz.md" and problem.severity == "error":
            raise Refused(f"It does not fit into a quiz ({problem.code}): {problem.message}")


class _Writer:
    """Writes one question; remembers where it had to say something itself."""

    def __init__(self, language: str) -> None:
        self.language = LANGUAGES[language]
        self.words = WORDS[language]
        self.silent = 0

    @property
    def remarks(self) -> list[str]:
        if not self.silent:
            return []
        answers = "1 answer has" if self.silent == 1 else f"{self.silent} answers have"
        return [f"{answers} no feedback but '{self.words.right}' or the like: say why."]

    def write(self, question: GiftQuestion) -> tuple[str, str]:
        """The words of the heading, and what stands below the tag."""
        prompt = _paragraphs(question.prompt)
        if not prompt:
            raise Refused("It has no text, only answers: write the question above its braces.")
        head = _heading(Words(question.title or _beginning(question.prompt), "plain"))
        parts = ["\n\n".join(prompt) + "\n"]
        if question.kind in ("match", "sort"):
            parts += self._groups(question.answers)
        elif question.kind == "short answer":
            parts.append("".join(self._spellings(question.answers)))
        else:
            parts.append("".join(self._choice(each, question.kind) for each in question.answers))
        if back := _paragraphs(question.back):
            label = next(words for words, box in self.language.boxes.items() if box == "looking-back")
            parts.append("> " + "\n>\n> ".join([f"**{label}.** {back[0]}", *back[1:]]).replace("\n\n", "\n"))
            parts[-1] += "\n"
        return head, "\n".join(parts)

    def _choice(self, answer: GiftAnswer, kind: str) -> str:
        words = _inline(answer.words)
        if kind == "true or false":
            words = self.words.true if answer.words.text == "true" else self.words.false
        return f"- [{_MARKS[answer.mark]}] {words}\n{self._note(answer)}"

    def _note(self, answer: GiftAnswer) -> str:
        note = _paragraphs(answer.note)
        if not note:
            self.silent += 1
            note = [self.words.wrong if answer.mark == "wrong" else self.words.right]
        return _quoted(note)

    def _spellings(self, answers: Iterable[GiftAnswer]) -> Iterable[str]:
        """Spellings of one mark and one feedback share a line; anything else comes last."""
        lines: dict[tuple[str, str], list[str]] = {}
        rest = ""
        for answer in answers:
            if answer.words.text:
                words = _inline(answer.words)
                if words.casefold() == self.language.anything_else:
                    raise Refused(f"'{self.language.anything_else}' cannot be an answer here.")
                lines.setdefault((answer.mark, self._note(answer)), []).append(words)
            else:
                rest = self._note(answer)
        for (mark, note), words_of in lines.items():
            yield f"- [{_MARKS[mark]}] {' / '.join(words_of)}\n{note}"
        if not rest:
            rest = self._note(GiftAnswer(Words(""), "wrong", Words("")))
        yield f"- [ ] {self.language.anything_else}\n{rest}"

    def _groups(self, answers: Iterable[GiftAnswer]) -> Iterable[str]:
        groups: dict[str, list[str]] = {}
        for answer in answers:
            if answer.group is None:
                continue
            name = _heading(answer.group)
            cards = groups.setdefault(name, [])
            if answer.words.text:
                self.silent += 1
                note = self.words.belongs.replace("{group}", name.rstrip(".?!"))
                cards.append(f"- {_inline(answer.words)}\n{_quoted([note])}")
        for name, cards in groups.items():
            yield f"### {name}\n" + "".join(cards)


# ── Words ────────────────────────────────────────────────────────────────────────────────────────


def _paragraphs(words: Words) -> list[str]:
    """As Markdown, each on one line, but for what was Markdown already."""
    if words.form == "markdown":
        text = _made_plain(words.text).replace(BLANK, r"\_\_\_\_\_")
        return [part.strip() for part in _PARAGRAPHS.split(text) if part.strip()]
    text = words.text.replace("\n", " ")
    if words.form != "plain":
        text = _STRONG_TAG.sub(lambda found: _between(_STRONG, found[1]), text)
        text = _EMPHASIS_TAG.sub(lambda found: _between(_EMPHASIS, found[1]), text)
        text = _SILENT_TAG.sub("", _PARAGRAPH_TAG.sub(_BREAK, text))
        if other := _OTHER_TAG.search(text):
            raise Refused(f"It holds the HTML <{other[1].lower()}>, which has no place in a course.")
        text = html.unescape(text)
    lines = [" ".join(line.split()) for line in text.split(_BREAK)]
    return [_escaped(line) for line in lines if line]


def _between(sign: str, words: str) -> str:
    """Spaces stay outside, where Markdown wants them."""
    inner = words.strip()
    return words.replace(inner, f"{sign}{inner}{sign}", 1) if inner else words


def _inline(words: Words) -> str:
    found = " ".join(" ".join(_paragraphs(words)).split("\n"))
    if not found:
        raise Refused("One of its answers is empty.")
    return found


def _heading(words: Words) -> str:
    """A heading has no code of its own."""
    return _inline(Words(words.text.replace("`", "'"), words.form))


def _beginning(prompt: Words) -> str:
    """A title from the first words of the question."""
    text = prompt.text.replace(_BREAK, " ").replace(BLANK, "…")[:300]
    if prompt.form != "plain":
        text = html.unescape(_OTHER_TAG.sub("", _PARAGRAPH_TAG.sub(" ", text)))
    text = " ".join(text.split())
    if len(text) <= 60:
        return text or "Question"
    return (text[:61].rpartition(" ")[0] or text[:60]) + "…"


def _quoted(paragraphs: Iterable[str]) -> str:
    text = "\n\n".join(paragraphs)
    return "".join(f"    > {line}".rstrip() + "\n" for line in text.split("\n"))


def _made_plain(text: str) -> str:
    return text.translate(_PLAIN)


def _escaped(line: str) -> str:
    text = escaped(_made_plain(line).replace("\n", " "))
    text = text.replace(BLANK, r"\_\_\_\_\_")
    return text.replace(_STRONG, "**").replace(_EMPHASIS, "*")
