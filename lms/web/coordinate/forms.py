"""Forms of coordinators: shape only."""

from __future__ import annotations

from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.accounts.queries import OrganizationRow
from lms.courses.queries import VersionRow
from lms.web.forms import Form


class CohortForm(Form):
    name = StringField("Name", [InputRequired("Give the cohort a name"), Length(max=120)])
    course = SelectField("Training", choices={})
    organization = SelectField("District or school", choices={})
    facilitator = StringField(
        "Facilitator", [InputRequired("Enter the facilitator’s email address"), Length(max=254)]
    )
    starts_on = DateField("First day", [InputRequired("Choose the first day")])
    ends_on = DateField("Last day", [Optional()])
    attendance_minutes = IntegerField(
        "Attendance that is required",
        [Optional(), NumberRange(1, 6000, "Write minutes between 1 and 6,000, or leave this empty")],
    )

    def offer(self, courses: tuple[VersionRow, ...], places: tuple[OrganizationRow, ...]) -> None:
        self.course.choices = {row.course_key: row.title for row in courses}
        self.organization.choices = {row.public_id: row.label for row in places}
