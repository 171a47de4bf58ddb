"""What a file is made of before it means anything: sections, boxes, lists with feedback, fields, tables.

`sections` reads it from lines; the text in it is rendered in one go (`Text.html`); then `lessons`,
`activities`, `quizzes`, `worksheets` and `guides` turn it into nodes.
"""

from __future__ import annotations

from msgspec import Struct, field

from lms.content.header import Header
from lms.content.nodes import BoxLabel, SafeHtml
from lms.content.pieces import Piece
from lms.content.settings import Tag


class Text:
    """A piece of the author's text; once rendered, its clean HTML; once on its page, that with links."""

    __slots__ = ("done", "html", "piece")

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.html = ""
        self.done: SafeHtml | None = None

    @property
    def shown(self) -> str:
        return self.html if self.done is None else self.done

    @property
    def line(self) -> int:
        return self.piece.line

    @property
    def column(self) -> int:
        return self.piece.column


class Run(Struct):
    """Paragraphs, plain lists and tables in a row."""

    text: Text


class Lone(Struct):
    """A paragraph that is one link, perhaps after a short phrase and a colon, or after 'See'."""

    text: Text


class Quote(Struct):
    text: Text


class Boxed(Struct):
    label: BoxLabel
    words: str
    title: Text | None
    body: Text
    line: int


class Speech(Struct):
    lines: list[tuple[str, Text]]


class Break(Struct):
    """A line `---` between empty lines."""

    line: int


class Note(Struct):
    """A paragraph or more of feedback; `group` names the wrong group that it is for, or is ''."""

    group: str
    text: Text


class Item(Struct):
    line: int
    column: int
    mark: str
    """' ', 'x', '~' of a check box; '' without one."""
    text: Text
    notes: list[Note] = field(default_factory=list)
    empty_note: tuple[int, int] | None = None
    """Where feedback stands that has no words."""
    spoilt: bool = False
    """A problem of this item was reported: it is not checked further."""


class Items(Struct):
    """A list whose items have check boxes or feedback, or are the cards of a group."""

    line: int
    numbered: bool
    items: list[Item] = field(default_factory=list)
    restarts: int = 0
    """Line at which the numbers begin anew, or 0."""

    @property
    def checks(self) -> bool:
        return any(item.mark for item in self.items)


class Cell(Struct):
    text: Text
    tag: Tag | None
    line: int
    column: int


class Cells(Struct):
    """A table that is not prose: to be filled in, or a rubric."""

    line: int
    head: list[Cell]
    rows: list[list[Cell]]


class FieldLine(Struct):
    line: int
    column: int
    label: Text
    tag: Tag
    help: Text | None = None
    items: Items | None = None
    table: Cells | None = None


class Section(Struct):
    level: int
    line: int
    title: Text
    tag: Tag | None = None
    children: list[Child] = field(default_factory=list)
    anchor: str = ""
    words: str = ""
    """The title as plain words, once rendered."""


Child = Run | Lone | Quote | Boxed | Speech | Break | Items | Cells | FieldLine | Section


class Page(Struct):
    file: str
    kind: str
    header: Header
    lines: list[str]
    title: Text | None = None
    children: list[Child] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    headings: list[Section] = field(default_factory=list)
    keyless: list[tuple[Tag, str]] = field(default_factory=list)
    """Tags that need a key and have none, with the words to make it from."""
    lines_of_header: dict[str, Text] = field(default_factory=dict)
    """Header fields that are shown as text: content note, privacy line."""
    rendered: bool = False
    anchors: set[str] = field(default_factory=set)
    """Of the title and all headings, once rendered."""

    def text(self, line: int, column: int, words: str, inline: bool = False, rest: int = 0) -> Text:
        text = Text(Piece(self.file, line, column, words, inline, rest))
        self.texts.append(text)
        return text
