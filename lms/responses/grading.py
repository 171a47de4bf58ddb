"""Rules: how an attempt is laid out and what its answers are worth.

An answer is stored by the question's full key and by places in the version that was shown, never by
the order on the screen:

- `choose one`, `true or false`: the place of the choice
- `choose many`, `spot`: the places chosen, sorted; an empty list means that none was chosen
- `sort`, `match`: for each card, in the version's order, the place of its group, or None
- `order`: the places of the steps in the order the learner gave them; of numbers that give none, the
  numbers (`ordering`)
- `short answer`: the text

What gives no order, or is too long for an answer, is kept as it was typed and is no answer yet.

Points are whole. `part credit` gives the share of choices, cards or steps that are right, rounded down
to whole points: an author who wants finer credit gives the question more points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from lms.content.nodes import Activity, Mark, SafeHtml
from lms.kernel.errors import RuleBroken
from lms.responses.chance import Dice
from lms.responses.fields import Json, Values, storable
from lms.responses.ordering import read_numbers

LONGEST_ANSWER = 200
"""Characters of a short answer."""

GRADED = frozenset(
    {"choose one", "choose many", "true or false", "spot", "sort", "match", "order", "short answer"}
)


class Shown(Struct, frozen=True):
    """A question as one attempt shows it. `order`: places of its choices, cards or steps from the top."""

    question: Activity
    order: tuple[int, ...] = ()
    members: tuple[Shown, ...] = ()


class Note(Struct, frozen=True):
    """What is said about one choice, card, step or spelling once the question was checked.

    `place`: in the version. `mine`: the learner chose it. `given`: the group a card was put in, the
    position a step was given. `right`: what the learner did with it is right. `mark`: the author's.
    """

    place: int
    mine: bool
    given: int | None
    right: bool
    mark: Mark
    feedback: SafeHtml


class Graded(Struct, frozen=True):
    key: str
    points: int
    out_of: int
    right: bool
    answered: bool
    notes: tuple[Note, ...]
    """One for every choice, card, step or spelling, in the version's order."""


class Score(Struct, frozen=True):
    points: int
    out_of: int
    graded: dict[str, Graded]


# ── Layout ───────────────────────────────────────────────────────────────────────────────────────


def lay_out(questions: Sequence[Activity], seed: str, shuffle: bool = False) -> tuple[Shown, ...]:
    """The questions of an attempt: pools drawn, choices shuffled, and the questions too if asked.

    Each question has dice of its own, so that one added later leaves the others as they were.
    """
    shown = tuple(_shown(question, seed) for question in questions)
    if not shuffle:
        return shown
    return tuple(shown[place] for place in Dice(f"{seed} questions").shuffled(len(shown)))


def _shown(question: Activity, seed: str) -> Shown:
    members = question.members
    if question.kind == "pool":
        drawn = Dice(f"{seed} draw {question.key}").drawn(len(members), question.draw)
        members = tuple(members[place] for place in drawn)
    return Shown(question, _order(question, seed), tuple(_shown(member, seed) for member in members))


def _order(question: Activity, seed: str) -> tuple[int, ...]:
    count = len(question.choices) or len(question.cards) or len(question.steps)
    if question.kind == "branching":
        return ()
    if question.in_order or question.kind == "true or false":
        return tuple(range(count))
    order = Dice(f"{seed} {question.key}").shuffled(count)
    if question.kind == "order" and count > 1 and order == tuple(range(count)):
        return (*order[1:], order[0])  # the right order is never given away
    return order


def leaves(shown: Iterable[Shown]) -> tuple[Activity, ...]:
    """The questions that are answered one by one, in the order shown."""
    found: list[Activity] = []
    for each in shown:
        if each.question.kind in GRADED:
            found.append(each.question)
        found.extend(leaves(each.members))
    return tuple(found)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────


def read_answers(questions: Iterable[Activity], raw: Mapping[str, Json]) -> Values:
    """The answers to `questions` among what was sent; RuleBroken for a shape that no page sends."""
    found: Values = {}
    for question in questions:
        answer = read_answer(question, raw.get(question.key))
        if answer is not None:
            found[question.key] = answer
    return found


def read_answer(question: Activity, raw: Json) -> Json:
    """One answer in its stored form, or None for none."""
    broken = RuleBroken("answer_shape", question.key)
    match question.kind:
        case "choose one" | "true or false":
            if raw is None or _is_place(raw, len(question.choices)):
                return raw
        case "choose many" | "spot":
            if raw is None:
                return None
            if isinstance(raw, list) and all(_is_place(place, len(question.choices)) for place in raw):
                return [*sorted({place for place in raw if isinstance(place, int)})]
        case "sort" | "match":
            if raw is None:
                return None
            groups = len(question.groups)
            if (
                isinstance(raw, list)
                and len(raw) == len(question.cards)
                and all(group is None or _is_place(group, groups) for group in raw)
            ):
                return raw if any(group is not None for group in raw) else None
        case "order":
            if raw is None or raw == []:
                return None
            if isinstance(raw, dict):
                return read_numbers(question, raw)
            if isinstance(raw, list) and all(_is_place(step, len(question.steps)) for step in raw):
                if len(set(map(str, raw))) == len(raw) == len(question.steps):
                    return raw
                raise RuleBroken("order_twice", question.key)
        case "short answer":
            if raw is None or isinstance(raw, str):
                return storable(raw or "").strip() or None
        case _:
            return None
    raise broken


