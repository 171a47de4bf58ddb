"""Mistakes in quizzes, guides and the capstone: each is reported in its place, alone."""

from __future__ import annotations

import pytest

from tests.unit.content.builder import lesson, places, quiz, sheet

RUBRIC = "| Not yet | Meets | Strong |\n| --- | --- | --- |\n| a | b | c |\n"
CASES = {
    "a reflection without its rubric": (
        {
            "quiz": quiz("""
## R
`reflection #r`

Text.

| Not yet | Meets | Great |
| --- | --- | --- |
| a | b | c |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:2 rubric"],
    ),
    "a rubric with one column too many": (
        {
            "quiz": quiz("""
## R
`reflection #r`

| x | Not yet | Meets | Strong |
| --- | --- | --- | --- |
| a | b | c | d |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:11:1 rubric"],
    ),
    "criteria without numbers": (
        {
            "quiz": quiz("""
## R
`reflection #r`

| Not yet | Meets | Strong |
| --- | --- | --- |
| a | b | c |
| a | b | c |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:14:1 rubric"],
    ),
    "a rubric without rows": (
        {
            "quiz": quiz("""
## R
`reflection #r`

| Not yet | Meets | Strong |
| --- | --- | --- |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:11:1 rubric"],
    ),
    "a level without words": (
        {
            "quiz": quiz("""
## R
`reflection #r`

| Not yet | Meets | Strong |
| --- | --- | --- |
| a | | c |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:13:7 rubric"],
    ),
    "a criterion without a number": (
        {
            "quiz": quiz("""
## R
`reflection #r`

| # | We | Not yet | Meets | Strong |
| --- | --- | --- | --- | --- |
| x | y | a | b | c |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:13:3 row-key"],
    ),
    "a field in a reflection": (
        {
            "quiz": quiz("""
## R
`reflection #r`

**W** `short #w`

| Not yet | Meets | Strong |
| --- | --- | --- |
| a | b | c |
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:11:1 field-outside"],
    ),
    "a branching in a quiz": (
        {
            "quiz": quiz("""
## B
`branching #b`

x
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:2 tag-place"],
    ),
    "minutes of a question": (
        {
            "quiz": quiz("""
## B
`choose one #b, 3 min`

- [x] a
    > b
- [ ] c
    > d


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:17 tag-setting"],
    ),
    "points of a scenario": (
        {
            "quiz": quiz("""
## B
`scenario #b, 3 points`

### C
`choose one #c`

- [x] a
    > b
- [ ] c
    > d


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:15 tag-setting"],
    ),
    "a scenario without questions": (
        {
            "quiz": quiz("""
## B
`scenario #b`

Text.
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:2 question-tag"],
    ),
    "a pool that draws nothing": (
        {
            "quiz": quiz("""
## B
`pool #b`

### C
`choose one #c`

- [x] a
    > b
- [ ] c
    > d


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:2 tag-setting"],
    ),
    "a field in a question": (
        {
            "quiz": quiz("""
## B
`choose one #b`

- [x] a
    > b
- [ ] c
    > d

**W** `short #w`


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:16:1 field-outside"],
    ),
    "a question of a scenario without a way back": (
        {
            "quiz": quiz("""
## B
`scenario #b`

### C
`choose one #c`

- [x] a
    > b
- [ ] c
    > d
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:12:2 see-missing"],
    ),
    "anything else marked right": (
        {
            "quiz": quiz("""
## B
`short answer #b`

- [x] a
    > b
- [x] anything else
    > d


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:13:1 anything-else"],
    ),
    "anything else twice": (
        {
            "quiz": quiz("""
## B
`short answer #b`

- [ ] anything else
    > b
- [x] a
    > d
- [ ] anything else
    > d


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:11:1 anything-else"],
    ),
    "a short answer without a right one": (
        {
            "quiz": quiz("""
## B
`short answer #b`

- [ ] a
    > b
- [ ] anything else
    > d


See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:9:2 choice-none-right"],
    ),
    "a part of a session without minutes": (
        {
            "session": """---
key: s
minutes: 10
---

# Session

Text.

## Arrive

x

## 5 min: B

x
""",
        },
        ["sessions/1-session.md:10:4 agenda-minutes"],
    ),
    "a session that is too short": (
        {
            "session": """---
key: s
minutes: 10
---

# Session

## 5 min: B

x
""",
        },
        ["sessions/1-session.md:3:10 agenda-sum"],
    ),
    "a tag in a session guide": (
        {
            "session": """---
key: s
minutes: 10
---

# Session

## 10 min: B
`do #a`

x
""",
        },
        ["sessions/1-session.md:9:2 tag-place"],
    ),
    "fields in a session guide": (
        {
            "session": """---
key: s
minutes: 10
---

# Session

**A** `short #a`

## 10 min: B

**B** `short #b`
""",
        },
        [
            "sessions/1-session.md:8:1 field-outside",
            "sessions/1-session.md:12:1 field-outside",
        ],
    ),
    "a make-up of other minutes": (
        {
            "lesson": lesson(""),
            "session": """---
key: s
minutes: 10
make-up: l
---

# Session

## 10 min: B

x
""",
        },
        ["sessions/1-session.md:4:10 instead-minutes"],
    ),
    "a make-up that is not there": (
        {
            "session": """---
key: s
minutes: 10
make-up: huor
---

# Session

## 10 min: B

x
""",
        },
        ["sessions/1-session.md:4:10 key-unknown"],
    ),
    "a link from a lesson to a guide": (
        {
            "lesson": lesson("""
[s](../sessions/1-session.md)
"""),
            "session": """---
key: s
minutes: 10
---

# Session

## 10 min: B

[l](../1-one/1-lesson.md)
""",
        },
        ["1-one/1-lesson.md:9:5 link-file"],
    ),
    "a capstone without a rubric": (
        {
            "capstone": """---
key: cap
minutes: 10
---

# Capstone

Text.
""",
        },
        ["capstone.md:6:1 rubric"],
    ),
    "a capstone with two rubrics": (
        {
            "capstone": """---
key: cap
minutes: 10
---

# Capstone

## R
`rubric #r`

| # | We | Not yet | Meets | Strong |
| --- | --- | --- | --- | --- |
| 1 | y | a | b | c |

## R
`rubric #s`

| # | We | Not yet | Meets | Strong |
| --- | --- | --- | --- | --- |
| 1 | y | a | b | c |
""",
        },
        ["capstone.md:16:2 rubric"],
    ),
    "a rubric without its table": (
        {
            "capstone": """---
key: cap
minutes: 10
---

# Capstone

## R
`rubric #r`

Text.
""",
        },
        ["capstone.md:9:2 rubric"],
    ),
    "a sheet for the learner alone handed in": (
        {
            "sheet": sheet("""
**A** `short #a`
"""),
            "capstone": """---
key: cap
minutes: 10
---

# Capstone

**H** `hand in t`

**W** `short #w, starts from t.a`

**V** `show t.a`

## R
`rubric #r`

| # | We | Not yet | Meets | Strong |
| --- | --- | --- | --- | --- |
| 1 | y | a | b | c |
""",
        },
        [
            "capstone.md:8:16 carry-wider",
            "capstone.md:10:18 carry-wider",
        ],
    ),
    "two rubrics of one reflection": (
        {"quiz": quiz(f"\n## R\n`reflection #r, 10 to 20 words`\n\nThink.\n\n{RUBRIC}\nMore.\n\n{RUBRIC}")},
        ["1-one/quiz.md:19:1 rubric"],
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_reported_once_and_in_its_place(mistake: str) -> None:
    texts, expected = CASES[mistake]
    assert places(**texts) == expected
