"""Mistakes in choices, cards, steps and parts: each is reported in its place, and nothing else with it."""

from __future__ import annotations

import pytest

from tests.unit.content.builder import lesson, places

CASES = {
    "check boxes of other shapes": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [y] a
    > b
- [] c
    > d
* [x] e
    > f
- [ ]
    > g
"""),
        },
        [
            "1-one/1-lesson.md:12:1 choice-mark",
            "1-one/1-lesson.md:14:1 choice-mark",
            "1-one/1-lesson.md:16:1 choice-mark",
            "1-one/1-lesson.md:18:1 choice-mark",
        ],
    ),
    "a list inside a choice": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
    - b
    > c
- [ ] c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:5 choice-long"],
    ),
    "a choice without a box": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
    > b
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:14:1 choice-mark"],
    ),
    "feedback without words": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
    >
- [ ] c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:6 feedback-missing"],
    ),
    "feedback indented by one space": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
 > b
- [ ] c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:2 feedback-indent"],
    ),
    "text below the answers": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
    > b
- [ ] c
    > d

Text.
"""),
        },
        ["1-one/1-lesson.md:17:1 choice-long"],
    ),
    "a second list of answers": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
    > b
- [ ] c
    > d

Text.

- [x] a
    > b
"""),
        },
        [
            "1-one/1-lesson.md:17:1 choice-long",
            "1-one/1-lesson.md:19:1 check-loose",
        ],
    ),
    "a choice without choices": (
        {
            "lesson": lesson("""
## A
`choose one #a`

Text.
"""),
        },
        ["1-one/1-lesson.md:10:2 choices-few"],
    ),
    "three choices of true or false": (
        {
            "lesson": lesson("""
## A
`true or false #a`

- [x] a
    > b
- [ ] c
    > d
- [ ] e
    > f
"""),
        },
        ["1-one/1-lesson.md:10:2 choices-few"],
    ),
    "check boxes in a text": (
        {
            "lesson": lesson("""
- [x] a
- [ ] b
"""),
        },
        ["1-one/1-lesson.md:9:1 check-loose"],
    ),
    "check boxes in a numbered list of a text": (
        {"lesson": lesson("\n1. [x] a\n2. [ ] b\n\nText, [x] and \\[ ], and a list:\n\n1. \\[x] c\n")},
        ["1-one/1-lesson.md:9:1 check-loose"],
    ),
    "check boxes behind numbers with a bracket": (
        {"lesson": lesson("\nText.\n\n1) a\n2) [X] b\n")},
        ["1-one/1-lesson.md:12:1 check-loose"],
    ),
    "check boxes in a quotation": (
        {"lesson": lesson("\n> Words.\n>\n> - [x] a\n> - [ ] b\n\n> [x] is no list\n")},
        ["1-one/1-lesson.md:11:3 check-loose"],
    ),
    "check boxes in a box": (
        {"lesson": lesson("\n> **Good to know.** Words.\n>\n> - [~] a\n")},
        ["1-one/1-lesson.md:11:3 check-loose"],
    ),
    "a numbered list with check boxes above the choices": (
        {
            "lesson": lesson(
                "\n## A\n`choose one #a`\n\n1. [x] a\n2. [ ] b\n\nWhich?\n\n- [x] a\n    > b\n- [ ] c\n    > d\n"
            ),
        },
        ["1-one/1-lesson.md:12:1 check-loose"],
    ),
    "feedback in a text": (
        {
            "lesson": lesson("""
- a
    > b
"""),
        },
        ["1-one/1-lesson.md:10:5 feedback-indent"],
    ),
    "a check box on a card": (
        {
            "lesson": lesson("""
## A
`sort #a`

### G
- [x] a
    > b

