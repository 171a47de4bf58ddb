"""Hashing: argon2id with the parameters of OWASP's cheapest equal choice (19 MiB, two passes, one lane).

One check costs about 15 ms of one core and 19 MiB while it runs, so a burst of sign-ins on a Monday
morning neither starves nor swells a small server. A hash made with other parameters is renewed when its
owner signs in.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$q7iEQdlqN76MQNl5J2Ar+A$L0tAawRnhiwQZzHjBTBOiMoiN1ueu2RCLuJRwIEQpxM"
"""Checked in place of an account that is not there: a hash of the same parameters, which opens nothing."""


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Takes as long for an account that does not exist (None) as for one that does."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)
