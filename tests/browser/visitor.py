"""Somebody at a browser: what they see, and what their hand does. Everything is found as a person finds it,
by its words; the inputs of an activity or a worksheet by their names, which are keys of the course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import Pattern

from playwright.sync_api import Locator, Page, expect

from lms.content.nodes import Course
from tests.browser.hands import Hand


@dataclass(slots=True)
class Visitor:
    page: Page
    hand: Hand
    course: Course
    scripts: bool

    def go(self, path: str) -> None:
        self.page.goto(path)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def heading(self, words: str | Pattern[str]) -> None:
        """The page now says `words` as its one main heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def sees(self, words: str | Pattern[str]) -> None:
        expect(self.main).to_contain_text(words)

    def does_not_see(self, words: str | Pattern[str]) -> None:
        expect(self.main).not_to_contain_text(words)

    def press(self, words: str | Pattern[str], within: Locator | None = None) -> None:
        """The button with these words."""
        self.hand.press((within or self.main).get_by_role("button", name=words).first)

    def follow(self, words: str | Pattern[str], within: Locator | None = None) -> None:
        """The link with these words."""
        self.hand.press((within or self.main).get_by_role("link", name=words).first)

    def menu(self, words: str | Pattern[str]) -> None:
        """A link in the head of the page."""
        self.follow(words, self.page.get_by_role("navigation", name="Main"))

    def write(self, label: str, text: str) -> None:
        self.hand.write(self.main.get_by_label(label, exact=True).first, text)

    def choose(self, label: str | Pattern[str]) -> None:
        """The radio or check box with these words."""
        self.hand.mark(self.main.get_by_label(label).first)

    def pick(self, label: str, option: str | Pattern[str]) -> None:
        """The option with these words of the list with that label."""
        select = self.main.locator("select").and_(self.main.get_by_label(label))
        value = select.locator("option").filter(has_text=option).first.get_attribute("value")
        self.hand.pick(select, value or "")

    def input(self, name: str, value: object = None) -> Locator:
        """The input of this name, of a radio or check box with this value."""
        which = f'[name="{name}"]' if value is None else f'[name="{name}"][value="{value}"]'
        return self.main.locator(which)

    def at(self, path: str) -> None:
        """The address is this path, whatever stands in its query."""
        expect(self.page).to_have_url(re.compile(rf"{re.escape(path)}(\?.*)?(#.*)?$"))
