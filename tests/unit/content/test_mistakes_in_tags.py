"""Mistakes in headings and tags: each is reported in its place, and nothing else with it."""

from __future__ import annotations

import pytest

from tests.unit.content.builder import lesson, places

CASES = {
    "a tag below text": (
        {
            "lesson": lesson("""
## A
Text.
`choose one #a`

- [x] a
    > b
- [ ] c
    > d
"""),
        },
        ["1-one/1-lesson.md:11:1 tag-loose"],
    ),
    "a tag below a paragraph": (
        {
            "lesson": lesson("""
## A

Text.

`do #a`
"""),
        },
        ["1-one/1-lesson.md:13:1 tag-loose"],
    ),
    "a second tag line": (
        {
            "lesson": lesson("""
## A
`do #a`
`5 min`

Text.
"""),
        },
        ["1-one/1-lesson.md:11:1 tag-loose"],
    ),
    "code in a heading": (
        {
            "lesson": lesson("""
## A `code` b
"""),
        },
        ["1-one/1-lesson.md:9:6 tag-loose"],
    ),
    "a heading of five signs": (
        {
            "lesson": lesson("""
## A

### B

#### C

##### D
"""),
        },
        ["1-one/1-lesson.md:15:1 heading-skip"],
    ),
    "a heading without words": (
        {
            "lesson": lesson("""
##
"""),
        },
        ["1-one/1-lesson.md:9:3 heading-space"],
    ),
    "a second title": (
        {
            "lesson": lesson("""
# B
"""),
        },
        ["1-one/1-lesson.md:9:1 title-twice"],
    ),
    "no title": (
        {
            "lesson": """---
key: l
objective: x
minutes: 1
---

Text.
""",
        },
        ["1-one/1-lesson.md:6:1 title-missing"],
    ),
    "equal signs under text": (
        {
            "lesson": lesson("""
Text
===
"""),
        },
        ["1-one/1-lesson.md:10:1 heading-underline"],
    ),
    "dashes under text in a box": (
        {
            "lesson": lesson("""
> **Scene: A.** Text
> ---
"""),
        },
        ["1-one/1-lesson.md:10:3 heading-underline"],
    ),
    "text after a field's tag": (
        {
            "lesson": lesson("""
## A
`do #a`

**Who** `short #who` tell us
"""),
        },
        ["1-one/1-lesson.md:12:9 tag-loose"],
    ),
    "a kind misspelled after a label": (
        {
            "lesson": lesson("""
## A
`do #a`

**Who** `shrot #who`
"""),
        },
        ["1-one/1-lesson.md:12:10 tag-kind"],
    ),
    "a local fact in a lesson": (
        {
            "lesson": lesson("""
## A
`insert, checked 2026-11-22`

x
"""),
        },
        ["1-one/1-lesson.md:10:2 tag-place"],
    ),
    "a show with a short key": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `show #who`
"""),
        },
        ["1-one/1-lesson.md:12:13 key-form"],
    ),
    "a key in the tag of a source": (
        {
            "sources": """# S

## LJ-2012
`source #x, law, checked 2026-11-22`

A.
""",
        },
        ["sources.md:4:9 tag-setting"],
    ),
    "a comma in the first option": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `scale #w, never, some / often`
"""),
        },
        ["1-one/1-lesson.md:12:18 tag-setting"],
    ),
    "a comma in the last option": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `scale #w, never / some, often`
"""),
        },
        ["1-one/1-lesson.md:12:32 tag-setting"],
    ),
    "a setting twice": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `short #w, needed, needed`
"""),
        },
        ["1-one/1-lesson.md:12:26 tag-setting"],
    ),
    "a range that runs backwards": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `number #w, 9 to 1`
"""),
        },
        ["1-one/1-lesson.md:12:19 tag-setting"],
    ),
    "a date that is none": (
        {
            "local": """# F

## report-to
`insert, checked 2026-13-40`

x
""",
        },
        ["local.md:4:10 tag-setting"],
    ),
    "a scale without steps": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `scale #w`
"""),
        },
        ["1-one/1-lesson.md:12:8 tag-setting"],
    ),
    "a total of nothing": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `total #w`
"""),
        },
        ["1-one/1-lesson.md:12:8 tag-setting"],
    ),
    "an option with a slash": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `choose one #w, and/or / both`
"""),
        },
        ["1-one/1-lesson.md:12:23 tag-setting"],
    ),
    "an empty option": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `choose one #w, told /  / led`
"""),
        },
        ["1-one/1-lesson.md:12:23 tag-setting"],
    ),
    "minutes in a part": (
        {
            "lesson": lesson("""
## A
`activity #a`

### B
`do #b, 3 min`

x
"""),
        },
        ["1-one/1-lesson.md:13:9 tag-setting"],
    ),
    "a part instead of an activity": (
        {
            "lesson": lesson("""
## A
`activity #a`

### B
`do #b, instead of #a`

x
"""),
        },
        ["1-one/1-lesson.md:13:9 tag-setting"],
    ),
    "an activity in an activity": (
        {
            "lesson": lesson("""
## A
`activity #a`

### B
`activity #b`

x
"""),
        },
        ["1-one/1-lesson.md:13:2 tag-place"],
    ),
    "an activity without parts": (
        {
            "lesson": lesson("""
## A
`activity #a`

x
"""),
        },
        ["1-one/1-lesson.md:10:2 part-tag"],
    ),
    "a tag inside a do": (
        {
            "lesson": lesson("""
## A
`do #a`

### B
`do #b`

x
"""),
        },
        ["1-one/1-lesson.md:13:2 tag-place"],
    ),
    "instead of something unknown": (
        {
            "lesson": lesson("""
## A
`do #a, instead of #zz`

x
"""),
        },
        ["1-one/1-lesson.md:10:9 key-unknown"],
    ),
    "instead of itself": (
        {
            "lesson": lesson("""
## A
`do #a, instead of #a`

x
"""),
        },
        ["1-one/1-lesson.md:10:9 key-unknown"],
    ),
    "a tag on the line of a heading and another below it": (
        {"lesson": lesson("\n## A `do #a`\n`do #b`\n\nx\n")},
        ["1-one/1-lesson.md:9:6 tag-loose", "1-one/1-lesson.md:10:1 tag-loose"],
    ),
    "a tag in a session guide": (
        {"session": "---\nkey: s\nminutes: 10\n---\n\n# S\n\n## 10 min: A\n`rubric #x`\n\nText.\n"},
        ["sessions/1-session.md:9:2 tag-place"],
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_reported_once_and_in_its_place(mistake: str) -> None:
    texts, expected = CASES[mistake]
    assert places(**texts) == expected
