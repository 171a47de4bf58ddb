"""GIFT files become a quiz that compiles; what has no counterpart is told by line, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.giftwriting import SEE, Import, import_gift
from lms.content.nodes import Quiz
from tests.unit.content.builder import course_of, lesson, problems_of
from tests.unit.content.stopwatch import cpu

QUESTIONS = r"""// Moodle writes comments
$CATEGORY: $course$/top/Doors

::Who::[html]<p>Who is <b>there</b>?</p>{=An <i>adult</i>#Yes. ~%50%A friend#Half. ~Nobody#The door \= open.
####A door has a person.}

Which two? {~%50%One#Yes. ~%50%Two#Yes. ~%-100%\{Three\}#No.}

Two right answers, one to choose: {=First#Yes. =Second#Yes. ~Third#No.}

The sun rises in the east. {TRUE#Look again.#It does.}

It rises in the north. {f}

::Two \: plus two::[markdown]Two plus **two** is {=four#By hand. =4#By hand. =%0%five#Near. =%0%*#Count.} today.

Pair them. {=cat -> meow =dog -> bark = -> moo####Animals speak.}

Sort them. {=cat -> animal =dog -> animal =oak -> plant}

How many doors? {#3:0#Yes.}

[plain]Is 1 < 2 & 3 > 2,\nand is * a `star`? {=- yes#Yes. ~1. no [@X]#No. ~\# \##No.}
"""
NOT_TAKEN = {
    "Write about it. {}": "reflection",
    "Only a text.": "lesson",
    "Near three? {#3:0.5}": "range",
    "One to five? {#1..5}": "range",
    "No end {=a ~b": "never ends",
    "::No end {=a ~b}": "title",
    "{=a ~b}": "no text",
    "Twice {=a ~b} and {=c ~d}": "more than one pair",
    "None {~a ~b}": "None of its choices is right",
    "One {~a}": "one choice",
    "Empty {=a ~#no}": "empty",
    "Loose {a =b}": "begins with",
    "Any {=*}": "every answer",
    "Wild {=c*t}": "spellings",
    "Slash {=and / or}": "' / '",
    "Rest {=anything else}": "anything else",
    "Half {=a -> b =c}": "pair",
    "Same {=a -> b =c -> b}": "differ",
    "[html]Picture <img src\\=a.png> {T}": "<img>",
    "[markdown]A <i>word</i> {T}": "HTML",
    "[markdown]![A door](door.png) {T}": "door.png",
    "Long " + "word " * 2000 + "{T}": "characters",
    "Bell \x07 {T}": "U+0007",
}


def _imported(text: str, language: str = "en") -> Import:
    return import_gift(text.encode(), key="q", title="", language=language, see=SEE)


def _quiz(made: Import) -> Quiz:
    """As it compiles beside the lesson that its links lead to."""
    found = course_of(quiz=made.text, lesson=_LESSON).modules[0].quiz
    assert found is not None
    return found


_LESSON = lesson("We wait by the door. " * 45).replace("# Lesson", "# The lesson")


def test_every_kind_with_a_counterpart_is_taken_and_compiles() -> None:
    made = _imported(QUESTIONS)
    assert made.not_taken == ()
    assert [each.line for each in made.taken] == [4, 7, 9, 11, 13, 15, 17, 19, 21, 23]
    assert [(each.kind, each.part_credit) for each in _quiz(made).questions] == [
        ("choose one", False), ("choose many", True), ("choose one", False), ("true or false", False),
        ("true or false", False), ("short answer", False), ("match", True), ("sort", True),
        ("short answer", False), ("choose one", False),
    ]  # fmt: skip


def test_marks_feedback_and_words_are_those_of_the_file() -> None:
    who, two, first, east, north, sums, pairs, kinds, doors, signs = _quiz(_imported(QUESTIONS)).questions
    assert [each.mark for each in who.choices] == ["right", "defensible", "wrong"]
    assert who.choices[0].html == "An <em>adult</em>" and who.choices[2].feedback == "<p>The door = open.</p>"
    assert who.title == "Who" and who.looking_back == "<p>A door has a person.</p>"
    assert [each.mark for each in two.choices] == ["right", "right", "wrong"]
    assert two.choices[2].html == "{Three}"
    assert [each.mark for each in first.choices] == ["right", "defensible", "wrong"]
    assert [each.feedback for each in east.choices] == ["<p>It does.</p>", "<p>Look again.</p>"]
    assert [each.mark for each in north.choices] == ["wrong", "right"]
    assert sums.title == "Two : plus two"
    assert [each.spellings for each in sums.answers] == [("four", "4"), ("five",), ()]
    assert sums.answers[2].feedback == "<p>Count.</p>"
    assert pairs.groups == ("meow", "bark", "moo") and [card.group for card in pairs.cards] == [0, 1]
    assert [card.group for card in kinds.cards] == [0, 0, 1]
    assert doors.answers[0].spellings == ("3",)
    assert [each.html for each in signs.choices] == ["- yes", "1. no [&#64;X]", "# #"]
    shown = "".join(getattr(block, "html", "") for block in signs.blocks)
    assert shown == "<p>Is 1 &lt; 2 &amp; 3 &gt; 2,</p>\n<p>and is * a `star`?</p>"


def test_it_is_written_in_the_language_of_the_course() -> None:
    text = _imported(QUESTIONS, "es").text
    for words in ("- [x] Falso\n", "> **Mirando atrás.** ", "- [ ] cualquier otra respuesta\n", "\nVea ["):
        assert words in text


@pytest.mark.parametrize(("question", "why"), NOT_TAKEN.items())
def test_a_question_that_is_not_taken_is_told_by_its_line(question: str, why: str) -> None:
    made = _imported(f"// x\n\nBefore? {{T}}\n\n{question}\n\nAfter? {{F}}\n")
    assert [each.line for each in made.taken] == [3, 7]
    assert [each.line for each in made.not_taken] == [5] and why in made.not_taken[0].why


def test_what_the_import_had_to_say_itself_is_told() -> None:
    made = _imported("One? {=a ~%50%b#half ~c}")
    assert ["worth a part" in made.remarks[0].why, "2 answers" in made.remarks[1].why] == [True, True]


def test_a_file_that_is_not_utf_8_is_told_by_its_line() -> None:
    made = import_gift("Cafe? {T}\n\nCafé? {T}".encode("latin-1"), key="q", title="", language="en", see="")
    assert (made.text, [each.line for each in made.not_taken]) == ("", [3])


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "{",
                "}",
                "=",
                "~",
                "#",
                "####",
                "%50%",
                "->",
                "::",
                "//",
                "\\",
                "\\n",
                "\\{",
                "[html]",
                "[markdown]",
                "$CATEGORY:",
                "*",
                "`",
                "<b>",
                "</b>",
                "<br>",
                "&amp;",
                "|",
                ">",
                "-",
                "1.",
                "#",
                "[x]",
                "[@A]",
                "{{a}}",
                "**Say.**",
                "---",
                "\n",
                "\n\n",
                "T",
                "F",
                "#3",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=40,
).map(" ".join)


@given(st.lists(_PIECES, max_size=3).map("\n\n".join) | st.tuples(_PIECES, _PIECES, _PIECES).map(
    lambda three: f"{three[0]} {{={three[1]} ~{three[2]}}}"
))  # fmt: skip
def test_whatever_is_in_a_file_the_result_compiles(text: str) -> None:
    made = import_gift(
        text.encode("utf-8", "surrogatepass"), key="q", title="", language="en", see=SEE
    )  # fmt: skip
    if made.text:
        assert [p for p in problems_of(quiz=made.text, lesson=_LESSON) if p.severity == "error"] == []


@pytest.mark.parametrize(
    "hostile",
    ["<b>", "<b> ", "{", "=", "~a", "#", "::", "\\", "%50%", "-> ", "&", "*", "= -> ", "\n//", "<p "],
)
def test_time_grows_with_the_size_and_no_faster(hostile: str) -> None:
    def work(size: int) -> float:
        text = "One? {=" + hostile * (size // len(hostile)) + "}"
        return cpu(lambda: _imported(text), enough=0.02)

    assert work(200_000) < 10 * max(work(50_000), 0.02)
