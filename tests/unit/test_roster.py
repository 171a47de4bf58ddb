"""A coordinator's list: every bad row says why, every good row goes ahead."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms.enrollments.list_file import UnclosedQuote, decode, read_roster
from lms.enrollments.roster import Known, Learns, check_roster
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
        ("Ann\ufffd,x@district.example,,teacher", "letters_unreadable", "name"),
        ("Ann,ann@district.example,Tidewater\ufffdMiddle,teacher", "letters_unreadable", "school"),
        ("Ann\x85,x@district.example,,teacher", "name_unprintable", "name"),
        ("Ann\x1c,x@district.example,,teacher", "name_unprintable", "name"),
        ('"Ann\nLee",x@district.example,,teacher', "name_unprintable", "name"),
        ("Ann,,,teacher", "email_empty", "email"),
        ("Ann,ann.district.example,,teacher", "email_at", "email"),
        ("Ann,ann@district,,teacher", "email_form", "email"),
        ("Ann,http://ann@district.example,,teacher", "email_form", "email"),
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


def test_a_good_row_below_a_faulty_one_with_its_address_goes_ahead() -> None:
    roster = checked("Ann,ann@d.example,,teecher\nAnn,ANN@d.example,,teacher\nAnn,ann@d.example,,teacher")
    assert [row.fault and row.fault.reason for row in roster.rows] == ["job_unknown", None, "email_twice"]
    assert roster.rows[2].fault is not None and roster.rows[2].fault.first_line == 3


def test_one_address_in_two_spellings_is_one_address() -> None:
    twice = [unicodedata.normalize(form, "jos\u00e9@d.example") for form in ("NFC", "NFD")]
    assert len(checked("".join(f"Ann,{email},,teacher\n" for email in twice)).ready) == 1


def test_an_address_copied_from_a_link_is_read() -> None:
    (row,) = checked("Rosa,MAILTO:rosa@district.example,,teacher").ready
    assert (row.row.email, row.user_id) == ("rosa@district.example", 5)


@pytest.mark.parametrize(
    ("typed", "job"),
    [
        ("Principals", "administrator"), ("Paras", "paraprofessional"), ("Aides", "paraprofessional"),
        ("Para-professional", "paraprofessional"), ("Assistant  Principal", "administrator"),
        ("Teacher\u2019s aide", "paraprofessional"), ("support-staff", "support staff"),
        ("Classroom teachers", "teacher"), ("ADMINISTRATORS", "administrator"),
    ],
)  # fmt: skip
def test_jobs_are_read_in_the_words_that_lists_use(typed: str, job: str) -> None:
    assert [row.job for row in checked(f"Ann,ann@d.example,,{typed}").ready] == [job]


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


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('name,email,school,job\n"Ann,ann@d.org,,teacher\nX,x@d.org,,teacher\n', 2),
        ('name,email,school,job\nX,x@d.org,,teacher\n\nAnn,"ann@d.org,,teacher\n', 4),
        ('name,email,school,job\n"Ann,ann@d.org,,teacher\n"X,x@d.org,,teacher\n', 2),
        ('name,email,school,job\nAnn,ann@d.org,,"\nX,x@d.org,,"\n', 2),
        ('name,email,school,job\nAnn,ann@d.org,,teacher,"\nX,x@d.org,,"\n', 2),
    ],
)
def test_an_unclosed_quotation_mark_is_told_with_the_row_where_it_begins(text: str, row: int) -> None:
    with pytest.raises(UnclosedQuote) as refused:
        read_roster(text)
    assert (refused.value.code, refused.value.row) == ("file_quotes", row)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\nname,email\nAnn,ann@d.example\n", 3),
        ("Staff of Harbor Valley\n\nname,email\nAnn,ann@d.example\n", 4),
        ("Staff, with name and email\nname;email\nAnn;ann@d.example\n", 3),
        ("sep=;\nname;email\nAnn;ann@d.example\n", 2),  # a spreadsheet takes the first line for itself
        ("Full name,E-mail\nAnn,ann@d.example\n", 2),
        ("Name *,e\u2011mail address:\nAnn,ann@d.example\n", 2),
    ],
)
def test_the_head_may_stand_below_a_title_and_say_e_mail(text: str, line: int) -> None:
    (row,) = read_roster(text)
    assert (row.line, row.name, row.email) == (line, "Ann", "ann@d.example")


@pytest.mark.parametrize(
    ("data", "names"),
    [
        # one byte of another encoding: the other names are right, that row is told
        ("name,email\nZoë,z@d.org\n".encode() + b"Jos\xe9,j@d.org\n", ["Zoë", "Jos\ufffd"]),
        (b"name,email\nJos\xe9,j@d.org\nA\x81,a@d.org\n", ["José", "A\ufffd"]),
        ("name,email\nJosé,j@d.org\nMuñoz,m@d.org\n".encode("mac-roman"), ["Jos\ufffd", "Mu\ufffdoz"]),
        ("name,email\nAnn O’Brien – Smith,a@d.org\n".encode("cp1252"), ["Ann O’Brien – Smith"]),
        ("name,email\nZoë,z@d.org\n".encode("utf-16") + b"\x00", ["Zoë"]),
    ],
)
def test_letters_that_cannot_be_read_are_told_by_row(data: bytes, names: list[str]) -> None:
    rows = read_roster(decode(data))[: len(names)]
    assert [row.name for row in rows] == names
    faults = [row.fault and row.fault.reason for row in check_roster(rows, KNOWN).rows]
    assert [fault == "letters_unreadable" for fault in faults] == ["\ufffd" in name for name in names]


CELLS = st.text(st.sampled_from('aé,;"\t\n\r @.\x85\ufffd'), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=6), min_size=1, max_size=6))
def test_every_row_that_a_spreadsheet_writes_is_in_the_report(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([["name", "email", "school", "job"], *rows])
    expected = [at for at, cells in enumerate(rows, start=2) if any(cell.strip() for cell in cells)]
    try:
        read = read_roster(written.getvalue())
    except UnclosedQuote as refused:
        assert refused.row in expected
    except RuleBroken as refused:
        assert (refused.code, expected) == ("no_rows", [])
    else:
        assert [row.line for row in read] == expected
        assert [row.row.line for row in check_roster(read, KNOWN).rows] == expected


@given(st.text(st.sampled_from('aé,"\n@.'), max_size=60))
@example('"a@a\n"a@a')
@example('a@a,"\na@a"')
def test_no_line_with_an_address_is_swallowed(body: str) -> None:
    try:
        rows = read_roster("name,email,school,job\n" + body)
    except RuleBroken:
        return
    assert len(rows) >= sum("@" in line for line in body.split("\n"))


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
