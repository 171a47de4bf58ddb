"""Where tries come from: one household or school is one place, however its addresses are spelled."""

from __future__ import annotations

import pytest

from lms.actions.trying import Visitor


def place(address: str) -> str:
    return Visitor(address, b"key").address_digest


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:0db8:0001:0002:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "", True),
    ],
)
def test_addresses_are_one_place_or_two(one: str, other: str, same: bool) -> None:
    assert (place(one) == place(other)) == same