def restored(question: Activity, places: Sequence[int] | None, text: str | None) -> Json:
    """An answer as it was given, from the row in which it was kept."""
    if question.kind == "short answer":
        return text
    if question.kind in ("choose one", "true or false"):
        return places[0] if places else None
    return None if places is None else [*places]


def _is_place(value: Json, count: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


def unanswered(questions: Iterable[Activity], values: Mapping[str, Json]) -> tuple[str, ...]:
    """Keys of the questions that still want an answer. Choosing none is an answer where many may be."""
    return tuple(q.key for q in questions if not _is_answered(q, values.get(q.key)))


def _is_answered(question: Activity, answer: Json) -> bool:
    if question.kind in ("choose many", "spot"):
        return answer is not None or not any(choice.mark == "right" for choice in question.choices)
    if isinstance(answer, list):
        return None not in answer and bool(answer)
    if isinstance(answer, str):
        return len(answer) <= LONGEST_ANSWER
    return answer is not None and not isinstance(answer, dict)


# ── Grading ──────────────────────────────────────────────────────────────────────────────────────


def grade(shown: Sequence[Shown], values: Mapping[str, Json]) -> Score:
    """The whole attempt. What was not answered earns nothing; every note is there all the same."""
    graded = {question.key: grade_one(question, values.get(question.key)) for question in leaves(shown)}
    return Score(
        points=sum(each.points for each in graded.values()),
        out_of=sum(each.out_of for each in graded.values()),
        graded=graded,
    )


def passed(points: int, out_of: int, percent: int) -> bool:
    """Compared in whole numbers: 4 of 5 is exactly 80 percent."""
    return points * 100 >= percent * out_of


def grade_one(question: Activity, answer: Json) -> Graded:
    answered = _is_answered(question, answer)
    notes, right = _notes(question, answer)
    right = right and answered
    points = question.points if right else 0
    if (
        question.part_credit
        and answered
        and not right
        and question.kind not in ("choose one", "short answer")
    ):
        points = question.points * sum(note.right for note in notes) // max(len(notes), 1)
    return Graded(question.key, points, question.points, right, answered, notes)


def _notes(question: Activity, answer: Json) -> tuple[tuple[Note, ...], bool]:
    if question.cards:
        return _card_notes(question, answer)
    if question.steps:
        return _step_notes(question, answer)
    if question.kind == "short answer":
        return _spelling_notes(question, answer)
    return _choice_notes(question, answer)


def _choice_notes(question: Activity, answer: Json) -> tuple[tuple[Note, ...], bool]:
    mine = answer if isinstance(answer, list) else [answer]
    notes = []
    for place, choice in enumerate(question.choices):
        chosen = place in mine
        right = choice.mark == "defensible" or chosen == (choice.mark == "right")
        notes.append(Note(place, chosen, None, right, choice.mark, choice.feedback))
    if question.kind in ("choose many", "spot"):
        return tuple(notes), all(note.right for note in notes)
    return tuple(notes), any(note.mine and note.mark != "wrong" for note in notes)


def _card_notes(question: Activity, answer: Json) -> tuple[tuple[Note, ...], bool]:
    groups = answer if isinstance(answer, list) else [None] * len(question.cards)
    notes = []
    for place, (card, given) in enumerate(zip(question.cards, groups, strict=True)):
        group = given if isinstance(given, int) else None
        feedback = dict(card.wrong).get(group, card.feedback) if group is not None else card.feedback
        notes.append(Note(place, group is not None, group, group == card.group, "right", feedback))
    return tuple(notes), all(note.right for note in notes)


def _step_notes(question: Activity, answer: Json) -> tuple[tuple[Note, ...], bool]:
    given = {step: position for position, step in enumerate(answer)} if isinstance(answer, list) else {}
    notes = tuple(
        Note(place, place in given, given.get(place), given.get(place) == place, "right", step.feedback)
        for place, step in enumerate(question.steps)
    )
    return notes, all(note.right for note in notes)


def _spelling_notes(question: Activity, answer: Json) -> tuple[tuple[Note, ...], bool]:
    given = fold(answer) if isinstance(answer, str) else None
    hit = None
    if given:
        for place, spelling in enumerate(question.answers):
            if not spelling.spellings or given in map(fold, spelling.spellings):
                hit = place
                break
    notes = tuple(
        Note(place, place == hit, None, (place == hit) == (spelling.mark == "right"), spelling.mark,
             spelling.feedback)
        for place, spelling in enumerate(question.answers)
    )  # fmt: skip
    return notes, hit is not None and question.answers[hit].mark != "wrong"


_ACCENTS = re.compile("[\u0300-\u036f]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def fold(text: str) -> str:
    """A short answer without what does not matter: case, accents, spaces around, a final stop."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(_QUOTES).casefold()
    return " ".join(plain.split()).removesuffix(".").rstrip()
