"""The capstone page: fields to fill in, worksheets that go with it, how it is read, what was answered."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from lms.content.nodes import Citation, SafeHtml
from lms.web.learn.pages.blocks import Piece
from lms.web.learn.pages.clashes import Clash
from lms.web.learn.pages.lesson import Neighbor
from lms.web.learn.pages.quiz import HandedIn
from lms.web.learn.pages.worksheet import Missing


class CapstonePage(Struct, frozen=True):
    """`state`: open (never handed in), waiting, not_yet, or accepted."""

    course_key: str
    course_title: str
    key: str
    title: SafeHtml
    title_text: str
    minutes: int
    content_note: SafeHtml
    privacy: SafeHtml
    readers: str
    state: str
    state_words: str
    history: tuple[HandedIn, ...]
    body: tuple[Piece, ...]
    revision: int
    saved_at: datetime | None
    missing: tuple[Missing, ...]
    problem: str
    may_ask_peer: bool
    notes: tuple[Citation, ...]
    before: Neighbor | None
    every_page: tuple[SafeHtml, ...]
    person: str
    clashes: tuple[Clash, ...]
    to_be_read_by: str

    @property
    def may_write(self) -> bool:
        return self.state in ("open", "not_yet")
