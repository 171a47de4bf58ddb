"""What the screen refuses, at which line and column, and that nothing it accepts is slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lms.content import screen as limits
from lms.content.finish import finish
from lms.content.page import PageLinks
from lms.content.pieces import Piece, parts
from lms.content.problems import Problem
from lms.content.render import render
from lms.content.screen import check_sizes, decode, screen, screen_text
from tests.unit.content.stopwatch import cpu


def found(text: str, inline: bool = False) -> list[tuple[int, int, str]]:
    """A piece that begins at line 10, column 5."""
    return [(each.line, each.column, each.code) for each in screen([Piece("a.md", 10, 5, text, inline)])]


# ── Limits: under, at, over ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("build", "limit", "code", "line", "column"),
    [
        (lambda n: "a" * n, limits.LINE_CHARACTERS, "line-long", 10, 5 + limits.LINE_CHARACTERS),
        (lambda n: "\n".join(["word " * 99] * 40)[:n], limits.PIECE_CHARACTERS, "piece-long", 26, 69),
        (lambda n: "\n".join(["- x"] * n), limits.PIECE_LINES, "piece-long", 210, 5),
        (lambda n: "ab*" * n, limits.MARKS, "marks-many", 10, 5 + 3 * limits.MARKS + 2),
        (lambda n: "ab[" * n, limits.BRACKETS, "marks-many", 10, 5 + 3 * limits.BRACKETS + 2),
        (lambda n: "ab(" * n, limits.PARENTHESES, "marks-many", 10, 5 + 3 * limits.PARENTHESES + 2),
        (lambda n: "[@A-1] w " * n, limits.BRACKETS, "marks-many", 10, 5 + 9 * limits.BRACKETS),
        (lambda n: "> " * n + "x", limits.DEPTH, "nested-deep", 10, 5),
        (lambda n: "- " * n + "x", limits.DEPTH, "nested-deep", 10, 5),
        (lambda n: "1. " * n + "x", limits.DEPTH, "nested-deep", 10, 5),
        (lambda n: "- a\n" + " " * (4 * (n - 1)) + "- x", limits.DEPTH, "nested-deep", 11, 5),
        (lambda n: "x\n\n" + ">" * n + "x", limits.DEPTH, "nested-deep", 12, 5),
    ],
)
def test_a_limit_is_the_last_that_passes(
    build: Callable[[int], str], limit: int, code: str, line: int, column: int
) -> None:
    assert found(build(limit - 1)) == []
    assert found(build(limit)) == []
    over = found(build(limit + 1))
    assert over == [(line, column, code)]


def test_a_file_has_a_size_and_a_course_too() -> None:
    assert decode("a.md", b"a" * limits.FILE_BYTES)[1] == []
    text, problems = decode("a.md", b"a" * (limits.FILE_BYTES + 1))
    assert text is None
    assert [each.code for each in problems] == ["file-large"]
    assert check_sizes({"a.md": limits.COURSE_BYTES - 1, "b.md": 1}) == []
    assert [(each.file, each.code) for each in check_sizes({"a.md": limits.COURSE_BYTES, "b.md": 1})] == [
        ("b.md", "course-large")
    ]


def test_a_file_has_so_many_pieces() -> None:
    pieces = [Piece("a.md", n, 1, "words") for n in range(1, limits.FILE_PIECES + 1)]
    assert screen(pieces) == []
    over = screen([*pieces, Piece("a.md", 9000, 3, "words"), Piece("b.md", 1, 1, "words")])
    assert [(each.line, each.column, each.code) for each in over] == [(9000, 3, "pieces-many")]


def test_a_file_shows_a_hundred_problems_and_says_that_there_are_more() -> None:
    pieces = [Piece("a.md", n, 1, "<b>") for n in range(1, limits.FILE_PROBLEMS + 1)]
    assert len(screen(pieces)) == limits.FILE_PROBLEMS
    pieces.append(Piece("a.md", 500, 1, "<b>"))
    problems = screen([*pieces, Piece("b.md", 1, 1, "<b>")])
    assert len(problems) == limits.FILE_PROBLEMS + 2
    assert [each.code for each in problems[-2:]] == ["and-more", "html"]


def test_a_long_line_counts_in_any_text_of_a_file() -> None:
    line = "a" * limits.LINE_CHARACTERS
    assert screen_text("a.md", f"b\n{line}\nb") == []
    problems = screen_text("a.md", f"b\n{line}a\nb")
    assert [(each.line, each.column, each.code) for each in problems] == [(2, len(line) + 1, "line-long")]


def test_later_lines_of_a_piece_may_begin_elsewhere() -> None:
    piece = Piece("a.md", 10, 9, "words\n<b>\n" + "a" * (limits.LINE_CHARACTERS + 1), False, 5)
    assert [(each.line, each.column, each.code) for each in screen([piece])] == [
        (11, 5, "html"),
        (12, 5 + limits.LINE_CHARACTERS, "line-long"),
    ]


# ── Forms ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("a <b>x</b>", 10, 7, "html"),
        ("a\nb </p>", 11, 7, "html"),
        ("a <!-- x", 10, 7, "html"),
        ("a <?php", 10, 7, "html"),
        ("<http://x.org>", 10, 5, "html"),
        ("<javascript:x>", 10, 5, "html"),
        ("<https://x.org onclick=x>", 10, 5, "html"),
        ("word\n[x]: https://x.org", 11, 5, "link-form"),
        ("> [x]: y", 10, 7, "link-form"),
        ("- > [x]: y", 10, 9, "link-form"),
        ("1. [x y]: y", 10, 8, "link-form"),
        ("```\ncode\n```", 10, 5, "fence"),
        ("- ~~~ x", 10, 7, "fence"),
        ("a [^1] b", 10, 7, "footnote"),
        ("word {: .big}", 10, 10, "attributes"),
        ("word {#id}", 10, 10, "attributes"),
        ("word {.big}", 10, 10, "attributes"),
        ("Term\n: what it is", 11, 5, "definition-list"),
        ("- # Big", 10, 7, "heading-place"),
        ("> ## Big", 10, 7, "heading-place"),
        ("Big\n===", 11, 5, "heading-underline"),
        ("Big\n---", 11, 5, "heading-underline"),
        ("> Big\n> -", 11, 7, "heading-underline"),
        ("a\tb", 10, 6, "tab"),
        ("a\nb\x02c", 11, 6, "encoding"),
        ("a\x00", 10, 6, "encoding"),
        ("a\x85", 10, 6, "encoding"),
        ("a\u2028b", 10, 6, "encoding"),
        ("a\u2029b", 10, 6, "encoding"),
        ("a\ue000b", 10, 6, "encoding"),
        ("a\ufdd0b", 10, 6, "encoding"),
        ("a\U0001ffffb", 10, 6, "encoding"),
        ("a\ud800b", 10, 6, "encoding"),
        ("a\x0cb", 10, 6, "encoding"),
    ],
)
def test_a_refused_form_is_named_at_its_place(text: str, line: int, column: int, code: str) -> None:
    assert next(each for each in found(text) if each[2] == code) == (line, column, code)


@pytest.mark.parametrize(
    "text",
    [
        "Words.",
        "a < b, 3 > 2, x <3",
        "<https://doi.org/10.1/x_(y)>",
        "<mailto:help@school.example>",
        "[words](2-x.md#anchor) and `code`",
        "Ends: with a colon",
        "A line\n\n---\n\nA line",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "{{report-now}} and {braces}",
        "#5 of 6",
        "\\# of students",
        "[@LJ-2012, p. 158; @K2]",
    ],
)
def test_what_the_format_allows_passes(text: str) -> None:
    assert found(text) == []


def test_words_of_an_inline_piece_are_no_block() -> None:
    assert found("# of students", inline=True) == []
    assert found(": 5", inline=True) == []
    assert [each[2] for each in found("a <b>", inline=True)] == ["html"]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a\nb\xff", 2, 2),
        (b"\xef\xbb\xbfa\xe9", 1, 2),
        ("é\x80".encode("latin-1"), 1, 1),
        (b"\xed\xa0\x80", 1, 1),
    ],
)
def test_a_file_that_is_not_utf_8_says_where(data: bytes, line: int, column: int) -> None:
    text, problems = decode("a.md", data)
    assert text is None
    assert [(each.line, each.column, each.code) for each in problems] == [(line, column, "encoding")]


def test_line_ends_and_byte_order_marks_are_made_alike() -> None:
    assert decode("a.md", b"\xef\xbb\xbfa\r\nb\rc\n") == ("a\nb\nc\n", [])
    assert decode("a.md", "a\u2028b\x0c".encode()) == ("a\u2028b\x0c", [])


def test_problems_read_as_editors_read_them() -> None:
    assert str(screen([Piece("a.md", 3, 1, "x <b>")])[0]) == (
        "a.md:3:3: error: html: HTML is not used here; for the sign itself write &lt;."
    )


def test_the_same_fault_found_twice_is_one_problem() -> None:
    text = "a\tb"
    problems: set[Problem] = {*screen_text("a.md", text), *screen([Piece("a.md", 1, 1, text)])}
    assert len(problems) == 1


# ── Growth ───────────────────────────────────────────────────────────────────────────────────────

PATTERNS = [
    "[", "![", "[a](", "<![CDATA[", "x\n===\n", "[a]:", "<a b=\"", "\\*", "<b>", "*a*", "&amp;", "`a`",
    "<a@", "*a", "_a", "[a]", "`", ">", "- ", "- - ", "    - ", "> - ", "a\n\n", "- x\n1. x\n", "- x\n\n",
    "| a | b |\n|---|---|\n", "|", "\n", " ", "\n ", "**", "__a__", "((", "{{", "[@", "[@A; ", "{{a}}",
    "\u00a0", "é", "a ", "A!", "![a](", "<https://", "~~", "{: ", ": x\n", "# ", "1. ", "\\", "&#", "a\n- ",
    ">>>>a\n\n", "> - > - a\n", "[[", "![![", "- - - x\n", "javascript:",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_screening_grows_with_the_length_and_no_faster(pattern: str) -> None:
    """Four times the text in six times the time at most; below 2 ms nothing can be told apart."""

    def run(size: int, enough: float = 0.0) -> float:
        text = (pattern * size)[:size]
        return cpu(lambda: (screen([Piece("a.md", 1, 1, text)]), screen_text("a.md", text)), enough)

    small = run(25_000)
    most = max(6 * small, 0.012)
    large = run(100_000, most)
    assert large < most, f"{small:.4f} s, then {large:.4f} s"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_accepted_piece_is_slow(pattern: str) -> None:
    """The longest run of the pattern that passes takes 50 ms at most for each piece (150 here, as cores
    are shared)."""
    low, high = 1, limits.PIECE_CHARACTERS
    while low < high:
        middle = (low + high + 1) // 2
        if screen([Piece("a.md", 1, 1, (pattern * middle)[:middle])]):
            high = middle - 1
        else:
            low = middle
    piece = Piece("a.md", 1, 1, (pattern * low)[:low])
    most = 0.15 * len(parts(piece))
    assert cpu(lambda: render([piece]), most) < most


@pytest.mark.parametrize(
    "pattern", ["*a* ", "- x\n1. x\n\n", "`a` ", "[a](b) ", "**a** b\n\n", "> a\n\n", "- x\n\nw *x*\n\n"]
)
def test_rendering_many_pieces_grows_with_their_number(pattern: str) -> None:
    def run(number: int, enough: float = 0.0) -> float:
        pieces = [Piece("a.md", 1, 1, pattern * 6)] * number
        return cpu(lambda: render(pieces), enough)

    small = run(40)
    large = run(160, 6 * small)
    assert large < 6 * small, f"{small:.4f} s, then {large:.4f} s"


def test_finishing_grows_with_the_length() -> None:
    def run(number: int, enough: float = 0.0) -> float:
        text = "*a* [@NONE-1] {{none}} [w](x.md) `[@A]` " * number
        html = (
            "<p>" + '<em>a</em> [@NONE-1] {{none}} <a href="x.md">w</a> <code>[@A]</code> ' * number + "</p>"
        )
        return cpu(lambda: finish(html, Piece("a.md", 1, 1, text), PageLinks("a.md", {}, {}, {}, {})), enough)

    small = run(50)
    most = 8 * small + 0.01
    large = run(200, most)
    assert large < most, f"{small:.4f} s, then {large:.4f} s"
