"""What a page of blocks sends, read back by the names of its inputs into raw values by full key.

The shape of names only: `KEY` for a field or an answer, `KEY:N` for the card, the step or the row N.
What the values may be is for `responses.fields`, `responses.grading` and `responses.checking`.
"""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from lms.content.nodes import Activity, Field
from lms.kernel.errors import RuleBroken
from lms.responses.checking import fields_of
from lms.responses.fields import ROW_LIMIT, STORED_NOT, Json, Values, columns_of
from lms.responses.ordering import is_number
from lms.web.forms import Form

Sent = MultiDict[str, str]


class JoinForm(Form):
    code = StringField("Join code", validators=[InputRequired("Enter the join code"), Length(max=40)])


def sent_part(part: Activity, sent: Sent) -> Values:
    """The answer to one part of an activity, and what stands in its fields."""
    values = sent_fields(fields_of(part), sent)
    answer = sent_answer(part, sent)
    if answer is not None:
        values[part.key] = answer
    return values


def sent_answers(questions: Iterable[Activity], sent: Sent) -> Values:
    """Answers of a quiz, with the fields that follow its choices."""
    values: Values = {}
    for question in questions:
        values.update(sent_part(question, sent))
    return values


def sent_answer(question: Activity, sent: Sent) -> Json:
    key = question.key
    match question.kind:
        case "choose one" | "true or false":
            return place(sent.get(key), key)
        case "choose many" | "spot":
            return places(sent.getlist(key), key) if key in sent else None
        case "sort" | "match":
            groups: list[Json] = [place(sent.get(f"{key}:{n}"), key) for n in range(len(question.cards))]
            return groups if any(group is not None for group in groups) else None
        case "order":
            return _steps(question, sent)
        case "branching":
            return path(sent.get(key, ""), key)
        case "do":
            return True if sent.get(key) == "true" else None
        case "short answer" | "rewrite":
            return sent.get(key)
        case _:
            return None


def _steps(question: Activity, sent: Sent) -> Json:
    """The number that was typed beside each step, by its place; None where the page sent none."""
    names = {str(n): f"{question.key}:{n}" for n in range(len(question.steps))}
    return {place: sent[name] for place, name in names.items() if name in sent} or None


def sent_fields(fields: Iterable[Field], sent: Sent) -> Values:
    values: Values = {}
    for field in fields:
        if field.kind in STORED_NOT:
            continue
        value = _table(field, sent) if field.kind == "table" else _one(field, sent, field.key)
        if value is not None:
            values[field.key] = value
    return values


def _one(field: Field, sent: Sent, name: str) -> Json:
    match field.kind:
        case "choose one" | "scale":
            return place(sent.get(name), field.key)
        case "choose many" | "checklist":
            return places(sent.getlist(name), field.key) or None
        case "yes or no":
            return {"1": True, "0": False}.get(sent.get(name, ""))
        case _:
            return sent.get(name)


def _table(table: Field, sent: Sent) -> Json:
    columns = columns_of(table)
    if table.rows:
        return {str(row.number): _row(columns, sent, row.number) for row in table.rows}
    last = last_row(columns, sent)
    return [_row(columns, sent, number) for number in range(1, last + 1)]


def _row(columns: tuple[Field, ...], sent: Sent, number: int) -> dict[str, Json]:
    cells = {column.key: _one(column, sent, f"{column.key}:{number}") for column in columns}
    return {key: value for key, value in cells.items() if value not in (None, "")}


def last_row(columns: tuple[Field, ...], sent: Sent) -> int:
    """The highest row that the page sent. RuleBroken('rows_many') beyond what any page shows."""
    keys = {column.key for column in columns}
    last = 0
    for name in sent:
        key, colon, number = name.partition(":")
        if colon and key in keys and number.isascii() and number.isdigit():
            if not is_number(number) or int(number) > ROW_LIMIT:
                raise RuleBroken("rows_many", key)
            last = max(last, int(number))
    return last


def place(text: str | None, key: str) -> int | None:
    """A place as a radio sends it. RuleBroken('answer_shape') for anything else."""
    if text is None or text == "":
        return None
    if not is_number(text):
        raise RuleBroken("answer_shape", key)
    return int(text)


def places(texts: Iterable[str], key: str) -> list[Json]:
    """Places as check boxes send them; the empty text beside them says that the boxes were there."""
    found: list[Json] = []
    for text in texts:
        value = place(text, key)
        if value is not None:
            found.append(value)
    return found


def path(text: str, key: str) -> list[Json] | None:
    """The way through a branching: places joined by hyphens."""
    if not text:
        return None
    found: list[Json] = []
    found.extend(place(step or "x", key) for step in text.split("-"))
    return found


def revision_of(sent: Sent, key: str) -> int:
    """The revision that the page was made from; 0 for a page that had no draft."""
    return place(sent.get(f"revision:{key}"), key) or 0
