"""Each piece alone, the same in any company, and nothing but the allow-list."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

import markdown
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.pieces import Piece, parts
from lms.content.plain import is_plain
from lms.content.render import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_TAGS,
    count_words,
    new_cleaner,
    plain_text,
    render,
)
from lms.content.viewers import as_viewers_read
from tests.unit.content.random_pieces import accepted_pieces, random_piece

NUMBER = int(os.environ.get("LMS_RENDER_PIECES", "1000"))
"""Generated pieces; the nightly run takes 20,000."""
SEED = 20261122


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def tags_of(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser


def whole_markdown() -> markdown.Markdown:
    return markdown.Markdown(extensions=["tables", "sane_lists"], output_format="html")


def convert_alone(piece: Piece) -> str:
    """What a new reader and a new cleaner make of one piece: slow, and plain to see."""
    reader = whole_markdown()
    if not piece.inline:
        return new_cleaner().clean(reader.convert(as_viewers_read(piece.text)))
    root = Element("div")
    paragraph = SubElement(root, "p")
    normalized = reader.preprocessors["normalize_whitespace"].run(piece.text.strip().split("\n"))
    paragraph.text = "\n".join(normalized).strip()
    for processor in reader.treeprocessors:
        processor.run(root)
    out = reader.serializer(root)
    out = out[out.index("<p>") + 3 : out.rindex("</p>")] if paragraph.text or len(paragraph) else ""
    for processor in reader.postprocessors:
        out = processor.run(out)
    return new_cleaner().clean(out)


HALF_ENTITY = re.compile(r"&#(?:\d+|x[0-9a-f]+)(?![0-9a-f;])|&[a-z]+(?![a-z0-9;])", re.IGNORECASE)
"""Without its semicolon: words for viewers and for us; Python-Markdown's HTML reader completes it."""


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    print(f"seed {SEED}, {NUMBER} pieces")
    return accepted_pieces(SEED, NUMBER)


@pytest.fixture(scope="module")
def rendered(pieces: list[Piece]) -> list[str]:
    found = render(pieces)
    assert found.problems == []
    return found.html


def test_a_piece_is_rendered_as_if_it_were_alone(pieces: list[Piece], rendered: list[str]) -> None:
    assert [render([piece]).html[0] for piece in pieces] == rendered


def test_order_and_grouping_change_nothing(pieces: list[Piece], rendered: list[str]) -> None:
    chance = random.Random(SEED)
    order = list(range(len(pieces)))
    chance.shuffle(order)
    start = 0
    while start < len(order):
        group = order[start : start + chance.randint(1, 40)]
        assert render([pieces[n] for n in group]).html == [rendered[n] for n in group]
        start += len(group)


def test_the_quick_way_equals_a_new_reader_and_cleaner_for_each_part(
    pieces: list[Piece], rendered: list[str]
) -> None:
    for piece, html in zip(pieces, rendered, strict=True):
        if not HALF_ENTITY.search(piece.text):
            assert html == "\n".join(convert_alone(part) for part in parts(piece)), piece


def test_cutting_at_empty_lines_changes_no_word(pieces: list[Piece], rendered: list[str]) -> None:
    """Quotations that only an empty line parts stay two; nothing else may differ from the whole."""
    joined = re.compile(r"</blockquote>\s*<blockquote>\s*")
    for piece, html in zip(pieces, rendered, strict=True):
        if not piece.inline and not HALF_ENTITY.search(piece.text):
            whole = new_cleaner().clean(whole_markdown().convert(as_viewers_read(piece.text)))
            assert joined.sub("", html).split() == joined.sub("", whole).split(), piece


