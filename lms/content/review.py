"""What a reviewer is shown of a piece that is handed in: its question and its rubric."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from lms.content.nodes import Block, Course, Reviewers, Rubric, SafeHtml


class ReviewPiece(Struct, frozen=True):
    """`level` is the verdict that the course asks for."""

    title: SafeHtml
    module: int | None
    blocks: tuple[Block, ...]
    rubric: Rubric
    reviewers: Reviewers
    level: Literal["meets", "strong"]


def review_piece(course: Course, key: str) -> ReviewPiece | None:
    """The reflection or capstone of this key; None when the version holds none."""
    requirement = next((r for r in course.requirements if r.key == key), None)
    level: Literal["meets", "strong"] = (requirement.level if requirement else None) or "meets"
    for module in course.modules:
        for reflection in module.quiz.reflections if module.quiz else ():
            if reflection.key == key:
                return ReviewPiece(
                    reflection.title, module.number, reflection.blocks, reflection.rubric, course.reviewers,
                    level,
                )  # fmt: skip
    capstone = course.capstone
    if capstone is not None and capstone.key == key:
        return ReviewPiece(capstone.title, None, capstone.blocks, capstone.rubric, capstone.reviewers, level)
    return None
