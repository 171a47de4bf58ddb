"""Sealing audit chains with signed checkpoints, and checking that nothing in them was changed."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.kernel.append_only import lift, protect
from lms.kernel.audit import (
    EVENT,
    START,
    AuditChain,
    AuditCheckpoint,
    AuditDetail,
    AuditEvent,
    Stream,
    detail_digest,
    link_hash,
)
from lms.kernel.canonical import canonical_list, moment_text
from lms.kernel.db import table


def seal(session: Session, now: datetime, key: bytes, key_id: str) -> int:
    """Sign the head of every chain that has grown since its last checkpoint. Returns how many."""
    last = (
        sa.select(sa.func.max(AuditCheckpoint.sequence))
        .where(
            AuditCheckpoint.organization_id == AuditChain.organization_id,
            AuditCheckpoint.stream == AuditChain.stream,
        )
        .scalar_subquery()
    )
    grown = session.execute(
        sa.select(
            AuditChain.organization_id, AuditChain.stream, AuditChain.last_sequence, AuditChain.last_hash
        )
        .where(AuditChain.last_sequence > sa.func.coalesce(last, 0))
        .order_by(AuditChain.organization_id, AuditChain.stream)
        .with_for_update(key_share=True)
    ).all()
    rows = [
        {
            "organization_id": organization, "stream": stream, "sequence": sequence, "hash": link,
            "signed_at": now, "key_id": key_id,
            "signature": _signature(key, organization, stream, sequence, link, now),
        }
        for organization, stream, sequence, link in grown
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(AuditCheckpoint), rows)
    return len(rows)


def cut(session: Session, stream: Stream, before: datetime) -> int:
    """Take away what seals from before this moment vouch for, in every chain of the stream.

    Each chain then begins after its newest such seal, which stays and proves where. Returns how many events.
    """
    events, details, seals = table(AuditEvent), table(AuditDetail), table(AuditCheckpoint)

    def vouched_for(rows: sa.Table) -> sa.ColumnElement[bool]:
        end = (
            sa.select(sa.func.max(seals.c.sequence))
            .where(
                seals.c.organization_id == rows.c.organization_id,
                seals.c.stream == stream,
                seals.c.signed_at < before,
            )
            .scalar_subquery()
        )
        return sa.and_(rows.c.stream == stream, rows.c.sequence <= end)

    count = session.scalar(sa.select(sa.func.count()).select_from(events).where(vouched_for(events))) or 0
    if not count:
        return 0
    connection = session.connection()
    connection.execute(sa.delete(details).where(vouched_for(details)))
    lift(connection, events.name)
    connection.execute(sa.delete(events).where(vouched_for(events)))
    protect(connection, events.name)
    return count


def verify(session: Session, keys: Mapping[str, bytes]) -> Iterator[str]:
    """Walk every chain in constant memory and tell each fault as a sentence.

    A chain may have been cut: it then begins after a checkpoint, whose signature vouches for what went.
    `keys`: key id -> signing key; a checkpoint whose key is unknown is a fault.
    """
    checkpoints = {
        (row.organization_id, row.stream, row.sequence): row
        for row in session.scalars(sa.select(AuditCheckpoint))
    }
    for (organization, stream, sequence), row in sorted(checkpoints.items()):
        key = keys.get(row.key_id)
        if key is None:
            yield f"checkpoint {organization}/{stream}/{sequence}: signed with an unknown key"
        elif not hmac.compare_digest(
            row.signature, _signature(key, organization, stream, sequence, row.hash, row.signed_at)
        ):
            yield f"checkpoint {organization}/{stream}/{sequence}: the signature is wrong"
    heads = {
        (head.organization_id, head.stream): head for head in session.scalars(sa.select(AuditChain)).all()
    }
    for (organization, stream), events in groupby(_events(session), key=itemgetter(0, 1)):
        name = f"{organization}/{stream}"
        previous, expected = START, 1
        for place, (_, _, sequence, at, actor_id, action, subject, what, link, *details) in enumerate(events):
            cut = checkpoints.get((organization, stream, sequence - 1)) if place == 0 else None
            if cut is not None:
                previous, expected = cut.hash, sequence
            if sequence != expected:
                yield f"chain {name}: {expected} is followed by {sequence}"
            if link != link_hash(
                previous, (organization, stream, sequence), at, actor_id, action, subject, what
            ):
                yield f"chain {name}: event {sequence} was changed"
            seen = checkpoints.get((organization, stream, sequence))
            if seen is not None and seen.hash != link:
                yield f"chain {name}: event {sequence} is not the one that was sealed"
            if details[0] is not None and detail_digest(*details) != what:
                yield f"chain {name}: the details of event {sequence} were changed"
            previous, expected = link, sequence + 1
        for sealed in sorted(at for *chain, at in checkpoints if chain == [organization, stream]):
            if sealed >= expected:
                yield f"chain {name}: event {sealed} was sealed and is missing"
        head = heads.pop((organization, stream), None)
        if head is None or (head.last_sequence, head.last_hash) != (expected - 1, previous):
            yield f"chain {name}: its head is not its last event"
    for (organization, stream), head in sorted(heads.items()):
        if (organization, stream, head.last_sequence) not in checkpoints:
            yield f"chain {organization}/{stream}: its events are missing"


def _events(session: Session) -> Iterator[Any]:
    """Whatever was told, with its salt and details where they are still there, in the order of the chains."""
    events, details = table(AuditEvent).c, table(AuditDetail).c
    joined = sa.and_(*(events[column] == details[column] for column in EVENT))
    statement = (
        sa.select(
            events.organization_id, events.stream, events.sequence, events.at, events.actor_id, events.action,
            events.subject, events.digest, events.hash, details.salt, details.before, details.after,
            details.why,
        )
        .outerjoin_from(table(AuditEvent), table(AuditDetail), joined)
        .order_by(events.organization_id, events.stream, events.sequence)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    with session.connection().execute(statement) as rows:  # closed even when whoever listens stops early
        yield from rows


def _signature(
    key: bytes, organization_id: int, stream: str, sequence: int, link: str, signed_at: datetime
) -> str:
    said = canonical_list((organization_id, stream, sequence, link, moment_text(signed_at)))
    return hmac.new(key, said.encode(), "sha256").hexdigest()
