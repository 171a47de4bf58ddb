"""A save in `lms courses preview`: from the moment the file is there until the page that shows it was fetched.

A course of 20 lessons, one sentence more in a lesson each time. Milliseconds of the clock, since that is what
an author waits; the CPU time beside them holds on a busy machine.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.compiling import COURSE
from tests.benchmarks.load import HOST
from tests.benchmarks.servers import Server, free_port, serving
from tests.benchmarks.site import LMS

LESSON = "1-why-relationships/3-what-the-evidence-says.md"
_NUMBER = re.compile(r'name="preview" content="/preview/changes\?after=(\d+)"')


def measure(folder: Path, saves: int = 20) -> dict[str, float]:
    """`preview_save_ms` (median), `preview_notice_ms` (until the open page is told), the longest, and CPU."""
    course = Path(shutil.copytree(COURSE, folder / COURSE.name))
    key = re.search(r"^key: (\S+)$", (course / LESSON).read_text(encoding="utf-8"), re.MULTILINE)
    page = f"/learn/{COURSE.name}/{key[1] if key else ''}"
    port = free_port()
    command = [LMS, "courses", "preview", str(course), "--port", str(port)]
    with serving(command, port, f"/learn/{COURSE.name}", {}, folder / "preview.log") as server:
        before = server.cpu_seconds()
        told, shown = _saves(server, course / LESSON, page, saves)
        spent = server.cpu_seconds() - before
    return {
        "preview_save_ms": round(1000 * statistics.median(shown)),
        "preview_save_longest_ms": round(1000 * max(shown)),
        "preview_notice_ms": round(1000 * statistics.median(told)),
        "preview_save_cpu_ms": round(1000 * spent / saves),
    }


def _saves(server: Server, file: Path, page: str, saves: int) -> tuple[list[float], list[float]]:
    text = file.read_text(encoding="utf-8")
    number = _number(_get(server, page))
    told, shown = [], []
    for turn in range(saves):
        waiting = http.client.HTTPConnection(HOST, server.port, timeout=20)
        waiting.request("GET", f"/preview/changes?after={number}")
        events = waiting.getresponse()
        time.sleep(0.1 + turn * 0.0037)  # at no fixed place between two looks
        sentence = f"This is sentence number {turn}."
        (file.parent / ".next").write_text(text.replace("\n## ", f"\n{sentence}\n\n## ", 1), encoding="utf-8")
        start = time.perf_counter()
        (file.parent / ".next").replace(file)
        while not events.fp.readline().startswith(b"data:"):
            pass
        told.append(time.perf_counter() - start)
        fetched = _get(server, page)
        shown.append(time.perf_counter() - start)
        if sentence not in fetched:
            raise RuntimeError(f"{page} does not show what was saved")
        number = _number(fetched)
        waiting.close()
    return told, shown


def _number(page: str) -> int:
    found = _NUMBER.search(page)
    if found is None:
        raise RuntimeError("this is no page of a preview")
    return int(found[1])


def _get(server: Server, page: str) -> str:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
    connection.request("GET", page)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lms-benchmark-") as made:
        print(json.dumps(measure(Path(made)), indent=2))
