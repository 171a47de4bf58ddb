"""Where learners write, one place of each kind: a worksheet, an open reflection, an activity of a lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from lms.cli.demo.answers import text
from lms.content.nodes import Course, Toolkit
from lms.responses.checking import checkable
from lms.responses.worksheets import Sheet
from tests.browser.headway import activities, logs_of, pages
from tests.browser.journey import quiz_of
from tests.browser.learning import fill_sheet, open_page, wait_until_saved
from tests.browser.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Place:
    """`words`: as many as the place wants of a text that is sent."""

    page_key: str
    name: str
    words: int
    button: str
    """A selector: what sends the text."""
    taken: str
    """What the page says once it is sent."""
    around: Callable[[Visitor], object] = lambda visitor: None
    """Fills in what else the place asks for."""

    def open(self, visitor: Visitor) -> None:
        open_page(visitor, self.page_key)
        expect(self.field(visitor)).to_be_visible()

    def field(self, visitor: Visitor) -> Locator:
        return visitor.input(self.name)

    def write(self, visitor: Visitor, words: str) -> None:
        self.field(visitor).fill(words)

    def write_on(self, visitor: Visitor, words: str) -> None:
        """Letter by letter, after what stands there."""
        self.field(visitor).press("ControlOrMeta+End")
        self.field(visitor).press_sequentially(words)

    def save(self, visitor: Visitor, words: str) -> None:
        self.write(visitor, words)
        wait_until_saved(visitor)

    def send(self, visitor: Visitor) -> None:
        visitor.page.locator(self.button).click()

    def holds(self, visitor: Visitor, words: str) -> None:
        expect(self.field(visitor)).to_have_value(words)

    def long(self, start: int) -> str:
        """Enough words to be sent; another text for each `start` from 0 to 3."""
        return text(self.words, start)


def place_of(kind: str, course: Course) -> Place:
    return {"worksheet": _worksheet, "reflection": _reflection, "activity": _activity}[kind](course)


def _worksheet(course: Course) -> Place:
    toolkit, key, words = next(_long_fields(course))
    return Place(
        toolkit.key,
        key,
        words,
        f'button[formaction$="/{toolkit.key}/finish"]',
        "is finished",
        lambda visitor: fill_sheet(visitor, toolkit),
    )


def _long_fields(course: Course) -> Iterator[tuple[Toolkit, str, int]]:
    for page in pages(course):
        if isinstance(page, Toolkit) and page.form != "paper" and not logs_of(page) and not page.sittings:
            for field in Sheet.of(page.key, page.blocks).fields:
                if field.kind == "long":
                    yield page, field.key, field.minimum or 12


def _reflection(course: Course) -> Place:
    quiz = quiz_of(course.modules[0])
    piece = quiz.reflections[0]
    button = f'button[name="reflection"][value="{piece.key}"]'
    return Place(
        quiz.key, piece.key, piece.words_min or 40, button, "Handed in. You will see the answer here"
    )


def _activity(course: Course) -> Place:
    return next(
        Place(lesson.key, part.key, 12, f'button[name="check"][value="{part.key}"]', "Done")
        for module in course.modules
        for lesson in module.lessons
        if not lesson.content_note
        for activity in activities(lesson)
        for part in checkable(activity)
        if part.kind == "rewrite"
    )
