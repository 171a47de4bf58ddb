"""Who did what to what: two hash chains for each organization, sealed by signed checkpoints.

`credit` holds postings, certificates and their events, kept as long as the ledger; `access` who looked and
who changed an account, cut at a checkpoint after three years. What may have to be erased (names, words)
stands in `audit_details`; the event holds its digest, so the chain proves without it. Organization 0 is the
site.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import JSON, ForeignKeyConstraint, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.kernel.among import among_parameter
from lms.kernel.canonical import canonical, digest, moment_text, quoted
from lms.kernel.db import AppendOnly, Record, one_of, table

Stream = Literal["credit", "access"]
STREAMS: tuple[Stream, ...] = ("credit", "access")
EVENT = ("organization_id", "stream", "sequence")
START = "0" * 64
"""What the first event of a chain takes for the hash before it."""


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
    """Of what happened: of the posting, the certificate, or the details; '' when there is nothing more."""
    hash: Mapped[str]
    """SHA-256 over the previous hash and everything before."""


class AuditDetail(Record):
    """Before, after and why; may be erased without breaking the chain."""

    __tablename__ = "audit_details"
    __table_args__ = (ForeignKeyConstraint(EVENT, [f"audit_events.{column}" for column in EVENT]),)

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str]
    """Part of the digest, so that nobody can guess from it what was erased."""
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


CHAINS = table(AuditChain)
HEADS = (
    sa.select(CHAINS)
    .where(
        among_parameter(CHAINS.c.organization_id, "organizations"),
        CHAINS.c.stream.in_(sa.bindparam("streams", expanding=True)),
    )
    .order_by(CHAINS.c.organization_id, CHAINS.c.stream)
    .with_for_update(key_share=True)
)
NEW_HEAD = (
    sa.update(CHAINS)
    .where(CHAINS.c.organization_id == sa.bindparam("organization"), CHAINS.c.stream == sa.bindparam("chain"))
    .values(last_sequence=sa.bindparam("last"), last_hash=sa.bindparam("link"))
)


# ── Adding ───────────────────────────────────────────────────────────────────────────────────────


class AuditEntry(Struct, frozen=True):
    """One thing that happened, before it has its place in a chain. `digest` or details, not both."""

    organization_id: int
    stream: Stream
    actor_id: int | None
    action: str
    subject: str
    digest: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    why: str | None = None


def record(session: Session, entry: AuditEntry, now: datetime) -> None:
    """Have this appended to its chain as the last thing before this session commits.

    Chain heads stay locked until the commit. One batch, in the order of organizations, keeps that time
    short and two transactions from waiting for each other.
    """
    session.info.setdefault("audit", []).append((entry, now))


def link_hash(
    previous: str, chain: tuple[int, str, int], at: datetime, actor_id: int | None, action: str, subject: str,
    what: str,
) -> str:  # fmt: skip
    """The link: SHA-256 over the hash before and everything this event says."""
    organization, stream, sequence = chain
    actor = "null" if actor_id is None else actor_id
    # As `canonical_list` spells it, in half of the time: the audit proves hundreds of thousands of links.
    return digest(
        f"[{quoted(previous)},{organization},{quoted(stream)},{sequence},{quoted(moment_text(at))},{actor},"
        f"{quoted(action)},{quoted(subject)},{quoted(what)}]"
    )


def detail_digest(salt: str, before: Any, after: Any, why: str | None) -> str:
    return digest(canonical([salt, before, after, why]))


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    if session.in_nested_transaction():
        return
    queued: list[tuple[AuditEntry, datetime]] = session.info.pop("audit", [])
    if not queued:
        return
    session.flush()
    queued.sort(key=lambda pair: (pair[0].organization_id, pair[0].stream))
    heads = _locked_heads(session, {(entry.organization_id, entry.stream) for entry, _ in queued})
    events: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    for entry, now in queued:
        key = (entry.organization_id, entry.stream)
        sequence, previous = heads[key][0] + 1, heads[key][1]
        what = entry.digest
        place = {"organization_id": key[0], "stream": key[1], "sequence": sequence}
        if entry.before is not None or entry.after is not None or entry.why is not None:
            salt = secrets.token_hex(16)
            what = detail_digest(salt, entry.before, entry.after, entry.why)
            details.append(
                place | {"salt": salt, "before": entry.before, "after": entry.after, "why": entry.why}
            )
        link = link_hash(previous, (*key, sequence), now, entry.actor_id, entry.action, entry.subject, what)
        events.append(
            place
            | {"at": now, "actor_id": entry.actor_id, "action": entry.action, "subject": entry.subject}
            | {"digest": what, "hash": link}
        )
        heads[key] = (sequence, link)
    connection = session.connection()
    connection.execute(sa.insert(table(AuditEvent)), events)
    if details:
        connection.execute(sa.insert(table(AuditDetail)), details)
    connection.execute(
        NEW_HEAD,
        [
            {"organization": key[0], "chain": key[1], "last": head[0], "link": head[1]}
            for key, head in sorted(heads.items())
        ],
    )


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("audit", None)


def _locked_heads(session: Session, chains: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, str]]:
    heads = _read_heads(session, chains)
    missing = chains - heads.keys()
    if missing:
        insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
        rows = [
            {"organization_id": organization, "stream": stream, "last_sequence": 0, "last_hash": START}
            for organization, stream in sorted(missing)
        ]
        session.connection().execute(insert(CHAINS).on_conflict_do_nothing(), rows)
        heads = _read_heads(session, chains)
    return heads


def _read_heads(session: Session, chains: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, str]]:
    rows = session.connection().execute(
        HEADS,
        {
            "organizations": sorted({organization for organization, _ in chains}),
            "streams": sorted({stream for _, stream in chains}),
        },
    )
    found = {(row.organization_id, row.stream): (row.last_sequence, row.last_hash) for row in rows}
    return {chain: head for chain, head in found.items() if chain in chains}
