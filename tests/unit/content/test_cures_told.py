"""What an author meant is told where it can be known, in one sentence and with its form."""

from __future__ import annotations

import pytest

from lms.content.problems import Problem
from tests.unit.content.builder import compile_files, files, lesson, problems_of, sheet

_LOG = "\n## Days\n`log #days, 5 entries`\n\n**Hand-offs** `number #handoffs`\n"
_CAPSTONE = """---
key: cap
minutes: 30
---

# Capstone

{}

## How it is read
`rubric #r`

| Not yet | Meets | Strong |
| --- | --- | --- |
| a | b | c |
"""
LESSON = "1-one/1-lesson.md"
SHEET = "1-one/toolkit/t1-sheet.md"
CASES = {
    "groups in bold": (
        {
            "lesson": lesson("""
## A
`sort #a`

**Seen**

- One
    > Why.

**Guessed**

- Two
    > Why.
"""),
        },
        [f"{LESSON}:10:2 groups-few: Groups are headings: write '### Seen'."],
    ),
    "rows without their word": (
        {"sheet": sheet("\n**F** `table #f, 3`\n\n| A `short #a` |\n| --- |\n| |\n")},
        [f"{SHEET}:8:18 tag-setting: '3' is not a setting of table. Did you mean '3 rows'?"],
    ),
    "a tag below its label": (
        {"sheet": sheet("\n## A\n\n**F**\n`short #f`\n")},
        [f"{SHEET}:11:1 tag-loose: Put the tag at the end of the label's line."],
    ),
    "a tag below its label, without a heading": (
        {"sheet": sheet("\n**F**\n`short #f`\n")},
        [f"{SHEET}:9:1 tag-loose: Put the tag at the end of the label's line."],
    ),
    "a key of three parts": (
        {
            "sheet": sheet(_LOG),
            "second": sheet("\n**H** `show t.days.handoffs`\n").replace("key: t\n", "key: u\n"),
        },
        [
            "1-one/toolkit/t2-second.md:8:13 key-form: "
            "A full key has two parts, also in a log or a table: show t.handoffs."
        ],
    ),
    "a log under 'for each'": (
        {"sheet": sheet("\n## E\n`for each, Person A / Person B`\n" + _LOG.replace("##", "###"))},
        [f"{SHEET}:12:2 tag-place: A log cannot stand in 'for each': give each person one, or use fields."],
    ),
    "an address without its beginning": (
        {"lesson": lesson("\n[y](www.example.org) and [z](example.edu/page)\n")},
        [
            f"{LESSON}:9:5 link-scheme: Write https:// before this address.",
            f"{LESSON}:9:30 link-scheme: Write https:// before this address.",
        ],
    ),
    "readers that nobody knows, and a sheet that is handed in": (
        {
            "sheet": sheet("\n**A** `short #a`\n", "who: All\nseen-by: facilitator"),
            "capstone": _CAPSTONE.format("**S** `hand in t`"),
        },
        [
            f"{SHEET}:4:10 header-value: 'seen-by' is me, reviewer, cohort or counts.",
        ],
    ),
    "a key that is none, and a sheet that is handed in": (
        {
            "sheet": sheet("\n**A** `short #a`\n").replace("key: t\n", "key: CH_T7\n"),
            "capstone": _CAPSTONE.format("**S** `hand in ch-t7`"),
        },
        [
            f"{SHEET}:2:6 key-form: A key is lower-case words joined by hyphens; "
            "'left' and 'media' are taken by the site.",
        ],
    ),
    "a private sheet that is handed in": (
        {
            "sheet": sheet("\n**A** `short #a`\n"),
            "capstone": _CAPSTONE.format("**S** `hand in t`"),
        },
        [
            "capstone.md:8:16 carry-wider: 't' is for the learner alone: "
            "to hand it in, give it 'seen-by: reviewer' in its header."
        ],
    ),
    "a scale by its ends": (
        {"sheet": sheet("\n**F** `scale #f, 1 to 5`\n")},
        [
            f"{SHEET}:8:18 tag-setting: '1 to 5' is not a setting of scale. "
            "Write every step: '1 / 2 / 3 / 4 / 5'."
        ],
    ),
    "numbers joined by a dash": (
        {"sheet": sheet("\n**F** `number #f, 1-15`\n")},
        [f"{SHEET}:8:19 tag-setting: '1-15' is not a setting of number. Did you mean '1 to 15'?"],
    ),
    "one end of the numbers": (
        {"sheet": sheet("\n**F** `number #f, min 0`\n")},
        [
            f"{SHEET}:8:19 tag-setting: 'min 0' is not a setting of number. "
            "Give the smallest and the largest number: '0 to 100'."
        ],
    ),
    "people with commas": (
        {"sheet": sheet("\n## E\n`for each, Person A, Person B`\n\n**A** `short #a`\n")},
        [
            f"{SHEET}:9:12 tag-setting: 'Person A' is not a setting of for each. "
            "Write ' / ' between the people: 'Person A / Person B'."
        ],
    ),
    "a total of another sheet": (
        {"sheet": sheet("\n**T** `total #t, sum of ch-t1.took`\n")},
        [
            f"{SHEET}:8:18 tag-setting: 'sum of ch-t1.took' is not a setting of total. "
            "A total reaches the fields of its own sheet only: 'sum of #took'."
        ],
    ),
    "a kind from elsewhere, after a label": (
        {"sheet": sheet("\n**F** `phone #f`\n")},
        [
            f"{SHEET}:8:8 tag-kind: 'phone' is not a kind. Here may stand: short, long, number, date, "
            "yes or no, choose one, choose many, checklist, scale, table, total, show, link, hand in."
        ],
    ),
    "a kind from elsewhere, under a heading": (
        {"sheet": sheet("\n## F\n`diary #f`\n")},
        [f"{SHEET}:9:2 tag-kind: 'diary' is not a kind. Here may stand: log, for each."],
    ),
    "a label from elsewhere": (
        {"lesson": lesson("\n> **Tip.** Smile.\n")},
        [
            f"{LESSON}:9:3 box-label: 'Tip' is not a box; a quotation begins with another word. "
            "The labels are: Scene; Try this tomorrow; Know your duty; Take care; Good to know; "
            "What we know, and what we do not; Looking back; One way to say it; Example; Say; Watch for; "
            "Online; If it gets hard."
        ],
    ),
    "a block of code": (
        {"lesson": lesson("\n```\nx\n\ny\n```\n")},
        [f"{LESSON}:9:1 fence: Code blocks are not used in courses: write a quotation or a table."],
    ),
    "keys of sources in other brackets": (
        {
            "lesson": lesson(
                "\nDoors. (@LJ-2012) Halls. [LJ-2012] Both. [LJ-2012](https://example.org) (@LI-2012)\n"
            )
        },
        [
            f"{LESSON}:9:8 cite-loose: Write [@LJ-2012].",
            f"{LESSON}:9:26 cite-loose: Write [@LJ-2012].",
        ],
    ),
    "a role in short": (
        {"lesson": lesson("\n## For paras and admins\n\nText.\n")},
        [
            f"{LESSON}:9:4 variant-role: 'For paras and admins' is not a role heading. "
            "Did you mean 'paraprofessionals'?"
        ],
    ),
    "people who are students": (
        {"sheet": sheet("\n## E\n`for each, Student A / Student B`\n\n**A** `short #a`\n")},
        [f"{SHEET}:9:12 field-name: Call them 'Person A', 'Person B': a student is never named here."],
    ),
    "one sitting": (
        {"sheet": sheet("\n**A** `short #a`\n", "who: All\nsittings: twice")},
        [
            f"{SHEET}:4:11 sittings-few: One sitting is what every sheet has: "
            "name each of them, such as [Week 1, Week 4]."
        ],
    ),
    "two groups of one name": (
        {
            "lesson": lesson("""
## A
`sort #a`

### Seen
- One
    > Why.

### Seen
- Two
    > Why.
"""),
        },
        [f"{LESSON}:16:5 group-twice: A second group is called 'Seen': nobody can tell them apart."],
    ),
    "a scene of one word": (
        {"lesson": lesson("\n> **Scene.** Wait.\n")},
        [f"{LESSON}:9:1 scene-short: 1 word; scenes are 120 to 180."],
    ),
}

