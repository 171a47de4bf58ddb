"""Where a learner stands: on one page, and in the whole course. One statement each, at any size."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field
from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lms.kernel.db import UTCDateTime
from lms.responses.bodies import read
from lms.responses.fields import Values
from lms.responses.models import (
    ActivityAttempt,
    Draft,
    DraftConflict,
    PaperStatement,
    QuizAttempt,
    Review,
    Submission,
    WorksheetCompletion,
)
from lms.responses.reviewing import Standing
from lms.responses.services.drafts import Place, at

# ── One page ─────────────────────────────────────────────────────────────────────────────────────


_later = aliased(Submission, name="later")


class DraftRow(Struct, frozen=True):
    revision: int
    values: Values
    saved_at: datetime
    conflicts: int
    """Texts kept beside it until the learner has chosen."""


class CheckRow(Struct, frozen=True):
    """`tries`: how often it was checked; `at`: the last time."""

    tries: int
    at: datetime


class PageStates(Struct, frozen=True):
    """`checks`: by activity or part key. `drafts`: by (key, sitting, entry)."""

    checks: dict[str, CheckRow] = field(default_factory=dict)
    drafts: dict[tuple[str, str, int], DraftRow] = field(default_factory=dict)

    def draft(self, key: str, sitting: str = "", entry: int = 0) -> DraftRow | None:
        return self.drafts.get((key, sitting, entry))

    def checked(self, key: str) -> bool:
        """Is what stands in the draft what was last checked? Else its notes are not shown any more."""
        check, draft = self.checks.get(key), self.draft(key)
        return check is not None and (draft is None or draft.saved_at <= check.at)


def _page_statement() -> Executable:
    """Built once: every page of a course asks it, and building costs more than running."""
    attempts = (
        select(
            literal("check").label("what"),
            ActivityAttempt.key.label("key"),
            cast(literal(""), Text).label("sitting"),
            func.max(ActivityAttempt.number).label("number"),
            func.max(ActivityAttempt.at, type_=UTCDateTime()).label("at"),
            cast(null(), Text).label("body"),
            cast(literal(0), Integer).label("entry"),
            cast(literal(0), Integer).label("conflicts"),
        )
        .where(ActivityAttempt.enrollment_id == bindparam("enrollment_id"), _on(ActivityAttempt.key))
        .group_by(ActivityAttempt.key)
    )
    beside = (
        select(func.count())
        .select_from(DraftConflict)
        .where(
            DraftConflict.enrollment_id == Draft.enrollment_id,
            DraftConflict.key == Draft.key,
            DraftConflict.sitting == Draft.sitting,
            DraftConflict.entry == Draft.entry,
        )
        .scalar_subquery()
    )
    drafts = select(
        literal("draft"), Draft.key, Draft.sitting, Draft.revision, Draft.saved_at, Draft.body, Draft.entry,
        beside,
    ).where(Draft.enrollment_id == bindparam("enrollment_id"), _on(Draft.key))  # fmt: skip
    return union_all(attempts, drafts)


def _on(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """`on_page` with parameters that are given at execution."""
    return or_(column == bindparam("page"), column.like(bindparam("below"), escape="/"))


def page_states(session: Session, enrollment_id: int, page_key: str) -> PageStates:
    """Checks and drafts of everything on a page, in one query."""
    checks: dict[str, CheckRow] = {}
    kept: dict[tuple[str, str, int], DraftRow] = {}
    below = page_key.replace("/", "//").replace("%", "/%").replace("_", "/_") + ".%"
    given = {"enrollment_id": enrollment_id, "page": page_key, "below": below}
    for row in session.execute(_PAGE_STATEMENT, given):
        if row.what == "check":
            checks[row.key] = CheckRow(row.number, row.at)
        else:
            where = (row.key, row.sitting, row.entry)
            kept[where] = DraftRow(row.number, read(row.body), row.at, row.conflicts)
    return PageStates(checks, kept)


_PAGE_STATEMENT = _page_statement()


class Beside(Struct, frozen=True):
    """A text kept beside a draft. `base_revision`: the draft's revision that it was written on."""

    number: int
    base_revision: int
    values: Values
    saved_at: datetime


