"""The vocabularies that signed documents name, from bundled files pinned by their digest.

What a signature covers depends on them. So nothing is fetched: another address, or a file whose bytes are not
the pinned ones, is refused.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
PINNED = {
    CREDENTIALS: (
        "credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OPEN_BADGES: (
        "open-badges-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
}  # fmt: skip
FOLDER = Path(__file__).parent / "contexts"


class UnknownVocabulary(Exception):
    """A document names a vocabulary that is not bundled, or the bundled file was changed."""


def bundled(address: str, _options: Any = None) -> dict[str, Any]:
    """What PyLD asks a document loader for. Raises UnknownVocabulary."""
    if address not in PINNED:
        raise UnknownVocabulary(f"{address} is not bundled, and nothing is fetched")
    return {
        "document": _read(*PINNED[address]),
        "documentUrl": address,
        "contextUrl": None,
        "contentType": "application/ld+json",
    }


@cache
def _read(name: str, digest: str) -> Any:
    data = (FOLDER / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise UnknownVocabulary(f"{name} is not the file that was pinned")
    return json.loads(data)
