"""Forms of accounts. Passwords are never tidied and never shown again."""

from __future__ import annotations

from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from lms.accounts.queries import OrganizationRow
from lms.accounts.rules import JOBS, STATES, US_TIME_ZONES
from lms.web.forms import Form

EMAIL = "Enter an email address in the form name@school.org"
ZONES = {
    "America/New_York": "Eastern (New York)", "America/Chicago": "Central (Chicago)",
    "America/Denver": "Mountain (Denver)", "America/Phoenix": "Arizona (Phoenix)",
    "America/Los_Angeles": "Pacific (Los Angeles)", "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)", "America/Puerto_Rico": "Puerto Rico",
    "Pacific/Guam": "Guam", "Pacific/Pago_Pago": "American Samoa",
}  # fmt: skip
JOB_WORDS = {
    "teacher": "Teacher", "paraprofessional": "Paraprofessional or aide",
    "administrator": "Administrator", "support staff": "Office, bus, cafeteria or other support staff",
}  # fmt: skip


class AddressField(StringField):
    def __init__(self, label: str = "Email address", **kwargs: Any) -> None:
        checks = [InputRequired(EMAIL), Length(max=254, message=EMAIL), Email(EMAIL, allow_empty_local=False)]
        super().__init__(label, checks, **kwargs)


class SignInForm(Form):
    email = AddressField()
    password = PasswordField("Password", [InputRequired("Enter your password")])
    next = HiddenField()


class PersonForm(Form):
    """What an account says about a person."""

    name = StringField("Name, as on your license", [InputRequired("Enter your name")])
    job = RadioField(
        "Your job", [InputRequired("Choose your job")], choices={job: JOB_WORDS[job] for job in JOBS}
    )
    time_zone = SelectField("Time zone", choices={zone: ZONES[zone] for zone in US_TIME_ZONES})

    def offer_zone(self, zone: str) -> None:
        """Keep a zone from outside the list in the list of who has it."""
        if zone not in US_TIME_ZONES:
            self.time_zone.choices = {**ZONES, zone: zone}


class WorkplaceField(SelectField):
    """Districts with their schools, in groups; '' is nowhere yet."""

    def __init__(self, label: str, nowhere: str, **kwargs: Any) -> None:
        super().__init__(label, [Optional()], choices={"": nowhere}, validate_choice=False, **kwargs)
        self._nowhere = nowhere

    def offer(self, organizations: tuple[OrganizationRow, ...]) -> None:
        groups: dict[str, dict[str, str]] = {}
        for row in organizations:
            if row.kind == "district":
                groups[row.name] = {row.public_id: f"{row.name}, no single school"}
            else:
                groups.setdefault(row.district_name, {})[row.public_id] = row.name
        self.choices = {"": self._nowhere, **groups}


class NewPasswordForm(Form):
    password = PasswordField("New password", [InputRequired("Enter a password")])


class NewAccountForm(PersonForm):
    email = AddressField()
    password = PasswordField("Password", [InputRequired("Enter a password")])
    organization = WorkplaceField("District or school (if you like)", "None of these, or not now")
    next = HiddenField()


class InvitedForm(PersonForm):
    password = PasswordField("Password", [InputRequired("Enter a password")])


class ForgotForm(Form):
    email = AddressField()


class LicenseForm(Form):
    jurisdiction = SelectField(
        "State", [InputRequired("Choose the state that gave the license")],
        choices={"": "Choose a state", **STATES},
    )  # fmt: skip
    number = StringField("License number (if you like)", [Length(max=40)])
    renews_on = DateField("Renews on (if you know)", [Optional()])


class WithdrawForm(Form):
    jurisdiction = HiddenField()
    number = HiddenField()


class WorkplaceForm(Form):
    organization = WorkplaceField("District or school", "Choose where you work")


class ChangePasswordForm(Form):
    old = PasswordField("Present password", [InputRequired("Enter your present password")])
    password = PasswordField("New password", [InputRequired("Enter a new password")])
