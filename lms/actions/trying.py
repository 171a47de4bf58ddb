"""Tries at a door that guards an account: counted before it is known whether they succeed.

`Visitor` is where a request comes from, already made unreadable.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address

from msgspec import Struct
from sqlalchemy.orm import Session

from lms.accounts import rules, tries
from lms.accounts.rules import Reason
from lms.accounts.tokens import keyed_digest
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import RuleBroken


class Visitor(Struct, frozen=True):
    """Where a try comes from: `address` as the server sees it, `key` to make names of it."""

    address: str
    key: bytes

    def account_digest(self, door: str, name: str) -> str:
        return keyed_digest(self.key, door, name.strip().lower())

    @property
    def address_digest(self) -> str:
        return keyed_digest(self.key, "address", _network(self.address))


def _network(address: str) -> str:
    """Of an IPv6 address its first half, however it is spelled: one household or school holds the other."""
    try:
        known = ip_address(address)
    except ValueError:  # a server behind a socket names none
        return address
    if not isinstance(known, IPv6Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return known.packed[:8].hex()


def counted(visitor: Visitor, door: str, name: str, moment: datetime) -> int:
    with transaction() as session:
        return count(session, visitor, door, name, moment)


def count(session: Session, visitor: Visitor, door: str, name: str, moment: datetime) -> int:
    """The id of the try. One too many is not written down: the wait ends by itself."""
    try_id, counts = tries.begin_try(
        session,
        account=visitor.account_digest(door, name),
        address=visitor.address_digest,
        now=moment,
    )
    if rules.too_many(counts):
        raise RuleBroken(Reason.TOO_MANY_TRIES)
    return try_id


def uncount(try_id: int) -> None:
    with transaction() as session:
        tries.take_back(session, try_id)


def count_unknown_number(visitor: Visitor) -> None:
    """Somebody asked for a certificate that does not exist. Raises RuleBroken: too_many_tries."""
    moment = now()
    with transaction() as session:
        _, counts = tries.begin_try(
            session,
            account=visitor.account_digest("verify", _network(visitor.address)),
            address=visitor.account_digest("verify at", _network(visitor.address)),
            now=moment,
        )
        if counts.pair > rules.NUMBER_LIMIT:
            raise RuleBroken(Reason.TOO_MANY_TRIES)
