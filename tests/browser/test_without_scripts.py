"""The journey with scripting off: the same pages, the same hands, nothing missing."""

from __future__ import annotations

from tests.browser.conftest import Door, Site
from tests.browser.journey import Newcomer
from tests.browser.short_journey import walk_short_journey
from tests.browser.visitor import Visitor
from tests.web.conftest import Person


def test_the_journey_needs_no_scripts(door: Door, site: Site) -> None:
    def opened(person: Person | None) -> Visitor:
        return door.open(person, scripts=False)

    walk_short_journey(site, opened, Newcomer("Noemi Castillo", "noemi.castillo@harbor.example"))
