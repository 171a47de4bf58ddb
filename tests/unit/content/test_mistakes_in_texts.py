"""Mistakes in boxes, roles, links and tables: each is reported in its place, alone."""

from __future__ import annotations

import pytest

from tests.unit.content.builder import lesson, places, quiz

CASES = {
    "a colon in a box label": (
        {
            "lesson": lesson("""
> **Example:** x
"""),
        },
        ["1-one/1-lesson.md:9:3 box-label"],
    ),
    "the stop of a label outside the bold": (
        {
            "lesson": lesson("""
> **Scene**. x
"""),
        },
        ["1-one/1-lesson.md:9:3 box-label"],
    ),
    "a label without bold": (
        {
            "lesson": lesson("""
> Scene. x
"""),
        },
        ["1-one/1-lesson.md:9:3 box-label"],
    ),
    "a label in italics": (
        {
            "lesson": lesson("""
> *Scene.* x
"""),
        },
        ["1-one/1-lesson.md:9:3 box-label"],
    ),
    "a box with an empty title": (
        {
            "lesson": lesson("""
> **Scene:.** x
"""),
        },
        ["1-one/1-lesson.md:9:3 box-label"],
    ),
    "a quotation that begins in bold": (
        {
            "lesson": lesson("""
> **Very** nice.
"""),
        },
        ["1-one/1-lesson.md:9:3 box-label"],
    ),
    "a line of a box without its sign": (
        {
            "lesson": lesson("""
> **Scene: A.** x
y
"""),
        },
        ["1-one/1-lesson.md:10:1 feedback-lazy"],
    ),
    "an example outside an activity": (
        {
            "lesson": lesson("""
> **Example.** x
"""),
        },
        ["1-one/1-lesson.md:9:1 box-place"],
    ),
    "looking back outside an activity": (
        {
            "lesson": lesson("""
> **Looking back.** x
"""),
        },
        ["1-one/1-lesson.md:9:1 box-place"],
    ),
    "a model answer without a field": (
        {
            "lesson": lesson("""
## A
`do #a`

> **One way to say it.** x
"""),
        },
        ["1-one/1-lesson.md:12:1 box-place"],
    ),
    "a model answer in a quiz": (
        {
            "quiz": quiz("""
## A
`choose one #a`

- [x] a
    > b
- [ ] c
    > d

> **One way to say it.** x

See [L](1-lesson.md#lesson).
"""),
            "lesson": lesson(""),
        },
        ["1-one/quiz.md:16:1 box-place"],
    ),
    "a role misspelled": (
        {
            "lesson": lesson("""
## For teachers and adminstrators

x
"""),
        },
        ["1-one/1-lesson.md:9:4 variant-role"],
    ),
    "an activity deep in a role section": (
        {
            "lesson": lesson("""
## For teachers

### A
`do #a`

x
"""),
        },
        ["1-one/1-lesson.md:12:2 variant-activity"],
    ),
    "evidence deep in a role section": (
        {
            "lesson": lesson("""
## For teachers

### A

> **What we know, and what we do not.** x
"""),
        },
        ["1-one/1-lesson.md:13:1 variant-box"],
    ),
    "a field in a role section": (
        {
            "lesson": lesson("""
## For teachers

**A** `short #a`
"""),
        },
        ["1-one/1-lesson.md:11:1 field-outside"],
    ),
    "links that lead nowhere": (
        {
            "lesson": lesson("""
[a](nope.md) [b](9-hour.md#nope) [c](http://x.org) [d](javascript:x) [e](//x.org)
[f](#lesson) [g](9-hour.md#an-hour) [h](../course.md)
"""),
        },
        [
            "1-one/1-lesson.md:9:5 link-file",
            "1-one/1-lesson.md:9:18 link-anchor",
            "1-one/1-lesson.md:9:38 link-scheme",
            "1-one/1-lesson.md:9:56 link-scheme",
            "1-one/1-lesson.md:9:74 link-scheme",
        ],
    ),
    "a picture that is missing": (
        {
            "lesson": lesson("""
![a](images/x.png)
"""),
        },
        ["1-one/1-lesson.md:9:6 image-missing"],
    ),
    "a source in a heading": (
        {
            "lesson": lesson("""
## A [@LJ-2012]
"""),
        },
        ["1-one/1-lesson.md:9:6 cite-form"],
    ),
    "a short row in a table": (
        {
            "lesson": lesson("""
| a | b |
| --- | --- |
| c |
"""),
        },
        ["1-one/1-lesson.md:11:1 table-cells"],
    ),
    "a table without dashes": (
        {
            "lesson": lesson("""
| a | b |
| c | d |
"""),
        },
        ["1-one/1-lesson.md:9:1 table-head"],
    ),
    "HTML in a box": (
        {
            "lesson": lesson("""
> **Scene: A.** Text <b>x</b>
> more <i>y</i>
"""),
        },
        [
            "1-one/1-lesson.md:9:22 html",
            "1-one/1-lesson.md:9:26 html",
            "1-one/1-lesson.md:10:8 html",
            "1-one/1-lesson.md:10:12 html",
        ],
    ),
    "HTML in a choice of several lines": (
        {
            "lesson": lesson("""
## A
`choose many #a`

- [x] a
  and <b>x
    > c <i>
    > d <u>
- [ ] c
    > d
"""),
        },
        [
            "1-one/1-lesson.md:13:7 html",
            "1-one/1-lesson.md:14:9 html",
            "1-one/1-lesson.md:15:9 html",
        ],
    ),
    "a source inside a link": (
        {"lesson": lesson("\nSee [a [@LJ-2012]](https://example.org).\n")},
        ["1-one/1-lesson.md:9:8 cite-form"],
    ),
    "a picture from elsewhere": (
        {"lesson": lesson("\n![A door](https://example.org/d.svg)\n")},
        ["1-one/1-lesson.md:9:1 link-scheme"],
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_reported_once_and_in_its_place(mistake: str) -> None:
    texts, expected = CASES[mistake]
    assert places(**texts) == expected
