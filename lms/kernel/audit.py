"""Who did what to what: two hash chains for each organization, sealed by signed checkpoints.

`credit` holds postings, certificates and their events, kept as long as the ledger; `access` who looked and
who changed an account, cut at a checkpoint after three years. What may have to be erased (names, words)
stands in `audit_details`; the event holds its digest, so the chain proves without it. Organization 0 is the
site.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import AppendOnly, Record, one_of

STREAMS = ("credit", "access")
EVENT = ("organization_id", "stream", "sequence")


class AuditChain(Record):
    """The head of a chain: the row that writers lock."""

    __tablename__ = "audit_chains"
    __table_args__ = (one_of("stream", STREAMS),)

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(primary_key=True)
    last_sequence: Mapped[int]
    last_hash: Mapped[str]


class AuditEvent(AppendOnly):
    __tablename__ = "audit_events"
    __table_args__ = (one_of("stream", STREAMS),)

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(default=None)
    action: Mapped[str]
    subject: Mapped[str]
    """The natural key of what it happened to: `certificates:7:1`."""
    digest: Mapped[str]
    """Of what happened: of the posting, the certificate, or the details."""
    hash: Mapped[str]
    """SHA-256 over the previous hash and everything before."""


class AuditDetail(Record):
    """Before, after and why; may be erased without breaking the chain."""

    __tablename__ = "audit_details"
    __table_args__ = (ForeignKeyConstraint(EVENT, [f"audit_events.{column}" for column in EVENT]),)

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    why: Mapped[str | None] = mapped_column(default=None)


class AuditCheckpoint(AppendOnly):
    """A signature over the head of a chain at some moment."""

    __tablename__ = "audit_checkpoints"

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    signed_at: Mapped[datetime]
    key_id: Mapped[str]
    signature: Mapped[str]
