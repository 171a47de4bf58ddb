"""Forms of the administration: shape only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from lms.accounts.queries import OrganizationRow
from lms.cohorts.queries import CohortRow
from lms.web.forms import Form

ROLE_WORDS = {
    "coordinator": "Coordinator of a district or school",
    "reviewer": "Reviewer of reflections in a district or school",
    "author": "Author of trainings, for the whole site",
    "admin": "Administrator, for the whole site",
}
TYPE_WORDS = {
    "district": "School district",
    "collaborative": "Educational collaborative",
    "department": "State department of education",
    "registered_provider": "Registered provider",
    "approved_sponsor": "Approved sponsor",
    "approved_provider": "Approved provider",
    "accredited_provider": "Accredited provider",
}
JURISDICTION_WORDS = {
    "US-MA": "Massachusetts",
    "US-NY": "New York",
    "US-PA": "Pennsylvania",
    "US-TX": "Texas",
    "US-IL": "Illinois",
    "US-NJ": "New Jersey",
    "US-CT": "Connecticut",
    "IACET": "IACET",
}
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip

_needed = InputRequired("Fill this in")
_first_day = InputRequired("Enter the first day")


def _places(rows: tuple[OrganizationRow, ...], first: str) -> dict[str, str]:
    return {"": first, **{row.public_id: row.label for row in rows}}


class OrganizationForm(Form):
    name = StringField("Name", [_needed, Length(max=120)])
    district = SelectField("Part of", choices={})
    time_zone = SelectField("Time zone of a district", choices={zone: zone for zone in ZONES})

    def offer(self, rows: tuple[OrganizationRow, ...]) -> None:
        districts = tuple(row for row in rows if row.kind == "district")
        self.district.choices = _places(districts, "Nothing: it is a district")


class MailDomainsForm(Form):
    mail_domains = StringField("Mail domains", [Length(max=1000)])

    def split(self) -> list[str]:
        return re.split(r"[\s,;]+", text) if (text := (self.mail_domains.data or "").strip(" ,;")) else []


class RoleForm(Form):
    email = StringField("Email address", [_needed, Length(max=254)])
    role = SelectField("Role", choices=ROLE_WORDS)
    organization = SelectField("Where", choices={})

    def offer(self, rows: tuple[OrganizationRow, ...]) -> None:
        self.organization.choices = _places(rows, "The whole site")


class BodyForm(Form):
    name = StringField("Name, as registered", [_needed, Length(max=200)])
    type = SelectField("Kind", choices=TYPE_WORDS)
    jurisdiction = SelectField("Awards in", choices=JURISDICTION_WORDS)
    signatory_name = StringField("Who signs", [_needed, Length(max=200)])
    signatory_title = StringField("Title of who signs", [_needed, Length(max=200)])
    registration = StringField("Registration number", [Length(max=80)])
    valid_from = DateField("Registration valid from", [Optional()])
    valid_to = DateField("Registration valid to", [Optional()])
    organization = SelectField("Signs for", choices={})
    from_on = DateField("Signs from", [_first_day])

    def offer(self, rows: tuple[OrganizationRow, ...]) -> None:
        self.organization.choices = _places(rows, "Everybody on the site")


class RegistrationForm(Form):
    jurisdiction = SelectField("State or authority", choices={})
    number = StringField(
        "Registration number", [InputRequired("Enter the registration number"), Length(max=80)]
    )
    valid_from = DateField("First day", [_first_day])
    valid_to = DateField("Last day", [Optional()])
    evidence = StringField("Where this can be checked", [Length(max=200)])

    def offer(self, known: Iterable[str]) -> None:
        """The states of the site's rule sets, an operator's own among them."""
        words = {place: JURISDICTION_WORDS.get(place, place) for place in (*JURISDICTION_WORDS, *known)}
        self.jurisdiction.choices = {place: name for place, name in words.items() if place}


class AssignmentForm(Form):
    scope = SelectField("Signs for", choices={})
    from_on = DateField("First day", [_first_day])
    to_on = DateField("Last day", [Optional()])

    def offer(self, places: Iterable[OrganizationRow], cohorts: Iterable[CohortRow]) -> None:
        groups = {
            "Everybody": [("site", "Everybody on the site")],
            "Districts and schools": [(f"organization:{row.public_id}", row.label) for row in places],
            "Cohorts": [(f"cohort:{row.public_id}", f"{row.title}, {row.course_title}") for row in cohorts],
        }
        self.scope.choices = {name: choices for name, choices in groups.items() if choices}


class EndForm(Form):
    last_on = DateField("Last day", [InputRequired("Enter the last day")])
