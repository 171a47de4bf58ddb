"""The compiled course: frozen values that every other package reads.

Nothing here knows Flask, a database or Markdown. The compiler builds these values, `codec` writes
them as canonical JSON, rules read them, templates show them.

Keys: a *page key* is what a file declares (`cc-1-2`); a *full key* adds the section's or field's own
key (`cc-1-2.four-scenes`). Facts about learners carry full keys and never positions in a page.
Minutes are whole minutes. All HTML was cleaned at compile time.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class SafeHtml(str):
    """HTML that the compiler has cleaned. The only text that templates print unescaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


NOTHING = SafeHtml()

Role = Literal["teachers", "paraprofessionals", "administrators", "support staff"]
SeenBy = Literal["me", "reviewer", "cohort", "counts"]
Mark = Literal["right", "defensible", "wrong"]
BoxLabel = Literal[
    "scene", "try", "duty", "care", "good-to-know", "what-we-know",
    "looking-back", "model", "example", "say", "watch-for", "online", "if-hard",
]  # fmt: skip


# ── What a page is made of ───────────────────────────────────────────────────────────────────────


class Prose(Struct, frozen=True):
    """A run of ordinary Markdown: paragraphs, lists, tables, quotations, pictures."""

    html: SafeHtml


class Heading(Struct, frozen=True):
    level: int
    html: SafeHtml
    anchor: str


class Box(Struct, frozen=True):
    """A quotation with a known label. `title` is the author's own words after the colon, or ''."""

    label: BoxLabel
    label_text: str
    title: SafeHtml
    html: SafeHtml


class Dialogue(Struct, frozen=True):
    lines: tuple[tuple[str, SafeHtml], ...]


class Variant(Struct, frozen=True):
    roles: tuple[Role, ...]
    title: SafeHtml
    anchor: str
    blocks: tuple[Block, ...]


class Variants(Struct, frozen=True):
    """One switch: the reader's own role is open, the others are one click away."""

    variants: tuple[Variant, ...]


class ToolkitCard(Struct, frozen=True):
    """A link to a toolkit piece that stands alone in its paragraph. `lead` is the phrase before it."""

    toolkit_key: str
    lead: SafeHtml


class PageBreak(Struct, frozen=True):
    """`---` in a worksheet or the capstone: a new sheet when printed, a rule on the screen."""


class Rule(Struct, frozen=True):
    """`---` in a lesson."""


class See(Struct, frozen=True):
    """The way back to the lesson: page key, heading anchor and the words of the link."""

    page_key: str
    anchor: str
    html: SafeHtml


# ── Fields ───────────────────────────────────────────────────────────────────────────────────────

FieldKind = Literal[
    "short", "long", "number", "date", "yes or no", "choose one", "choose many", "checklist",
    "scale", "table", "total", "show", "link", "hand in",
]  # fmt: skip


class Count(Struct, frozen=True):
    """What a `total` adds up: `sum of` a number, or `count of` entries, of marked values when given.

    `value` 'none' means: row begun, nothing chosen. Keys are full keys.
    """

    how: Literal["sum", "count"]
    key: str
    values: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Further keys: other columns, or the same field for everybody that it is repeated for."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.also)


class Column(Struct, frozen=True):
    """A column of a table: printed words (`field` is None) or the learner's."""

    html: SafeHtml
    field: Field | None = None


class Row(Struct, frozen=True):
    """A fixed row: its number from the `#` column and its printed cells, one for each printed column."""

    number: int
    cells: tuple[SafeHtml, ...]


class Field(Struct, frozen=True):
    key: str
    """Full key: `cc-t1.missing`; of a column `cc-t1.often`."""
    kind: FieldKind
    label: SafeHtml
    label_text: str
    help: SafeHtml = NOTHING
    example: SafeHtml = NOTHING
    model: SafeHtml = NOTHING
    needed: bool = False
    seen_by: SeenBy = "me"
    options: tuple[str, ...] = ()
    """Plain words of the choices, the steps of a scale; their place in the tuple is what is stored."""
    at_least: int | None = None
    exactly: int | None = None
    minimum: int | None = None
    """Lower bound: of a number its value, of a `long` its words."""
    maximum: int | None = None
    lines: int | None = None
    code: bool = False
    or_link: bool = False
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    """Fixed rows; empty when the rows are the learner's own."""
    start_rows: int = 0
    add_rows: bool = False
    up_to_rows: int | None = None
    count: Count | None = None
    carries: str | None = None
    """`show`: the full key shown, read only. With another kind: what the answer starts from."""
    hands_in: str | None = None
    """`hand in`: page key of the worksheet."""
    was: str | None = None


