"""What the administration's templates are handed."""

from __future__ import annotations

from datetime import datetime

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


class BodyLine(Struct, frozen=True):
    name: str
    type_words: str
    registration_words: str
    assignment_words: str


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
