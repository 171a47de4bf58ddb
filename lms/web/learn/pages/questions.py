"""Activities and questions as they are shown: choices, cards, steps and texts, before and after a check."""

from __future__ import annotations

from msgspec import Struct

from lms.content.nodes import NOTHING, Activity, Part, SafeHtml
from lms.responses.chance import seed_for
from lms.responses.checking import Taken, walk
from lms.responses.fields import LONG_LIMIT, Json
from lms.responses.grading import GRADED, LONGEST_ANSWER, Graded, Note, Shown, lay_out
from lms.web.learn.pages.fields import input_id
from lms.web.learn.pages.filling import Filling
from lms.web.words import plain

RIGHT, DEFENSIBLE, WRONG, PLAIN = "right", "defensible", "wrong", ""


class Verdict(Struct, frozen=True):
    """What a check said about one thing: the look, the words beside it, the author's note."""

    tone: str = PLAIN
    words: str = ""
    note: SafeHtml = NOTHING


UNCHECKED = Verdict()


class ChoiceView(Struct, frozen=True):
    place: int
    html: SafeHtml
    chosen: bool
    verdict: Verdict


class CardView(Struct, frozen=True):
    name: str
    id: str
    html: SafeHtml
    groups: tuple[ChoiceView, ...]
    verdict: Verdict


class StepView(Struct, frozen=True):
    name: str
    id: str
    html: SafeHtml
    position: str
    verdict: Verdict


class SpellingView(Struct, frozen=True):
    words: str
    verdict: Verdict


class Result(Struct, frozen=True):
    """The line above the notes: never 'wrong', always what to do next."""

    tone: str
    title: str
    text: str = ""


class BranchView(Struct, frozen=True):
    """A walk: the part it has come to, what the last choice led to, and the way there."""

    part: Part
    taken: tuple[Taken, ...]
    path: tuple[int, ...]
    ended: bool

    @property
    def back(self) -> str:
        return path_text(self.path[:-1])

    def onward(self, place: int) -> str:
        return path_text((*self.path, place))


class QuestionView(Struct, frozen=True):
    node: Activity
    control: str
    name: str
    id: str
    title: SafeHtml
    level: int
    minutes: int
    hint: str
    draft: str
    """Key under which what is typed here is kept; '' for a whole that has parts."""
    revision: int
    checked: bool
    focus: bool
    problem: str = ""
    choices: tuple[ChoiceView, ...] = ()
    cards: tuple[CardView, ...] = ()
    steps: tuple[StepView, ...] = ()
    spellings: tuple[SpellingView, ...] = ()
    text: str = ""
    ticked: bool = False
    branch: BranchView | None = None
    result: Result | None = None
    button: str = ""
    note: SafeHtml = NOTHING
    """Shown when the thing is done: *Looking back*, or the model of a rewrite."""

    @property
    def limit(self) -> int:
        """How many characters a text may have."""
        return LONGEST_ANSWER if self.control == "spelling" else LONG_LIMIT

    @property
    def page_key(self) -> str:
        return self.node.key.partition(".")[0]


HINTS = {
    "choose one": "Choose one.",
    "choose many": "Choose all that apply.",
    "true or false": "Choose one.",
    "spot": "Choose every phrase that fits.",
    "sort": "Choose a group for each card.",
    "match": "Give each line its partner. Each is used once.",
    "order": "Number the steps, starting with 1.",
    "short answer": "",
}
BUTTONS = {
    "rewrite": "Compare with one way to say it",
    "do": "Mark as done",
    "branching": "",
}


def path_text(path: tuple[int, ...]) -> str:
    return "-".join(map(str, path))


def question_view(
    activity: Activity, filling: Filling, top: bool = True, shown: Shown | None = None
) -> QuestionView:
    """`shown`: as an attempt laid it out; without it, as a lesson does."""
    in_lesson = shown is None
    if shown is None:
        shown = lay_out((activity,), seed_for("everybody", activity.key, 0))[0]
    value = filling.values.get(activity.key)
    graded = filling.graded.get(activity.key)
    checked = activity.key in filling.done
    branch = _branch(activity, filling) if activity.kind == "branching" else None
    whole = activity.kind in ("activity", "scenario", "pool")
    return QuestionView(
        node=activity,
        control=_control(activity),
        name=activity.key,
        id=input_id(activity.key),
        title=activity.title,
        level=activity.level,
        minutes=activity.minutes if top else 0,
        hint=HINTS.get(activity.kind, ""),
        draft="" if whole else activity.key,
        revision=filling.revisions.get(activity.key, 0),
        checked=checked,
        focus=filling.focus == activity.key,
        problem=filling.problems.get(activity.key, ""),
        choices=_choices(activity, shown.order, value, graded) if activity.kind != "branching" else (),
        cards=_cards(activity, shown.order, value, graded),
        steps=_steps(activity, shown.order, value, graded),
        spellings=_spellings(activity, graded),
        text=value if isinstance(value, str) else "",
        ticked=value is True,
        branch=branch,
        result=_result(activity, graded, checked, in_lesson),
        button="" if whole else BUTTONS.get(activity.kind, "Check again" if checked else "Check my answer"),
        note=_closing_note(activity, filling, checked),
    )


