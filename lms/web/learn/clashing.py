"""Texts that are kept beside a draft, put into words for the page that asks which to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.content.nodes import Activity, Field
from lms.responses.checking import fields_of
from lms.responses.fields import Json, Values
from lms.responses.queries.beside import kept_beside
from lms.responses.queries.states import PageStates
from lms.responses.wording import as_text, field_words
from lms.web.learn.here import Here
from lms.web.learn.pages.clashes import Clash
from lms.web.reading import session
from lms.web.words import plain

Names = dict[str, tuple[str, tuple[Field | Activity, ...]]]
"""Title and fields of what is kept under each key."""


def clashes_of(found: Here, page_key: str, states: PageStates, names: Names) -> tuple[Clash, ...]:
    """Asks the database only when a draft of the page has something beside it."""
    if not any(draft.conflicts for draft in states.drafts.values()):
        return ()
    clashes = []
    for row in kept_beside(session(), found.enrollment.id, page_key):
        draft = states.draft(row.key, row.sitting, row.entry)
        if draft is None:
            continue
        title, fields = names.get(row.key, (page_key, ()))
        clashes.append(
            Clash(
                row.key, row.sitting, row.entry, row.number, title, draft.saved_at, row.saved_at,
                _kept_lines(row.key, fields, draft.values), _kept_lines(row.key, fields, row.values),
            )
        )  # fmt: skip
    return tuple(clashes)


def part_names(parts: Iterable[Activity]) -> Names:
    return {part.key: (plain(part.title), (part, *fields_of(part))) for part in parts}


def _kept_lines(key: str, fields: Iterable[Field | Activity], values: Values) -> tuple[str, ...]:
    """As `lines_of`; what has no fields is one text under its own key."""
    text = as_text(values.get(key))
    return lines_of(fields, values) or ((text,) if text else ())


def lines_of(kept: Iterable[Field | Activity], values: Mapping[str, Json]) -> tuple[str, ...]:
    """What was typed or chosen, one paragraph for each field and question that holds something."""
    found = (
        answer_words(each, values.get(each.key))
        if isinstance(each, Activity)
        else field_words(each, values.get(each.key))
        for each in kept
    )
    return tuple(words for words in found if words)


def answer_words(question: Activity, value: Json) -> str:
    """An answer in words: the choices, the groups of the cards, the steps in their order or with their
    numbers, or the text."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):  # numbers that give no order yet
        numbered = ((value.get(str(place)), step) for place, step in enumerate(question.steps))
        return "\n".join(f"{number}: {plain(step.html)}" for number, step in numbered if number)
    places = value if isinstance(value, list) else [] if value is None or value is True else [value]
    if question.cards:
        return "\n".join(
            f"{plain(card.html)}: {plain(question.groups[group])}"
            for card, group in zip(question.cards, places, strict=False)
            if isinstance(group, int) and group < len(question.groups)
        )
    htmls = [choice.html for choice in question.choices] or [step.html for step in question.steps]
    return "\n".join(plain(htmls[p]) for p in places if isinstance(p, int) and p < len(htmls))
