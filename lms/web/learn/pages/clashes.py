"""A draft that was changed in two places: both texts, side by side, until the writer chooses."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Clash(Struct, frozen=True):
    """`mine`: what is in the page now. `other`: what a page that did not know of it sent. Lines to read."""

    key: str
    sitting: str
    entry: int
    number: int
    title: str
    saved_at: datetime
    other_at: datetime
    mine: tuple[str, ...]
    other: tuple[str, ...]
