"""Choices, steps, short answers and self-checks: lists with feedback -> nodes."""

from __future__ import annotations

from msgspec import Struct, field

from lms.content.desk import Desk
from lms.content.nodes import (
    NOTHING,
    Activity,
    Block,
    Card,
    Choice,
    Mark,
    Part,
    SafeHtml,
    Spelling,
    Step,
)  # fmt: skip
from lms.content.settings import Tag
from lms.content.tree import Item, Items

MARKS: dict[str, Mark] = {"x": "right", "~": "defensible", " ": "wrong", "": "wrong"}
BOX_FORM = "Write - [x], - [~] or - [ ], with a space after it."
ONE_LIST = "Write the steps as one numbered list with feedback; another list needs a paragraph in between."
EXACTLY_ONE = {"choose one", "true or false"}


class Answers(Struct):
    """What a tagged section was found to hold; the fields that its kind does not use stay empty."""

    blocks: list[Block] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    groups: tuple[SafeHtml, ...] = ()
    cards: tuple[Card, ...] = ()
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    members: tuple[Activity, ...] = ()
    checks: tuple[SafeHtml, ...] = ()
    model: SafeHtml = NOTHING


def feedback_of(desk: Desk, item: Item, noun: str = "choice") -> SafeHtml:
    """The note under an item, whole; reports it if there is none."""
    if not item.notes and not item.spoilt:
        if item.empty_note:
            desk.error(*item.empty_note, "feedback-missing", "This feedback is empty.")
        else:
            message = f"Add feedback under this {noun}: four spaces, >, a sentence."
            desk.error(item.line, item.column, "feedback-missing", message)
    return SafeHtml("".join(desk.html(note.text) for note in item.notes))


def check_box(desk: Desk, item: Item) -> None:
    if not item.mark and not item.spoilt:
        desk.error(item.line, item.column, "choice-mark", BOX_FORM)
        item.spoilt = True
    if not item.text.piece.text and not item.spoilt:
        desk.error(item.line, item.column, "choice-mark", "Write the words of the choice after its box.")
        item.spoilt = True


def build_choices(desk: Desk, items: Items, tag: Tag, parts: Answers) -> None:
    """Fills `choices`, or `spellings` of a short answer."""
    choices: list[Choice] = []
    for item in items.items:
        check_box(desk, item)
        html = desk.html(item.text)
        choices.append(Choice(html, MARKS[item.mark], feedback_of(desk, item)))
    if any(item.spoilt for item in items.items):
        return
    if len(choices) < 2 or (tag.kind == "true or false" and len(choices) > 2):
        message = "Give at least two choices." if len(choices) < 2 else "True or false has two choices."
        desk.error(tag.line, tag.column, "choices-few", message)
    right = [item for item in items.items if item.mark == "x"]
    if not right and tag.kind in (*EXACTLY_ONE, "short answer"):
        desk.error(tag.line, tag.column, "choice-none-right", "No choice is marked [x].")
    if len(right) > 1 and tag.kind in EXACTLY_ONE:
        message = (
            f"'{tag.kind}' has a second [x]: mark it [~] if it can be defended too, or make it 'choose many'."
        )
        desk.error(right[1].line, right[1].column, "choice-two-right", message)
    if tag.kind == "short answer":
        parts.spellings = _spellings(desk, items, choices)
    else:
        parts.choices = tuple(choices)


def _spellings(desk: Desk, items: Items, choices: list[Choice]) -> tuple[Spelling, ...]:
    answers = []
    rest = desk.language.anything_else
    for item, choice in zip(items.items, choices, strict=True):
        words = desk.words(item.text)
        each = [] if words == rest else [word.strip() for word in words.split(" / ")]
        spellings = tuple(word for word in each if word)
        answers.append(Spelling(spellings, choice.mark, choice.feedback))
    last = items.items[-1]
    if answers[-1].spellings or last.mark != " ":
        message = f"End a short answer with '- [ ] {rest}' and its feedback."
        desk.error(last.line, last.column, "anything-else", message)
    elif any(not answer.spellings for answer in answers[:-1]):
        first = next(item for item, answer in zip(items.items, answers, strict=True) if not answer.spellings)
        desk.error(first.line, first.column, "anything-else", f"'{rest}' stands once, as the last answer.")
    return tuple(answers)


def build_steps(desk: Desk, items: Items) -> tuple[Step, ...]:
    """The steps of an `order`, in their right order."""
    if not items.numbered or items.checks:
        desk.error(items.line, items.items[0].column, "order-list", ONE_LIST)
        return ()
    if items.restarts:
        desk.error(items.restarts, 1, "order-list", ONE_LIST)
        return ()
    steps = []
    for item in items.items:
        html = desk.html(item.text)
        steps.append(Step(html, feedback_of(desk, item, "step")))
    if len(steps) < 2:
        desk.error(items.line, items.items[0].column, "choices-few", "Give at least two steps.")
    return tuple(steps)


def read_checks(desk: Desk, items: Items) -> tuple[SafeHtml, ...]:
    """The self-check list of a `rewrite`."""
    checks = []
    for item in items.items:
        check_box(desk, item)
        if not item.spoilt and (item.mark != " " or item.notes or item.empty_note):
            message = "A self-check has no right answers and no feedback."
            desk.error(item.line, item.column, "field-answer", message)
        checks.append(desk.html(item.text))
    return tuple(checks)
