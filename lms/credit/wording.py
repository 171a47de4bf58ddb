"""Rules: words about a certificate that its page and its badge share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def required_words(frozen: Mapping[str, Any]) -> str:
    """One line about the course, not about the person: what it took."""
    kinds = {line["kind"] for line in frozen["lines"]}
    pieces = {piece["kind"] for piece in frozen["mastery"]}
    parts = ["with every lesson and activity done"]
    if "quiz" in pieces:
        parts.append("each quiz passed")
    if "reflection" in pieces or "capstone" in pieces:
        parts.append("reflections on one’s own work read and accepted")
    if "live" in kinds:
        parts.append("live sessions with colleagues")
    return ", ".join(parts[:-1]) + (f" and {parts[-1]}" if len(parts) > 1 else parts[-1])
