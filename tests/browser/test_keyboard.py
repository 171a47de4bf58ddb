"""The journey by keyboard alone. Each stop of the focus is looked at: a ring, in the window, under no bar."""

from __future__ import annotations

from tests.browser.conftest import Door, Site
from tests.browser.hands import Keyboard
from tests.browser.journey import Newcomer
from tests.browser.short_journey import walk_short_journey
from tests.browser.visitor import Visitor
from tests.web.conftest import Person


def test_the_journey_needs_nothing_but_a_keyboard(door: Door, site: Site) -> None:
    def opened(person: Person | None) -> Visitor:
        return door.open(person, keyboard=True)

    everybody = walk_short_journey(site, opened, Newcomer("Kenji Watanabe", "kenji.watanabe@harbor.example"))
    stops = [visitor.hand.stops for visitor in everybody if isinstance(visitor.hand, Keyboard)]
    assert len(stops) == len(everybody)
    assert sum(stops) > 500
