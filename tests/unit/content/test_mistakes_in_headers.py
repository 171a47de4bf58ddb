"""Mistakes in headers, sources and local facts: each is reported in its place, and nothing else with it."""

from __future__ import annotations

import pytest

from tests.unit.content.builder import COURSE, LOCAL, SOURCES, places


def _header(fields: str) -> dict[str, str]:
    return {"lesson": f"---\n{fields}\n---\n\n# L\n"}


CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "a list for a text": (
        _header("key: l\nobjective: [a, b]\nminutes: 1"),
        ["1-one/1-lesson.md:3:12 header-value"],
    ),
    "lines below a number": (
        _header("key: l\nobjective: a\nminutes:\n  a: 1"),
        ["1-one/1-lesson.md:5:3 header-value"],
    ),
    "a character that nobody sees, escaped": (
        _header('key: l\nobjective: "a\\x07b"\nminutes: 1'),
        ["1-one/1-lesson.md:3:14 encoding"],
    ),
    "a turn of direction, as it is": (
        _header("key: l\nobjective: a\u202eb\nminutes: 1"),
        ["1-one/1-lesson.md:3:13 encoding"],
    ),
    "a turn of direction in a list, escaped": (
        {"course": COURSE.replace("[Open them]", '["Open \\u202ethem", "[@LJ-2012] them"]')},
        ["course.md:7:20 encoding", "course.md:7:34 header-value"],
    ),
    "a citation, a fact and a link in plain words": (
        {
            "lesson": "---\nkey: l\nobjective: Say [@NOPE-1] and [a](b.md)\nminutes: 1\n---\n\n# L\n",
            "sheet": "---\nkey: t\nwho: A {{nope}}\n---\n\n# T\n",
        },
        ["1-one/1-lesson.md:3:16 header-value", "1-one/toolkit/t1-sheet.md:3:8 header-value"],
    ),
    "an anchor": (_header("key: &a l\nobjective: *a\nminutes: 1"), ["1-one/1-lesson.md:2:6 header-yaml"]),
    "a type": (_header("key: !!str l\nobjective: x\nminutes: 1"), ["1-one/1-lesson.md:2:6 header-yaml"]),
    "an open quotation mark": (
        _header('key: l\nobjective: "x\nminutes: 1'),
        ["1-one/1-lesson.md:4:11 header-yaml"],
    ),
    "colons in two texts, and a number that is none": (
        _header("key: l\nobjective: one: two\nminutes: few\ncontent-note: a: b"),
        [
            "1-one/1-lesson.md:3:15 header-yaml",
            "1-one/1-lesson.md:4:10 header-value",
            "1-one/1-lesson.md:5:16 header-yaml",
        ],
    ),
    "a colon in a text of two lines": (
        _header("key: l\nobjective: one: two\n  three\nminutes: few"),
        ["1-one/1-lesson.md:3:15 header-yaml"],
    ),
    "a colon in a text, and a field left out": (
        _header("key: l\nobjective: one: two"),
        ["1-one/1-lesson.md:1:1 header-needed", "1-one/1-lesson.md:3:15 header-yaml"],
    ),
    "a list as the header": (_header("- key"), ["1-one/1-lesson.md:2:1 header-yaml"]),
    "a word as the header": (_header("key"), ["1-one/1-lesson.md:2:1 header-yaml"]),
    "two fields misspelled": (
        _header("key: l\nobjectiv: x\nminuts: 1"),
        ["1-one/1-lesson.md:3:1 header-unknown", "1-one/1-lesson.md:4:1 header-unknown"],
    ),
    "a key that the site needs itself": (
        _header("key: left\nobjective: x\nminutes: 1"),
        ["1-one/1-lesson.md:2:6 key-form"],
    ),
    "a key with a space": (_header("key: L 1\nobjective: x\nminutes: 1"), ["1-one/1-lesson.md:2:6 key-form"]),
    "no key": (_header("objective: x\nminutes: 1"), ["1-one/1-lesson.md:1:1 key-missing"]),
    "no minutes": (_header("key: l\nobjective: x\nminutes: 0"), ["1-one/1-lesson.md:4:10 header-value"]),
    "an empty field": (_header("key: l\nobjective:\nminutes: 1"), ["1-one/1-lesson.md:3:11 header-value"]),
    "an alternative to nothing": (
        _header("key: l\nobjective: x\nminutes: 1\nalternative-to: hou"),
        ["1-one/1-lesson.md:5:17 key-unknown"],
    ),
    "an alternative to itself": (
        _header("key: l\nobjective: x\nminutes: 1\nalternative-to: l"),
        ["1-one/1-lesson.md:5:17 key-unknown"],
    ),
    "an alternative of other minutes": (
        _header("key: l\nobjective: x\nminutes: 1\nalternative-to: hour"),
        ["1-one/1-lesson.md:5:17 instead-minutes"],
    ),
    "one key for two files": (
        _header("key: hour\nobjective: x\nminutes: 1"),
        ["1-one/9-hour.md:2:6 key-twice"],
    ),
    "a source in a header": (
        _header("key: l\nobjective: x\nminutes: 1\ncontent-note: See [@LJ-2012] and {{nope}}"),
        ["1-one/1-lesson.md:5:19 cite-form", "1-one/1-lesson.md:5:34 insert-unknown"],
    ),
    "a language without labels": (
        {"course": COURSE.replace("language: en", "language: fr")},
        ["course.md:3:11 header-value"],
    ),
    "unknown audiences": (
        {"course": COURSE.replace("[teachers]", "[teacher, parents]")},
        ["course.md:5:12 header-value", "course.md:5:21 header-value"],
    ),
    "requirements that are none": (
        {"course": COURSE.replace("lessons: all", "lessons: some\n  quizes: all at 80\n  quizzes: all")},
        ["course.md:10:12 header-value", "course.md:11:3 header-unknown", "course.md:12:12 header-value"],
    ),
    "requirements that nothing meets": (
        {
            "course": COURSE.replace(
                "lessons: all",
                "lessons: all\n  quizzes: all at 80\n  capstone: all at meets\n  try-outs: all counted",
            )
        },
        [
            "course.md:11:12 requires-unmet",
            "course.md:12:13 requires-unmet",
            "course.md:13:13 requires-unmet",
        ],
    ),
    "requirements on one line": (
        {"course": COURSE.replace("requires:\n  lessons: all\n  activities: all", "requires: all")},
        ["course.md:9:11 header-value"],
    ),
    "a release without its class": (
        {"course": COURSE.replace("  class: minor\n", "")},
        ["course.md:14:3 header-needed"],
    ),
    "an unknown fact on every page": (
        {"course": COURSE.replace("privacy-line", "every-page: [report-too]\nprivacy-line")},
        ["course.md:12:14 insert-unknown"],
    ),
    "an empty list": ({"course": COURSE.replace("[Open them]", "[]")}, ["course.md:7:13 header-value"]),
    "a header of sources": ({"sources": "---\nkey: x\n---\n\n" + SOURCES}, ["sources.md:1:1 header-unknown"]),
    "a source twice": (
        {"sources": SOURCES + "\n## LJ-2012\n`source, law, checked 2026-11-22`\n\nA.\n"},
        ["sources.md:10:4 key-twice"],
    ),
    "a source with a space in its key": (
        {"sources": SOURCES + "\n## L J\n`source, law, checked 2026-11-22`\n\nA.\n"},
        ["sources.md:10:4 key-form"],
    ),
    "a source without a tag": ({"sources": SOURCES + "\n## X\n\nA.\n"}, ["sources.md:10:1 source-kind"]),
    "a source without words": (
        {"sources": SOURCES + "\n## X\n`source, law, checked 2026-11-22`\n"},
        ["sources.md:10:1 source-kind"],
    ),
    "three kinds of study": (
        {"sources": SOURCES + "\n## X\n`source, law, data, review, checked 2026-11-22`\n\nA.\n"},
        ["sources.md:11:10 source-kind"],
    ),
    "a source that nobody checked": (
        {"sources": SOURCES + "\n## X\n`source, law`\n\nA. [@X]\n"},
        ["sources.md:11:2 checked-old", "sources.md:13:5 cite-unknown"],
    ),
    "a local fact without a tag": ({"local": LOCAL + "\n## x\n\nA.\n"}, ["local.md:8:1 part-tag"]),
    "a local fact of two paragraphs": (
        {"local": LOCAL + "\n## x\n`insert, checked 2026-11-22`\n\nA.\n\nB.\n"},
        ["local.md:8:1 part-tag"],
    ),
    "a local fact that nobody checked": (
        {"local": LOCAL + "\n## x\n`insert`\n\nA.\n"},
        ["local.md:9:2 tag-setting"],
    ),
    "nothing but a header": (
        {"lesson": "---\nkey: l\nobjective: x\nminutes: 1\n---"},
        ["1-one/1-lesson.md:5:1 title-missing"],
    ),
    "an empty file": ({"lesson": ""}, ["1-one/1-lesson.md:1:1 header-missing"]),
    "an empty header": (
        {"lesson": "---\n---\n# T\n"},
        [
            "1-one/1-lesson.md:1:1 header-needed",
            "1-one/1-lesson.md:1:1 header-needed",
            "1-one/1-lesson.md:1:1 key-missing",
        ],
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_reported_once_and_in_its_place(mistake: str) -> None:
    texts, expected = CASES[mistake]
    assert places(**texts) == expected
