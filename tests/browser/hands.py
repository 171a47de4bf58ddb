"""Two ways to use a page: with a mouse, and with the keyboard alone. Journeys take either."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from playwright.sync_api import ElementHandle, FileChooser, Locator, Page

from tests.browser.focus import look

FURTHEST = 400
"""Stops of Tab: more than any page of the site has."""


class Hand(Protocol):
    def press(self, target: Locator) -> None:
        """A button or a link."""

    def mark(self, box: Locator) -> None:
        """Choose a radio, or tick a check box."""

    def unmark(self, box: Locator) -> None:
        """Take the tick out of a check box."""

    def write(self, field: Locator, text: str) -> None:
        """What stood there is gone. A date is given as YYYY-MM-DD, a time as HH:MM."""

    def pick(self, select: Locator, value: str) -> None: ...

    def attach(self, field: Locator, name: str, content: bytes) -> None: ...


class Mouse:
    def press(self, target: Locator) -> None:
        target.click()

    def mark(self, box: Locator) -> None:
        box.check()

    def unmark(self, box: Locator) -> None:
        box.uncheck()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def pick(self, select: Locator, value: str) -> None:
        select.select_option(value)

    def attach(self, field: Locator, name: str, content: bytes) -> None:
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


class Keyboard:
    """Tab, Shift+Tab, Space, Enter and arrows, and letters into fields. At every stop the focus must be
    seen: a ring, inside the window, under no bar."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def mark(self, box: Locator) -> None:
        self._reach(box)
        if box.is_checked():
            return
        if box.get_attribute("type") == "checkbox":
            self.page.keyboard.press("Space")
        else:
            self._turn_to(box)
        assert box.is_checked(), f"the keyboard does not choose {box}"

    def unmark(self, box: Locator) -> None:
        self._reach(box)
        if box.is_checked():
            self.page.keyboard.press("Space")
        assert not box.is_checked(), f"the keyboard does not clear {box}"

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        kind = field.get_attribute("type")
        if kind == "date":
            self.page.keyboard.type(f"{date.fromisoformat(text):%m%d%Y}")
        else:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.press("Delete")
            # One event instead of one for each letter: several hundred words are written here.
            self.page.keyboard.insert_text(text)
        assert field.input_value().replace("\r\n", "\n") == text

    def pick(self, select: Locator, value: str) -> None:
        self._reach(select)
        self.page.keyboard.press("Home")
        for _ in range(select.locator("option").count()):
            if select.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert select.input_value() == value, f"the keyboard does not pick {value!r}"

    def attach(self, field: Locator, name: str, content: bytes) -> None:
        self._reach(field)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Enter")
        chooser: FileChooser = asked.value
        chooser.set_files({"name": name, "mimeType": "text/csv", "buffer": content})

    def _turn_to(self, radio: Locator) -> None:
        """The focus is in the group: on the chosen radio, or on its first or last."""
        if radio.evaluate("radio => radio === document.activeElement"):
            self.page.keyboard.press("Space")
            return
        for _ in range(20):
            self._stop("ArrowDown", radio.element_handle())
            if radio.is_checked():
                return

    def _reach(self, target: Locator) -> None:
        """Tab there, or back there."""
        element = target.element_handle()
        way, _ = look(self.page, element)
        for _ in range(FURTHEST):
            if way == "here":
                return
            way = self._stop("Tab" if way == "on" else "Shift+Tab", element)
        raise AssertionError(f"the keyboard does not reach {target}")

    def _stop(self, key: str, target: ElementHandle) -> str:
        """Press a key that moves the focus; which way `target` is from there."""
        self.page.keyboard.press(key)
        self.stops += 1
        way, fault = look(self.page, target)
        assert fault is None, f"{self.page.url}: {fault}"
        return way
