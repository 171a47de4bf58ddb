"""Files made of completion records that are more than their rows. Reads any table, writes none."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.permissions import Scopes
from lms.credit.models import CreditCycle
from lms.kernel.among import among
from lms.records.columns import award_rows
from lms.records.perms import Report, asks_for_report, report
from lms.records.queries import stream_records
from lms.records.rules import RecordFilter
from lms.records.summary import SummaryRow, summarize


def perms_report(session: Session, within: Scopes, wanted: RecordFilter) -> Report:
    """Hours to report to PERMS, of the certificates in force that the filter finds."""
    rows = [row for row in award_rows(stream_records(session, within, wanted)) if asks_for_report(row)]
    people = sorted({row.record.frozen["person"]["id"] for row in rows})
    periods = select(CreditCycle.user_id, CreditCycle.starts_on).where(
        CreditCycle.number == 1, among(CreditCycle.user_id, people)
    )
    starts: dict[int, date] = dict(session.execute(periods).all())
    return report(rows, starts)


def summary(session: Session, within: Scopes, wanted: RecordFilter) -> tuple[SummaryRow, ...]:
    """Staff and hours without names, of the certificates in force that the filter finds."""
    return summarize(stream_records(session, within, wanted))
