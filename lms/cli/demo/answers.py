"""What the made-up people of the demo answer: always something a page accepts, usually the right thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lms.content.nodes import Activity, Field
from lms.responses.checking import fields_of
from lms.responses.fields import Json, Values, columns_of

LINES = (
    "I greeted her at the door and asked about the game. She stayed two minutes longer than she had to.",
    "He shrugged at first. On the third day he told me what he was building at home.",
    "I said what I had seen, without a guess about why, and waited. That was the hard part.",
    "We agreed on one small thing for tomorrow, and I wrote it down where both of us could see it.",
)


def text(words: int, start: int = 0) -> str:
    """At least `words` words of somebody's plain account."""
    said = ""
    place = start
    while len(said.split()) < words:
        said = f"{said} {LINES[place % len(LINES)]}".strip()
        place += 1
    return said


def activity_values(part: Activity, day: date) -> Values:
    """Everything that one part of a lesson's activity asks for."""
    answer = _answer(part)
    values: Values = {} if answer is None else {part.key: answer}
    return {**values, **field_values(fields_of(part), day)}


def quiz_values(questions: Iterable[Activity], wrong: int = 0) -> Values:
    """The right answers; of the first `wrong` questions another one."""
    values: Values = {}
    for place, question in enumerate(questions):
        answer = _answer(question)
        if place < wrong and question.kind in ("choose one", "true or false") and isinstance(answer, int):
            answer = (answer + 1) % len(question.choices)
        values[question.key] = answer
    return values


def field_values(fields: Iterable[Field], day: date, start: int = 0) -> Values:
    """Something in every field that stores anything, with the minimum that each asks for."""
    values: Values = {}
    for place, field in enumerate(fields, start):
        value = _field(field, day, place)
        if value is not None:
            values[field.key] = value
    return values


def _answer(question: Activity) -> Json:
    match question.kind:
        case "choose one" | "true or false":
            return next(place for place, choice in enumerate(question.choices) if choice.mark == "right")
        case "choose many" | "spot":
            return [place for place, choice in enumerate(question.choices) if choice.mark == "right"]
        case "sort" | "match":
            return [card.group for card in question.cards]
        case "order":
            return [*range(len(question.steps))]
        case "branching":
            return [*_path(question)]
        case "short answer":
            return next(answer.spellings[0] for answer in question.answers if answer.mark == "right")
        case "rewrite":
            return text(20)
        case "do" if not fields_of(question):
            return True
    return None


def _path(branching: Activity) -> Iterable[int]:
    """The best choice at each turn, to an ending; a turn met before is left by its last choice."""
    parts = {part.anchor: part for part in branching.parts}
    here, seen = branching.parts[0], set[str]()
    while here.choices:
        right = [place for place, choice in enumerate(here.choices) if choice.mark == "right"]
        place = len(here.choices) - 1 if here.anchor in seen or not right else right[0]
        seen.add(here.anchor)
        yield place
        here = parts[here.choices[place].leads_to or ""]


def _field(field: Field, day: date, place: int) -> Json:
    match field.kind:
        case "short":
            return "K7" if field.code else LINES[place % len(LINES)][:60]
        case "long":
            return text(field.minimum or 12, place)
        case "number":
            return max(field.minimum or 0, min(field.maximum or 2, 2))
        case "date":
            return day.isoformat()
        case "yes or no":
            return True
        case "choose one" | "scale":
            return place % len(field.options)
        case "choose many" | "checklist":
            return [*range(field.exactly or field.at_least or min(2, len(field.options)))]
        case "link":
            return "https://example.org/plan"
        case "table":
            return _table(field, day, place)
    return None


def _table(field: Field, day: date, place: int) -> Json:
    columns = columns_of(field)
    if field.rows:
        return {str(row.number): field_values(columns, day, place + row.number) for row in field.rows}
    return [field_values(columns, day, place + row) for row in range(field.at_least or 2)]
