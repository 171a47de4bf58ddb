"""Names, addresses, passwords, and when somebody has tried too often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.accounts import rules
from lms.accounts.rules import Reason, Tries
from lms.actions.trying import Visitor
from lms.kernel.errors import RuleBroken


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(RuleBroken, match=code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Rosa   Delgado ", "Rosa Delgado"),
        ("Zoë Żółkiewska-O’Brien", "Zoë Żółkiewska-O’Brien"),
        ("Nguye\u0302\u0303n Thi\u0323 Hoa", "Nguyễn Thị Hoa"),
        ("محمد العلي", "محمد العلي"),
        ("李 小龙", "李 小龙"),
        ("Q", "Q"),
    ],
)
def test_a_name_is_kept_in_its_own_letters(typed: str, name: str) -> None:
    assert rules.clean_name(typed) == name


@pytest.mark.parametrize("typed", ["", "  ", "\t\n"])
def test_a_name_is_needed(typed: str) -> None:
    with refused(Reason.NAME_MISSING):
        rules.clean_name(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "\u202eevil",
        "Ro\x00sa",
        "12345",
        "😀",
        "\ue000 x",
        "a\x1b[31m",
        "Jos\ufffd",
        "Jos\x85",
        "A\x1cB",
        "A\x81",
    ],
)
def test_a_name_that_cannot_be_printed_is_refused(typed: str) -> None:
    with refused(Reason.NAME_UNPRINTABLE):
        rules.clean_name(typed)


def test_a_name_fits_a_certificate() -> None:
    assert rules.clean_name("x" * 120)
    with refused(Reason.NAME_TOO_LONG):
        rules.clean_name("x" * 121)


def test_an_address_is_one_address_whatever_its_case() -> None:
    assert rules.clean_email(" R.Delgado@Harbor.Example ") == "r.delgado@harbor.example"


@pytest.mark.parametrize(
    "typed", ["", "rosa", "rosa@", "@harbor.example", "rosa@harbor", "a b@harbor.example", "a@b@c.example",
              "r@" + "x" * 260 + ".example", "rosa@.", "rosa\x00@harbor.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with refused(Reason.EMAIL_BAD):
        rules.clean_email(typed)


@pytest.mark.parametrize("typed", ["harbor.example", "@Harbor.Example", "k12.ma.us"])
def test_a_mail_domain_is_read(typed: str) -> None:
    assert rules.clean_domain(typed) == typed.lower().removeprefix("@")


@pytest.mark.parametrize("typed", ["", "example", "-a.example", "a..example", "*.example", "ex ample.org"])
def test_what_is_no_mail_domain_is_refused(typed: str) -> None:
    with refused(Reason.DOMAIN_BAD):
        rules.clean_domain(typed)


@pytest.mark.parametrize(
    "password", ["copper kettle river", "Tr0ub4dor&3x", "ä" * 3 + "bcdefgh", "correcthorse"]
)
def test_a_password_hard_enough_to_guess_is_taken(password: str) -> None:
    assert rules.check_password(password, "rosa@harbor.example", "Rosa Delgado")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", Reason.PASSWORD_SHORT),
        ("x1" * 101, Reason.PASSWORD_LONG),
        ("aaaaaaaaaaaa", Reason.PASSWORD_COMMON),
        ("1234567890", Reason.PASSWORD_COMMON),
        ("9876543210", Reason.PASSWORD_COMMON),
        ("Password123!", Reason.PASSWORD_COMMON),
        ("Teacher2026", Reason.PASSWORD_COMMON),
        ("rosa@harbor.example", Reason.PASSWORD_PERSONAL),
        ("Rosa Delgado", Reason.PASSWORD_PERSONAL),
        ("Delgado2026!", Reason.PASSWORD_PERSONAL),
    ],
)
def test_a_password_easy_to_guess_is_refused_and_the_reason_said(password: str, reason: Reason) -> None:
    with refused(reason):
        rules.check_password(password, "rosa@harbor.example", "Rosa Delgado")


def test_two_keyboards_write_one_password() -> None:
    assert rules.check_password("cafe\u0301 sunrise 7") == rules.check_password("caf\u00e9 sunrise 7")


def test_a_class_that_mistypes_is_let_in_and_a_guesser_is_not() -> None:
    assert not rules.too_many(Tries(pair=1, account=1, address=250))
    assert not rules.too_many(Tries(pair=8, account=8, address=8))
    assert rules.too_many(Tries(pair=9, account=9, address=9))
    assert rules.too_many(Tries(pair=1, account=51, address=1))
    assert rules.too_many(Tries(pair=1, account=1, address=301))


def test_a_link_lives_until_it_is_used_or_old() -> None:
    moment = datetime(2026, 3, 10, tzinfo=UTC)
    later = moment + timedelta(hours=1)
    assert rules.link_is_live(None, later, moment)
    assert not rules.link_is_live(moment, later, moment)
    assert not rules.link_is_live(None, later, later)


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/Berlin", "UTC"])
def test_a_time_zone_of_the_database_is_taken(zone: str) -> None:
    assert rules.check_time_zone(zone) == zone


@pytest.mark.parametrize("zone", ["", "../../etc/passwd", "America", "Mars/Base", "/etc/passwd", "a\x00b"])
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    with refused(Reason.TIME_ZONE_UNKNOWN):
        rules.check_time_zone(zone)


def test_a_license_names_a_state() -> None:
    assert rules.clean_license("ma", "  123  456 ") == ("MA", "123 456")
    with refused(Reason.STATE_UNKNOWN):
        rules.clean_license("XX", "1")
    with refused(Reason.LICENSE_BAD):
        rules.clean_license("MA", "1" * 41)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::5", "2001:db8::6", True),  # `::` stands for the zeros between
        ("2001:db8:0:7:1:2:3:4", "2001:db8:0:7::9", True),
        ("2001:db8::5", "2001:db8:0:1::5", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "", True),
    ],
)
def test_a_household_behind_ipv6_counts_as_one_address_however_it_is_spelled(
    one: str, other: str, same: bool
) -> None:
    names = {Visitor(address, b"key").address_digest for address in (one, other)}
    assert (len(names) == 1) is same
