"""One real server for each process of tests, a browser, and people to send there.

Each test opens contexts of its own, with nothing in them, and closes them with it; whoever looks at pages and
types nothing that a page keeps may look at them in one browser. What no page may do in any test is checked as
it ends: a script that fails, a policy that is broken, an answer of 500.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from lms.app import create_app
from lms.config import load_config
from lms.content.nodes import Course
from lms.courses import queries as courses
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.browser.server import Server
from tests.browser.town import Town, build_town
from tests.browser.visitor import Visitor
from tests.web.conftest import Person, World, post

BROWSERS = ("chromium-headless-shell", "chromium")
FLAGS = (
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
COURSE = "creating-connections"
COOKIE = "lms"
WIDE = (1280, 800)
expect.set_options(timeout=15_000)  # a machine that does much else at once is slow, not wrong


@dataclass(frozen=True, slots=True)
class Site:
    """The running site, and the same database from within: to make people, never to look at results."""

    server: Server
    town: Town
    course: Course


@pytest.fixture(scope="session")
def site(just_started: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    instance = tmp_path_factory.mktemp("site") / "instance"
    shutil.copytree(just_started, instance)
    world = World(create_app(load_config({"LMS_INSTANCE_PATH": str(instance)})))
    town = build_town(world)
    with world.reading() as session:
        version = courses.published(session, COURSE)
        assert version is not None
        course = courses.load_compiled(session, version.id)
    server = Server(instance)
    server.start()
    yield Site(server, town, course)
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program is not None, f"none of {', '.join(BROWSERS)} is here: `python -m tests` installs it"
    with sync_playwright() as playwright:
        # Chromium has no sandbox for root; everybody else keeps it.
        browser = playwright.chromium.launch(
            executable_path=program, args=list(FLAGS), chromium_sandbox=os.geteuid() != 0
        )
        yield browser
        browser.close()


@dataclass(slots=True)
class Kept:
    """What outlives a test."""

    signed_in: dict[int, str] = field(default_factory=dict)
    looking: Visitor | None = None
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Door:
    """Opens contexts and keeps watch over what happens in them."""

    browser: Browser
    site: Site
    kept: Kept
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return self.kept.faults

    def open(
        self,
        person: Person | None = None,
        *,
        scripts: bool = True,
        keyboard: bool = False,
        size: tuple[int, int] = WIDE,
    ) -> Visitor:
        """A new browser, in which `person` is signed in. Without one nobody is."""
        visitor = self._opened(person, scripts, keyboard, size)
        self.contexts.append(visitor.page.context)
        return visitor

    def look(self, person: Person | None, size: tuple[int, int]) -> Visitor:
        """The one browser for all who leave nothing in it but who is signed in."""
        if self.kept.looking is None:
            self.kept.looking = self._opened(None, True, False, size)
        visitor = self.kept.looking
        visitor.page.context.clear_cookies()
        if person:
            self._sign_in(visitor.page.context, person)
        visitor.page.emulate_media(media="screen", color_scheme="light")
        visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
        return visitor

    def _opened(self, person: Person | None, scripts: bool, keyboard: bool, size: tuple[int, int]) -> Visitor:
        context = self.browser.new_context(
            base_url=self.site.server.address,
            java_script_enabled=scripts,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        )
        if person:
            self._sign_in(context, person)
        context.set_default_timeout(20_000)
        context.on("page", lambda page: self._watch(page))
        page = context.new_page()
        hand: Hand = Keyboard(page) if keyboard else Mouse()
        return Visitor(page, hand, self.site.course, scripts)

    def _sign_in(self, context: BrowserContext, person: Person) -> None:
        """Signed in once, within this process, then remembered: the page for it has tests of its own."""
        if person.id not in self.kept.signed_in:
            client = self.site.town.world.app.test_client()
            answer = post(client, "/sign-in", {"email": person.email, "password": person.password})
            cookie = client.get_cookie(COOKIE)
            assert answer.status_code == 303 and cookie, answer.get_data(as_text=True)
            self.kept.signed_in[person.id] = cookie.value
        value = self.kept.signed_in[person.id]
        context.add_cookies([{"name": COOKIE, "value": value, "url": self.site.server.address}])

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", lambda found: self._answered(found))
        page.on("console", lambda said: self._said(page, said.type, said.text))

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url} answered {response.status}")

    def _said(self, page: Page, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.faults.append(f"{page.url}: {text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        faults = [*self.faults]
        self.faults.clear()
        assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def _kept() -> Kept:
    return Kept()


@pytest.fixture
def door(chromium: Browser, site: Site, _kept: Kept) -> Iterator[Door]:
    door = Door(chromium, site, _kept)
    yield door
    door.close()
