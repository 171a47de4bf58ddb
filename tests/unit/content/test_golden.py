"""The same input gives the same bytes, on whatever Python runs this, in any order and under any hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from lms.config import ROOT
from tests.unit.content.golden import KEPT, digests

WHY = "If this was meant to change: python -m tests.unit.content.golden --write"


def test_the_example_course_compiles_to_the_bytes_that_are_kept() -> None:
    assert digests() == json.loads(KEPT.read_text(encoding="utf-8")), WHY


def test_another_process_with_another_hash_seed_makes_the_same_bytes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.content.golden"],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads(KEPT.read_text(encoding="utf-8"))
