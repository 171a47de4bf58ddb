"""What is left for somebody on the staff, with or without a cohort."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import Permission, Target
from lms.accounts.queries import home_of, person_by_id
from lms.completion.queries import snapshot
from lms.courses.queries import load_compiled
from lms.enrollments.queries import EnrollmentRow
from lms.enrollments.queries import enrollment as find_enrollment
from lms.kernel.errors import NotFound
from lms.web.access import allowed
from lms.web.coordinate.blueprint import blueprint
from lms.web.facilitate.left import left_page
from lms.web.reading import session


def enrollment_target(enrollment: str) -> Target:
    """Where the person is confirmed now: what is in progress is for that district, and no other."""
    home = home_of(session(), _found(enrollment).user_id)
    return Target(organization_id=home.id if home else None)


def _found(public_id: str) -> EnrollmentRow:
    row = find_enrollment(session(), public_id)
    if row is None or row.state == "left":
        raise NotFound
    return row


@blueprint.get("/coordinate/enrollments/<enrollment>")
@allowed(Permission.PROGRESS_VIEW, target=enrollment_target)
def left(enrollment: str) -> ResponseReturnValue:
    row = _found(enrollment)
    person = person_by_id(session(), row.user_id)
    if person is None:
        raise NotFound
    page = left_page(
        load_compiled(session(), row.version_id),
        snapshot(session(), row.id),
        person.name,
        nav="coordinate",
        crumbs=(("Staff", url_for("coordinate.home")),),
    )
    return render_template("facilitate/left.html", page=page)
