"""The keys that sign badges: `keys/badges.json` in the instance folder, mode 0600, made when first needed.

It holds the private keys in use, the public halves of all before them (what those signed stays valid), and
one secret that never changes, from which people's pseudonyms and places on status lists are made. It is
never in the database.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from lms.credit.badges.proofs import ED25519_PUBLIC, multibase
from lms.credit.badges.tokens import public_jwk
from lms.kernel.errors import LmsError
from lms.kernel.private_files import is_private, replace, write_once

FILE = "badges.json"
FORMAT = 1
RSA_BITS = 2048


class BadKeyFile(LmsError):
    """The file of keys cannot be used. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """One pair of public keys: `multibase` checks proofs, `jwk` checks tokens."""

    multibase: str
    jwk: dict[str, str]


@dataclass(frozen=True, slots=True)
class KeyRing:
    since: datetime
    """When the keys in use were made."""
    seed: bytes = field(repr=False)
    """Ed25519."""
    rsa: str = field(repr=False)
    """PEM."""
    secret: bytes = field(repr=False)
    """Never changes."""
    public: tuple[PublicKeys, ...]
    """Of the keys in use first, then of those before them."""


def key_ring(folder: Path, now: datetime) -> KeyRing:
    """The keys in `folder`, made now if there are none. Raises BadKeyFile."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(path, _written(secrets.token_bytes(32), [_new_keys(now)]))
    if not is_private(path):
        raise BadKeyFile(f"{path} can be read by others. Make it private: chmod 600 {path}")
    found = path.stat()
    return _read(path, (found.st_ino, found.st_mtime_ns))


def rotate(folder: Path, now: datetime, *, drop_old: bool = False) -> KeyRing:
    """Sign with new keys from now on. The private halves of the old ones are gone after this; their public
    halves stay, so that what they signed stays valid, unless `drop_old`."""
    key_ring(folder, now)
    path = folder / FILE
    held = json.loads(path.read_bytes())
    old = [] if drop_old else [_public(entry) for entry in held["keys"]]
    replace(path, _written(bytes.fromhex(held["secret"]), [_new_keys(now), *old]))
    return key_ring(folder, now)


@lru_cache(maxsize=8)
def _read(path: Path, _state: tuple[int, int]) -> KeyRing:
    """Read again when the file is another one: a rotation reaches every worker at once."""
    try:
        held = json.loads(path.read_bytes())
        current = held["keys"][0]
        return KeyRing(
            since=datetime.fromisoformat(current["since"]),
            seed=bytes.fromhex(current["ed25519"]),
            rsa=current["rsa"],
            secret=bytes.fromhex(held["secret"]),
            public=tuple(PublicKeys(entry["multibase"], entry["jwk"]) for entry in held["keys"]),
        )
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise BadKeyFile(f"{path} is not a file of keys. Restore it from a backup.") from error


def _written(secret: bytes, keys: list[dict[str, Any]]) -> bytes:
    held = {"format": FORMAT, "secret": secret.hex(), "keys": keys}
    return (json.dumps(held, indent=2) + "\n").encode()


def _public(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("since", "multibase", "jwk")}


def _new_keys(now: datetime) -> dict[str, Any]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    proving = Ed25519PrivateKey.generate()
    tokens = generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    numbers = tokens.public_key().public_numbers()
    return {
        "since": now.isoformat(),
        "multibase": multibase(ED25519_PUBLIC + proving.public_key().public_bytes_raw()),
        "jwk": public_jwk(numbers.n, numbers.e),
        "ed25519": proving.private_bytes_raw().hex(),
        "rsa": tokens.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    }
