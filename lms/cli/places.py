"""Districts and schools by the names people call them, and courses by their keys."""

from __future__ import annotations

import click

from lms.accounts.queries import OrganizationRow, organizations
from lms.courses.models import Course
from lms.kernel.db import db


def organization_named(name: str) -> OrganizationRow:
    """The district or school of this name; a school may be called 'School, District'."""
    wanted = name.casefold()
    found = [
        place
        for place in organizations(db.session())
        if wanted in (place.name.casefold(), place.label.casefold())
    ]
    if not found:
        raise click.ClickException(f"There is no district or school named {name}.")
    if len(found) > 1:
        labels = "; ".join(place.label for place in found)
        raise click.ClickException(f"There are several named {name}: {labels}. Name one in full.")
    return found[0]


def course_keyed(key: str) -> str:
    """`key`, if the site has that course: a slip must not look like a course that nobody completed."""
    if key and db.session().get(Course, key) is None:
        raise click.ClickException(f"There is no course {key}. `lms courses list` shows them.")
    return key
