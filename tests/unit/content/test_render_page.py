"""Links, sources, local facts, tables and pictures of a page."""

from __future__ import annotations

import random

import pytest

from lms.content.finish import finish
from lms.content.links import Anchors, LoneLink, links_in, lone_link, resolve, slug
from lms.content.nodes import SafeHtml, Source
from lms.content.page import PageLinks, Picture, Target
from lms.content.pieces import Piece
from lms.content.render import render
from tests.unit.content.random_pieces import accepted_pieces


def a_page() -> PageLinks:
    def source(key: str) -> Source:
        return Source(key, ("review",), key == "B-2", "2026-01-01", SafeHtml(f"<p>{key}</p>"), SafeHtml())

    return PageLinks(
        file="1-why/2-page.md",
        targets={
            "1-why/2-page.md": Target("cc-1-2", {"own-heading"}),
            "1-why/4-safe.md": Target("cc-1-4", {"one-law", "élan"}),
            "1-why/toolkit/t1-check.md": Target("cc-t1", set()),
        },
        images={"1-why/images/ladder.svg": Picture("media/ladder-1f.svg", 640, 480)},
        sources={key: source(key) for key in ("A-1", "B-2")},
        inserts={"report-now": "call <em>us</em>", "linked": '<a href="https://x.org">x</a>'},
    )


def shown(text: str, page: PageLinks | None = None, inline: bool = True, cites: bool = True) -> str:
    page = page or a_page()
    piece = Piece("1-why/2-page.md", 10, 5, text, inline)
    return finish(render([piece]).html[0], piece, page, cites)


def problems(text: str, inline: bool = True, cites: bool = True) -> list[tuple[int, int, str]]:
    page = a_page()
    shown(text, page, inline, cites)
    return [(each.line, each.column, each.code) for each in page.problems]


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────


def test_sources_are_numbered_in_the_order_they_are_met_and_ids_never_repeat() -> None:
    page = a_page()
    html = shown("One. [@B-2, p. 3] Two [@A-1; @B-2, pp. 4–5].", page) + shown("Three. [@B-2]", page)
    assert html == (
        'One.<a class="fn-ref" href="#fn-1" id="ref-1" aria-label="Source 1, p. 3">1</a>'
        ' Two<a class="fn-ref" href="#fn-2" id="ref-2" aria-label="Source 2">2</a>'
        '<span class="fn-gap">,</span>'
        '<a class="fn-ref" href="#fn-1" id="ref-1-2" aria-label="Source 1, pp. 4–5">1</a>.'
        'Three.<a class="fn-ref" href="#fn-1" id="ref-1-3" aria-label="Source 1">1</a>'
    )
    assert [(each.number, each.key, each.places, each.second_hand) for each in page.citations] == [
        (1, "B-2", ("p. 3", "pp. 4–5"), True),
        (2, "A-1", (), False),
    ]
    assert page.used_sources == {"A-1", "B-2"}


def test_a_source_nobody_knows_is_named_with_a_guess() -> None:
    page = a_page()
    assert shown("x [@A-11]", page) == "x"
    assert [str(each) for each in page.problems] == [
        "1-why/2-page.md:10:8: error: cite-unknown: 'A-11' is not in sources.md. Did you mean 'A-1'?"
    ]


@pytest.mark.parametrize("text", ["x [@ A-1]", "x [@A_1]", "x [@A-1", "x [@]", "x [@A-1 p. 3]"])
def test_a_source_written_otherwise_is_a_problem(text: str) -> None:
    assert problems(text) == [(10, 7, "cite-form")]


def test_a_source_has_no_place_in_headings_links_and_captions() -> None:
    assert problems("Words [@A-1]", cites=False) == [(10, 11, "cite-form")]
    assert problems("[words [@A-1]](4-safe.md)") == [(10, 12, "cite-form")]
    assert problems('![a](images/ladder.svg "c [@A-1]")', inline=False) == [(10, 5, "cite-form")]


def test_inside_code_nothing_is_replaced() -> None:
    assert shown("`[@A-1] {{report-now}}`") == "<code>[@A-1] {{report-now}}</code>"


# ── Local facts ──────────────────────────────────────────────────────────────────────────────────


def test_a_local_fact_carries_its_key_and_the_words_it_has_here() -> None:
    page = a_page()
    assert shown("So: {{report-now}}.", page) == (
        'So: <span data-insert="report-now">call <em>us</em></span>.'
    )
    assert page.used_inserts == {"report-now"}


