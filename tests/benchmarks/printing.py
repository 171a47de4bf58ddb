"""A certificate against the plainest page that Typst can make of the same facts."""

from __future__ import annotations

import io
import json
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import segno
import typst

from lms.credit.pdf import Standing, certificate_pdf
from lms.credit.pdf.faces import FONTS
from tests.unit.credit.frozen_rows import frozen_row

ISSUED = datetime(2026, 9, 1, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 5, 4)
SITE = "https://learn.example.org"
NAMES = ("Rosa Delgado", "Zoë Żółkiewska-O’Brien", "Nguyễn Thị Hồng Ánh", "Ελένη Παπαδοπούλου")
BARE = """
#set page(paper: "a4", flipped: true, margin: 40pt, background: rect(width: 95%, height: 93%, stroke: 2pt))
#set text(font: "Source Serif 4", size: 14pt, lang: "en")
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#align(center, {
  text(size: 30pt)[Certificate]
  parbreak()
  text(size: 26pt, data.name)
  parbreak()
  for line in data.lines { line; linebreak() }
  image(bytes(sys.inputs.qr), format: "svg", width: 90pt, alt: "QR code")
})
"""


def measure(times: int) -> dict[str, Any]:
    """CPU of one certificate in a warm process, each of another person, both in turn.

    Ours differ in name, number and each line's day, as those of one course do; what its certificates share
    (the rule's sentences, the objectives, the names of the lessons) the typesetter has set before.
    """
    with tempfile.TemporaryDirectory() as folder:
        layout = Path(folder) / "bare.typ"
        layout.write_text(BARE, encoding="utf-8")
        compiler = typst.Compiler(root=folder, font_paths=[FONTS], ignore_system_fonts=True)
        ours, bare = [], []
        for number in range(-4, times):
            seconds = _timed(lambda: _ours(number)), _timed(lambda: _bare(compiler, layout, number))  # noqa: B023
            if number >= 0:
                ours.append(seconds[0])
                bare.append(seconds[1])
    return {
        "certificate_cpu_vs_bare_typst": round(statistics.median(ours) / statistics.median(bare), 2),
        "certificate_cpu_ms": round(1000 * statistics.median(ours), 2),
        "bare_typst_cpu_ms": round(1000 * statistics.median(bare), 2),
    }


def _name(number: int) -> str:
    return f"{NAMES[number % len(NAMES)]} {number}"


def _ours(number: int) -> bytes:
    frozen = frozen_row(_name(number))
    for place, line in enumerate(frozen["lines"]):
        line["earned_on"] = (FIRST_DAY + timedelta(days=(7 * number + 3 * place) % 89)).isoformat()
    return certificate_pdf(f"RIA-7K3M-9QX2-{4000 + number}", ISSUED, frozen, Standing(), SITE)


def _bare(compiler: typst.Compiler, layout: Path, number: int) -> None:
    drawn = io.BytesIO()
    segno.make(f"{SITE}/verify/RIA-7K3M-9QX2-{4000 + number}", error="m", micro=False).save(drawn, kind="svg")
    data = {"title": f"Certificate {number}", "name": _name(number), "lines": ["12 h 36 min"] * 6}
    compiler.compile(
        input=layout, format="pdf", pdf_standards=["ua-1"], timestamp=int(ISSUED.timestamp()),
        sys_inputs={"data": json.dumps(data), "qr": drawn.getvalue().decode()},
    )  # fmt: skip


def _timed(work: Any) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