def _control(activity: Activity) -> str:
    match activity.kind:
        case "choose one" | "true or false":
            return "one"
        case "choose many" | "spot":
            return "many"
        case "sort" | "match":
            return "cards"
        case "order":
            return "steps"
        case "short answer":
            return "spelling"
        case "activity" | "scenario" | "pool":
            return "parts"
        case "do" if any(getattr(block, "kind", None) for block in (*activity.blocks, *activity.after)):
            return "fields"
        case "do":
            return "tick"
        case kind:
            return kind


def _closing_note(activity: Activity, filling: Filling, checked: bool) -> SafeHtml:
    if activity.kind == "rewrite":
        return activity.model if checked and filling.values.get(activity.key) else NOTHING
    return activity.looking_back if checked else NOTHING


def _choices(
    activity: Activity, order: tuple[int, ...], value: Json, graded: Graded | None
) -> tuple[ChoiceView, ...]:
    mine = value if isinstance(value, list) else [] if value is None else [value]
    many = activity.kind in ("choose many", "spot")
    views = []
    for place in order if activity.choices else ():
        verdict = _choice_verdict(graded.notes[place], many) if graded is not None else UNCHECKED
        views.append(ChoiceView(place, activity.choices[place].html, place in mine, verdict))
    return tuple(views)


def _choice_verdict(note: Note, many: bool) -> Verdict:
    match note.mark, note.mine:
        case "right", True:
            return Verdict(RIGHT, "Your answer: yes", note.feedback)
        case "right", False:
            return Verdict(PLAIN, "Belongs here too" if many else "The answer to look for", note.feedback)
        case "defensible", True:
            return Verdict(DEFENSIBLE, "Your answer: can be defended", note.feedback)
        case "defensible", False:
            return Verdict(PLAIN, "Can be defended", note.feedback)
        case _, True:
            return Verdict(WRONG, "Your answer: not yet", note.feedback)
        case _:
            return Verdict(PLAIN, "", note.feedback)


def _cards(
    activity: Activity, order: tuple[int, ...], value: Json, graded: Graded | None
) -> tuple[CardView, ...]:
    given = value if isinstance(value, list) else []
    views = []
    for place in order if activity.cards else ():
        card = activity.cards[place]
        group = given[place] if place < len(given) else None
        name = f"{activity.key}:{place}"
        groups = tuple(ChoiceView(n, html, n == group, UNCHECKED) for n, html in enumerate(activity.groups))
        verdict = UNCHECKED
        if graded is not None:
            note = graded.notes[place]
            words = "Yes" if note.right else f"Not yet: {plain(activity.groups[card.group])}"
            verdict = Verdict(RIGHT if note.right else WRONG, words, note.feedback)
        views.append(CardView(name, input_id(name), card.html, groups, verdict))
    return tuple(views)


def _steps(
    activity: Activity, order: tuple[int, ...], value: Json, graded: Graded | None
) -> tuple[StepView, ...]:
    given: dict[Json, int] = {}
    if isinstance(value, list):
        given = {str(step): position for position, step in enumerate(value, start=1)}
        order = tuple(sorted(order, key=lambda place: given.get(str(place), 0)))
    typed = value if isinstance(value, dict) else given
    views = []
    for place in order if activity.steps else ():
        name = f"{activity.key}:{place}"
        position = str(typed.get(str(place), ""))
        verdict = UNCHECKED
        if graded is not None:
            note = graded.notes[place]
            words = "Yes" if note.right else f"Not yet: this is step {place + 1}"
            verdict = Verdict(RIGHT if note.right else WRONG, words, note.feedback)
        views.append(StepView(name, input_id(name), activity.steps[place].html, position, verdict))
    return tuple(views)


def _spellings(activity: Activity, graded: Graded | None) -> tuple[SpellingView, ...]:
    if graded is None or not activity.answers:
        return ()
    views = []
    for note in graded.notes:
        spelling = activity.answers[note.place]
        words = " or ".join(spelling.spellings) or "anything else"
        if note.mine:
            verdict = _choice_verdict(note, many=False)
        else:
            verdict = Verdict(PLAIN, "The answer to look for" if note.mark == "right" else "", note.feedback)
        views.append(SpellingView(words, verdict))
    return tuple(views)


def _branch(activity: Activity, filling: Filling) -> BranchView:
    path = filling.paths.get(activity.key, ())
    reached = walk(activity, path)
    return BranchView(reached.part, reached.taken, path, reached.ended)


def _result(activity: Activity, graded: Graded | None, checked: bool, in_lesson: bool) -> Result | None:
    if activity.kind not in GRADED or graded is None:
        return None
    if graded.right:
        return Result(RIGHT, "Yes.", "There is a note on every answer; the others are worth reading too.")
    if not graded.answered:
        return Result(WRONG, "Not answered yet.", "") if checked else None
    if in_lesson:
        return Result(
            WRONG, "Not yet.", "Read the notes, then change your answer and check again if you like."
        )
    return Result(WRONG, "Not yet.", "Read the notes, on the other answers too.")