@pytest.mark.parametrize(
    ("text", "column"), [("x {{report-nwo}}", 7), ("x {{ report-now }}", 7), ("x {{}}", 7), ("x {{a", 7)]
)
def test_an_unknown_local_fact_is_a_problem(text: str, column: int) -> None:
    assert problems(text) == [(10, column, "insert-unknown")]


def test_a_local_fact_with_a_link_cannot_stand_in_a_link() -> None:
    assert problems("[{{linked}}](4-safe.md)") == [(10, 6, "insert-place")]
    assert problems("{{linked}}") == []


# ── Links ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("4-safe.md", "cc-1-4"),
        ("4-safe.md#one-law", "cc-1-4#one-law"),
        ("./4-safe.md#%C3%A9lan", "cc-1-4#élan"),
        ("../1-why/4-safe.md", "cc-1-4"),
        ("toolkit/t1-check.md", "cc-t1"),
        ("#own-heading", "#own-heading"),
        ("2-page.md#own-heading", "#own-heading"),
        ("2-page.md", "cc-1-2"),
        ("https://example.org/a_(b)?c=1&d=2#e", "https://example.org/a_(b)?c=1&amp;d=2#e"),
        ("mailto:help@school.example", "mailto:help@school.example"),
    ],
)
def test_a_link_goes_where_it_says(written: str, href: str) -> None:
    page = a_page()
    assert shown(f"[words]({written})", page) == f'<a href="{href}">words</a>'
    assert page.problems == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("http://example.org", "link-scheme"),
        ("javascript:alert(1)", "link-scheme"),
        ("javascript:1", "link-scheme"),
        ("data:text/html,x", "link-scheme"),
        ("//evil.example", "link-scheme"),
        ("\\\\\\\\evil", "link-scheme"),
        ("/\\\\evil", "link-scheme"),
        ("https:evil", "link-scheme"),
        ("https:///evil", "link-scheme"),
        ("https://user@evil.example", "link-scheme"),
        ("mailto:", "link-scheme"),
        ("mailto:a@b@c", "link-scheme"),
        ("ftp://x", "link-scheme"),
        ("/learn/x", "link-scheme"),
        ("", "link-scheme"),
        ("?next=x", "link-scheme"),
        ("javascript&colon;alert(1)", "link-file"),
        ("5-gone.md", "link-file"),
        ("../../etc/passwd", "link-file"),
        ("4-safe.md#one-lawn", "link-anchor"),
        ("#nowhere", "link-anchor"),
    ],
)
def test_no_other_address_comes_through(written: str, code: str) -> None:
    page = a_page()
    assert shown(f"[words]({written})", page) == "<a>words</a>"
    assert [each.code for each in page.problems] == [code]


def test_a_problem_stands_where_the_link_stands() -> None:
    assert problems("a [x](5-gone.md)\nb [y](5-gone.md) [z](4-safe.md#no)", inline=False) == [
        (10, 11, "link-file"),
        (11, 11, "link-file"),
        (11, 26, "link-anchor"),
    ]


def test_an_address_is_resolved_beside_its_file() -> None:
    assert resolve("b.md#c", "a/x.md") == ("a/b.md", "c")
    assert resolve("../b.md", "a/x.md") == ("b.md", "")
    assert resolve("../../b.md", "a/x.md") == ("../b.md", "")
    assert resolve("e\u0301.md", "x.md") == ("\u00e9.md", "")
    for other in ("https://x.org", "mailto:a@b.org", "/a", "\\a", "", "a?b"):
        assert resolve(other, "a/x.md") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[Self-check](t1.md)", LoneLink("", "t1.md", "Self-check")),
        ("Do it now: [Self-*check*](t1.md).", LoneLink("Do it now", "t1.md", "Self-<em>check</em>")),
        ("See [One law](4.md#one-law).", None),
        ("[a](b.md) [c](d.md)", None),
        ("[a](b.md) and more", None),
        ("Words", None),
    ],
)
def test_a_link_alone_in_its_paragraph_is_known(text: str, found: LoneLink | None) -> None:
    assert lone_link(render([Piece("x", 1, 1, text)]).html[0]) == found


