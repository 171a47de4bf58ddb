"""Writers of tables: each a stream of bytes in constant memory.

A response with rows begins before the last row is read, so whoever streams keeps the database session open
until the writer is exhausted.
"""

from __future__ import annotations

from datetime import UTC, datetime

CHUNK = 500
"""Rows that are written at once: enough to be fast, few enough to send the first byte soon."""


def iso_moment(moment: datetime) -> str:
    """UTC to the second: 2026-11-22T18:04:05Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