def test_plain_text_means_itself(pieces: list[Piece]) -> None:
    reader, cleaner = whole_markdown(), new_cleaner()
    plain = [piece.text for piece in pieces if is_plain(piece.text)]
    assert len(plain) > NUMBER // 20, "too few to mean anything"
    for text in plain:
        assert reader.reset().convert(text) == f"<p>{text}</p>"
        assert cleaner.clean(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_cleaning_again_changes_nothing(rendered: list[str]) -> None:
    cleaner = new_cleaner()
    for html in rendered:
        assert cleaner.clean(html) == html


def test_only_the_allow_list_comes_out(rendered: list[str]) -> None:
    for html in rendered:
        assert not {"\ue000", "\x02", "\x03"} & set(html)
        assert_allowed(html)


def assert_allowed(html: str) -> None:
    for tag, attributes in tags_of(html).seen:
        assert tag in ALLOWED_TAGS
        assert {name for name, _ in attributes} <= set(ALLOWED_ATTRIBUTES.get(tag, []))


def test_text_that_no_screen_has_seen_is_still_harmless() -> None:
    chance = random.Random(SEED + 1)
    found = render([random_piece(chance, hostile=True) for _ in range(NUMBER)])
    assert found.problems == []
    for html in found.html:
        assert_allowed(html)


def test_a_second_sanitizer_finds_nothing_to_remove(rendered: list[str]) -> None:
    for html in rendered:
        attributes = {tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()}
        again = nh3.clean(
            html,
            tags=set(ALLOWED_TAGS),
            attributes=attributes,
            url_schemes={"https", "mailto"},
            link_rel=None,
        )
        ours, theirs = tags_of(html), tags_of(again)
        assert [tag for tag, _ in ours.seen] == [tag for tag, _ in theirs.seen]
        for (_, mine), (_, its) in zip(ours.seen, theirs.seen, strict=True):
            assert set(its) <= set(mine)
            for _, dropped in set(mine) - set(its):
                assert not re.match(r"https://[\w.-]+(?:[/?#]|\Z)", str(dropped)), "only what is no address"
        assert "".join(ours.words) == "".join(theirs.words)


HOSTILE_HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="vbscript:x">x</a>',
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<style>*{background:url(https://evil.example)}</style>",
    '<p style="background:url(javascript:1)">x</p>',
    "<form action=https://evil.example><input name=password></form>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></math>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<table><td><svg><desc><td></desc></svg><title><img src=x onerror=alert(1)></title></td></table>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<base href=https://evil.example>",
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    "<details open ontoggle=alert(1)>",
    "<a href=x onclick=alert(1) id=main class=btn name=csrf_token>x</a>",
    '<img alt="<script>" src="images/a.svg" onload=1>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


@pytest.mark.parametrize("hostile", HOSTILE_HTML)
def test_bleach_and_nh3_both_disarm(hostile: str) -> None:
    attributes = {tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()}
    by_nh3 = nh3.clean(
        hostile, tags=set(ALLOWED_TAGS), attributes=attributes, url_schemes={"https", "mailto"}, link_rel=None
    )
    for html in (new_cleaner().clean(hostile), by_nh3, render([Piece("x", 1, 1, hostile)]).html[0]):
        assert_allowed(html)
        for _, found in tags_of(html).seen:
            for name, value in found:
                assert name not in ("href", "src") or ":" not in (value or "").split("/")[0].replace(
                    "https:", ""
                )


def test_the_callers_stack_changes_nothing(pieces: list[Piece], rendered: list[str]) -> None:
    def deep(levels: int) -> list[str]:
        return deep(levels - 1) if levels else render(pieces[:300]).html

    assert deep(200) == rendered[:300]


def test_a_thread_changes_nothing(pieces: list[Piece], rendered: list[str]) -> None:
    found: dict[int, list[str]] = {}

    def run(number: int) -> None:
        found[number] = render(pieces[:200]).html

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(html == rendered[:200] for html in found.values())
    assert len(found) == 3


def test_a_hostile_neighbor_changes_nothing(pieces: list[Piece], rendered: list[str]) -> None:
    chance = random.Random(SEED + 2)
    mixed = [each for piece in pieces[:300] for each in (random_piece(chance, hostile=True), piece)]
    assert render(mixed).html[1::2] == rendered[:300]


def test_another_hash_seed_changes_nothing(rendered: list[str]) -> None:
    code = (
        "import hashlib;from tests.unit.content.random_pieces import accepted_pieces;"
        "from lms.content.render import render;"
        f"print(hashlib.sha256('|'.join(render(accepted_pieces({SEED}, 200)).html).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_piece_that_fails_is_named_and_the_others_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> str:
        if "boom" in text:
            raise RecursionError
        return text

    monkeypatch.setattr("lms.content.render.as_viewers_read", fail)
    found = render([Piece("a", 1, 1, "*one*"), Piece("a", 7, 3, "*boom*"), Piece("a", 9, 1, "*two*")])
    assert found.html == ["<p><em>one</em></p>", "", "<p><em>two</em></p>"]
    assert [(each.line, each.column, each.code) for each in found.problems] == [(7, 3, "piece-failed")]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. Tell her", "1. Tell her"),
        ("# of students", "# of students"),
        ("a *b* c", "a <em>b</em> c"),
        ("- x", "- x"),
        ("> x", "&gt; x"),
        ("a & b &copy; &foo; x < y", "a &amp; b &copy; &amp;foo; x &lt; y"),
        ("   ", ""),
    ],
)
def test_inline_text_is_never_a_block(text: str, html: str) -> None:
    assert render([Piece("x", 1, 1, text, inline=True)]).html == [html]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Words:\n- one\n- two", "<p>Words:</p> <ul> <li>one</li> <li>two</li> </ul>"),
        ("- a\n  - b\n    - c", "<ul> <li>a<ul> <li>b<ul> <li>c</li> </ul> </li> </ul> </li> </ul>"),
        ("1. a\n   - b", "<ol> <li>a<ul> <li>b</li> </ul> </li> </ol>"),
        ("- a\n\n  more\n- b", "<ul> <li> <p>a</p> <p>more</p> </li> <li> <p>b</p> </li> </ul>"),
        ("3) a\n4) b", '<ol start="3"> <li>a</li> <li>b</li> </ol>'),
        ("- a\n1. b", "<ul> <li>a</li> </ul> <ol> <li>b</li> </ol>"),
        ("It was\n1986. A year", "<p>It was 1986. A year</p>"),
        ("> a\n\n> b", "<blockquote> <p>a</p> </blockquote> <blockquote> <p>b</p> </blockquote>"),
        ("> a\nb", "<blockquote> <p>a b</p> </blockquote>"),
        ("> a\n- b", "<blockquote> <p>a</p> </blockquote> <ul> <li>b</li> </ul>"),
        ("#5 is\n#6", "<p>#5 is #6</p>"),
        ("- #5", "<ul> <li>#5</li> </ul>"),
        ("a\\\nb", "<p>a<br> b</p>"),
        ("- a\n  b\n    c", "<ul> <li>a b c</li> </ul>"),
        ("- a\n  > b", "<ul> <li> <p>a</p> <blockquote> <p>b</p> </blockquote> </li> </ul>"),
    ],
)
def test_what_viewers_show_is_what_comes_out(text: str, html: str) -> None:
    assert " ".join(render([Piece("x", 1, 1, text)]).html[0].split()) == html


