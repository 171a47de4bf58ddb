"""Frozen row in, PDF out: tagged, built to PDF/UA-1, the same bytes for the same input.

One Typst compiler per process: it keeps fonts, the parsed layout, and what it has set before, so the next
certificate of a course costs half of the first. For that the words are arguments of a layout's function:
as inputs of the compiler itself, whatever differs would set everything anew. It runs one document at a time,
so callers wait for one another here.
"""

from __future__ import annotations

import io
import json
import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lms.credit.pdf.faces import FONTS
from lms.credit.pdf.printed import Standing, check_url, printed, printed_transcript

if TYPE_CHECKING:
    import typst

LAYOUTS = Path(__file__).parent
MASK = 4
"""One of the eight patterns a QR code may be laid over with. Any of them reads; choosing the best one for
each address would cost more than setting the whole page."""
_one_at_a_time = threading.Lock()


def certificate_pdf(
    number: str, issued_at: datetime, frozen: dict[str, Any], standing: Standing, site_url: str
) -> bytes:
    """The certificate as a tagged PDF: one page to hang up, then the ledger's arithmetic line by line."""
    said = printed(number, frozen, standing, site_url)
    qr_code = f"bytes({_quoted(_qr_code(check_url(site_url, number)))})"
    return _set("certificate", issued_at, said, qr_code)


def transcript_pdf(said: dict[str, Any], made_at: datetime) -> bytes:
    """A transcript as a tagged PDF. `said`: language, brand, title, lead, note, columns, cycles, in words."""
    return _set("transcript", made_at, printed_transcript(said))


def _set(layout: str, moment: datetime, said: dict[str, Any], *more: str) -> bytes:
    """What the function `layout` in the file of this name makes of `said`; `more`: Typst expressions."""
    data = f"json(bytes({_quoted(json.dumps(said, ensure_ascii=False, sort_keys=True))}))"
    page = f'#import "/{layout}.typ": {layout}\n#{layout}({", ".join((data, *more))})\n'
    with _one_at_a_time:
        made = _compiler().compile(
            input=page.encode(),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=int(moment.timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no document")
    return made


def _quoted(text: str) -> str:
    """A string of Typst: what stands in it is text, whatever it looks like."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@cache
def _compiler() -> typst.Compiler:
    import typst

    return typst.Compiler(root=LAYOUTS, font_paths=[FONTS], ignore_system_fonts=True)


def _qr_code(url: str) -> str:
    """An SVG of the address; level M survives a coffee stain, and the quiet zone is the paper's own."""
    import segno

    drawn = io.BytesIO()
    code = segno.make(url, error="m", micro=False, mask=MASK)
    code.save(drawn, kind="svg", border=0, xmldecl=False, nl=False)
    return drawn.getvalue().decode()
