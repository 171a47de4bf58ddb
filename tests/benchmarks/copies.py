"""More people for a ledger: the settled ones again, under numbers of their own.

Facts, entries and awards are copied as they are; whatever holds a number is told anew and hashed anew by the
code that hashes it on the site, and the audit trail's chains grow by it as they always do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.credit.evidence import read_entries
from lms.credit.ledger import Entry, posting_digest
from lms.credit.models import Certificate, CertificateEvent, LedgerPosting
from lms.credit.trail import certificate_said, event_said, posting_said
from lms.kernel.audit import AuditEntry, AuditEvent, record
from lms.kernel.canonical import digest
from lms.kernel.db import Base, table, transaction
from lms.kernel.keys import certificate_number

FIRST = 1_000_000
"""People and enrollments are numbered from here: a number of theirs is known by its length in any text."""
STEP = 4000
"""From one copy's numbers to the next."""
NUMBER = re.compile(r"\b1\d{6}\b")

COPIED: dict[str, tuple[str, ...]] = {
    "users": ("public_id", "email", "name"),
    "licenses": ("number",),
    "affiliations": (),
    "enrollments": ("public_id",),
    "lesson_progress": (),
    "quiz_attempts": ("submit_token",),
    "submissions": (),
    "reviews": (),
    "attendance_entries": (),
    "credit_cycles": (),
    "ledger_entries": ("fact",),
    "certificate_events": (),
    "awards": (),
    "completion_snapshots": (),
}
"""Tables, and their columns of text in which the number of the row's own person or enrollment stands."""
NUMBERED = {"user_id", "enrollment_id", "author_id"}


class Copies:
    """Reads the first `STEP` numbers once; `add` makes the next copy of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shift = 0
        self.events = _all(session, AuditEvent, AuditEvent.subject.regexp_match(r":1\d{6}"))
        self.postings = _all(session, LedgerPosting, LedgerPosting.enrollment_id >= FIRST)
        self.certificates = _all(session, Certificate, Certificate.enrollment_id >= FIRST)
        self.ends = _all(session, CertificateEvent, CertificateEvent.kind != "issued")
        session.rollback()

    def add(self) -> None:
        self.shift += STEP
        with transaction(self.session) as session:
            for name, texts in COPIED.items():
                session.execute(_copy(Base.metadata.tables[name], texts), {"shift": self.shift})
            said = self._postings(session) | self._certificates(session)
            for event in self.events:
                subject = self._text(event["subject"])
                entry = AuditEntry(
                    event["organization_id"], event["stream"], event["actor_id"], event["action"], subject,
                    said.get((event["action"], subject), ""),
                )  # fmt: skip
                record(session, entry, event["at"])

    def _postings(self, session: Session) -> dict[tuple[str, str], str]:
        people = {row["user_id"] + self.shift for row in self.postings}
        entries: dict[tuple[int, int], list[Entry]] = {}
        for held in read_entries(session, people).values():
            for entry in held:
                entries.setdefault((entry.enrollment_id, entry.posting), []).append(entry)
        rows, said = [], {}
        for row in self.postings:
            enrollment, number = row["enrollment_id"] + self.shift, row["number"]
            written = posting_digest(entries.get((enrollment, number), ()))
            rows.append(
                row | {"enrollment_id": enrollment, "user_id": row["user_id"] + self.shift, "digest": written}
            )
            name = ("ledger.posted", f"ledger_postings:{enrollment}:{number}")
            said[name] = posting_said(written, row["at"], row["reason"])
        session.execute(sa.insert(table(LedgerPosting)), rows)
        return said

    def _certificates(self, session: Session) -> dict[tuple[str, str], str]:
        rows, said, digests = [], {}, {}
        for row in self.certificates:
            enrollment, sequence = row["enrollment_id"] + self.shift, row["sequence"]
            number, frozen = certificate_number(), self._text(row["frozen"])
            written = digests[enrollment, sequence] = digest(frozen)
            rows.append(
                row | {"enrollment_id": enrollment, "number": number, "frozen": frozen, "digest": written}
            )
            issued_at: datetime = row["issued_at"]
            name = ("certificate.issued", f"certificates:{enrollment}:{sequence}")
            said[name] = certificate_said(written, number, issued_at, row["through_posting"])
        session.execute(sa.insert(table(Certificate)), rows)
        for end in self.ends:
            enrollment, sequence = end["enrollment_id"] + self.shift, end["sequence"]
            name = (f"certificate.{end['kind']}", f"certificates:{enrollment}:{sequence}")
            said[name] = event_said(digests[enrollment, sequence], end["kind"], end["at"], end["reason"])
        return said

    def _text(self, text: str) -> str:
        return NUMBER.sub(lambda found: str(int(found[0]) + self.shift), text)


def _all(session: Session, model: Any, condition: Any) -> list[dict[str, Any]]:
    rows: Iterable[Any] = session.execute(sa.select(table(model)).where(condition)).mappings()
    return [dict(row) for row in rows]


def _copy(source: sa.Table, texts: tuple[str, ...]) -> sa.Insert:
    """The rows of the first numbers once more, `shift` further."""
    own = source.c.id if "id" in source.c else source.c.get("enrollment_id", source.c.get("user_id"))
    shift = sa.bindparam("shift", type_=sa.Integer())
    before, after = sa.cast(own, sa.Text), sa.cast(own + shift, sa.Text)
    told: list[Any] = []
    for column in source.c:
        if column is own or column.name in NUMBERED:
            told.append(column + shift)
        else:
            told.append(sa.func.replace(column, before, after) if column.name in texts else column)
    first = own.between(FIRST, FIRST + STEP - 1)
    return sa.insert(source).from_select(list(source.c.keys()), sa.select(*told).where(first))
