"""Forms of facilitators: shape only."""

from __future__ import annotations

from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange

from lms.content.nodes import Course
from lms.web.forms import Form


class SessionForm(Form):
    """When and where a live session is, on the clock of its cohort."""

    day = DateField("Day", [InputRequired("Choose a day")])
    time = TimeField("Begins at", [InputRequired("Choose a time")])
    minutes = IntegerField(
        "Minutes",
        [InputRequired("Write the minutes"), NumberRange(1, 720, "Write minutes between 1 and 720")],
    )
    break_minutes = IntegerField(
        "Minutes of breaks",
        [
            InputRequired("Write 0 when there is no break"),
            NumberRange(0, 360, "Write minutes between 0 and 360"),
        ],
        default=0,
    )
    place = StringField("Place", [Length(max=120)], default="online")


class NewSessionForm(SessionForm):
    session_key = SelectField("Session", choices={})

    def offer(self, course: Course, taken: frozenset[str]) -> None:
        """The session guides that have no date yet; the first one fills in its minutes."""
        free = [guide for guide in course.sessions if guide.key not in taken]
        self.session_key.choices = {guide.key: f"{guide.title_text} ({guide.minutes} min)" for guide in free}
        if free and self.minutes.data is None:
            self.minutes.data = free[0].minutes
