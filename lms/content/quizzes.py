"""Quizzes: questions, scenarios, pools, and the reflections that stand among them."""

from __future__ import annotations

from lms.content.activities import build_activity
from lms.content.blocks import Around, build_box, build_plain
from lms.content.desk import Desk, Known
from lms.content.nodes import NOTHING, Activity, Block, Quiz, Reflection, Rubric
from lms.content.rubrics import build_criteria
from lms.content.settings import Tag
from lms.content.tree import Boxed, Cells, FieldLine, Section
from lms.content.worksheets import build_blocks, read_field


def build_quiz(desk: Desk) -> Quiz:
    page, header = desk.page, desk.page.header
    content_note = desk.header_html("content-note")
    title = desk.html(page.title, cites=False)
    blocks: list[Block] = []
    questions: list[Activity] = []
    reflections: list[Reflection] = []
    around = Around("page", "me")
    for place, child in enumerate(page.children):
        if isinstance(child, Section):
            _question(desk, child, questions, reflections)
        elif isinstance(child, FieldLine):
            read_field(desk, child, page.children, place, around)
        elif block := build_plain(desk, child, around):
            blocks.append(block)
    percent = header.number("pass") or 0
    if not any(question.points for question in questions) and not desk.has_errors:
        message = f"No learner can reach {percent} percent: no question has points."
        desk.error(*header.at("pass"), "pass-unreachable", message)
    attempts = header.text("attempts")
    return Quiz(
        key=desk.key,
        title=title,
        title_text=desk.words(page.title) if page.title else "",
        pass_percent=percent,
        attempts=int(attempts) if attempts.isdigit() else None,
        minutes=header.number("minutes") or 0,
        shuffle=header.text("shuffle") == "yes",
        blocks=tuple(blocks),
        questions=tuple(questions),
        reflections=tuple(reflections),
        citations=desk.links.citations,
        content_note=content_note,
        read_before_release=header.items("read-before-release"),
    )


def _question(desk: Desk, section: Section, questions: list[Activity], reflections: list[Reflection]) -> None:
    tag = section.tag
    if tag is None:
        desk.error(section.line, 1, "question-tag", "This question has no tag.")
    elif tag.kind == "reflection":
        reflections.append(build_reflection(desk, section, tag))
    elif tag.kind:
        question = build_activity(desk, section, tag, "question")
        questions.append(question)
        _check_question(desk, section, question)


def _check_question(desk: Desk, section: Section, question: Activity) -> None:
    tag = section.tag
    if tag is None:
        return
    members = {member.anchor: member for member in question.members}
    for child in section.children:
        if isinstance(child, Section) and child.anchor in members:
            _check_question(desk, child, members[child.anchor])
    if question.kind == "pool":
        if question.draw > len(question.members) and question.members:
            message = f"Draws {question.draw} from {len(question.members)} questions."
            desk.error(tag.line, tag.at("draw"), "pool-draw", message)
        if len({member.points for member in question.members}) > 1:
            message = "All questions of a pool carry the same points."
            desk.error(tag.line, tag.column, "pool-points", message)
    elif question.kind != "scenario" and question.see is None and desk.rendered:
        message = f"Say where to read again: {desk.language.see} [heading](file.md#anchor)."
        desk.error(tag.line, tag.column, "see-missing", message)


def build_reflection(desk: Desk, section: Section, tag: Tag) -> Reflection:
    seen_by = tag.seen_by or "reviewer"
    key = desk.key_of(tag, Known("reflection", desk.key, tag.line, seen_by, minutes=tag.minutes or 0))
    title = desk.html(section.title, cites=False)
    around = Around("question", seen_by)
    blocks: list[Block] = []
    example = NOTHING
    rubric: Rubric | None = None
    for child in section.children:
        if isinstance(child, Cells) and rubric is None:
            rubric = Rubric(key, build_criteria(desk, child))
        elif isinstance(child, Boxed) and child.label == "example" and not example:
            example = build_box(desk, child).html
        elif isinstance(child, FieldLine):
            read_field(desk, child, [child], 0, around)
        else:
            blocks += build_blocks(desk, [child], around)
    if rubric is None:
        levels = ", ".join(desk.language.levels)
        desk.error(tag.line, tag.column, "rubric", f"Add a table whose last heads are {levels}.")
    return Reflection(
        key=key,
        title=title,
        anchor=section.anchor,
        blocks=tuple(blocks),
        rubric=rubric or Rubric(key, ()),
        minutes=tag.minutes or 0,
        words_min=tag.low,
        words_max=tag.high,
        seen_by=seen_by,
        example=example,
        was=tag.was,
    )
