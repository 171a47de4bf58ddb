"""Many documents from one seed; each can be made again from the seed and its number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fuzz.documents import Corpus, around, place_of
from tests.fuzz.judge import Finding, judge, judge_text
from tests.fuzz.mutations import mutate


@dataclass
class Report:
    documents: int = 0
    accepted: int = 0
    findings: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    """Number, kind of page and smallest document, by what was found; the same fault once."""


@dataclass(frozen=True)
class Document:
    number: int
    kind: str
    page: bytes


def document(corpus: Corpus, seed: int, number: int) -> Document:
    chance = random.Random(f"{seed}/{number}")
    kind, text = corpus.pick(chance)
    _, other = corpus.pick(chance)
    return Document(number, kind, mutate(chance, text, other))


def run(seed: int, numbers: range, corpus: Corpus | None = None) -> Iterator[Report]:
    """The report so far, after each document."""
    corpus = corpus or Corpus()
    report = Report()
    for number in numbers:
        made = document(corpus, seed, number)
        report.documents += 1
        fault = fault_of(made.kind, made.page, number % 16 == 0)
        if fault is None:
            report.accepted += 1
        elif fault and (name := _name(fault)) not in report.findings:
            report.findings[name] = (number, made.kind, smallest(made, name))
        yield report


def fault_of(kind: str, page: bytes, deep: bool) -> str | None:
    """'' when the page is refused as it should be, None when it is accepted, else what is wrong."""
    try:
        accepted = judge(around(kind, page), deep)
        if deep:
            judge_text(page.decode("utf-8", "replace"))
    except Finding as finding:
        return str(finding)
    return None if accepted else ""


def _name(fault: str) -> str:
    """Faults of one cause: the rule, the exception and its place, without the words of the document."""
    rule, _, rest = fault.partition(": ")
    return f"{rule}: {rest.split(':', 1)[0]} {rest.rsplit(' at ', 1)[-1]}" if rule == "crash" else fault[:60]


def smallest(made: Document, name: str, tries: int = 400) -> bytes:
    """Lines and then halves of lines taken away for as long as the same fault stays."""
    page = made.page
    for separator in (b"\n", b" "):
        size = max(1, len(page.split(separator)) // 2)
        while size and tries > 0:
            at = 0
            while at < len(page.split(separator)) and tries > 0:
                pieces = page.split(separator)
                shorter = separator.join(pieces[:at] + pieces[at + size :])
                tries -= 1
                fault = fault_of(made.kind, shorter, True)
                if fault and _name(fault) == name:
                    page = shorter
                else:
                    at += size
            size //= 2
    return page


def where(kind: str) -> str:
    return place_of(kind)
