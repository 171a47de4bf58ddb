"""Mistakes in worksheets: each is reported in its place, and nothing else with it."""

from __future__ import annotations

import pytest

from tests.unit.content.builder import lesson, places, sheet

CASES = {
    "a single choice": (
        {
            "sheet": sheet("""
**W** `choose one #w`

- [ ] a
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:1 choices-few"],
    ),
    "a field without its choices": (
        {
            "sheet": sheet("""
**W** `choose one #w`

Text.
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:1 choices-few"],
    ),
    "choices without boxes": (
        {
            "sheet": sheet("""
**W** `choose one #w`

- a
- b
"""),
        },
        [
            "1-one/toolkit/t1-sheet.md:10:1 choice-mark",
            "1-one/toolkit/t1-sheet.md:11:1 choice-mark",
        ],
    ),
    "feedback in a field": (
        {
            "sheet": sheet("""
**W** `choose one #w`

- [ ] a
    > x
- [ ] b
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:1 field-answer"],
    ),
    "feedback in a field, not indented": (
        {
            "sheet": sheet("""
**W** `choose one #w`

- [ ] a
> x
- [ ] b
"""),
        },
        ["1-one/toolkit/t1-sheet.md:11:1 feedback-indent"],
    ),
    "a table that is not drawn": (
        {
            "sheet": sheet("""
**W** `table #w`

Text.
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:1 table-head"],
    ),
    "a table to fill in without dashes": (
        {
            "sheet": sheet("""
**W** `table #w`

| a `short #a` |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:1 table-head"],
    ),
    "a short row in a table to fill in": (
        {
            "sheet": sheet("""
**W** `table #w`

| a `short #a` | b `short #b` |
| --- | --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:12:1 table-cells"],
    ),
    "a short row of dashes": (
        {
            "sheet": sheet("""
**W** `table #w`

| a `short #a` | b `short #b` |
| --- |
| | |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:11:1 table-cells"],
    ),
    "printed words without numbers": (
        {
            "sheet": sheet("""
**W** `table #w`

| a `short #a` | b |
| --- | --- |
| | x |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:18 row-key"],
    ),
    "a table without a column for the learner": (
        {
            "sheet": sheet("""
**W** `table #w`

| # | b |
| --- | --- |
| 1 | x |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:1 table-label"],
    ),
    "rows added to fixed ones": (
        {
            "sheet": sheet("""
**W** `table #w, add rows`

| # | b `short #b` |
| --- | --- |
| 1 | |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:18 tag-setting"],
    ),
    "a fixed row without a number": (
        {
            "sheet": sheet("""
**W** `table #w`

| # | b `short #b` |
| --- | --- |
| x | |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:12:3 row-key"],
    ),
    "no fixed rows": (
        {
            "sheet": sheet("""
**W** `table #w`

| # | b `short #b` |
| --- | --- |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:1 row-key"],
    ),
    "a learner's cell with words": (
        {
            "sheet": sheet("""
**W** `table #w`

| b `short #b` |
| --- |
| x |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:12:3 table-filled"],
    ),
    "a log in a cell": (
        {
            "sheet": sheet("""
**W** `table #w`

| b `log #b` |
| --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:6 tag-place"],
    ),
    "a total in a cell": (
        {
            "sheet": sheet("""
**W** `table #w`

| b `total #b, count of #w` |
| --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:6 tag-place"],
    ),
    "a cell without its choices": (
        {
            "sheet": sheet("""
**W** `table #w`

| b `choose one #b` |
| --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:6 tag-setting"],
    ),
    "a column without a key": (
        {
            "sheet": sheet("""
**W** `table #w`

| b `short` |
| --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:6 key-missing"],
    ),
    "a sum of words": (
        {
            "sheet": sheet("""
**A** `short #a`

**W** `total #w, sum of #a`
"""),
        },
        ["1-one/toolkit/t1-sheet.md:10:18 tag-setting"],
    ),
    "a count of a choice that is none": (
        {
            "sheet": sheet("""
**A** `choose one #a`

- [ ] yes sir
- [ ] no

**W** `total #w, count of #a = yes sit`
"""),
        },
        ["1-one/toolkit/t1-sheet.md:13:18 tag-setting"],
    ),
    "a log without fields": (
        {
            "sheet": sheet("""
## L
`log #l, 3 entries`

Text.
"""),
        },
        ["1-one/toolkit/t1-sheet.md:9:2 done-unclear"],
    ),
    "a log without a number": (
        {
            "sheet": sheet("""
## L
`log #l`

**A** `short #a`
"""),
        },
        ["1-one/toolkit/t1-sheet.md:9:2 tag-setting"],
    ),
    "a log in a log": (
        {
            "sheet": sheet("""
## L
`log #l, 3 entries`

**A** `short #a`

### M
`log #m, 3 entries`

**B** `short #b`
"""),
        },
        ["1-one/toolkit/t1-sheet.md:14:2 tag-place"],
    ),
    "an activity in a worksheet": (
        {
            "sheet": sheet("""
## L
`spot #l`

Text.
"""),
        },
        ["1-one/toolkit/t1-sheet.md:9:2 tag-place"],
    ),
    "a facilitator's box in a worksheet": (
        {
            "sheet": sheet("""
> **Say.** x
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:1 box-place"],
    ),
    "check boxes without a field": (
        {
            "sheet": sheet("""
- [ ] x
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:1 check-loose"],
    ),
    "a column with a field's key": (
        {
            "sheet": sheet("""
**A** `short #a`

**W** `table #w`

| b `short #a` |
| --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:12:12 key-twice"],
    ),
    "a counted sheet that is never done": (
        {
            "sheet": sheet(
                """
Text.
""",
                "who: All\nminutes: 5",
            ),
        },
        ["1-one/toolkit/t1-sheet.md:4:10 done-unclear"],
    ),
    "a student's name": (
        {
            "sheet": sheet("""
**Student name** `short #a`

**Initials** `long #b`

**Name of the student** `short #c, code`
"""),
        },
        [
            "1-one/toolkit/t1-sheet.md:8:3 field-name",
            "1-one/toolkit/t1-sheet.md:10:3 field-name",
        ],
    ),
    "something carried over that is not there": (
        {
            "sheet": sheet("""
**A** `short #a, starts from t.zz`

**B** `show l`
"""),
        },
        [
            "1-one/toolkit/t1-sheet.md:8:18 carry-unknown",
            "1-one/toolkit/t1-sheet.md:10:13 carry-unknown",
        ],
    ),
    "a sheet handed in that is not there": (
        {
            "sheet": sheet("""
**A** `hand in tt`
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:16 carry-unknown"],
    ),
    "a card of two pages": (
        {
            "sheet": sheet(
                "\n" + "word " * 300,
                "who: All\nform: card",
            ),
        },
        ["1-one/toolkit/t1-sheet.md:7:1 card-long"],
    ),
    "a whole page carried over": (
        {
            "lesson": lesson("""
## A
`do #a`

**W** `show l.a`
"""),
        },
        ["1-one/1-lesson.md:12:13 carry-unknown"],
    ),
    "more than there are choices": (
        {
            "sheet": sheet("""
**A** `choose many #a, exactly 3`

- [ ] x
- [ ] y
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:24 tag-setting"],
    ),
    "more rows than there may be": (
        {
            "sheet": sheet("""
**A** `table #a, up to 4 rows, at least 5`

| b `short #b` |
| --- |
| |
"""),
        },
        ["1-one/toolkit/t1-sheet.md:8:32 tag-setting"],
    ),
    "more entries than there are": (
        {
            "sheet": sheet("""
## A
`log #a, 3 entries, at least 5`

**B** `short #b`
"""),
        },
        ["1-one/toolkit/t1-sheet.md:9:21 tag-setting"],
    ),
    "two sittings of one name": (
        {"sheet": sheet("", "who: All\nsittings: [One, Two, One]")},
        ["1-one/toolkit/t1-sheet.md:4:22 header-value"],
    ),
    "a column that starts from a field": (
        {
            "sheet": sheet(
                "\n**W** `long #w`\n\n**T** `table #t1, 2 rows`\n\n| A `short #a, starts from t.w` |\n| --- |\n| |\n"
            ),
        },
        ["1-one/toolkit/t1-sheet.md:12:16 tag-setting"],
    ),
    "a log for each of several people": (
        {
            "sheet": sheet(
                "\n## A\n`for each, Person A / Person B`\n\n### L\n`log #l, 3 entries`\n\n**X** `short #x`\n"
            ),
        },
        ["1-one/toolkit/t1-sheet.md:12:2 tag-place"],
    ),
    "nothing to fill in for each of several people": (
        {"sheet": sheet("\n## A\n`for each, Person A / Person B`\n\nText.\n")},
        ["1-one/toolkit/t1-sheet.md:9:2 done-unclear"],
    ),
    "people below the lowest heading": (
        {"sheet": sheet("\n## A\n\n### B\n\n#### C\n`for each, A / B`\n\n**X** `short #x`\n")},
        ["1-one/toolkit/t1-sheet.md:12:1 heading-skip"],
    ),
    "a student's name in 'for each'": (
        {"sheet": sheet("\n## A\n`for each, Student A / Student B`\n\n**X** `short #x`\n")},
        ["1-one/toolkit/t1-sheet.md:9:12 field-name"],
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_reported_once_and_in_its_place(mistake: str) -> None:
    texts, expected = CASES[mistake]
    assert places(**texts) == expected
