"""Compiling a course against what its two libraries need for the same text.

The bare reference converts each page's body once with Python-Markdown and cleans it once with bleach,
as a plain site would. Both are timed in turn, by CPU time, and the medians are divided: the ratio is
the same on a busy machine.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from markdown import Markdown

from lms.content.codec import decode, encode
from lms.content.compiler import compile_course
from lms.content.reader import SourceFiles, read_folder
from lms.content.render import new_cleaner

COURSE = Path(__file__).parents[2] / "courses" / "creating-connections"
_TODAY = date(2026, 11, 25)


def measure(folder: Path = COURSE, rounds: int = 9) -> dict[str, float]:
    """`course_check_vs_libraries`, and beside it the two times, the size, and reading a compiled course."""
    files = read_folder(folder)
    course = compile_course(files, today=_TODAY).course
    if course is None:
        raise ValueError(f"{folder} has errors; measure a course that compiles")
    text = encode(course)
    bodies = [_body(data.decode()) for path, data in files.files.items() if path.endswith(".md")]
    ours, bare, read = [], [], []
    for _ in range(rounds):
        ours.append(_cpu(lambda: compile_course(files, today=_TODAY)))
        bare.append(_cpu(lambda: _convert_and_clean(bodies)))
        read.append(_cpu(lambda: decode(text)))
    return {
        "course_check_vs_libraries": round(statistics.median(ours) / statistics.median(bare), 2),
        "course_check_ms": round(1000 * statistics.median(ours), 1),
        "course_libraries_ms": round(1000 * statistics.median(bare), 1),
        "course_text_kb": round(sum(map(len, bodies)) / 1000, 1),
        "course_read_ms": round(1000 * statistics.median(read), 1),
    }


def _body(text: str) -> str:
    """A file without its header."""
    if text.startswith("---\n"):
        return text.partition("\n---\n")[2]
    return text


def _convert_and_clean(bodies: list[str]) -> None:
    markdown = Markdown(extensions=["tables", "sane_lists"], output_format="html")
    cleaner = new_cleaner()
    for body in bodies:
        cleaner.clean(markdown.reset().convert(body))


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def compile_only(files: SourceFiles, times: int) -> None:
    """For a profiler."""
    for _ in range(times):
        compile_course(files, today=_TODAY)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else COURSE), indent=2))
