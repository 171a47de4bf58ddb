"""A small course as an author would write it, edited at random: the sources, not the compiled form."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

CLASSES = ("editorial", "minor", "substantive")

NO_EDITS = ("_next", "_course", "_quiz")


@dataclass
class LessonText:
    key: str
    minutes: int
    choose: str
    """Key of the activity with choices."""
    right: int = 0
    was: str = ""


@dataclass
class SheetText:
    key: str
    minutes: int
    sittings: tuple[str, ...]
    fields: list[str]
    log: bool


@dataclass
class CourseText:
    """What an edit changes. Keys are numbered on and never given to something else."""

    key: str
    chance: random.Random
    lessons: list[LessonText] = field(default_factory=list)
    sheets: list[SheetText] = field(default_factory=list)
    questions: list[tuple[str, int]] = field(default_factory=list)
    quiz_minutes: int = 4
    pass_percent: int = 60
    try_outs: bool = True
    reflection: str = "r1"
    level: str = "meets"
    release: str = "substantive"
    word: int = 0
    numbers: int = 0

    def __post_init__(self) -> None:
        for _ in range(2):
            self._add_lesson()
        self._add_sheet()
        self._add_question()
        self._add_question()

    def _next(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}{self.numbers}"

    # ── Edits ────────────────────────────────────────────────────────────────────────────────────

    def edit(self) -> None:
        """Two to four changes, and sometimes a class that says too little."""
        for _ in range(self.chance.randint(2, 4)):
            getattr(self, f"_{self.chance.choice(EDITS)}")()
        self.release = self.chance.choice((*CLASSES, "substantive", "substantive"))

    def _add_lesson(self) -> None:
        key = self._next("l")
        made = LessonText(key, self.chance.choice([5, 10, 20]), self._next("c"))
        self.lessons.insert(self.chance.randint(0, len(self.lessons)), made)

    def _drop_lesson(self) -> None:
        if len(self.lessons) > 1:
            self.lessons.remove(self.chance.choice(self.lessons))

    def _turn_lessons(self) -> None:
        self.chance.shuffle(self.lessons)

    def _lesson_minutes(self) -> None:
        self.chance.choice(self.lessons).minutes = self.chance.choice([5, 10, 15, 30])

    def _answer_key(self) -> None:
        lesson = self.chance.choice(self.lessons)
        lesson.right = 1 - lesson.right

    def _rename_activity(self) -> None:
        lesson = self.chance.choice(self.lessons)
        lesson.was, lesson.choose = f"{lesson.key}.{lesson.choose}", self._next("c")

    def _swap_lesson(self) -> None:
        """The same page under another key: for whoever did the old one, another lesson."""
        self.chance.choice(self.lessons).key = self._next("l")

    def _add_sheet(self) -> None:
        sittings = self.chance.choice([(), (), ("Before", "After")])
        fields = [self._next("f") for _ in range(self.chance.randint(1, 3))]
        self.sheets.append(
            SheetText(
                self._next("t"), self.chance.choice([0, 5, 10]), sittings, fields, self.chance.random() < 0.5
            )
        )

    def _drop_sheet(self) -> None:
        if len(self.sheets) > 1:
            self.sheets.remove(self.chance.choice(self.sheets))

    def _sheet_sittings(self) -> None:
        sheet = self.chance.choice(self.sheets)
        sheet.sittings = () if sheet.sittings else ("Before", "After")

    def _sheet_fields(self) -> None:
        sheet = self.chance.choice(self.sheets)
        if len(sheet.fields) > 1 and self.chance.random() < 0.5:
            sheet.fields.pop()
        else:
            sheet.fields.append(self._next("f"))

    def _sheet_minutes(self) -> None:
        self.chance.choice(self.sheets).minutes = self.chance.choice([0, 5, 10, 15])

    def _sheet_log(self) -> None:
        sheet = self.chance.choice(self.sheets)
        sheet.log = not sheet.log

    def _add_question(self) -> None:
        self.questions.append((self._next("q"), self.chance.randrange(2)))

    def _drop_question(self) -> None:
        if len(self.questions) > 1:
            self.questions.remove(self.chance.choice(self.questions))

    def _quiz_key(self) -> None:
        place = self.chance.randrange(len(self.questions))
        key, right = self.questions[place]
        self.questions[place] = (key, 1 - right)

    def _quiz_pass(self) -> None:
        self.pass_percent = self.chance.choice([50, 60, 100])

    def _quiz_minutes(self) -> None:
        self.quiz_minutes = self.chance.choice([2, 4, 8])

    def _reflection(self) -> None:
        self.reflection = "" if self.reflection else self._next("r")

    def _reflection_level(self) -> None:
        self.level = "strong" if self.level == "meets" else "meets"

    def _requires(self) -> None:
        self.try_outs = not self.try_outs

    def _reword(self) -> None:
        self.word += 1

    # ── The sources ──────────────────────────────────────────────────────────────────────────────

    def files(self) -> dict[str, bytes]:
        found = {"course.md": self._course(), "1-one/module.md": "---\nkey: m\n---\n\n# One\n"}
        for place, lesson in enumerate(self.lessons, 1):
            found[f"1-one/{place}-lesson.md"] = _lesson(lesson, self.word)
        found["1-one/90-hour.md"] = _lesson(LessonText("hour", 60, "always"), self.word)
        found["1-one/quiz.md"] = self._quiz()
        for place, sheet in enumerate(self.sheets, 1):
            found[f"1-one/toolkit/t{place}-sheet.md"] = _sheet(sheet)
        return {path: text.encode() for path, text in found.items()}

    def _course(self) -> str:
        requires = ["  lessons: all", "  activities: all", f"  quizzes: all at {self.pass_percent}"]
        requires += [f"  reflections: all at {self.level}"] if self.reflection else []
        counted = any(sheet.minutes for sheet in self.sheets)
        requires += ["  try-outs: all counted"] if self.try_outs and counted else []
        lines = "\n".join(requires)
        return (
            f"---\nkey: {self.key}\nlanguage: en\nlicense: CC-BY-4.0\naudience: [teachers]\ntopic: Doors\n"
            f"objectives: [Open them]\nclock-hours: 1\nrequires:\n{lines}\nprivacy-line: No names.\n"
            f"release:\n  class: {self.release}\n  notes: Edited.\n---\n\n# Doors {self.word}\n"
        )

    def _quiz(self) -> str:
        text = (
            f"---\nkey: quiz\npass: {self.pass_percent}\nattempts: unlimited\nminutes: {self.quiz_minutes}\n"
            "---\n\n# Check\n"
        )
        for key, right in self.questions:
            text += (
                f"\n## Which, {key}?\n`choose one #{key}`\n\nWhich one?\n\n{_choices(right)}\n"
                "See [An hour](90-hour.md).\n"
            )
        if self.reflection:
            text += (
                f"\n## Look back\n`reflection #{self.reflection}, 2 to 50 words, 5 min`\n\nWhat did you see?\n\n"
                "| Not yet | Meets | Strong |\n| --- | --- | --- |\n| A. | B. | C. |\n"
            )
        return text


def _choices(right: int) -> str:
    return "".join(f"- [{'x' if n == right else ' '}] Choice {n}\n    > Why.\n" for n in (0, 1))


def _lesson(lesson: LessonText, word: int) -> str:
    was = f", was {lesson.was}" if lesson.was else ""
    return (
        f"---\nkey: {lesson.key}\nobjective: Wait.\nminutes: {lesson.minutes}\n---\n\n# Lesson {lesson.key}\n\n"
        f"Words {word}.\n\n## Choose\n`choose one #{lesson.choose}{was}`\n\nWhich one?\n\n{_choices(lesson.right)}\n"
        f"## Do\n`do #do, {lesson.minutes} min`\n\nDo it.\n\n**What did you see?** `short #seen, needed`\n"
    )


def _sheet(sheet: SheetText) -> str:
    header = f"key: {sheet.key}\nwho: All\n"
    header += f"minutes: {sheet.minutes}\n" if sheet.minutes else ""
    header += f"sittings: [{', '.join(sheet.sittings)}]\n" if sheet.sittings else ""
    text = f"---\n{header}---\n\n# Sheet {sheet.key}\n\n"
    for place, key in enumerate(sheet.fields):
        text += f"**Field {key}** `short #{key}{', needed' if place == 0 else ''}`\n\n"
    if sheet.log:
        text += "## Contacts\n`log #contacts, 3 entries`\n\n**Who** `short #who, needed`\n"
    return text


EDITS = (
    *(n[1:] for n in vars(CourseText) if n.startswith("_") and n[1:2].isalpha() and n not in NO_EDITS),
    *("sheet_fields",) * 6,
)
"""What is edited most is where people write."""
