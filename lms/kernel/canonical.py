"""Rules: one spelling of a value, so that equal values have equal bytes and one digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, letters as they are."""
    return _ENCODER.encode(value)


def canonical_list(values: Iterable[Any]) -> str:
    """What `canonical` makes of a list; of one with words and whole numbers in it, in half of the time."""
    return f"[{','.join([_spelled(value) for value in values])}]"


quoted = encode_basestring
"""What `canonical` makes of a text."""


def _spelled(value: Any) -> str:
    kind = type(value)
    return quoted(value) if kind is str else str(value) if kind is int else canonical(value)


@lru_cache(maxsize=4096)
def moment_text(at: datetime) -> str:
    """A moment as digests take it: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
