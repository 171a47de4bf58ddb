"""Names: certificate numbers that catch slips of the pen, keys of content, ids in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.keys import (
    ALPHABET,
    PAYLOAD,
    certificate_number,
    check_sign,
    is_page_key,
    page_of,
    public_id,
    read_certificate_number,
)

payloads = st.text(alphabet=ALPHABET, min_size=PAYLOAD, max_size=PAYLOAD)


def _number(payload: str) -> str:
    signs = payload + check_sign(payload)
    return f"RIA-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def test_a_number_has_one_spelling_and_many_ways_to_type_it() -> None:
    number = certificate_number()
    bare = number.replace("-", "")
    for typed in (
        number,
        number.lower(),
        bare,
        bare[3:],
        f"  {number[:8]} {number[9:]} ",
        number.replace("-", "–"),
    ):
        assert read_certificate_number(typed) == number


@given(payloads, st.integers(0, PAYLOAD), st.sampled_from(ALPHABET))
def test_every_wrong_sign_is_noticed(payload: str, place: int, sign: str) -> None:
    number = _number(payload).replace("-", "")
    wrong = number[: 3 + place] + sign + number[4 + place :]
    assert (read_certificate_number(wrong) is None) == (wrong != number)


@given(payloads, st.integers(0, PAYLOAD - 1), st.integers(0, PAYLOAD - 1))
def test_every_two_signs_that_changed_places_are_noticed(payload: str, one: int, other: int) -> None:
    signs = list(payload)
    signs[one], signs[other] = signs[other], signs[one]
    changed = "".join(signs)
    assert (check_sign(changed) == check_sign(payload)) == (changed == payload)


@pytest.mark.parametrize("typed", ["", "RIA", "RIA-0000-0000-0000", "x" * 500, "RIA-7K3M-9QX2", "☃" * 12])
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert read_certificate_number(typed) is None


def test_no_sign_is_read_for_another() -> None:
    assert not set("0O1IL") & set(ALPHABET)
    assert len(ALPHABET) == 31


def test_ids_do_not_repeat() -> None:
    assert len({public_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("cc-1-2", True), ("cc-1-2.four-scenes", False), ("CC-1", False), ("cc--1", False), ("cc-1.", False),
        ("", False), ("-cc", False), ("cc_1", False), ("cc-1\n", False),
    ],
)  # fmt: skip
def test_page_keys_are_lower_case_words_joined_by_hyphens(key: str, page: bool) -> None:
    assert is_page_key(key) is page


def test_a_full_key_knows_its_page() -> None:
    assert [page_of("cc-1-2.four-scenes"), page_of("cc-1-2")] == ["cc-1-2", "cc-1-2"]
