"""Forms of the transcript: learning from elsewhere, and the dates of a cycle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from lms.accounts.queries import LicenseRow
from lms.credit.cycles import Cycle, years_after
from lms.credit.outside import Stated
from lms.credit.ruleset import CONTACT_HOURS, RuleSet
from lms.web.forms import Form, text_of

_AMOUNT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")


class AmountField(StringField):
    """A number with at most two places; `hundredths` once it is valid, 0 when nothing was typed."""

    hundredths = 0

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        found = _AMOUNT.fullmatch(self.data)
        if found is None:
            raise ValidationError("Enter a number such as 6 or 7.5")
        self.hundredths = 100 * int(found[1]) + int((found[2] or "").ljust(2, "0"))


class OutsideForm(Form):
    title = StringField("Title", [InputRequired("Enter the title")])
    provider = StringField("Who gave it", [InputRequired("Enter who gave it")])
    topic = StringField("Topic", [InputRequired("Enter the topic")])
    activity = StringField("Type of activity", [InputRequired("Enter the type of activity")])
    started_on = DateField("First day", [InputRequired("Enter the first day")])
    ended_on = DateField("Last day", [InputRequired("Enter the last day")])
    hours = AmountField("Contact hours", [InputRequired("Enter the contact hours")])
    unit = SelectField("Counted as")
    units = AmountField("How many")

    def offer(self, rules: Sequence[RuleSet]) -> None:
        """Every unit there is, and under it the categories in which an authority counts it."""
        choices: dict[str, list[tuple[str, str]]] = {"": [("", "Contact time only")]}
        for rule in rules:
            if rule.key != CONTACT_HOURS:
                choices[rule.title] = [
                    (f"{rule.key}:", rule.label),
                    *(
                        (f"{rule.key}:{category.code}", f"{rule.label}: {category.label}")
                        for category in rule.categories
                        if category.kind == "whole"
                    ),
                ]
        self.unit.choices = choices

    def stated(self) -> Stated:
        started_on, ended_on = self.started_on.data, self.ended_on.data
        if started_on is None or ended_on is None:
            raise ValueError("the form was not checked")
        rule_key, _, category = text_of(self.unit).partition(":")
        return Stated(
            title=text_of(self.title),
            provider=text_of(self.provider),
            topic=text_of(self.topic),
            activity=text_of(self.activity),
            started_on=started_on,
            ended_on=ended_on,
            minutes=self.hours.hundredths * 60 // 100,
            rule_key=rule_key,
            units_hundredths=self.units.hundredths,
            category=category,
        )


class CycleForm(Form):
    starts_on = DateField("The cycle began on", [InputRequired("Enter the first day")])
    ends_on = DateField("It ends before", [InputRequired("Enter the day after the last")])

    def begin(self, cycles: Sequence[Cycle], licenses: Sequence[LicenseRow]) -> None:
        """With the dates there are; without a cycle, with the one that the next renewal ends."""
        renewals = [row.renews_on for row in licenses if row.renews_on is not None]
        if cycles:
            self.starts_on.data, self.ends_on.data = cycles[-1].starts_on, cycles[-1].ends_on
        elif renewals:
            self.starts_on.data, self.ends_on.data = years_after(min(renewals), -5), min(renewals)
