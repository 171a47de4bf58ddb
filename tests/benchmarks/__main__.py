"""`python -m tests.benchmarks`: how fast the site is, as ratios to bare Flask and to the plain libraries.

Ratios of CPU time hold on a busy machine; requests a second and percentiles only on a free one. `foreign`
is the number of cores that other work used meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks import compiling, ledger, pages, previewing, printing, soak
from tests.benchmarks.site import build

GOALS = {
    "lesson_page_cpu_vs_bare": 2.0,
    "lesson_page_queries": 6,
    "lesson_page_kb": 60,
    "quiz_submit_cpu_vs_bare_write": 4.0,
    "certificate_cpu_vs_bare_typst": 1.5,
    "audit_cpu_vs_bare": 1.2,  # 100,000 certificates in 90 s: bare needs 76 s where it was measured, at rest
    "course_check_vs_libraries": 0.8,
    "course_check_ms": 1000,
    "preview_save_ms": 200,
    "start_s": 2.0,
    "worker_pss_mb": 110,
    "worker_pss_vs_bare": 2.0,
}
LEARNERS = 200


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a first look")
    parser.add_argument("--soak", type=int, default=soak.WRITES, help="mixed writes (default %(default)s)")
    given = parser.parse_args(arguments)
    # A site keeps its modules' bytecode from the first start on; some machines forbid that to Python.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    before, start = _busy_seconds(), time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="lms-benchmark-") as folder:
        found = measure(Path(folder), quick=given.quick, writes=given.soak)
    found["seconds"] = round(time.perf_counter() - start, 1)
    found["busy_cores"] = round((_busy_seconds() - before) / found["seconds"], 2)
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        show(found)
    return 0


def measure(folder: Path, *, quick: bool, writes: int) -> dict[str, Any]:
    rounds, requests = (3, 300) if quick else (7, 1_000)
    _say("building the site")
    site = build(folder / "instance", LEARNERS)
    found: dict[str, Any] = {"learners": LEARNERS, "lesson_page_queries": pages.lesson_queries(site)}
    _say("starting it")
    found |= pages.start(site, folder, 3 if quick else 7)
    with pages.both(site, folder) as pair:
        _say("lesson page")
        found |= pages.lesson_page(pair, rounds, requests)
        _say("quiz")
        found |= pages.quiz_submit(pair, 3 if quick else 5)
        _say("many at once")
        found["concurrency"] = pages.at_concurrency(pair, 1.0 if quick else 4.0)
        found |= pages.memory(pair)
        _say(f"{writes} mixed writes")
        found["soak"] = soak.run(pair, writes)
    _say("certificates")
    found |= printing.measure(40 if quick else 200)
    _say("the audit")
    people = 500 if quick else 2_000
    ledger.build(folder / "ledger.sqlite", people)
    found |= ledger.measure(folder / "ledger.sqlite")
    _say("compiling")
    found |= compiling.measure(rounds=5 if quick else 9)
    _say("the preview")
    found |= previewing.measure(folder, 10 if quick else 30)
    return found


def show(found: dict[str, Any]) -> None:
    print(f"{'figure':<34}{'measured':>10}{'goal':>8}")
    for name, goal in GOALS.items():
        met = "" if found[name] <= goal else "   above the goal"
        print(f"{name:<34}{found[name]:>10}{'≤ ' + str(goal):>8}{met}")
    print(f"\n{'':<14}{'clients':>8}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}")
    for row in found["concurrency"]:
        print(
            f"{row['page']:<14}{row['clients']:>8}{row['per_second']:>8}{row['p50_ms']:>8}{row['p99_ms']:>8}"
        )
    rest = {name: value for name, value in found.items() if name not in GOALS and name != "concurrency"}
    print("\n" + "\n".join(f"{name}: {value}" for name, value in rest.items()))


def _busy_seconds() -> float:
    """CPU seconds that the machine has worked since it started, on all cores."""
    ticks = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return (sum(ticks) - ticks[3] - ticks[4]) / 100


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
