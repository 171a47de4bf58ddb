"""Explained: files, headers, titles and headings, keys."""

from __future__ import annotations

from lms.content.explanations.entry import (
    CAPSTONE,
    COURSE,
    LESSON,
    PICTURE,
    QUIZ,
    SECOND,
    SHEET,
    SOURCES,
    Explanation,
)  # fmt: skip

_REFLECTION = """
## An adult at a door
`reflection #adult, 60 to 200 words, 15 min, seen by reviewer`

Think of an adult who greeted you. What did they do?

| Not yet | Meets | Strong |
| --- | --- | --- |
| A feeling. | What they did. | What they did, and one thing to try. |

> **Example.** Our bus driver said my name as if he had been waiting for it.
"""
EXPLAINED = (
    Explanation(
        "header-missing", SHEET,
        "Every file but sources.md and local.md begins with a header between two lines of ---.",
        "---\nkey: fm-t1\n", "key: fm-t1\n",
    ),
    Explanation(
        "header-open", LESSON,
        "A header ends with a line that holds only ---.",
        "at home.\n---\n", "at home.\n",
    ),
    Explanation(
        "header-yaml", LESSON,
        'The header cannot be read. Most often a text holds a colon and a space: put it in "quotes".',
        "objective: Greet four students, each in a way that suits them.",
        "objective: Greet four students: each in a way that suits them.",
    ),
    Explanation(
        "header-unknown", LESSON,
        "Each kind of file has its own header fields, and no others.",
        "minutes: 41", "minutes: 41\nlength: long",
    ),
    Explanation(
        "header-needed", LESSON,
        "A field that this kind of file cannot do without is missing.",
        "objective: Greet four students, each in a way that suits them.\n", "",
    ),
    Explanation(
        "header-twice", LESSON,
        "A field is given twice; only one of them could count.",
        "minutes: 41\n", "minutes: 41\nminutes: 40\n",
    ),
    Explanation(
        "header-value", LESSON,
        "A field holds something that it cannot hold.",
        "minutes: 41", "minutes: about 40",
    ),
    Explanation(
        "file-place", LESSON,
        "A course folder has a fixed shape; a file of this name has no place in it.",
        LESSON, "1-the-first-minute/at-the-door.md", named=True,
    ),
    Explanation(
        "file-order", SECOND,
        "The number at the start of a name gives the order, so no two may be equal.",
        SECOND, "1-the-first-minute/1-at-the-door-in-writing.md", named=True,
    ),
    Explanation(
        "file-large", LESSON,
        "A file of text has at most 100 KB: make two lessons of it.",
        "## What a greeting carries", "Good morning.\n\n" * 7_000 + "## What a greeting carries",
    ),
    Explanation(
        "course-large", LESSON,
        "All text of a course together has at most 2 MB: make two courses of it.",
        "", "Good morning.\n\n" * 6_600, copies=21,
    ),
    Explanation(
        "title-missing", SECOND,
        "The title of a page is its one heading with a single #.",
        "# At the door, in writing\n", "",
    ),
    Explanation(
        "title-twice", LESSON,
        "A page has one title. What follows it is one level deeper.",
        "## What a greeting carries", "# What a greeting carries",
    ),
    Explanation(
        "heading-skip", LESSON,
        "Headings go down one level at a time, and end at ####. People who listen to a page rely on that.",
        "### For teachers and support staff: your own door",
        "#### For teachers and support staff: your own door",
    ),
    Explanation(
        "heading-space", LESSON,
        "Without a space after the # signs some viewers show a heading and some show the signs.",
        "## What a greeting carries", "##What a greeting carries",
    ),
    Explanation(
        "heading-underline", LESSON,
        "Dashes or equal signs right under a line turn it into a heading. For a break leave an empty line.",
        "student gets off the bus.\n\n---", "student gets off the bus.\n---",
    ),
    Explanation(
        "heading-place", LESSON,
        "A heading stands by itself, never inside a list or a quotation.",
        "- Say the name first.", "- # Say the name first.",
    ),
    Explanation(
        "key-missing", LESSON,
        "What learners answer is stored under a key, so that titles may change. "
        "'lms courses keys' writes those that are missing.",
        "`choose one #which, 3 min`", "`choose one, 3 min`",
    ),
    Explanation(
        "key-form", LESSON,
        "Keys are lower-case words joined by hyphens, so that they can stand in an address.",
        "`choose one #which, 3 min`", "`choose one #Which, 3 min`",
    ),
    Explanation(
        "key-twice", LESSON,
        "Two things of one file have the same key; their answers would be mixed up.",
        "`spot #seen, 3 min`", "`spot #which, 3 min`",
    ),
    Explanation(
        "key-unknown", SHEET,
        "A key is named that nothing in this file has (in headers: nothing in this course).",
        "`total #sum, sum of #minutes`", "`total #sum, sum of #minuts`",
    ),
    Explanation(
        "key-reused", SHEET,
        "A key that once belonged to one kind of thing cannot be given to another: "
        "answers of both would stand under it. Choose a new key.",
        "**Begun on** `date #begun`", "**Begun on** `short #begun`",
    ),
    Explanation(
        "requires-unmet", QUIZ,
        "'requires' in course.md names a kind of thing that the course does not have.",
        _REFLECTION, "",
    ),
    Explanation(
        "hours-high", COURSE,
        "Clock hours are whole hours of the minutes that the course earns, rounded down.",
        "clock-hours: 2", "clock-hours: 3",
    ),
    Explanation(
        "sittings-few", SHEET,
        "A sheet is filled in once for each sitting that its header names. One alone changes nothing.",
        "sittings: [Week 1, Week 4]", "sittings: twice",
    ),
    Explanation(
        "source-kind", SOURCES,
        "Each source says what kind of study it is, so that learners know how far it reaches.",
        "`source, argument, checked 2026-11-22`", "`source, checked 2026-11-22`",
    ),
    Explanation(
        "rubric", CAPSTONE,
        "A rubric is a table whose last three heads are the levels: Not yet, Meets, Strong.",
        "| # | We look for | Not yet | Meets | Strong |", "| # | We look for | Not yet | Meets | Great |",
    ),
    Explanation(
        "image-heavy", PICTURE,
        "A large picture makes a page slow on a phone: save it smaller.",
        "</svg>", " " * 600_000 + "</svg>",
    ),
)  # fmt: skip
