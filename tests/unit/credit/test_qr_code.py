"""The QR code of a certificate, read back from the printed page."""

from __future__ import annotations

import math

import pytest
from PIL import Image, ImageDraw, ImageFilter

from lms.credit.pdf.printed import Standing
from lms.credit.pdf.typesetting import certificate_pdf
from tests.scanning import drawn, place_of_code, scanned
from tests.unit.credit.frozen_rows import frozen_row
from tests.unit.credit.test_certificate_pdf import ISSUED, NUMBER, SITE

LINK = f"{SITE}/verify/{NUMBER}"


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return drawn(certificate_pdf(NUMBER, ISSUED, frozen_row(), Standing(), SITE), 200)


def test_it_holds_the_address_of_the_check(page: Image.Image) -> None:
    assert scanned(page) == LINK


@pytest.mark.parametrize("dots_per_inch", [75, 100, 300])
def test_a_coarse_or_a_fine_picture_of_the_whole_page_is_enough(dots_per_inch: int) -> None:
    made = certificate_pdf(NUMBER, ISSUED, frozen_row(), Standing(), SITE)
    assert scanned(drawn(made, dots_per_inch)) == LINK


def test_a_picture_taken_askew_and_out_of_focus_is_enough(page: Image.Image) -> None:
    assert scanned(page.rotate(17, expand=True, fillcolor=235).filter(ImageFilter.GaussianBlur(1.5))) == LINK


def test_it_reads_through_a_coffee_stain(page: Image.Image) -> None:
    """About a twentieth of the code is gone."""
    left, top, right, bottom = place_of_code(page)
    radius = math.sqrt((right - left) * (bottom - top) * 0.05 / math.pi)
    middle_x, middle_y = left + (right - left) * 0.6, top + (bottom - top) * 0.55
    stained = page.copy()
    ImageDraw.Draw(stained).ellipse(
        (middle_x - radius, middle_y - radius, middle_x + radius, middle_y + radius), fill=90
    )
    assert scanned(stained) == LINK


@pytest.mark.parametrize(
    "site", ["http://127.0.0.1:5000", "https://professional-learning.harbor-valley-schools.example.org"]
)
def test_short_and_long_addresses_fit(site: str) -> None:
    made = certificate_pdf(NUMBER, ISSUED, frozen_row(), Standing(), site)
    assert scanned(drawn(made)) == f"{site}/verify/{NUMBER}"