### H
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:1 choice-mark"],
    ),
    "a note for one group first": (
        {
            "lesson": lesson("""
## A
`sort #a`

### G
- a
    > **H?** b

### H
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:14:14 feedback-missing"],
    ),
    "text in a group": (
        {
            "lesson": lesson("""
## A
`sort #a`

### G
Text.

- a
    > b

### H
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:1 choice-long"],
    ),
    "a card without feedback": (
        {
            "lesson": lesson("""
## A
`sort #a`

### G
- a

### H
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:1 feedback-missing"],
    ),
    "a tag on a group": (
        {
            "lesson": lesson("""
## A
`sort #a`

### G
`do #g`

- a
    > b

### H
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:13:2 tag-place"],
    ),
    "groups without cards": (
        {
            "lesson": lesson("""
## A
`sort #a`

### G

### H
"""),
        },
        ["1-one/1-lesson.md:10:2 choices-few"],
    ),
    "two cards of one group in a match": (
        {
            "lesson": lesson("""
## A
`match #a`

### G
- a
    > b
- c
    > d

### H
"""),
        },
        ["1-one/1-lesson.md:15:1 choice-two-right"],
    ),
    "steps without numbers": (
        {
            "lesson": lesson("""
## A
`order #a`

- a
    > b
- c
    > d
"""),
        },
        ["1-one/1-lesson.md:12:1 order-list"],
    ),
    "steps without feedback": (
        {
            "lesson": lesson("""
## A
`order #a`

1. a
2. b
"""),
        },
        ["1-one/1-lesson.md:10:2 order-list"],
    ),
    "two lists of steps": (
        {
            "lesson": lesson("""
## A
`order #a`

1. a
    > b
2. c
    > d

Text.

1. e
    > f
"""),
        },
        [
            "1-one/1-lesson.md:17:1 choice-long",
            "1-one/1-lesson.md:19:1 order-list",
        ],
    ),
    "a list right above the steps": (
        {
            "lesson": lesson("""
## A
`order #a`

1. a
2. b

1. c
    > d
2. e
    > f
"""),
        },
        ["1-one/1-lesson.md:15:1 order-list"],
    ),
    "a single step": (
        {
            "lesson": lesson("""
## A
`order #a`

1. a
    > b
"""),
        },
        ["1-one/1-lesson.md:12:1 choices-few"],
    ),
    "words that stand twice": (
        {
            "lesson": lesson("""
## A
`spot #a`

> one two one

- [x] one
    > b
- [ ] two
    > d
"""),
        },
        ["1-one/1-lesson.md:14:1 spot-text"],
    ),
    "words that overlap": (
        {
            "lesson": lesson("""
## A
`spot #a`

> one two three

- [x] one two
    > b
- [ ] two three
    > d
"""),
        },
        ["1-one/1-lesson.md:16:1 spot-text"],
    ),
    "words with other capitals": (
        {
            "lesson": lesson("""
## A
`spot #a`

> One two

- [x] one
    > b
- [ ] two
    > d
"""),
        },
        ["1-one/1-lesson.md:14:1 spot-text"],
    ),
    "a branching without parts": (
        {
            "lesson": lesson("""
## A
`branching #a`

Text.
"""),
        },
        ["1-one/1-lesson.md:10:2 branch-lost"],
    ),
    "a field in a part": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
Text.

**W** `short #w`
"""),
        },
        ["1-one/1-lesson.md:15:1 field-outside"],
    ),
    "a tag on a part": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
`do #p`

Text.
"""),
        },
        ["1-one/1-lesson.md:13:2 tag-place"],
    ),
    "a way on to two parts": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
Text.

- [ ] a
    > [Q](#q) or [R](#r)

### Q
x

### R
y
"""),
        },
        ["1-one/1-lesson.md:16:7 branch-link"],
    ),
    "a way on to another page": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
Text.

- [ ] a
    > [x](9-hour.md)

### Q
x
"""),
        },
        ["1-one/1-lesson.md:16:7 branch-link"],
    ),
    "text after the way on": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
Text.

- [ ] a
    > b [Q](#q). And.

### Q
x
"""),
        },
        ["1-one/1-lesson.md:16:7 branch-link"],
    ),
    "text below the choices of a part": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
Text.

- [ ] a
    > b [Q](#q)

More.

### Q
x
"""),
        },
        ["1-one/1-lesson.md:18:1 choice-long"],
    ),
    "a choice of a part without a box": (
        {
            "lesson": lesson("""
## A
`branching #a`

### P
Text.

- a
    > b [Q](#q)

### Q
x
"""),
        },
        ["1-one/1-lesson.md:15:1 choice-mark"],
    ),
    "answers in a self-check": (
        {
            "lesson": lesson("""
## A
`rewrite #a`

> o

> **One way to say it.** m

- [x] a
- [ ] b
    > c
"""),
        },
        [
            "1-one/1-lesson.md:16:1 field-answer",
            "1-one/1-lesson.md:17:1 field-answer",
        ],
    ),
    "a paragraph between a note and the next choice": (
        {
            "lesson": lesson(
                "\n## A\n`choose one #a`\n\nx\n\n- [x] a\n    > b\n\n    more\n- [ ] c\n    > d\n"
            ),
        },
        ["1-one/1-lesson.md:17:5 choice-long"],
    ),
    "a note at the margin below the last choice": (
        {"lesson": lesson("\n## A\n`choose one #a`\n\nx\n\n- [x] a\n    > b\n- [ ] c\n    > d\n> e\n")},
        ["1-one/1-lesson.md:18:1 feedback-indent"],
    ),
    "a group in bold": (
        {"lesson": lesson("\n## A\n`sort #a`\n\n**One**\n\n- x\n    > y\n")},
        ["1-one/1-lesson.md:10:2 groups-few"],
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_reported_once_and_in_its_place(mistake: str) -> None:
    texts, expected = CASES[mistake]
    assert places(**texts) == expected