def test_a_table_right_under_words_is_a_table() -> None:
    html = render([Piece("x", 1, 1, "Words\n| a | b |\n|---|---|\n| 1 | 2 |")]).html[0]
    assert html.startswith("<p>Words</p>\n<table>")


def test_rewriting_for_viewers_keeps_every_word_and_settles() -> None:
    chance = random.Random(SEED + 3)
    for _ in range(NUMBER):
        text = random_piece(chance).text
        once = as_viewers_read(text)
        assert re.sub(r"[\s\\>)]", "", once.replace(".", "")) == re.sub(
            r"[\s\\>)]", "", text.replace(".", "")
        ), text


def test_plain_words_of_html() -> None:
    html = "<ul>\n<li>One &amp; <em>two</em></li><li>three [@K, p. 3]</li></ul><p>4<br>5 – &lt;b&gt;</p>"
    assert plain_text(html) == "One & two three 4 5 – <b>"
    assert count_words(html) == 6
    assert plain_text('a<a class="fn-ref" href="#fn-1" id="ref-1">1</a>.') == "a."


@given(st.text(max_size=200), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_text_at_all_raises_or_lets_markup_through(text: str, inline: bool) -> None:
    found = render([Piece("x", 1, 1, text, inline)])
    assert found.problems == []
    assert_allowed(found.html[0])
