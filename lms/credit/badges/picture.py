"""The picture of a badge: title and emblem of the course on a medal, the same for all who completed it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lms.credit.pdf.faces import FONTS, HEADING, TEXT, set_whole
from lms.credit.pdf.printed import BRAND, EMBLEMS

LAYOUT = Path(__file__).parent / "badge.typ"
PIXELS_PER_INCH = 108
"""600 pixels from edge to edge."""


@lru_cache(maxsize=32)
def badge_picture(course_key: str, title: str, shape: Literal["png", "svg"]) -> bytes:
    """Text is drawn as outlines, so that it looks the same where our typefaces are not installed."""
    import typst

    set_title = set_whole(title, HEADING)
    said = {
        "language": "en",
        "title": set_title.text,
        "longest": max(set_title.text.split(), key=len, default=""),
        "faces": list(set_title.families),
        "text-faces": list(TEXT),
        "emblem": EMBLEMS.get(course_key, "mark"),
        "heading": "Certificate of completion",
        "brand": BRAND,
    }
    made = typst.Compiler(root=LAYOUT.parent.parent, font_paths=[FONTS], ignore_system_fonts=True).compile(
        input=LAYOUT,
        format=shape,
        ppi=PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(said, ensure_ascii=False, sort_keys=True)},
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no picture")
    return made
