"""A coordinator's list: every bad row says why, every good row goes ahead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms.enrollments.roster import Known, Learns, check_roster, decode, read_roster
from lms.kernel.errors import RuleBroken

KNOWN = Known(
    schools={"Alder Street Elementary": 11, "Tidewater Middle": 12},
    own_people={
        "rosa@district.example": 5,
        "sam@district.example": 6,
        "kim@district.example": 7,
        "lee@district.example": 8,
    },
    enrolled={6: Learns(), 7: Learns(21, "Spring"), 8: Learns(22)},
)


def checked(body: str):
    return check_roster(read_roster("name,email,school,job\n" + body), KNOWN)


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (",x@district.example,,teacher", "name_empty", "name"),
        ("X" * 121 + ",x@district.example,,teacher", "name_long", "name"),
        ("Ann\u202e,x@district.example,,teacher", "name_unprintable", "name"),
        ("Ann,,,teacher", "email_empty", "email"),
        ("Ann,ann.district.example,,teacher", "email_at", "email"),
        ("Ann,ann@district,,teacher", "email_form", "email"),
        ("Ann," + "a" * 65 + "@district.example,,teacher", "email_form", "email"),
        ("Ann,ann@d.example,Tidewater MS,teacher", "school_unknown", "school"),
        ("Ann,ann@d.example,Tidewater Middle,", "job_empty", "job"),
        ("Ann,ann@d.example,Tidewater Middle,teecher", "job_unknown", "job"),
        ("Sam,SAM@district.example,,teacher", "already_enrolled", "email"),
    ],
)
def test_a_bad_row_says_which_cell_and_why(line: str, reason: str, column: str) -> None:
    (row,) = checked(line).faulty
    assert row.fault is not None
    assert (row.fault.reason, row.fault.column, row.row.line) == (reason, column, 2)


@pytest.mark.parametrize(
    ("cohort_id", "who", "reason", "other"),
    [
        (21, "rosa", None, ""),
        (21, "sam", None, ""),  # who learns alone may join
        (21, "kim", "already_member", ""),
        (22, "kim", "other_cohort", "Spring"),
        (21, "lee", "other_cohort", ""),
        (None, "kim", "already_enrolled", ""),
    ],
)
def test_nobody_is_in_two_cohorts_of_a_course(
    cohort_id: int | None, who: str, reason: str | None, other: str
) -> None:
    rows = read_roster(f"name,email,school,job\nAnn,{who}@district.example,,teacher\n")
    (row,) = check_roster(rows, replace(KNOWN, cohort_id=cohort_id)).rows
    assert (row.fault and row.fault.reason, row.fault.other if row.fault else "") == (reason, other)


def test_a_school_that_is_nearly_right_gets_a_suggestion() -> None:
    (row,) = checked("Ann,ann@d.example,Tidewater MS,teacher").faulty
    assert row.fault is not None and row.fault.suggestion == "Tidewater Middle"


def test_good_rows_go_ahead_beside_bad_ones() -> None:
    roster = checked(
        "Rosa,rosa@district.example,alder street elementary,Teachers\n"
        "\n"
        "Bad,nobody,,teacher\n"
        "New,new@elsewhere.example,,para\n"
    )
    assert [(r.row.line, r.user_id, r.school_id, r.job) for r in roster.ready] == [
        (2, 5, 11, "teacher"),
        (5, None, None, "paraprofessional"),
    ]
    assert [r.row.line for r in roster.faulty] == [4]


def test_an_address_written_twice_is_taken_once() -> None:
    roster = checked("Ann,ann@d.example,,teacher\nAnn B,ANN@d.example,,teacher")
    assert len(roster.ready) == 1
    assert roster.faulty[0].fault is not None and roster.faulty[0].fault.first_line == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_empty"),
        ("  \n", "file_empty"),
        ("name;mail\nAnn;x", "head_missing"),
        ("name,email\n,\n", "no_rows"),
        ("name,email\n" + "a,b@c.example\n" * 2_001, "too_many_rows"),
        ("name,email\n" + "x" * 500_000, "file_large"),
    ],
)
def test_a_file_that_cannot_be_a_list_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_roster(text)
    assert refused.value.code == code


def test_a_workbook_is_told_from_a_list() -> None:
    with pytest.raises(RuleBroken) as refused:
        decode(b"PK\x03\x04rest of a zip")
    assert refused.value.code == "file_binary"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_names_survive_every_spreadsheet_s_encoding(encoding: str) -> None:
    (row,) = read_roster(decode("name,email\nZoë Ávila,z@d.example\n".encode(encoding)))
    assert row.name == "Zoë Ávila"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_all_separate(delimiter: str) -> None:
    text = "name,email,school,job\r\nAnn,ann@d.example,,teacher\r\n".replace(",", delimiter)
    assert read_roster(text)[0].email == "ann@d.example"


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        rows = read_roster(text)
    except RuleBroken:
        return
    roster = check_roster(rows, KNOWN)
    assert len(roster.ready) + len(roster.faulty) == len(rows)


@given(st.binary())
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_roster(decode(data))
    except RuleBroken:
        return
