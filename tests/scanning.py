"""A page of a PDF as a phone sees it: drawn, photographed, and its QR code read."""

from __future__ import annotations

import pypdfium2
import zxingcpp
from PIL import Image

INCH = 72


def drawn(pdf: bytes, dots_per_inch: int = 150) -> Image.Image:
    """The first page in gray."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=dots_per_inch / INCH).to_pil()
    return picture.convert("L")


def scanned(picture: Image.Image) -> str:
    """The words of the one QR code that is on the picture."""
    return str(_code(picture).text)


def place_of_code(picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom."""
    place = _code(picture).position
    return place.top_left.x, place.top_left.y, place.bottom_right.x, place.bottom_right.y


def _code(picture: Image.Image) -> zxingcpp.Barcode:
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1, f"{len(found)} codes can be read"
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    return found[0]
