"""The shape of input. What it means is the rules' business; the words for what they refuse stand here.

CSRF is checked for the whole application before any view runs (`kept_posts`), so forms carry none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field, StringField

from lms.accounts.rules import PASSWORD_MIN, Reason
from lms.kernel.errors import RuleBroken

WORDS: dict[str, str] = {
    Reason.NAME_MISSING: "Enter your name",
    Reason.NAME_TOO_LONG: "Shorten the name to 120 characters",
    Reason.NAME_UNPRINTABLE: "Use letters for the name; it has a sign in it that cannot be printed",
    Reason.EMAIL_BAD: "Enter an email address in the form name@school.org",
    Reason.EMAIL_TAKEN: "There is an account with this address already. Sign in, or choose a new password",
    Reason.PASSWORD_SHORT: f"Use {PASSWORD_MIN} characters or more for the password",
    Reason.PASSWORD_LONG: "Use 200 characters or fewer for the password",
    Reason.PASSWORD_COMMON: "Choose a password that is harder to guess, such as four unrelated words",
    Reason.PASSWORD_PERSONAL: "Choose a password that is not your name or your email address",
    Reason.PASSWORD_WRONG: "The email address or the password is not right",
    Reason.JOB_UNKNOWN: "Choose your job",
    Reason.TIME_ZONE_UNKNOWN: "Choose a time zone from the list",
    Reason.STATE_UNKNOWN: "Choose the state that gave the license",
    Reason.LICENSE_BAD: "Enter the license number in 40 characters or fewer",
    Reason.ORGANIZATION_UNKNOWN: "Choose your district or school from the list",
    Reason.PLACE_TAKEN: "There is a place of this name already",
    Reason.LINK_DEAD: "This link has been used, or it is too old",
    Reason.INVITATION_DEAD: "This invitation has been used, withdrawn, or is too old",
    Reason.INVITATION_OTHER_ADDRESS: "This invitation is for another email address",
    Reason.DOMAIN_BAD: "Write each domain like harborvalley.org, with a space between two",
    Reason.DOMAIN_TAKEN: "One of these belongs to another district here",
    Reason.DOMAIN_PUBLIC: "Anybody may have an address there. Name only domains of the district itself",
    "person_unknown": "There is no account with this address. Ask the person to create one first",
    "organization_needed": "Choose a district or school: this role stands in one",
    "own_admin": "Another administrator has to take this role from you",
    "assigned_already": "A body begins to sign here on this day. End that first, or choose a later day",
    "registered_already": "A registration begins there on this day. End it first, or choose another day",
    "body_named": "There is a body of this name. Add registrations, and whom it signs for, on its page",
    "number_missing": "Enter the registration number",
    "scope_unknown": "Choose from the list for whom the body signs",
    "end_early": "Choose a day from the first on, or the one before it if it was entered by mistake",
    "end_late": "It ends on this day or before it already. Choose an earlier day",
    "session_dated": "This session has a date already",
    "attendance_recorded": "Attendance is recorded by now, so day, time, minutes and place stay as they are",
    "cohort_closed": "This cohort is closed",
    "other_cohort": "You learn with another cohort of this training. Ask its facilitator to take you out of "
    "it, then open this link again: it still works, and what you have done stays yours",
    "title_missing": "Give the cohort a name",
    "title_long": "Shorten the name",
    "breaks_long": "The breaks take as long as the session",
    "day_far": "Look at the year of this day again",
    "dates_crossed": "The last day lies before the first",
    "text_missing": "Fill this in",
    "text_long": "Shorten this to 200 characters",
    "day_ahead": "The last day lies ahead. Add it when it is over",
    "minutes_bad": "Enter the contact hours, up to 1,000",
    "unit_unknown": "Choose a unit from the list",
    "units_bad": "Enter up to 1,000 points",
    "units_missing": "Choose what it is counted as, and how many; or neither",
    "category_unknown": "Choose a unit from the list",
    "cycle_over": "This cycle is over. The next one begins with what you earn next",
    "cycle_start_fixed": "A later cycle begins where the one before it ended",
    "cycle_start_late": "The cycle has to begin before the first day you earned something",
    "cycle_end_past": "The cycle has to end on a day to come",
    "cycle_length": "A cycle runs from one year to six",
    "name_empty": "Fill this in",
    "name_long": "Shorten this to 200 characters",
    Reason.TOO_MANY_TRIES: "There were too many tries. Wait 15 minutes, then try again",
}
"""What a person reads for each reason, as an instruction where there is something to do."""


class Form(FlaskForm):
    class Meta:
        csrf = False

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Field:
            """Text comes without spaces around it, and without characters that no database keeps."""
            if issubclass(unbound.field_class, StringField) and "password" not in options["name"]:
                unbound.kwargs.setdefault("filters", (_tidy,))
            bound: Field = unbound.bind(form=form, **options)
            return bound

    def is_sent(self) -> bool:
        """Whether the request sent this form, and its shape is right."""
        return request.method == "POST" and bool(self.validate())

    def explain(self, broken: RuleBroken, fallback: str | None = None) -> None:
        """Put the words for `broken` at its field, or at `fallback`, or above the form."""
        text = WORDS.get(broken.code, "This cannot be done as things stand now")
        name = broken.field if broken.field in self._fields else fallback
        if name is None:
            self.form_errors.append(text)
        else:
            self._fields[name].errors = [*self._fields[name].errors, text]


def answer_form(
    form: Form,
    do: Callable[[], object],
    *,
    template: str,
    done: str,
    back: str,
    at: str | None = None,
    back_to: Mapping[str, Any] = MappingProxyType({}),
    **shown: object,
) -> ResponseReturnValue:
    """The form's page; once it is sent and understood, `do`, then the page `back` with the words `done`.

    A refusal stands at the field it names, else at the field `at`.
    """
    if form.is_sent():
        try:
            do()
        except RuleBroken as broken:
            form.explain(broken, at)
        else:
            flash(done)
            return redirect(url_for(back, **back_to), 303)
    return render_template(template, form=form, **shown), 422 if form.errors else 200


def text_of(field: Field) -> str:
    """What was typed, '' where the form came without the field."""
    return field.data if isinstance(field.data, str) else ""


def _tidy(value: str | None) -> str | None:
    return value.replace("\0", "").strip() if isinstance(value, str) else value
