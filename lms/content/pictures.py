"""Pictures of a course: what kind they are, how large, and under which name pages ask for them."""

from __future__ import annotations

import base64
import hashlib
import re
import struct

from lms.content.nodes import Image
from lms.content.page import Picture
from lms.content.problems import Problem, error, warning

HEAVY = 500_000
LARGEST = 3_000_000
WRONG_KIND = "This is not a picture of the kind its name says."
_VIEW_BOX = re.compile(rb'viewBox\s*=\s*"\s*[\d.-]+[\s,]+[\d.-]+[\s,]+(\d{1,5})[\d.]*[\s,]+(\d{1,5})')
_TYPES = {
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "webp": "image/webp",
}  # fmt: skip
_STARTS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_ACTIVE = re.compile(
    rb"<script|<foreignobject|<iframe|<embed|<object|<!entity|\son\w+\s*=|javascript:|<!doctype|<\?xml-stylesheet"
    rb"|href\s*+=\s*+[\"']\s*+(?!#|data:image/(?:png|jpeg|gif|webp))",
    re.IGNORECASE,
)


def read_picture(path: str, data: bytes, problems: list[Problem]) -> tuple[Image, Picture] | None:
    """The picture, and what pages need to know of it; None if it was refused."""
    media_type = _TYPES[path.rsplit(".", 1)[-1]]
    if len(data) > LARGEST:
        problems.append(error(path, 1, 1, "file-large", f"A picture has at most {LARGEST // 1_000_000} MB."))
        return None
    if media_type == "image/svg+xml":
        if b"<svg" not in data:
            problems.append(error(path, 1, 1, "file-place", WRONG_KIND))
            return None
        if _ACTIVE.search(data):
            message = "A drawing holds shapes and words only: no scripts, links, events or embedded pages."
            problems.append(error(path, 1, 1, "html", message))
            return None
    elif not data.startswith(_STARTS[media_type]):
        problems.append(error(path, 1, 1, "file-place", WRONG_KIND))
        return None
    if len(data) > HEAVY:
        size = f"{len(data) / 1_000_000:.1f} MB"
        problems.append(warning(path, 1, 1, "image-heavy", f"This picture is {size}."))
    name = f"{hashlib.sha256(data).hexdigest()[:8]}-{path.rsplit('/', 1)[-1]}"
    width, height = _size(media_type, data)
    image = Image(name, media_type, base64.b64encode(data).decode("ascii"))
    return image, Picture(f"media/{name}", width, height)


def _size(media_type: str, data: bytes) -> tuple[int | None, int | None]:
    """Width and height in pixels where the file says so at its start."""
    if media_type == "image/png" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if media_type == "image/gif" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if media_type == "image/svg+xml":
        found = re.search(
            rb'viewBox\s*=\s*"\s*[\d.-]+[\s,]+[\d.-]+[\s,]+(\d{1,5})[\d.]*[\s,]+(\d{1,5})', data[:4000]
        )
        return (int(found[1]), int(found[2])) if found else (None, None)
    if media_type == "image/jpeg":
        return _jpeg_size(data)
    return None, None


def _jpeg_size(data: bytes) -> tuple[int | None, int | None]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    return None, None
