"""Rules: where a certificate stands on a status list, and the list's bits (W3C Bitstring Status List v1.0).

A place is computed, not stored: certificates of one sequence and 131,072 enrollments share a list, on which a
keyed permutation sends each enrollment to a place of its own. So no place is given twice, neighbors tell
nothing, and handing out a badge writes nothing.
"""

from __future__ import annotations

import base64
import gzip
import hmac
import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

PLACES = 131_072
"""The least that the standard allows, so that a place hides among others."""
_HALF = 512
_ROUNDS = 6
_NAME = re.compile(r"([1-9]\d{0,3})-(\d{1,9})")


class StatusList(Struct, frozen=True):
    sequence: int
    """Of the certificates on it: 1 for first ones, 2 for what replaced them."""
    block: int

    @property
    def name(self) -> str:
        return f"{self.sequence}-{self.block}"

    @property
    def enrollments(self) -> range:
        return range(self.block * PLACES, (self.block + 1) * PLACES)


def list_named(name: str) -> StatusList | None:
    found = _NAME.fullmatch(name) if name.isascii() else None
    return StatusList(int(found[1]), int(found[2])) if found else None


def standing_place(enrollment_id: int, sequence: int, secret: bytes) -> tuple[StatusList, int]:
    """The list of a certificate, and its place there."""
    block, offset = divmod(enrollment_id, PLACES)
    found = StatusList(sequence, block)
    return found, _permuted(offset, found.name, secret)


def encoded(ended: Iterable[int]) -> str:
    """The whole list, with a 1 at each of these places: compressed, base64url without padding, after its `u`.

    Place 0 is the highest bit of the first byte.
    """
    bits = bytearray(PLACES // 8)
    for place in ended:
        bits[place // 8] |= 0x80 >> place % 8
    packed = gzip.compress(bytes(bits), 9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _permuted(offset: int, name: str, secret: bytes) -> int:
    """A Feistel network over 18 bits, walked until it lands among the places: a permutation of them."""
    place = offset
    while True:
        left, right = divmod(place, _HALF)
        for turn in _turns(name, secret):
            left, right = right, left ^ turn[right]
        place = left * _HALF + right
        if place < PLACES:
            return place


@lru_cache(maxsize=8)
def _turns(name: str, secret: bytes) -> tuple[tuple[int, ...], ...]:
    """What each turn makes of each half, for one list."""
    return tuple(
        tuple(
            int.from_bytes(hmac.digest(secret, f"status {name} {turn} {half}".encode(), "sha256")[:2]) % _HALF
            for half in range(_HALF)
        )
        for turn in range(_ROUNDS)
    )
