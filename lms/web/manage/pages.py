"""What the administration's templates are handed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from lms.web.lists import Lines


class PlaceLine(Struct, frozen=True):
    name: str
    words: str
    domains_href: str
    """'' for a school: its people have the mail of its district."""


class GrantLine(Struct, frozen=True):
    name: str
    user: str
    role: str
    role_words: str
    scope: str
    scope_value: str
    href: str


Standing = Literal["running", "to come", "over"]


class BodyLine(Struct, frozen=True):
    name: str
    href: str
    type_words: str
    registration_words: str
    assignment_words: str


class TermLine(Struct, frozen=True):
    """A registration, or for whom a body signs, with the days on which it counts."""

    name: str
    detail: str
    first: date
    last: date | None
    entered_words: str
    """What was entered as the last day, where a later entry brought it forward."""
    standing: Standing
    end_href: str
    """'' when it is over."""


class BodyPage(Struct, frozen=True):
    name: str
    type_words: str
    states: str
    signatory: str
    registrations: tuple[TermLine, ...]
    assignments: tuple[TermLine, ...]
    register_href: str
    assign_href: str


class CourseLine(Struct, frozen=True):
    title: str
    number: int
    design_minutes: int
    published_at: datetime
    digest: str


class OverviewPage(Struct, frozen=True):
    organizations: tuple[PlaceLine, ...]
    grants: Lines[GrantLine]
    bodies: tuple[BodyLine, ...]
    courses: tuple[CourseLine, ...]


class FormField(Struct, frozen=True):
    name: str
    kind: str = "text"
    hint: str = ""


class FormPage(Struct, frozen=True):
    title: str
    lead: str
    href: str
    fields: tuple[FormField, ...]
    button: str
    above: tuple[tuple[str, str], ...] = ()
    """Pages between the administration and this one: words and address."""
