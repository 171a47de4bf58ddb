"""Five thousand damaged pages in each run of the tests; more by `python -m tests.fuzz`."""

from __future__ import annotations

import pytest

from lms.content import compiler
from tests.fuzz import judge
from tests.fuzz.documents import Corpus, around
from tests.fuzz.judge import Finding, check_html
from tests.fuzz.plants import PLANTS
from tests.fuzz.run import document, fault_of, run

SEED = 20261122
DOCUMENTS = 5_000
SHARES = 4
"""Tests that share the documents, so that they can run side by side."""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus()


@pytest.mark.parametrize("share", range(SHARES))
def test_no_damaged_page_crashes_hangs_or_gets_a_script_through(share: int, corpus: Corpus) -> None:
    size = DOCUMENTS // SHARES
    report = list(run(SEED, range(share * size, (share + 1) * size), corpus))[-1]
    assert report.findings == {}, f"python -m tests.fuzz --seed {SEED}"
    assert report.documents == size
    assert report.accepted > size // 20, "nearly all were refused: then little was tried"


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_a_planted_fault_is_found(plant: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("read_page", "render", "screen"):
        monkeypatch.setattr(compiler, name, getattr(compiler, name))
    monkeypatch.setattr(judge, "SECONDS", 1)
    PLANTS[plant]()
    for number in range(3_000):
        made = document(corpus, SEED, number)
        if fault := fault_of(made.kind, made.page, False):
            expected = "problem" if plant == "line" else plant
            assert fault.startswith(expected)
            return
    pytest.fail(f"the planted {plant} was not found")


def test_a_document_can_be_made_again_from_its_number(corpus: Corpus) -> None:
    assert document(corpus, 3, 77) == document(Corpus(), 3, 77)


def test_most_undamaged_pages_are_accepted(corpus: Corpus) -> None:
    accepted = [judge.judge(around(kind, text.encode()), True) for kind, text in corpus.pages]
    assert sum(accepted) > 0.6 * len(accepted)


@pytest.mark.parametrize(
    "html",
    [
        "<script>",
        "<p onclick=x>y</p>",
        '<a href="javascript:x">y</a>',
        '<a href="//evil">y</a>',
        '<img src="https://evil.example/x" alt="y">',
        "<p>x",
        "x</p>",
        "<!-- x -->",
        "x\ue000y",
    ],
)
def test_the_judge_knows_a_fault_when_it_sees_one(html: str) -> None:
    with pytest.raises(Finding):
        check_html(html)
