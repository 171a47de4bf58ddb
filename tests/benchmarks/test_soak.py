"""The soak in small: what two workers and sixteen clients write is kept, with an export and a backup beside."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import pages, soak
from tests.benchmarks.site import build


def test_two_thousand_mixed_writes_lose_nothing(tmp_path: Path) -> None:
    site = build(tmp_path / "instance", 64)
    assert pages.lesson_queries(site) <= 6
    with pages.both(site, tmp_path) as pair:
        found = soak.run(pair, soak.WRITES)
    assert found["writes"] == soak.WRITES
    assert found["exports_beside"] > 0
    assert found["p99_vs_p50"] <= 8
