"""Small courses from strings, for tests of the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from lms.content.compiler import CompileResult, compile_course
from lms.content.earlier import Earlier
from lms.content.nodes import Course, Lesson, Quiz, Toolkit
from lms.content.problems import CODES, Problem
from lms.content.reader import SourceFiles, read_folder

TODAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[3] / "docs" / "example-course"

COURSE = """---
key: c
language: en
license: CC-BY-4.0
audience: [teachers]
topic: Doors
objectives: [Open them]
clock-hours: 1
requires:
  lessons: all
  activities: all
privacy-line: No names.
release:
  class: minor
  notes: First.
---

# Doors
"""
MODULE = "---\nkey: m\n---\n\n# One\n"
SOURCES = """# Sources

## LJ-2012
`source, argument, checked 2026-11-22`

Li & Julian (2012).

Notes of ours.
"""
LOCAL = "# Facts\n\n## report-to\n`insert, checked 2026-11-22`\n\nthe *principal*\n"
HOUR = """---
key: hour
objective: Wait.
minutes: 60
---

# An hour

## Wait
`do #wait, 60 min`

Wait. [@LJ-2012]
"""

LESSON_FILE = "1-one/1-lesson.md"
QUIZ_FILE = "1-one/quiz.md"
SHEET_FILE = "1-one/toolkit/t1-sheet.md"
LESSON_LINES = 7
"""Lines above the body of a lesson; the first line of `lesson(body)` is line 8."""


def files(**texts: str) -> dict[str, bytes]:
    """A course of one module with an hour of waiting in it, and these pages (lesson=, quiz=, sheet=…)."""
    names = {
        "course": "course.md",
        "module": "1-one/module.md",
        "lesson": LESSON_FILE,
        "quiz": QUIZ_FILE,
        "sheet": SHEET_FILE,
        "second": "1-one/toolkit/t2-second.md",
        "session": "sessions/1-session.md",
        "capstone": "capstone.md",
        "sources": "sources.md",
        "local": "local.md",
        "hour": "1-one/9-hour.md",
    }
    base = {"course": COURSE, "module": MODULE, "sources": SOURCES, "local": LOCAL, "hour": HOUR}
    return {names[name]: text.encode() for name, text in {**base, **texts}.items()}


def compile_files(
    given: Mapping[str, bytes], today: date = TODAY, earlier: Mapping[str, Earlier] | None = None
) -> CompileResult:
    result = compile_course(SourceFiles(given), today=today, earlier=earlier or {})
    assert all(CODES[problem.code] == problem.severity for problem in result.problems)
    return result


def lesson(body: str, header: str = "minutes: 1") -> str:
    return f"---\nkey: l\nobjective: Try it.\n{header}\n---\n\n# Lesson\n{body}"


def quiz(body: str) -> str:
    return f"---\nkey: q\npass: 80\n---\n\n# Quiz\n{body}"


def sheet(body: str, header: str = "who: All") -> str:
    return f"---\nkey: t\n{header}\n---\n\n# Sheet\n{body}"


def problems_of(**texts: str) -> list[Problem]:
    """All problems but those of length: these courses are too short to be worth their minutes."""
    found = compile_files(files(**texts)).problems
    return [problem for problem in found if problem.code not in ("minutes-high", "hours-high")]


def places(**texts: str) -> list[str]:
    """`file:line:column code` of each problem."""
    return [
        f"{problem.file}:{problem.line}:{problem.column} {problem.code}" for problem in problems_of(**texts)
    ]


def course_of(**texts: str) -> Course:
    result = compile_files(files(**texts))
    assert result.course is not None, "\n".join(map(str, result.problems))
    return result.course


_LONG = "\n\n" + "We wait by the door. " * 45


def lesson_of(body: str) -> Lesson:
    """The lesson with this body; words enough for its minute are added after a break."""
    course = course_of(lesson=lesson(f"\n{body}\n\n---{_LONG}"))
    return course.modules[0].lessons[0]


def quiz_of(body: str) -> Quiz:
    found = course_of(quiz=quiz(f"\n{body}\n")).modules[0].quiz
    assert found is not None
    return found


def sheet_of(body: str, header: str = "who: All") -> Toolkit:
    return course_of(sheet=sheet(f"\n{body}\n", header)).modules[0].toolkits[0]


def example() -> dict[str, bytes]:
    return dict(read_folder(EXAMPLE).files)