class Log(Struct, frozen=True):
    """A section filled in again and again, one entry at a time. `blocks` hold one entry's fields."""

    key: str
    title: SafeHtml
    anchor: str
    entries: int
    at_least: int | None
    blocks: tuple[Block, ...]
    was: str | None = None


# ── Activities and questions ─────────────────────────────────────────────────────────────────────


class Choice(Struct, frozen=True):
    html: SafeHtml
    mark: Mark
    feedback: SafeHtml
    leads_to: str | None = None
    """Branching: anchor of the part that comes next."""


class Card(Struct, frozen=True):
    html: SafeHtml
    group: int
    feedback: SafeHtml
    wrong: tuple[tuple[int, SafeHtml], ...] = ()
    """Notes for one wrong group each: (place of the group, note)."""


class Step(Struct, frozen=True):
    html: SafeHtml
    feedback: SafeHtml


class Part(Struct, frozen=True):
    """A part of a branching; one without choices is an ending."""

    anchor: str
    title: SafeHtml
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...]


class Spelling(Struct, frozen=True):
    """An answer of a `short answer`: the spellings that count, or `anything else` (none)."""

    spellings: tuple[str, ...]
    mark: Mark
    feedback: SafeHtml


ActivityKind = Literal[
    "choose one", "choose many", "true or false", "spot", "sort", "match", "order",
    "branching", "rewrite", "do", "activity", "short answer", "scenario", "pool",
]  # fmt: skip


class Activity(Struct, frozen=True):
    """A tagged section of a lesson, or a question of a quiz. Which fields are filled follows from `kind`.

    choose one, choose many, true or false, spot: `choices` · sort, match: `groups`, `cards` ·
    order: `steps` in the right order · branching: `parts`, the first is the start · rewrite: `model`,
    `checks` · do: fields among `blocks` · short answer: `answers` · activity, scenario: `members` ·
    pool: `members`, `draw`.
    """

    key: str
    kind: ActivityKind
    title: SafeHtml
    anchor: str
    level: int
    blocks: tuple[Block, ...] = ()
    """The prompt, above the answers."""
    choices: tuple[Choice, ...] = ()
    groups: tuple[SafeHtml, ...] = ()
    cards: tuple[Card, ...] = ()
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    answers: tuple[Spelling, ...] = ()
    members: tuple[Activity, ...] = ()
    checks: tuple[SafeHtml, ...] = ()
    model: SafeHtml = NOTHING
    after: tuple[Block, ...] = ()
    """Fields and boxes below the answers (choose and justify)."""
    looking_back: SafeHtml = NOTHING
    minutes: int = 0
    points: int = 1
    part_credit: bool = False
    in_order: bool = False
    draw: int = 0
    instead_of: str | None = None
    """Full key of the activity that this one can stand in for."""
    seen_by: SeenBy = "me"
    see: See | None = None
    was: str | None = None


class Criterion(Struct, frozen=True):
    number: int
    html: SafeHtml
    levels: tuple[SafeHtml, SafeHtml, SafeHtml]
    """Not yet, Meets, Strong."""
    needs_strong: bool = False


class Rubric(Struct, frozen=True):
    """One criterion without words for a module's reflection, several for the capstone."""

    key: str
    criteria: tuple[Criterion, ...]


class Reflection(Struct, frozen=True):
    key: str
    title: SafeHtml
    anchor: str
    blocks: tuple[Block, ...]
    rubric: Rubric
    minutes: int
    words_min: int | None
    words_max: int | None
    seen_by: SeenBy = "reviewer"
    example: SafeHtml = NOTHING
    was: str | None = None


Block = (
    Prose | Heading | Box | Dialogue | Variants | ToolkitCard | PageBreak | Rule | See
    | Field | Log | Activity | Reflection | Rubric
)  # fmt: skip


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


class Citation(Struct, frozen=True):
    """A numbered note of a page: the source's first paragraph, and the place cited, if any."""

    number: int
    key: str
    html: SafeHtml
    kinds: tuple[str, ...]
    second_hand: bool = False
    places: tuple[str, ...] = ()


class Lesson(Struct, frozen=True):
    key: str
    title: SafeHtml
    title_text: str
    objective: str
    minutes: int
    """Claimed: reading and activities together; never above what was counted."""
    reading_words: int
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    content_note: SafeHtml = NOTHING
    alternative_to: str | None = None
    read_before_release: tuple[str, ...] = ()
    """Who must have read it before it is released, such as a counselor. Told to authors alone."""
    was: str | None = None


