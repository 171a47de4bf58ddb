"""What stands on a page, block by block, ready for the templates: nothing is looked up there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from lms.content.nodes import (
    Activity,
    Block,
    Box,
    BoxLabel,
    Dialogue,
    Field,
    Heading,
    Log,
    PageBreak,
    Prose,
    Reflection,
    Rubric,
    Rule,
    See,
    SeenBy,
    Toolkit,
    ToolkitCard,
    Variant,
    Variants,
)
from lms.responses.fields import fields_in
from lms.web.learn.pages.course_map import CourseMap
from lms.web.learn.pages.fields import SEEN, field_view
from lms.web.learn.pages.filling import Filling
from lms.web.learn.pages.questions import QuestionView, question_view

BOXES: dict[BoxLabel, tuple[str, str]] = {
    "scene": ("scene", ""),
    "try": ("note note-try", "lightbulb"),
    "duty": ("note note-duty", "shield-alert"),
    "care": ("note note-care", "hand-heart"),
    "good-to-know": ("note", "info"),
    "what-we-know": ("note note-known", "search"),
    "looking-back": ("note note-back", "eye"),
    "model": ("note note-model", "message-square-text"),
    "example": ("note note-example", "pencil-line"),
    "say": ("note", "message-square-text"),
    "watch-for": ("note", "eye"),
    "online": ("note", "info"),
    "if-hard": ("note note-care", "hand-heart"),
}
"""Class and icon of each box."""


class Piece(Struct, frozen=True):
    """`kind` names the macro that shows it; `node` is the compiled block, `view` what was added to it."""

    kind: str
    node: Any
    view: Any = None


class BoxView(Struct, frozen=True):
    looks: str
    icon: str
    id: str


class VariantView(Struct, frozen=True):
    node: Variant
    open: bool
    pieces: tuple[Piece, ...]


class KitView(Struct, frozen=True):
    toolkit: Toolkit
    seen: str
    stored: bool
    handed_in: bool
    """The capstone asks for it."""


def pieces(blocks: Iterable[Block], filling: Filling, seen_by: SeenBy = "me") -> tuple[Piece, ...]:
    """`seen_by`: who sees what is typed into the fields among `blocks`."""
    return tuple(
        piece
        for number, block in enumerate(blocks)
        if (piece := _piece(block, filling, seen_by, number)) is not None
    )


def _piece(block: Block, filling: Filling, seen_by: SeenBy, number: int) -> Piece | None:
    match block:
        case Prose():
            return Piece("prose", block)
        case Heading():
            return Piece("heading", block)
        case Box():
            if block.label == "example" and filling.blank:
                return None
            return Piece("box", block, _box(block, number))
        case Dialogue():
            return Piece("dialogue", block)
        case Variants():
            return Piece("variants", block, _variants(block, filling, seen_by))
        case ToolkitCard():
            return _kit(block, filling.where)
        case Field():
            view = field_view(block, filling, seen_by)
            return Piece("table" if view.control == "table" else "field", block, view)
        case Activity():
            return Piece("activity", block, activity_view(block, filling))
        case PageBreak():
            return Piece("page_break", block)
        case Rule():
            return Piece("rule", block)
        case See():
            return Piece("see", block)
        case Rubric():
            return Piece("rubric", block)
        case Log():
            return Piece("log", block, filling.logs[block.key]) if block.key in filling.logs else None
        case Reflection():
            return None  # it has a page object of its own


def _box(box: Box, number: int) -> BoxView:
    looks, icon = BOXES[box.label]
    return BoxView(looks, icon, f"box-{box.label}-{number}-{len(box.html)}")


def _variants(variants: Variants, filling: Filling, seen_by: SeenBy) -> tuple[VariantView, ...]:
    return tuple(
        VariantView(variant, filling.role in variant.roles, pieces(variant.blocks, filling, seen_by))
        for variant in variants.variants
    )


def _kit(card: ToolkitCard, where: CourseMap) -> Piece | None:
    stop = where.by_key.get(card.toolkit_key)
    if stop is None or not isinstance(stop.node, Toolkit):
        return None
    toolkit = stop.node
    capstone = where.course.capstone
    asked = capstone.blocks if capstone is not None else ()
    handed_in = any(field.hands_in == toolkit.key for field in fields_in(asked))
    return Piece("kit", card, KitView(toolkit, SEEN[toolkit.seen_by], toolkit.form != "paper", handed_in))


class ActivityView(Struct, frozen=True):
    """An activity of a lesson: its question, or its parts, with the prose around them."""

    question: QuestionView
    prompt: tuple[Piece, ...]
    after: tuple[Piece, ...]
    members: tuple[ActivityView, ...]
    scenes: tuple[Piece, ...] = ()
    """Of a branching: the part that the path has come to."""
    stands_in_for: str = ""
    """Title of the activity that this one can stand in for."""


def activity_view(activity: Activity, filling: Filling, top: bool = True) -> ActivityView:
    question = question_view(activity, filling, top)
    members = () if activity.kind not in ("activity", "scenario", "pool") else activity.members
    here = question.branch.part.blocks if question.branch is not None else ()
    return ActivityView(
        question=question,
        prompt=pieces(activity.blocks, filling, activity.seen_by),
        after=pieces(activity.after, filling, activity.seen_by),
        members=tuple(activity_view(member, filling, top=False) for member in members),
        scenes=pieces(here, filling),
        stands_in_for=_title_of(activity.instead_of, filling) if activity.instead_of else "",
    )


def _title_of(key: str, filling: Filling) -> str:
    requirement = filling.where.requirements.get(key)
    return requirement.title if requirement is not None else ""