def drafts_beside(session: Session, place: Place) -> tuple[Beside, ...]:
    rows = session.execute(
        select(DraftConflict.number, DraftConflict.base_revision, DraftConflict.body, DraftConflict.saved_at)
        .where(at(DraftConflict, place))
        .order_by(DraftConflict.number)
    )
    return tuple(Beside(number, base, read(body), saved_at) for number, base, body, saved_at in rows)


def on_page(column: InstrumentedAttribute[str], page_key: str) -> ColumnElement[bool]:
    """The page itself and everything whose full key begins with it."""
    return or_(column == page_key, column.startswith(f"{page_key}.", autoescape=True))


# ── The whole course ─────────────────────────────────────────────────────────────────────────────


class QuizState(Struct, frozen=True):
    tries: int
    best: int
    """Points of the best attempt; each was graded under its own version."""
    passed: bool


class CourseStates(Struct, frozen=True):
    """What was done in an enrollment, by key. Lessons are `completion`'s."""

    activities: frozenset[str] = frozenset()
    quizzes: dict[str, QuizState] = field(default_factory=dict)
    hand_ins: dict[str, Standing] = field(default_factory=dict)
    """Where the latest hand-in of each reflection and the capstone stands."""
    sittings: dict[str, frozenset[str]] = field(default_factory=dict)
    """Finished sittings of each worksheet."""
    papers: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    """Keys with a draft."""


def course_states(session: Session, enrollment_id: int) -> CourseStates:
    """Everything that outline and 'what is left' show, in one query."""
    nothing = cast(literal(0), Integer)
    statement: Executable = union_all(
        select(
            literal("activity").label("what"),
            ActivityAttempt.key.label("key"),
            cast(literal(""), Text).label("word"),
            func.count().label("tries"),
            nothing.label("best"),
            nothing.label("passed"),
        )
        .where(ActivityAttempt.enrollment_id == enrollment_id, ActivityAttempt.checked_all)
        .group_by(ActivityAttempt.key),
        select(
            literal("quiz"), QuizAttempt.key, literal(""), func.count(), func.max(QuizAttempt.points),
            func.max(cast(QuizAttempt.passed, Integer)),
        )
        .where(QuizAttempt.enrollment_id == enrollment_id)
        .group_by(QuizAttempt.key),
        select(
            literal("hand in"), Submission.key, func.coalesce(Review.verdict, "waiting"), Submission.number,
            nothing, nothing,
        )
        .outerjoin(
            Review,
            and_(
                Review.enrollment_id == Submission.enrollment_id, Review.key == Submission.key,
                Review.number == Submission.number,
            ),
        )
        .where(
            Submission.enrollment_id == enrollment_id,
            ~exists().where(
                _later.enrollment_id == Submission.enrollment_id, _later.key == Submission.key,
                _later.number > Submission.number,
            ),
        ),
        select(
            literal("sitting"), WorksheetCompletion.key, WorksheetCompletion.sitting, nothing, nothing,
            nothing,
        ).where(WorksheetCompletion.enrollment_id == enrollment_id),
        select(literal("paper"), PaperStatement.key, literal(""), nothing, nothing, nothing).where(
            PaperStatement.enrollment_id == enrollment_id
        ),
        select(literal("draft"), Draft.key, literal(""), nothing, nothing, nothing)
        .where(Draft.enrollment_id == enrollment_id)
        .distinct(),
    )  # fmt: skip
    by_kind: dict[str, list[tuple[str, str, int, int, int]]] = {}
    for what, *rest in session.execute(statement):
        by_kind.setdefault(what, []).append((rest[0], rest[1], rest[2], rest[3], rest[4]))
    sittings: dict[str, set[str]] = {}
    for key, sitting, *_ in by_kind.get("sitting", []):
        sittings.setdefault(key, set()).add(sitting)
    return CourseStates(
        activities=frozenset(row[0] for row in by_kind.get("activity", [])),
        quizzes={row[0]: QuizState(row[2], row[3], bool(row[4])) for row in by_kind.get("quiz", [])},
        hand_ins={row[0]: _standing(row[1]) for row in by_kind.get("hand in", [])},
        sittings={key: frozenset(found) for key, found in sittings.items()},
        papers=frozenset(row[0] for row in by_kind.get("paper", [])),
        begun=frozenset(row[0] for row in by_kind.get("draft", [])),
    )


def _standing(word: str) -> Standing:
    match word:
        case "not_yet" | "meets" | "strong" as verdict:
            return verdict
    return "waiting"