class Quiz(Struct, frozen=True):
    key: str
    title: SafeHtml
    title_text: str
    pass_percent: int
    attempts: int | None
    """None: as many as wanted."""
    minutes: int
    shuffle: bool
    blocks: tuple[Block, ...]
    """What stands above the first question."""
    questions: tuple[Activity, ...]
    reflections: tuple[Reflection, ...]
    citations: tuple[Citation, ...] = ()
    content_note: SafeHtml = NOTHING
    read_before_release: tuple[str, ...] = ()


class Toolkit(Struct, frozen=True):
    key: str
    title: SafeHtml
    title_text: str
    who: str
    minutes: int
    """0: optional, earns nothing."""
    form: Literal["worksheet", "card", "paper"]
    seen_by: SeenBy
    sittings: tuple[str, ...]
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    content_note: SafeHtml = NOTHING
    privacy_line: SafeHtml = NOTHING
    read_before_release: tuple[str, ...] = ()


class Module(Struct, frozen=True):
    key: str
    number: int
    title: SafeHtml
    title_text: str
    objective: str
    blocks: tuple[Block, ...]
    lessons: tuple[Lesson, ...]
    toolkits: tuple[Toolkit, ...]
    quiz: Quiz | None
    citations: tuple[Citation, ...] = ()


class AgendaItem(Struct, frozen=True):
    minutes: int
    title: SafeHtml
    anchor: str
    blocks: tuple[Block, ...]


class SessionGuide(Struct, frozen=True):
    key: str
    number: int
    title: SafeHtml
    title_text: str
    minutes: int
    when: str
    group: str
    bring: tuple[str, ...]
    needs: str
    make_up: str | None
    """Page key of the lesson or toolkit piece that makes up for a missed session."""
    blocks: tuple[Block, ...]
    agenda: tuple[AgendaItem, ...]
    citations: tuple[Citation, ...] = ()
    read_before_release: tuple[str, ...] = ()


class Capstone(Struct, frozen=True):
    key: str
    title: SafeHtml
    title_text: str
    minutes: int
    blocks: tuple[Block, ...]
    rubric: Rubric
    reviewers: Reviewers
    citations: tuple[Citation, ...] = ()
    content_note: SafeHtml = NOTHING
    read_before_release: tuple[str, ...] = ()


class Source(Struct, frozen=True):
    key: str
    kinds: tuple[str, ...]
    second_hand: bool
    checked_on: str
    html: SafeHtml
    notes: SafeHtml


class Insert(Struct, frozen=True):
    """A fact that changes (`local.md`). Pages carry it as `<span data-insert="KEY">…</span>`, which an
    operator's own words replace when a page is shown."""

    key: str
    checked_on: str
    html: SafeHtml


class Image(Struct, frozen=True):
    """`name` is what pages ask for (`media/NAME`, carries a digest); `data` is base64."""

    name: str
    media_type: str
    data: str


# ── The course ───────────────────────────────────────────────────────────────────────────────────

RequirementKind = Literal["lesson", "activity", "quiz", "reflection", "try-out", "capstone"]
Reviewers = Literal["facilitator", "facilitator, or self and one peer"]


class Requirement(Struct, frozen=True):
    """One thing a learner must have done, and the design minutes it earns with completion.

    A lesson's minutes hold those of its activities when activities are required too; an activity's
    own are 0 then, so that no minute is counted twice.
    """

    kind: RequirementKind
    key: str
    page_key: str
    title: str
    minutes: int
    also: tuple[str, ...] = ()
    """Full keys that satisfy it for equal credit (`instead of`, `alternative-to`)."""
    pass_percent: int | None = None
    level: Literal["meets", "strong"] | None = None
    reviewers: Reviewers = "facilitator"
    sittings: tuple[str, ...] = ()
    paper: bool = False


class Release(Struct, frozen=True):
    release_class: Literal["editorial", "minor", "substantive"]
    notes: str


class Course(Struct, frozen=True):
    key: str
    title: SafeHtml
    title_text: str
    language: str
    license: str
    audience: tuple[Role, ...]
    topic: str
    content_areas: tuple[str, ...]
    needs_assessment: str
    objectives: tuple[str, ...]
    clock_hours: int
    design_minutes: int
    """Sum of the requirements' minutes; `clock_hours` claims whole hours of it, rounded down."""
    reviewers: Reviewers
    privacy_line: SafeHtml
    every_page: tuple[str, ...]
    release: Release
    blocks: tuple[Block, ...]
    modules: tuple[Module, ...]
    capstone: Capstone | None
    sessions: tuple[SessionGuide, ...]
    requirements: tuple[Requirement, ...]
    sources: tuple[Source, ...]
    inserts: tuple[Insert, ...]
    images: tuple[Image, ...] = ()
    citations: tuple[Citation, ...] = ()
    digest: str = ""
    """SHA-256 over sorted paths and bytes of the source files and the format's version."""
