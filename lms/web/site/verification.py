"""The answer to 'is this certificate real?': one line first, then the facts, then what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.credit.queries import VerificationRow
from lms.web.words import day, minutes

SIGNS = "After “RIA”, numbers never use the letters O, I and L, or the digits 0 and 1."


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class VerifyPage:
    outcome: str
    """ask, valid, ended (corrected, expired, revoked), unknown or mistyped."""
    status: int
    title: str
    typed: str = ""
    verdict: str = ""
    tip: str = ""
    newer: str = ""
    facts: tuple[Fact, ...] = ()
    checked_at: datetime | None = None


def ask() -> VerifyPage:
    return VerifyPage("ask", 200, "Check a certificate")


def mistyped(typed: str) -> VerifyPage:
    """The number cannot be right, whoever it would belong to: its last sign checks the others."""
    verdict = (
        "This cannot be a certificate number: its signs do not fit together. Most likely one of them was "
        "mistyped, left out, or changed places with another."
    )
    return VerifyPage("mistyped", 404, "This number has a typing mistake", typed, verdict, SIGNS)


def unknown(number: str) -> VerifyPage:
    verdict = f"The number {number} is well formed, but no certificate of ours has it."
    return VerifyPage("unknown", 404, "We cannot find this certificate", number, verdict, SIGNS)


def found(row: VerificationRow, moment: datetime) -> VerifyPage:
    raise NotImplementedError