SILENT = {
    "an ordinary heading": {"lesson": lesson("\n## For support\n\nText.\n\n## For all of us\n\nText.\n")},
    "groups in bold with other words above": {
        "lesson": lesson("""
## A
`sort #a`

**Look** closely.

### Seen
- One
    > Why.

### Guessed
- Two
    > Why.
"""),
    },
    "words in brackets that are no source": {"lesson": lesson("\nA door [sic], (see 2012).\n")},
    "two sittings": {"sheet": sheet("\n**A** `short #a`\n", "who: All\nsittings: [One, Two]")},
}


@pytest.mark.parametrize("texts", SILENT.values(), ids=SILENT)
def test_nothing_is_said_where_another_meaning_is_as_likely(texts: dict[str, str]) -> None:
    assert problems_of(**texts) == []


@pytest.mark.parametrize(("texts", "told"), CASES.values(), ids=CASES)
def test_the_cure_is_told_and_nothing_else(texts: dict[str, str], told: list[str]) -> None:
    assert [_told(problem) for problem in problems_of(**texts)] == told


def test_notes_in_a_module_are_told_where_they_may_stand() -> None:
    notes = {**files(), "1-one/notes.md": b"# Notes\n"}
    assert [_told(problem) for problem in compile_files(notes).problems] == [
        "1-one/notes.md:1:1 file-place: No file of this name belongs here. "
        "Lessons begin with a number; notes of your own go into README.md."
    ]


def _told(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}:{problem.column} {problem.code}: {problem.message}"
