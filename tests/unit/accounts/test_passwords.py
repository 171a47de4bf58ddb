"""Passwords are slow to check, and as slow for an account that is not there."""

from __future__ import annotations

from lms.accounts import passwords


def test_the_hash_of_nobody_costs_what_everybodys_does_and_opens_nothing() -> None:
    assert not passwords.is_outdated(passwords._NOBODY)
    assert not passwords.matches(None, "nobody has this password")
    assert passwords.matches(passwords._NOBODY, "nobody has this password")


def test_a_hash_opens_with_its_password_alone() -> None:
    kept = passwords.hash_password("a long enough sentence")
    assert passwords.matches(kept, "a long enough sentence")
    assert not passwords.matches(kept, "another sentence")
    assert not passwords.matches("no hash at all", "a long enough sentence")
