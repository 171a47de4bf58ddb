"""What one person has put into a page: the ground on which its blocks are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from lms.content.nodes import NOTHING, Role, SafeHtml
from lms.responses.fields import Json
from lms.responses.grading import Graded
from lms.web.learn.pages.course_map import CourseMap

ROLE_OF_JOB: dict[str, Role] = {
    "teacher": "teachers",
    "paraprofessional": "paraprofessionals",
    "administrator": "administrators",
    "support staff": "support staff",
}


class Carried(Struct, frozen=True):
    """An answer brought over from elsewhere: lines as they read, and the page it stands on."""

    lines: tuple[str, ...]
    page_key: str
    page_title: str


class Filling(Struct, frozen=True):
    """`values`, `graded`, `problems`, `totals`: by full key; a problem in a row by `KEY:ROW`.

    `done`: keys of activities and parts that were checked. `earlier`: answers of the sitting before.
    `rows`: how many rows a table of the learner's own shows at least. `paths`: the way taken through a
    branching. `blank`: for printing, with ruled space and nothing filled in.
    """

    where: CourseMap
    role: Role = "teachers"
    values: Mapping[str, Json] = field(default_factory=dict)
    revisions: Mapping[str, int] = field(default_factory=dict)
    graded: Mapping[str, Graded] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    focus: str | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    carried: Mapping[str, Carried] = field(default_factory=dict)
    earlier: Mapping[str, Json] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    paths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    privacy_line: SafeHtml = NOTHING
    """Stands beside every long answer; nothing where the head of the page says it for all of them."""
    blank: bool = False
    logs: Mapping[str, Any] = field(default_factory=dict)
    """Views of the logs of a worksheet, by full key."""
