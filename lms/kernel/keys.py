"""Names of things: the authors' content keys, ids that may stand in an address, certificate numbers."""

from __future__ import annotations

import re
import secrets

PAGE_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a file declares: `cc-1-2`."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs, a prime, none of which is read for another (no 0 O 1 I L)."""
PREFIX = "RIA"
PAYLOAD = 11
"""Signs before the check sign: about 54 bits, too many to guess against a page that counts failures."""


def is_page_key(text: str) -> bool:
    return PAGE_KEY.fullmatch(text) is not None


def page_of(full_key: str) -> str:
    """The page a full key belongs to: `cc-1-2` of `cc-1-2.four-scenes`, and of itself."""
    return full_key.partition(".")[0]


def public_id() -> str:
    """A fresh id for addresses: 16 lower-case signs, not guessable, not counting anything."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16)).lower()


def certificate_number() -> str:
    """A fresh certificate number: `RIA-7K3M-9QX2-4TBE`; the last sign checks the others."""
    payload = "".join(secrets.choice(ALPHABET) for _ in range(PAYLOAD))
    return _spaced(payload + check_sign(payload))


def check_sign(payload: str) -> str:
    """The sign that detects every single wrong sign and every two that changed places.

    The weights 1 to 11 are all different and smaller than the prime 31, hence both.
    """
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(payload, start=1))
    return ALPHABET[total % len(ALPHABET)]


def read_certificate_number(typed: str) -> str | None:
    """The number in its one spelling, from what a person typed; None when no number can be meant.

    Case, spaces and hyphens do not matter, and the prefix may be left out.
    """
    signs = re.sub(r"[\s\-\u2010-\u2015]+", "", typed).upper()
    if len(signs) == len(PREFIX) + PAYLOAD + 1:
        signs = signs.removeprefix(PREFIX)
    if len(signs) != PAYLOAD + 1 or any(sign not in ALPHABET for sign in signs):
        return None
    if check_sign(signs[:-1]) != signs[-1]:
        return None
    return _spaced(signs)


def _spaced(signs: str) -> str:
    return "-".join((PREFIX, signs[:4], signs[4:8], signs[8:]))
