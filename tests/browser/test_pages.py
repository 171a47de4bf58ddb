"""Every page in every state: axe-core in light and dark on a phone and on a desk, and no sideways scrolling.

Each width is read whole in one scheme; in the other the same elements are read for what depends on color. With
LMS_TEST_WHOLE=1 all four are read whole, as before a release.

With LMS_TEST_SCREENSHOTS naming a folder, a picture of each is written there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from lms.config import ROOT
from tests.browser.accessibility import clipped, covered, sideways, space_text_out, violations
from tests.browser.cast import Cast, assemble
from tests.browser.conftest import Door, Site
from tests.browser.headway import Headway
from tests.browser.other_site import served
from tests.browser.pages import STATES
from tests.browser.states import State

TEMPLATES = ROOT / "lms" / "web" / "templates"
PARTS = ("base.html", "macros/", "preview/problems.html")
PHONE, DESK = (390, 844), (1280, 800)
NARROW = (320, 640)
PAPER = (710, 970)
"""A letter page within its margins, in the pixels of print."""
SCHEMES: dict[str, tuple[Literal["light", "dark"], ...]] = {
    "phone": ("light", "dark"),
    "desk": ("dark", "light"),
}
"""The first is read whole."""
WHOLE = os.environ.get("LMS_TEST_WHOLE") == "1"
TWICE = (640, 400)
"""What is left of the desk's window when everything is twice as large."""


@pytest.fixture(scope="session")
def cast(site: Site) -> Iterator[Cast]:
    cast = assemble(site.town, Headway(site.town.world, site.course))
    with served(site.server.instance) as cast.other_site:
        yield cast


def test_every_template_that_is_a_page_stands_in_the_list() -> None:
    there = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    pages = {name for name in there if not name.startswith(PARTS)}
    assert pages == {state.template for state in STATES}


def test_no_state_is_listed_twice() -> None:
    ids = [state.id for state in STATES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.id)
def test_a_page_is_accessible_and_fits(state: State, door: Door, cast: Cast) -> None:
    page = state.opened(door, cast, PHONE).page
    if state.fails:
        door.faults.clear()
    faults = _look(page, state, "phone")
    _resize(page, DESK)
    faults += _look(page, state, "desk")
    for name, size in (("200 %", TWICE), ("320 px", NARROW)):
        _resize(page, size)
        faults += [f"{name}: {fault}" for fault in (*sideways(page), *clipped(page), *covered(page))]
    space_text_out(page)
    for name, size in (("320 px", NARROW), ("1280 px", DESK)):
        _resize(page, size)
        faults += [f"{name}, spaced out: {fault}" for fault in (*sideways(page), *clipped(page))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("state", [state for state in STATES if state.prints], ids=lambda state: state.id)
def test_a_page_prints_whole(state: State, door: Door, cast: Cast) -> None:
    page = state.opened(door, cast, PAPER).page
    page.emulate_media(media="print")
    faults = [*sideways(page), *clipped(page)]
    for part in (".site-head", ".site-foot", ".savebar", "main button:not(.visually-hidden)"):
        faults += [f"{part} is printed" for found in page.locator(part).all() if found.is_visible()]
    assert not faults, "\n".join(faults)


def _resize(page: Page, size: tuple[int, int]) -> None:
    """Setting the size that it has already would cost as much as another."""
    width, height = size
    if page.viewport_size != {"width": width, "height": height}:
        page.set_viewport_size({"width": width, "height": height})


def _look(page: Page, state: State, size: str) -> list[str]:
    faults = [f"{size}: {fault}" for fault in (*sideways(page), *clipped(page), *covered(page))]
    for scheme in SCHEMES[size]:
        page.emulate_media(color_scheme=scheme)
        whole = WHOLE or scheme == SCHEMES[size][0]
        found = violations(page, colors_only=not whole)
        faults += [f"{size}, {scheme}: {fault}" for fault in found]
        folder = os.environ.get("LMS_TEST_SCREENSHOTS")
        if folder:
            path = Path(folder) / f"{state.id}-{size}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
    return faults
