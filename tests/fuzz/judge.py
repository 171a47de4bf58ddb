"""What must hold for every document, however damaged: no exception, no hang, no script."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html.parser import HTMLParser
from types import FrameType
from typing import Any

from msgspec import Struct

from lms.content import compiler
from lms.content.codec import decode, encode
from lms.content.finish import finish
from lms.content.nodes import SafeHtml
from lms.content.page import PageLinks
from lms.content.pieces import Piece
from lms.content.reader import SourceFiles
from lms.content.render import ALLOWED_ATTRIBUTES, ALLOWED_TAGS

TODAY = date(2026, 11, 25)
SECONDS = 5
"""Of processor time for one document; the slowest honest ones take a tenth of a second."""

_TAGS = ALLOWED_TAGS | {"div", "span", "figure", "figcaption"}
_ATTRIBUTES = {
    "a": {*ALLOWED_ATTRIBUTES["a"], "class", "id", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "table": {"class"},
    "th": {"scope"},
    "td": {"data-label"},
    "span": {"class", "data-insert"},
}
_ADDRESS = re.compile(r"https://|mailto:|#|(?:\.\./)?[a-z0-9][A-Za-z0-9-]*(?:#|\Z)")


class Finding(Exception):
    """A rule that a document breaks; the first word names it."""


class _TooLong(BaseException):
    """Not an Exception: the compiler's own guards must not swallow it."""


def judge(files: dict[str, bytes], deep: bool) -> bool:
    """Compiles and raises Finding when a rule is broken. Returns whether the course was accepted.

    `deep`: also that a second run says the same, and that the course survives its encoding.
    """
    sources = SourceFiles(files)
    try:
        with _time_limit():
            result = compiler.compile_course(sources, today=TODAY)
    except _TooLong:
        raise Finding(f"hang: more than {SECONDS} s") from None
    except Exception as fault:
        raise Finding(f"crash: {type(fault).__name__}: {fault} at {_place(fault)}") from fault
    for problem in result.problems:
        lines = len(files.get(problem.file, b"").replace(b"\r", b"\n").split(b"\n"))
        if problem.code == "piece-failed":
            raise Finding(f"failed: {problem}")
        if not (1 <= problem.line <= lines + 1 and problem.column >= 1 and problem.message.strip()):
            raise Finding(f"problem: {problem} of {lines} lines")
    if result.course is None:
        if not result.errors:
            raise Finding("silent: no course and no error")
        return False
    for html in _html_of(result.course):
        check_html(html)
    if deep:
        if decode(encode(result.course)) != result.course:
            raise Finding("codec: the course does not come back")
        if compiler.compile_course(sources, today=TODAY) != result:
            raise Finding("chance: a second run says something else")
    return True


def judge_text(text: str) -> None:
    """The whole page as one piece, so that text which the compiler stops at is rendered too."""
    pieces = [Piece("page.md", 1, 1, text), *(Piece("page.md", 1, 1, t, True) for t in text.split("\n")[:40])]
    fit = [piece for piece in pieces if not compiler.screen([piece])]
    rendering = compiler.render(fit)
    if rendering.problems:
        raise Finding(f"failed: {rendering.problems[0]}")
    page = PageLinks("page.md", {}, {}, {}, {"report-now": "call"})
    for piece, html in zip(fit, rendering.html, strict=True):
        check_html(finish(html, piece, page))


def check_html(html: str) -> None:
    """Only known tags, attributes and addresses; balanced, and none of the machine's own marks."""
    if {"\ue000", "\x02", "\x03"} & set(html):
        raise Finding("marks: a mark of the machine is in the text")
    parser = _Checker()
    parser.feed(html)
    parser.close()
    if parser.open:
        raise Finding(f"tags: <{parser.open[-1]}> is never closed")


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise Finding(f"script: <{tag}> came through")
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)
        for name, value in attrs:
            if name not in _ATTRIBUTES.get(tag, ()):
                raise Finding(f"script: {name} on <{tag}> came through")
            if name == "href" and not _ADDRESS.match(value or ""):
                raise Finding(f"script: the address {value!r} came through")
            if name == "src" and not (value or "").startswith("media/"):
                raise Finding(f"script: the picture {value!r} came through")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Finding(f"tags: </{tag}> without its beginning")

    def handle_comment(self, data: str) -> None:
        raise Finding("script: a comment came through")


def _html_of(value: Any) -> Iterator[SafeHtml]:
    if isinstance(value, SafeHtml):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _html_of(each)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _html_of(getattr(value, name))


def _place(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "?"


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds_of(files: dict[str, bytes]) -> float:
    start = time.process_time()
    compiler.compile_course(SourceFiles(files), today=TODAY)
    return time.process_time() - start
