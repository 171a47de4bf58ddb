"""Rules: how words are kept in their rows: JSON of values, and a digest that gives nothing away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from lms.kernel.errors import RuleBroken
from lms.responses.fields import Values, storable

BODY_LIMIT = 4_000_000
"""Characters of one kept sheet or draft. A draft holds whatever a request can bring (`web.security`), its
signs escaped; what may be finished and handed in is bounded text by text."""


def written(values: Values) -> str:
    """Canonical JSON, the same text for the same values. RuleBroken('text_long') beyond the bound."""
    body = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    body = storable(body)
    if len(body) > BODY_LIMIT:
        raise RuleBroken("text_long")
    return body


def read(body: str) -> Values:
    values: Values = json.loads(body)
    return values


def unseen(values: Values, shown: Collection[str]) -> Values:
    """Of these values those under keys that a page does not show."""
    return {key: value for key, value in values.items() if key not in shown}


def text_digest(salt: bytes, body: str) -> str:
    """SHA-256 over salt and words. The salt is kept with the words and goes with them."""
    return hashlib.sha256(salt + body.encode()).hexdigest()