def test_links_are_found_with_what_stands_around_them() -> None:
    link = links_in('See <a href="a.md?b&amp;c">x <em>y</em></a>.')[0]
    assert link == ("a.md?b&c", "x <em>y</em>", "See ", ".")


# ── Anchors ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("One law", "one-law"),
        ("What's “new”, and what’s not?", "whats-new-and-whats-not"),
        ("A  B", "a--b"),
        ("Élan vital", "élan-vital"),
        ("e\u0301lan", "e\u0301lan"),
        ("snake_case – dash-ed", "snake_case--dash-ed"),
        ("50 % & more", "50---more"),
        ("½ of 2²", "-of-2"),
        ("关系", "关系"),
    ],
)
def test_anchors_are_spelled_as_github_spells_them(words: str, anchor: str) -> None:
    assert slug(words) == anchor


def test_doubles_are_numbered_and_never_collide() -> None:
    anchors = Anchors()
    words = ["A", "A", "A 1", "A", "A-1", "🙂", "🙂"]
    given = [anchors.next(each) for each in words]
    assert given == ["a", "a-1", "a-1-1", "a-2", "a-1-2", "section", "section-1"]
    assert len(set(given)) == len(given)


# ── Tables and pictures ──────────────────────────────────────────────────────────────────────────


def test_a_table_says_what_its_rows_and_columns_are() -> None:
    page = a_page()
    html = shown(
        "| When | Say *it* | |\n|---|---|---|\n| now | `x` | |\n| | y | [z](4-safe.md) |", page, False
    )
    assert " ".join(html.split()) == (
        '<div class="table-wrap" role="region" tabindex="0" aria-label="Table: When, Say it">'
        '<table class="table table-stack"> <thead> <tr> <th scope="col">When</th>'
        ' <th scope="col">Say <em>it</em></th> <td></td> </tr> </thead> <tbody> <tr>'
        ' <th scope="row">now</th> <td data-label="Say it"><code>x</code></td> <td></td> </tr> <tr>'
        ' <td data-label="When"></td> <td data-label="Say it">y</td>'
        ' <td><a href="cc-1-4">z</a></td> </tr> </tbody> </table></div>'
    )


def test_two_tables_of_a_page_have_two_names() -> None:
    page = a_page()
    table = "| A | B |\n|---|---|\n| 1 | 2 |"
    assert 'aria-label="Table: A, B"' in shown(table, page, False)
    assert 'aria-label="Table 2: A, B"' in shown(table, page, False)


def test_a_picture_alone_in_its_paragraph_is_a_figure() -> None:
    assert shown('![A "ladder" > 5](images/ladder.svg "Five & more. Drawing: us")', inline=False) == (
        '<figure><img src="media/ladder-1f.svg" alt="A &quot;ladder&quot; &gt; 5" width="640" height="480"'
        ' loading="lazy"><figcaption>Five &amp; more. Drawing: us</figcaption></figure>'
    )
    assert "<figcaption>" not in shown("![A](images/ladder.svg)", inline=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("![](images/ladder.svg)", "image-alt"),
        ("![  ](images/ladder.svg)", "image-alt"),
        ("![x](images/lader.svg)", "image-missing"),
        ("![x](https://evil.example/a.gif)", "link-scheme"),
        ("![x](data:image/png;base64,xx)", "link-scheme"),
        ("![x](//evil.example/a.gif)", "link-scheme"),
        ('![x](images/ladder.svg "caption") and words', "image-place"),
    ],
)
def test_a_picture_has_words_a_file_and_a_place(text: str, code: str) -> None:
    assert [each[2] for each in problems("x\n\n" + text, inline=False)] == [code]


def test_indented_code_is_refused() -> None:
    assert [each[2] for each in problems("x\n\n    code", inline=False)] == ["fence"]


# ── All of it ────────────────────────────────────────────────────────────────────────────────────


def test_finishing_never_raises_and_lets_no_address_through() -> None:
    chance = random.Random(7)
    for piece in accepted_pieces(7, 1000):
        page = a_page()
        html = finish(render([piece]).html[0], piece, page, chance.random() < 0.8)
        for link in links_in(html):
            href = link.href
            assert href == "" or href.startswith(("https://", "mailto:", "#", "cc-"))
        assert "<pre>" not in html or page.problems
        for problem in page.problems:
            assert problem.line >= piece.line
            assert problem.column >= 1
