"""Prose, boxes, dialogue and cards: what stands on every kind of page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

from lms.content.desk import Desk
from lms.content.links import LoneLink, lone_link, resolve
from lms.content.nodes import (
    Block,
    Box,
    BoxLabel,
    Dialogue,
    Heading,
    PageBreak,
    Prose,
    Rule,
    SafeHtml,
    See,
    SeenBy,
    ToolkitCard,
)  # fmt: skip
from lms.content.screen import LOOSE
from lms.content.tree import (
    Boxed,
    Break,
    Cells,
    Child,
    FieldLine,
    Items,
    Lone,
    Quote,
    Run,
    Section,
    Speech,
)  # fmt: skip

Where = Literal["page", "activity", "question", "worksheet", "session"]

_GUIDE_BOXES: set[BoxLabel] = {"say", "watch-for", "online", "if-hard"}
_IN_GUIDES: tuple[set[Where], str] = ({"session"}, "session guides")
_HOMES: dict[BoxLabel, tuple[set[Where], str]] = {
    "looking-back": ({"activity", "question", "worksheet"}, "activities and worksheets"),
    "model": ({"activity", "worksheet"}, "activities and worksheets"),
    "example": ({"activity", "question", "worksheet"}, "activities, questions and worksheets"),
    **dict.fromkeys(_GUIDE_BOXES, _IN_GUIDES),
}


class Around(Struct):
    """Where blocks stand, and what is taken out of them for the activity or question around them."""

    where: Where
    seen_by: SeenBy = "me"
    takes_back: bool = False
    """Whether 'Looking back' and 'See' belong to what is around, and are not shown in place."""
    looking_back: list[SafeHtml] = field(default_factory=list)
    see: See | None = None
    scope: str = ""
    """Full key of the log around, if any."""


def box_fits(desk: Desk, boxed: Boxed, where: Where) -> bool:
    """Whether this box may stand here; reports it if not."""
    home = _HOMES.get(boxed.label)
    if home is None or where in home[0]:
        return True
    desk.error(boxed.line, 1, "box-place", f"'{boxed.words}' belongs in {home[1]}.")
    return False


def build_box(desk: Desk, boxed: Boxed) -> Box:
    return Box(boxed.label, boxed.words, desk.html(boxed.title, cites=False), desk.html(boxed.body))


def build_plain(desk: Desk, child: Child, around: Around) -> Block | None:
    """The node of a child that is no field and no section; None if it went elsewhere or was refused."""
    if isinstance(child, Run):
        return Prose(desk.html(child.text))
    if isinstance(child, Boxed):
        return _box(desk, child, around)
    if isinstance(child, Quote):
        return Prose(SafeHtml(f"<blockquote>{desk.html(child.text)}</blockquote>"))
    if isinstance(child, Lone):
        return _lone(desk, child, around)
    if isinstance(child, Speech):
        return Dialogue(tuple((name, desk.html(text)) for name, text in child.lines))
    if isinstance(child, Break):
        return PageBreak() if desk.page.kind in ("toolkit", "capstone") else Rule()
    if isinstance(child, Items):
        stray_items(desk, child)
    elif isinstance(child, Cells):
        desk.error(child.line, 1, "rubric", "A reflection has one rubric.")
    return None


def stray_items(desk: Desk, items: Items) -> None:
    """A list with check boxes or feedback that nothing has claimed: a viewer would see the answers."""
    if any(item.spoilt for item in items.items):
        return
    if items.checks:
        first = next(item for item in items.items if item.mark)
        desk.error(first.line, first.column, "check-loose", LOOSE)
        return
    for item in items.items:
        if item.notes or item.empty_note:
            line, column = note_place(desk, item.line)
            desk.error(
                line, column, "feedback-indent",
                "This feedback belongs to no choice: indent it by four spaces.",
            )  # fmt: skip
            return


def note_place(desk: Desk, line: int) -> tuple[int, int]:
    """Line and column of the first `>` below an item."""
    lines = desk.page.lines
    at = line
    while at < len(lines) and not lines[at].lstrip(" ").startswith(">"):
        at += 1
    return (at + 1, lines[at].index(">") + 1) if at < len(lines) else (line, 1)


def _box(desk: Desk, boxed: Boxed, around: Around) -> Block | None:
    if not box_fits(desk, boxed, around.where):
        return None
    if boxed.label == "looking-back" and around.takes_back:
        around.looking_back.append(desk.html(boxed.body))
        return None
    if boxed.label == "model":
        message = f"'{boxed.words}' stands right after a field, or in a rewrite."
        desk.error(boxed.line, 1, "box-place", message)
        return None
    return build_box(desk, boxed)


def _lone(desk: Desk, child: Lone, around: Around) -> Block | None:
    if not desk.rendered:
        return None
    see = read_see(desk, child)
    if see is not None and around.takes_back:
        around.see = see
        return None
    shown = desk.html(child.text)
    link = lone_link(child.text.html)
    target = resolve(link.href, desk.page.file) if link else None
    if see is None and link and target:
        page = desk.shelf.pages.get(target[0])
        if page is not None and page.kind == "toolkit":
            return ToolkitCard(desk.shelf.keys.get(target[0], ""), SafeHtml(link.lead))
    return Prose(shown)


def read_see(desk: Desk, child: Lone) -> See | None:
    """`See [heading](file.md#anchor).` as the way back; None if the paragraph is another link."""
    html = child.text.html
    lead = f"<p>{desk.language.see} <a"
    if not html.startswith(lead):
        return None
    link: LoneLink | None = lone_link("<p><a" + html[len(lead) :])
    target = resolve(link.href, desk.page.file) if link else None
    if link is None or target is None:
        return None
    desk.html(child.text)
    return See(desk.shelf.keys.get(target[0], ""), target[1], SafeHtml(link.words))


def build_heading(desk: Desk, section: Section) -> Heading:
    return Heading(section.level, desk.html(section.title, cites=False), section.anchor)


def followers(children: Sequence[Child], at: int) -> dict[BoxLabel, Boxed]:
    """The example and the model answer that belong to the field at this place."""
    found: dict[BoxLabel, Boxed] = {}
    for child in children[at + 1 :]:
        if not isinstance(child, Boxed) or child.label not in ("example", "model") or child.label in found:
            break
        found[child.label] = child
    return found


def place_of(child: Child) -> tuple[int, int]:
    """Line and column where a child of a section begins."""
    if isinstance(child, Run | Lone | Quote):
        return child.text.line, child.text.column
    if isinstance(child, Speech):
        return child.lines[0][1].line, 1
    if isinstance(child, FieldLine):
        return child.line, child.column
    return child.line, 1


def refuse_stray(desk: Desk, child: Child, message: str) -> None:
    """Something that would be lost, or shown in the wrong place, where it stands."""
    line, column = place_of(child)
    desk.error(line, column, "choice-long", message)
