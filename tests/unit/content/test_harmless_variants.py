"""Ways to write the same thing that viewers show alike: all are accepted."""

from __future__ import annotations

import pytest

from lms.content.nodes import Activity, Box, Prose
from tests.unit.content.builder import (
    COURSE,
    HOUR,
    compile_files,
    course_of,
    example,
    files,
    lesson,
    lesson_of,
    places,
    quiz,
    sheet,
)  # fmt: skip

LESSONS = {
    "two spaces before feedback": "## A\n`choose one #a`\n\n- [x] a\n  > b\n- [ ] c\n  > d\n",
    "an empty line above feedback": "## A\n`choose one #a`\n\n- [x] a\n\n    > b\n\n- [ ] c\n\n    > d\n",
    "a large X": "## A\n`choose one #a`\n\n- [X] a\n    > b\n- [ ] c\n    > d\n",
    "a choice on two lines": (
        "## A\n`choose one #a`\n\n- [x] a\n  and more\n    > b\n- [ ] c\nand more\n    > d\n"
    ),
    "feedback without a space": "## A\n`choose one #a`\n\n- [x] a\n    >b\n- [ ] c\n    >d\n",
    "an empty line above the tag": "## A\n\n`choose one #a`\n\n- [x] a\n    > b\n- [ ] c\n    > d\n",
    "no empty line below the tag": "## A\n`choose one #a`\n- [x] a\n    > b\n- [ ] c\n    > d\n",
    "spaces after everything": "## A  \n`choose one #a`  \n\n- [x] a  \n    > b  \n- [ ] c  \n    > d  \n",
    "signs after a heading": "## A ##\n`choose one #a`\n\n- [x] a\n    > b\n- [ ] c\n    > d\n",
    "a list of its own in the prompt": (
        "## A\n`choose one #a`\n\n- x\n- y\n\nNow:\n\n- [x] a\n    > b\n- [ ] c\n    > d\n"
    ),
    "a choice that begins with a number": (
        "## A\n`choose one #a`\n\n- [x] 1. a\n    > b\n- [ ] # c\n    > d\n"
    ),
    "none right of many": "## A\n`choose many #a`\n\n- [ ] a\n    > b\n- [ ] c\n    > d\n",
    "numbers that are all one": "## A\n`order #a`\n\n1. a\n    > b\n2. c\n    > d\n3. e\n    > f\n",
    "code in a text": "Press `shift`, then **Enter** `now`.\n\n**Press** `shift`\n\n`ls -l`\n",
    "a tag in the middle of a text": "Write `choose one #a` below the heading.\n",
    "a word in brackets": "- [sic] as written\n- [a link](https://example.org)\n",
    "literal signs": "\\[ ] is a box.\n\n\\> is a sign. \\`do\\` is no tag.\n\n- \\[x] is none either\n",
    "a quotation that begins with a word": "> Say it. **Then** go.\n",
    "a question as the title of a box": "> **Scene: Who?** " + "Nobody came. " * 20 + "\n",
    "contrasts in bold": "**Before.** Cold.\n\n**After.** Warm.\n",
    "a label with a stop and no title": "> **Take care.** Rest.\n>\n> - a\n> - b\n",
    "headings that look like roles": "## For example\n\nx\n\n## For the teachers in us\n\ny\n",
    "a table without outer lines": "a | b\n--- | ---\nc | d\n",
    "a table right below a text": "Text:\n| a | b |\n| --- | --- |\n| c | d |\n",
    "a list right below a text": "Text:\n- a\n- b\n",
    "a line in a cell": "| a | b |\n| --- | --- |\n| c \\| d | `e` |\n",
    "other lines across": "a\n\n***\n\nb\n\n- - -\n\nc\n",
    "a heading indented": "  ## A\n\nx\n",
    "addresses with parentheses": (
        "[a](https://en.wikipedia.org/wiki/Key_(lock)) <https://www.doe.mass.edu/>\n"
    ),
    "a mail address": "[a](mailto:a@example.org)\n",
    "a note for a wrong group after an empty line": (
        "## A\n`sort #a`\n\n### G\n- a\n    > b\n    >\n    > **H?** c\n\n### H\n- d\n    > e\n"
    ),
    "cards with stars": "## A\n`sort #a`\n\n### G\n* a\n    > b\n\n### H\n* d\n    > e\n",
    "one way on": "## A\n`branching #a`\n\n### P\nx\n\n- [ ] a\n    > [Q](#q)\n\n### Q\ny\n",
    "a link at the end with a stop": (
        "## A\n`branching #a`\n\n### P\nx\n\n- [ ] a\n    > b: [Q](#q)\n\n### Q\ny\n"
    ),
    "minutes in a top tag alone": "## A\n`activity #a, 9 min`\n\n### B\n`do #b`\n\nx\n",
    "a key that was somewhere else": "## A\n`do #a, was cc-1-3.bus`\n\nx\n",
}


