"""One person's transcript: certificates, contact time without one, learning from elsewhere; and its columns.

Topic, type of activity, dates and points: the four things of 603 CMR 44.09, section 9.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts.queries import home_of, licenses_of, person_by_id
from lms.courses.queries import load_compiled
from lms.credit.authority import states_served
from lms.credit.queries import (
    CertificateRow,
    LedgerRow,
    OutsideRow,
    certificates_of,
    cycles_of,
    ledger_of,
    outside_learning_of,
    rule_sets_on,
)
from lms.credit.ruleset import RuleSet, jurisdiction
from lms.credit.transcript import CycleRecord, Earned, Learning, heading_of, transcript
from lms.enrollments.queries import enrollments_of
from lms.kernel.tabular import Column
from lms.records.columns import STATUS_WORDS, modality, units_awarded

LIVE = "Live sessions"
Line = tuple[int | None, Learning]


def transcript_of(session: Session, user_id: int, today: date) -> tuple[CycleRecord, ...]:
    """Cycle by cycle, the running one first; nothing for a person who has learned nothing yet."""
    rules = rule_sets_on(session, today)
    certificates = [row for row in certificates_of(session, user_id) if row.state != "corrected"]
    ledger = ledger_of(session, user_id)
    paid_in = {row.enrollment_id: row.cycle for row in ledger}
    lines: list[Line] = [(paid_in.get(row.enrollment_id), _certified(row)) for row in certificates]
    certified = {
        (row.enrollment_id, line["credit_key"])
        for row in certificates
        if row.state in ("valid", "expired")
        for line in row.frozen["lines"]
    }
    rest = [row for row in ledger if (row.enrollment_id, row.credit_key) not in certified]
    lines += _contact(session, user_id, rest)
    by_key = {rule.key: rule for rule in rules}
    lines += [(None, _outside(row, by_key)) for row in outside_learning_of(session, user_id)]
    held = [jurisdiction(row.jurisdiction) for row in licenses_of(session, user_id)]
    of_job = _of_job(session, user_id, rules, held, today)
    return transcript(cycles_of(session, user_id), lines, rules, held, today, of_job)


def _of_job(
    session: Session, user_id: int, rules: Sequence[RuleSet], held: Sequence[str], today: date
) -> list[str]:
    """Keys of the rule sets for the person's job, where a license is held or the place of work is served."""
    person = person_by_id(session, user_id)
    mine = [rule for rule in rules if rule.for_a_job and person and person.job in rule.eligible_jobs]
    if not mine:
        return []
    home = home_of(session, user_id)
    scopes = [("organization", number) for number in (home.id, home.district_id) if number] if home else []
    states = states_served(session, scopes, today).union(held)
    return [rule.key for rule in mine if rule.jurisdiction in states]


def _certified(row: CertificateRow) -> Learning:
    frozen = row.frozen
    return Learning(
        source="certificate",
        title=frozen["course"]["title"],
        provider=frozen["signed_by"]["name"],
        topic=frozen["course"]["topic"],
        activity=modality(dict(frozen)),
        started_on=date.fromisoformat(frozen["started_on"]),
        ended_on=row.completed_on,
        minutes=row.minutes,
        earned=tuple(_earned(made) for made in units_awarded(dict(frozen))),
        reference=row.number,
        state=row.state,
    )


def _earned(made: Mapping[str, Any]) -> Earned:
    shares = made.get("categories", ())
    whole = next((share for share in shares if share["kind"] == "whole"), None)
    return Earned(
        rule_key=made["rule_set"]["key"],
        label=made["rule_set"]["unit"]["label"],
        hundredths=made["units_hundredths"],
        heading=whole["code"] if whole else "",
        heading_label=whole["label"] if whole else "",
        parts=tuple(
            (share["code"], share["units_hundredths"]) for share in shares if share["kind"] == "part"
        ),
    )


def _contact(session: Session, user_id: int, rows: Sequence[LedgerRow]) -> list[Line]:
    """Contact time that no certificate in force says: live sessions of a course not finished, or attended
    after the issue."""
    if not rows:
        return []
    versions = {row.id: row.version_id for row in enrollments_of(session, user_id)}
    grouped: dict[tuple[int, int], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        grouped[row.enrollment_id, row.cycle].append(row)
    return [
        (
            cycle,
            Learning(
                source="contact",
                title=load_compiled(session, versions[enrollment_id]).title_text,
                provider="",
                topic=mine[0].topic,
                activity=LIVE,
                started_on=min(row.earned_on for row in mine),
                ended_on=max(row.earned_on for row in mine),
                minutes=sum(row.minutes for row in mine),
                earned=(),
                reference="",
            ),
        )
        for (enrollment_id, cycle), mine in grouped.items()
    ]


def _outside(row: OutsideRow, rules: Mapping[str, RuleSet]) -> Learning:
    rule = rules.get(row.rule_key)
    labels = {category.code: category.label for category in rule.categories} if rule else {}
    earned = Earned(
        rule_key=row.rule_key,
        label=rule.label if rule else row.rule_key,
        hundredths=row.units_hundredths,
        heading=row.category,
        heading_label=labels.get(row.category, ""),
    )
    return Learning(
        source="outside",
        title=row.title,
        provider=row.provider,
        topic=row.topic,
        activity=row.activity,
        started_on=row.started_on,
        ended_on=row.ended_on,
        minutes=row.minutes,
        earned=(earned,) if row.rule_key else (),
        reference=row.public_id,
    )


# ── The file ─────────────────────────────────────────────────────────────────────────────────────


class TranscriptRow(Struct, frozen=True):
    """A line and one of the units it earned; None where it is contact time alone."""

    cycle: CycleRecord
    line: Learning
    earned: Earned | None


def transcript_rows(cycles: Sequence[CycleRecord]) -> Iterator[TranscriptRow]:
    for record in cycles:
        for line in record.lines:
            for earned in line.earned or (None,):
                yield TranscriptRow(record, line, earned)


def _points(row: TranscriptRow) -> Decimal | None:
    if row.earned is None or not row.line.counts:
        return None
    return Decimal(row.earned.hundredths) / 100


TRANSCRIPT_COLUMNS: tuple[Column[TranscriptRow], ...] = (
    Column("cycle_from", "Cycle from", "date", lambda r: r.cycle.cycle.starts_on if r.cycle.cycle else None),
    Column("cycle_to", "Cycle before", "date", lambda r: r.cycle.cycle.ends_on if r.cycle.cycle else None),
    Column("topic", "Topic", "text", lambda r: r.line.topic),
    Column("activity", "Type of activity", "text", lambda r: r.line.activity),
    Column("title", "Title", "text", lambda r: r.line.title),
    Column("provider", "Provider", "text", lambda r: r.line.provider),
    Column("started_on", "From", "date", lambda r: r.line.started_on),
    Column("ended_on", "To", "date", lambda r: r.line.ended_on),
    Column("minutes", "Contact minutes", "integer", lambda r: r.line.minutes),
    Column("units", "Units", "decimal", _points),
    Column("unit", "Unit", "text", lambda r: r.earned.label if r.earned else ""),
    Column("category", "Category", "text", lambda r: r.earned.heading_label if r.earned else ""),
    Column("heading", "Counted under", "text", lambda r: heading_of(r.line)),
    Column("added", "Added by the person", "flag", lambda r: r.line.source == "outside"),
    Column("certificate", "Certificate", "text",
           lambda r: r.line.reference if r.line.source == "certificate" else ""),
    Column("status", "Status", "text",
           lambda r: STATUS_WORDS[r.line.state] if r.line.source == "certificate" else ""),
)  # fmt: skip
