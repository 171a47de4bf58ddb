"""Rules: a badge put into its picture (Open Badges 3.0, 5.3), so that one file is both."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def baked_png(picture: bytes, credential: str) -> bytes:
    """The picture with the credential in an uncompressed iTXt chunk, after the header. Raises ValueError."""
    if not picture.startswith(SIGNATURE) or picture[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    header_ends = len(SIGNATURE) + 12 + struct.unpack(">I", picture[8:12])[0]
    said = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential.encode()
    chunk = struct.pack(">I", len(said)) + b"iTXt" + said + struct.pack(">I", zlib.crc32(b"iTXt" + said))
    return picture[:header_ends] + chunk + picture[header_ends:]


def baked_svg(picture: str, credential: str) -> str:
    """The picture with the credential as its first child. Raises ValueError."""
    start = picture.find("<svg")
    end = picture.find(">", start)
    if start < 0 or end < 0 or picture[end - 1] == "/":
        raise ValueError("not an SVG")
    # JSON may say '>' in another way, so that nothing in it ends the CDATA section.
    safe = credential.replace(">", "\\u003e")
    element = f"<openbadges:credential><![CDATA[{safe}]]></openbadges:credential>"
    return f'{picture[:end]} xmlns:openbadges="{NAMESPACE}">{element}{picture[end + 1 :]}'