@pytest.mark.parametrize("variant", LESSONS)
def test_a_variant_of_a_lesson_is_accepted(variant: str) -> None:
    assert places(lesson=lesson("\n" + LESSONS[variant])) == []


SHEETS = {
    "a table of one dash": "**T** `table #t`\n\n| a `short #a` |\n| - |\n| |\n",
    "help on several lines": "**A** `short #a`\nOne.\nTwo.\n",
    "fields without empty lines": "**A** `short #a`\n**B** `short #b`\n",
    "a label alone": "**What I never do**\nNo secrets.\n",
    "a total of something below": "**W** `total #w, count of #a = yes`\n\n**A** `yes or no #a`\n",
    "a total of empty choices": "**A** `scale #a, x / y`\n\n**W** `total #w, count of #a = none`\n",
}


@pytest.mark.parametrize("variant", SHEETS)
def test_a_variant_of_a_sheet_is_accepted(variant: str) -> None:
    assert places(sheet=sheet("\n" + SHEETS[variant])) == []


def test_line_endings_and_a_byte_order_mark_change_nothing() -> None:
    sound = example()
    plain = compile_files(sound)
    windows = {
        path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if path.endswith(".md") else data
        for path, data in sound.items()
    }
    other = compile_files(windows)
    assert other.problems == ()
    assert plain.course is not None
    assert other.course is not None
    assert other.course.modules == plain.course.modules
    assert other.course.digest != plain.course.digest


def test_numbers_of_files_may_leave_gaps_and_pass_nine() -> None:
    made = files()
    for number in (3, 10, 12):
        made[f"1-one/{number}-more.md"] = HOUR.replace("key: hour", f"key: hour-{number}").encode()
    course = compile_files(made).course
    assert course is not None
    assert [each.key for each in course.modules[0].lessons] == ["hour-3", "hour", "hour-10", "hour-12"]


def test_plain_words_of_a_header_stay_as_they_are() -> None:
    course = course_of(
        course=COURSE.replace("topic: Doors", "topic: no").replace(
            "objectives: [Open them]", "objectives:\n  - 12:30, and not before\n  - 'It: stays'"
        )
    )
    assert course.topic == "no"
    assert course.objectives == ("12:30, and not before", "It: stays")


def test_a_second_heading_of_the_same_words_has_an_anchor_of_its_own() -> None:
    body = "## Días d’été: l'école\n\nx\n\n## A\n\ny\n\n## A\n\n[z](#a-1) [w](#días-dété-lécole)\n"
    assert places(lesson=lesson("\n" + body)) == []


def test_a_word_of_a_tag_in_a_paragraph_is_a_word() -> None:
    blocks = lesson_of("The tag `do` is short.\n\n> **Good to know.** `- [ ]` is a box.").blocks
    assert isinstance(blocks[0], Prose)
    assert "<code>do</code>" in blocks[0].html
    assert isinstance(blocks[1], Box)


def test_another_language_has_its_own_words_for_labels_and_levels() -> None:
    assert (
        places(
            course=COURSE.replace("language: en", "language: es"),
            lesson=lesson(
                "\n> **Escena: La puerta.** "
                + "Es tarde. " * 20
                + "\n\n## Para docentes y directivos\n\nx\n\n---\n\n"
                "> **Lo que sabemos y lo que no.** y\n\n## A\n`rewrite #a, 1 min`\n\n> Vete.\n\n"
                "> **Una forma de decirlo.** Por favor, vete.\n"
            ).replace("# Lesson", "# Lección\n"),
            quiz=quiz(
                "\n## P\n`short answer #p`\n\n- [x] 20\n    > sí\n- [ ] cualquier otra respuesta\n    > no\n\n"
                "Vea [Lección](1-lesson.md#lección).\n\n## R\n`reflection #r`\n\n"
                "| Todavía no | Cumple | Sobresale |\n| --- | --- | --- |\n| a | b | c |\n\n> **Ejemplo.** z\n"
            ),
        )
        == []
    )


def test_an_english_label_in_another_language_is_a_mistake() -> None:
    texts = {"course": COURSE.replace("language: en", "language: es"), "lesson": lesson("\n> **Scene.** x\n")}
    assert places(**texts) == ["1-one/1-lesson.md:9:3 box-label"]


def test_a_heading_and_its_activity_keep_their_level() -> None:
    body = "## A\n`activity #a`\n\n### B\n`sort #b`\n\n#### G\n- a\n    > b\n\n#### H\n- c\n    > d"
    found = lesson_of(body).blocks[0]
    assert isinstance(found, Activity)
    assert (found.level, found.members[0].level) == (2, 3)


def test_sources_and_facts_are_optional() -> None:
    made = files(hour=HOUR.replace(" [@LJ-2012]", ""))
    del made["sources.md"], made["local.md"]
    assert compile_files(made).problems == ()
