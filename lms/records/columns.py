"""The columns of the completion export: one row for each person and award, for every format alike.

What a coordinator needs in an audit (603 CMR 44.09: topic and type, dates, points; 8.3 of the rule sets'
field lists). No reflection, no answer, no worksheet stands behind any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from lms.credit.identifiers import StateId, state_id
from lms.kernel.tabular import Column
from lms.records.names import last_and_first
from lms.records.queries import Record

STATUS_WORDS = {
    "valid": "valid",
    "due": "valid, due for correction",
    "corrected": "replaced by a corrected one",
    "revoked": "revoked",
    "expired": "expired",
}


BLENDED, ONLINE = "Blended: live sessions and online", "Online, self-paced"


class AwardRow(Struct, frozen=True):
    """A record and one of its awards; None where it stands for contact hours alone."""

    record: Record
    award: dict[str, Any] | None

    @property
    def unit(self) -> dict[str, Any]:
        unit: dict[str, Any] = self.rule_set.get("unit", {})
        return unit

    @property
    def rule_set(self) -> dict[str, Any]:
        rule_set: dict[str, Any] = self.award["rule_set"] if self.award else {}
        return rule_set

    @property
    def halves(self) -> tuple[str, str]:
        """Last name, first name."""
        return last_and_first(self.record.frozen["person"]["name"])

    @property
    def state_id(self) -> StateId | None:
        return state_id(self.rule_set, self.record.frozen["person"])

    @property
    def registration(self) -> str | None:
        held = self.award["registration"] if self.award else None
        return held["number"] if held else None


def award_rows(records: Iterable[Record]) -> Iterator[AwardRow]:
    for record in records:
        awards = units_awarded(record.frozen)
        if not awards:
            yield AwardRow(record, None)
        for award in awards:
            yield AwardRow(record, award)


def units_awarded(frozen: dict[str, Any]) -> list[dict[str, Any]]:
    """Awards that made units of the contact time; contact hours themselves are not one."""
    return [
        award
        for award in frozen["awards"]
        if award["units_hundredths"] > 0 and award["rule_set"]["key"] != "contact-hours"
    ]


def units_in_words(frozen: dict[str, Any]) -> str:
    """'12 MA PDP, 1.2 CEU'; '' where there are contact hours only."""
    return ", ".join(
        f"{Decimal(award['units_hundredths']) / 100:f} {award['rule_set']['unit']['label']}"
        for award in units_awarded(frozen)
    )


def hours(minutes: int) -> Decimal:
    """Hours to two places, cut off and never rounded up: only a rule set makes units of minutes."""
    return Decimal(minutes * 100 // 60) / 100


def modality(frozen: dict[str, Any]) -> str:
    return BLENDED if any(line["kind"] == "live" for line in frozen["lines"]) else ONLINE


def _language_hours(award: dict[str, Any] | None) -> Decimal | None:
    """Units counted as language acquisition for English language learners; None where none are asked."""
    parts = [
        each["units_hundredths"] for each in (award["categories"] if award else ())
        if each["kind"] == "part" and each["code"].endswith("_ell")
    ]  # fmt: skip
    return Decimal(sum(parts)) / 100 if parts else None


def _category(award: dict[str, Any] | None) -> str:
    """'Pedagogy', 'Language acquisition …: 2'; '' where the awarding body named none."""
    return "; ".join(
        each["label"] if each["kind"] == "whole"
        else f"{each['label']}: {Decimal(each['units_hundredths']) / 100:f}"
        for each in (award["categories"] if award else ())
    )  # fmt: skip


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


COMPLETION_COLUMNS: tuple[Column[AwardRow], ...] = (
    Column("district", "District", "text", lambda r: r.record.district),
    Column("school", "School", "text", lambda r: r.record.school),
    Column("name", "Name", "text", lambda r: r.record.frozen["person"]["name"]),
    Column("email", "Email", "text", lambda r: r.record.email),
    Column("job", "Job", "text", lambda r: r.record.job),
    Column("course_key", "Course key", "text", lambda r: r.record.course_key),
    Column("course", "Course", "text", lambda r: r.record.frozen["course"]["title"]),
    Column("version", "Version", "integer", lambda r: r.record.frozen["course"]["version"]),
    Column("course_digest", "Course digest", "text", lambda r: r.record.frozen["course"]["digest"]),
    Column("topic", "Topic", "text", lambda r: r.record.frozen["course"]["topic"]),
    Column("cohort", "Cohort", "text", lambda r: r.record.cohort),
    Column("started_on", "Started on", "date", lambda r: _day(r.record.frozen["started_on"])),
    Column("completed_on", "Completed on", "date", lambda r: r.record.completed_on),
    Column("contact_minutes", "Contact minutes", "integer", lambda r: r.record.minutes),
    Column("contact_hours", "Contact hours", "decimal", lambda r: hours(r.record.minutes)),
    Column(
        "units", "Units", "decimal",
        lambda r: Decimal(r.award["units_hundredths"]) / 100 if r.award else None,
    ),
    Column("unit", "Unit", "text", lambda r: r.unit.get("label")),
    Column("jurisdiction", "Jurisdiction", "text", lambda r: r.rule_set.get("jurisdiction")),
    Column("rule_set", "Rule set", "text", lambda r: r.rule_set.get("key")),
    Column("rule_version", "Rule set version", "integer", lambda r: r.rule_set.get("version")),
    Column("signed_by", "Awarding body or operator", "text", lambda r: r.record.frozen["signed_by"]["name"]),
    Column("registration", "Registration", "text", lambda r: r.registration),
    Column("category", "Category", "text", lambda r: _category(r.award)),
    Column("state_id_type", "State id type", "text", lambda r: r.state_id.type if r.state_id else None),
    Column("state_id", "State id", "text", lambda r: r.state_id.value if r.state_id else None),
    Column("state_id_remark", "State id remark", "text", lambda r: r.state_id.remark if r.state_id else None),
    Column(
        "repeats", "Taken before in this credit period", "text",
        lambda r: "yes" if r.record.frozen["enrollment"]["repeats"] else "no",
    ),
    Column("certificate", "Certificate", "text", lambda r: r.record.number),
    Column("status", "Status", "text", lambda r: STATUS_WORDS[r.record.status]),
    Column("status_at", "Status since", "moment", lambda r: r.record.status_at),
    Column("status_reason", "Reason", "text", lambda r: r.record.status_reason),
    Column("expires_on", "Expires on", "date", lambda r: r.record.expires_on),
    Column("issued_at", "Issued at", "moment", lambda r: r.record.issued_at),
    Column("replaces", "Replaces", "text", lambda r: r.record.replaces),
    Column("replaced_by", "Replaced by", "text", lambda r: r.record.replaced_by),
    Column("last_name", "Last name", "text", lambda r: r.halves[0]),
    Column("first_name", "First name", "text", lambda r: r.halves[1]),
    Column("modality", "Type of activity", "text", lambda r: modality(r.record.frozen)),
    Column(
        "assessment_met", "Assessment met", "text",
        lambda r: "yes" if r.record.frozen["mastery"] else "the course has none",
    ),
    Column("ell_hours", "ELL hours", "decimal", lambda r: _language_hours(r.award)),
    Column("entry_kind", "Entry", "text", lambda r: "correction" if r.record.replaces else "award"),
)  # fmt: skip
