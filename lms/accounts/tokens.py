"""Tokens of one-use links and invitations: the link holds the token, the table its SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: bytes, *parts: str) -> str:
    """A name for something that only this instance can compute, so that the table alone reveals nothing."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
