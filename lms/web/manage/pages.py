"""What the administration's templates are handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.accounts.queries import OrganizationRow


@dataclass(frozen=True, slots=True)
class GrantLine:
    name: str
    user: str
    role: str
    role_words: str
    scope: str
    scope_value: str
    href: str


@dataclass(frozen=True, slots=True)
class BodyLine:
    name: str
    type_words: str
    registration_words: str
    assignment_words: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    title: str
    number: int
    design_minutes: int
    published_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    organizations: tuple[OrganizationRow, ...]
    grants: tuple[GrantLine, ...]
    bodies: tuple[BodyLine, ...]
    courses: tuple[CourseLine, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    name: str
    kind: str = "text"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    title: str
    lead: str
    href: str
    fields: tuple[FormField, ...]
    button: str
