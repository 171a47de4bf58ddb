"""Nothing typed is lost: when the server stops, the session ends, the network goes, a second device writes
as well, a button is pressed twice, or the page is old. Each at a worksheet, a reflection and an activity."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from lms.responses.fields import LONG_LIMIT
from tests.browser.conftest import Door, Site
from tests.browser.headway import Headway
from tests.browser.joining import sign_in
from tests.browser.learning import wait_until_saved
from tests.browser.visitor import Visitor
from tests.browser.writing import Place, place_of
from tests.web.conftest import Person

everywhere = pytest.mark.parametrize("kind", ["worksheet", "reflection", "activity"])


@pytest.fixture
def writer(site: Site) -> Person:
    """Enrolled, with nothing written yet."""
    return Headway(site.town.world, site.course).enroll(site.town.teacher("Willa Hart"))


@pytest.fixture
def place(kind: str, site: Site) -> Place:
    return place_of(kind, site.course)


def line(visitor: Visitor, words: str) -> None:
    """What the page says about saving."""
    expect(visitor.page.locator("[data-save]").first).to_contain_text(words)


def says_nothing_of_two_texts(visitor: Visitor) -> None:
    expect(visitor.main.get_by_text("Two texts for")).to_have_count(0)


def elsewhere(door: Door, writer: Person, place: Place) -> Visitor:
    """The same person at another device: sees what the server has."""
    other = door.open(writer)
    place.open(other)
    return other


def test_a_server_that_dies_between_keystroke_and_reload_costs_nothing(
    door: Door, site: Site, writer: Person
) -> None:
    kinds = ("worksheet", "reflection", "activity")
    written = [(door.open(writer), place_of(kind, site.course)) for kind in kinds]
    for visitor, place in written:
        place.open(visitor)
        place.save(visitor, "What the server has. ")
    try:
        for visitor, place in written:
            place.write_on(visitor, "And the last")
        site.server.kill()
        for visitor, place in written:
            place.write_on(visitor, " keystrokes.")
            line(visitor, "no connection")
    finally:
        site.server.start()
    for visitor, place in written:
        visitor.page.reload()
        place.holds(visitor, "What the server has. And the last keystrokes.")
        visitor.page.wait_for_load_state("networkidle")
        place.holds(elsewhere(door, writer, place), "What the server has. And the last keystrokes.")


def test_a_save_that_arrives_while_the_page_is_loaded_anew_is_seen_on_it(
    door: Door, site: Site, writer: Person
) -> None:
    """The new page was made before the save was, and the old one hears of the save before it goes."""
    visitor, place = door.open(writer), place_of("worksheet", site.course)
    place.open(visitor)
    place.save(visitor, "What the server has. ")
    page, saves, loads = visitor.page, list[Route](), list[tuple[Route, APIResponse]]()
    page.route("**/draft", lambda route: saves.append(route))
    place.write_on(visitor, "And the rest.")
    until(page, lambda: bool(saves))
    page.route(page.url, lambda route: loads.append((route, route.fetch())))
    page.evaluate("() => void setTimeout(() => location.reload(), 0)")
    until(page, lambda: bool(loads))
    with page.expect_response("**/draft"):
        saves[0].continue_()
    page.unroute("**/draft")
    page.wait_for_timeout(300)
    loads[0][0].fulfill(response=loads[0][1])
    place.holds(visitor, "What the server has. And the rest.")
    page.unroute_all()
    page.wait_for_load_state("networkidle")
    place.holds(elsewhere(door, writer, place), "What the server has. And the rest.")


def until(page: Page, there: Callable[[], bool]) -> None:
    """Let the browser go on until something is there."""
    for _ in range(300):
        if there():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come")


@everywhere
def test_a_session_that_ends_in_mid_sentence_costs_nothing(door: Door, writer: Person, place: Place) -> None:
    visitor = door.open(writer)
    place.open(visitor)
    place.save(visitor, "She said that she would ")
    visitor.page.context.clear_cookies()
    place.write_on(visitor, "rather stay.")
    line(visitor, "You are signed out. What you typed is kept on this device.")
    visitor.follow("Sign in again", visitor.page.locator("body"))
    visitor.heading("Sign in")
    sign_in(visitor, writer)
    visitor.at(f"/{place.page_key}")
    place.holds(visitor, "She said that she would rather stay.")
    wait_until_saved(visitor)
    place.holds(elsewhere(door, writer, place), "She said that she would rather stay.")


@everywhere
def test_what_is_sent_after_the_session_ended_is_kept_and_sent_again(
    door: Door, writer: Person, place: Place
) -> None:
    visitor = door.open(writer)
    place.open(visitor)
    place.around(visitor)
    place.save(visitor, place.long(0))
    visitor.page.context.clear_cookies()
    place.write(visitor, place.long(1))
    place.send(visitor)
    sign_in(visitor, writer)
    visitor.heading("We kept what you sent")
    visitor.sees(place.long(1))
    visitor.press("Send it now")
    visitor.sees(place.taken)
    nothing_is_left_over(visitor, place)


@everywhere
def test_without_a_network_writing_goes_on_and_is_saved_when_it_is_back(
    door: Door, writer: Person, place: Place
) -> None:
    visitor = door.open(writer)
    place.open(visitor)
    visitor.page.context.set_offline(True)
    place.write(visitor, "On the bus, ")
    line(visitor, "Not saved yet: no connection. What you typed is kept on this device.")
    place.write_on(visitor, "after the tunnel.")
    visitor.page.context.set_offline(False)
    wait_until_saved(visitor)
    place.holds(elsewhere(door, writer, place), "On the bus, after the tunnel.")


@everywhere
def test_two_devices_keep_both_texts_and_their_author_chooses(
    door: Door, writer: Person, place: Place
) -> None:
    first, second = door.open(writer), door.open(writer)
    place.open(first)
    place.open(second)
    place.save(first, "Written at school.")
    place.write(second, "Written at home.")
    line(second, "This was changed on another device as well. Both texts are kept.")
    place.write_on(second, " And on.")
    place.holds(elsewhere(door, writer, place), "Written at school.")
    second.follow("See both and choose", second.page.locator("body"))
    clash = second.main.locator(".clash")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text("Written at school.")
    expect(clash).to_contain_text("Written at home. And on.")
    place.holds(second, "Written at school.")
    second.press("Keep this one instead")
    second.sees("The text you chose is the one in the page now.")
    place.holds(second, "Written at home. And on.")
    says_nothing_of_two_texts(second)
    place.write_on(first, " Later.")
    line(first, "This was changed on another device as well. Both texts are kept.")
    place.holds(elsewhere(door, writer, place), "Written at home. And on.")


@everywhere
def test_a_copy_that_comes_too_late_is_kept_beside_and_shown(
    door: Door, writer: Person, place: Place
) -> None:
    """Written without a network; before the page is loaded again, another device has saved."""
    late = door.open(writer)
    place.open(late)
    late.page.context.set_offline(True)
    place.write(late, "Written in the tunnel.")
    line(late, "no connection")
    other = elsewhere(door, writer, place)
    place.save(other, "Written at the desk.")
    late.page.goto("about:blank")
    late.page.context.set_offline(False)
    place.open(late)
    expect(late.main.locator(".clash")).to_contain_text("Written in the tunnel.")
    expect(late.main.locator(".clash")).to_contain_text("Written at the desk.")
    place.holds(late, "Written at the desk.")
    place.holds(elsewhere(door, writer, place), "Written at the desk.")


@everywhere
def test_a_button_pressed_twice_does_it_once(door: Door, writer: Person, place: Place) -> None:
    visitor = door.open(writer)
    place.open(visitor)
    place.around(visitor)
    place.write(visitor, place.long(0))
    visitor.page.locator(place.button).dblclick()
    visitor.sees(place.taken)
    nothing_is_left_over(visitor, place)


@everywhere
def test_an_old_page_overwrites_nothing(door: Door, writer: Person, place: Place) -> None:
    """Open since before another device sent its text; what is written in it is kept all the same."""
    old, other = door.open(writer, scripts=False), door.open(writer, scripts=False)
    for visitor in (old, other):
        place.open(visitor)
        place.around(visitor)
    place.write(other, place.long(1))
    place.send(other)
    other.sees(place.taken)
    place.write(old, place.long(2))
    place.send(old)
    texts = door.open(writer)
    texts.go(f"/learn/{texts.course.key}/texts")
    with texts.page.expect_download() as asked:
        texts.follow("Download all of it")
    kept = re.sub(r"\s+", " ", asked.value.path().read_text())
    assert place.long(1) in kept
    assert place.long(2) in kept


def test_a_paste_beyond_the_limit_is_kept_whole_and_says_by_how_much(
    door: Door, site: Site, writer: Person
) -> None:
    visitor, place = door.open(writer), place_of("worksheet", site.course)
    place.open(visitor)
    text = "x" * (LONG_LIMIT + 3)
    too_much = visitor.main.get_by_text("3 more than the 20,000 characters that fit")
    box = visitor.page.locator(f"textarea[data-limit='{LONG_LIMIT}']").first
    box.fill(text)
    expect(too_much).to_be_visible()
    wait_until_saved(visitor)
    visitor.page.reload()
    expect(box).to_have_value(text)
    expect(too_much).to_be_visible()
    box.fill("Short enough.")
    expect(too_much).to_be_hidden()


def nothing_is_left_over(visitor: Visitor, place: Place) -> None:
    """What was sent does not come back as if it were unsaved, nor stands beside itself."""
    visitor.page.goto(f"/learn/{visitor.course.key}/{place.page_key}")
    visitor.page.wait_for_load_state("networkidle")
    expect(visitor.main.get_by_text("Brought back what you had typed")).to_have_count(0)
    says_nothing_of_two_texts(visitor)
    copies = visitor.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('lms:'))")
    assert copies == []
