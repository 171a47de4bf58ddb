"""What is handed in as a capstone: each text has a limit of its own, and the whole one that no honest answer
reaches."""

from __future__ import annotations

import pytest

from lms.config import ROOT
from lms.content.compiler import compile_course
from lms.content.nodes import Course, Field, Toolkit
from lms.content.reader import read_folder
from lms.kernel.clock import now
from lms.kernel.errors import RuleBroken
from lms.responses.fields import LONG_LIMIT, Json, Values, columns_of, fields_in
from lms.responses.wording import WHOLE_LIMIT, HandedSheet, capstone_text
from lms.responses.worksheets import Sheet
from tests.unit.responses.build import field

COURSES = ("creating-connections", "culturally-responsive-practices", "healing-and-trauma-informed-care")


def words(count: int) -> str:
    return "learning " * count


def ample(each: Field) -> Json:
    """An answer by somebody who has much to say: twice the most that is asked for, ten rows of one's own."""
    match each.kind:
        case "short":
            return words(40)
        case "long":
            return words(2 * (each.maximum or each.minimum or 150))
        case "table" if each.rows:
            return {str(row.number): {c.key: ample(c) for c in columns_of(each)} for row in each.rows}
        case "table":
            return [{c.key: ample(c) for c in columns_of(each)}] * (each.up_to_rows or 10)
        case "choose many" | "checklist":
            return [*range(len(each.options))]
        case "date":
            return "2026-03-12"
        case "link":
            return f"https://example.org/{words(5).replace(' ', '-')}"
        case "total" | "show" | "hand in":
            return None
    return 1


def values_of(fields: tuple[Field, ...]) -> Values:
    return {each.key: ample(each) for each in fields}


def handed(toolkit: Toolkit) -> HandedSheet:
    sheet = Sheet.of(toolkit.key, toolkit.blocks)
    logs = [
        (tuple(fields_in(log.blocks)), [values_of(tuple(fields_in(log.blocks)))] * 3 * (log.at_least or 4))
        for log in sheet.logs
    ]
    return HandedSheet(toolkit.title_text, sheet.fields, values_of(sheet.fields), logs)


def whole_of(course: Course) -> str:
    assert course.capstone is not None
    fields = Sheet.of(course.capstone.key, course.capstone.blocks).fields
    toolkits = {toolkit.key: toolkit for module in course.modules for toolkit in module.toolkits}
    sheets = {f.hands_in: handed(toolkits[f.hands_in]) for f in fields if f.hands_in is not None}
    return capstone_text(fields, values_of(fields), sheets)


@pytest.mark.parametrize("key", COURSES)
def test_no_honest_answer_to_the_trainings_reaches_the_limit_of_the_whole(key: str) -> None:
    course = compile_course(read_folder(ROOT / "courses" / key), today=now().date()).course
    assert course is not None
    assert LONG_LIMIT < len(whole_of(course)) < WHOLE_LIMIT / 2


def test_beyond_it_the_longest_part_is_named() -> None:
    fields = tuple(field(f"p.{n}", "long") for n in range(21))
    texts: Values = {each.key: "x" * (LONG_LIMIT - 100) for each in fields}
    with pytest.raises(RuleBroken) as refused:
        capstone_text(fields, {**texts, "p.7": "x" * LONG_LIMIT}, {})
    assert (refused.value.code, refused.value.field) == ("whole_long", "p.7")
    assert capstone_text(fields[:19], texts, {})
