"""Files made of records: hours for PERMS with each refusal in words, and a summary that names nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lms.credit.rulebook import shipped
from lms.kernel.tabular import Table
from lms.kernel.writers import csv
from lms.records.columns import COMPLETION_COLUMNS, award_rows
from lms.records.names import last_and_first
from lms.records.perms import PERMS_COLUMNS, Report, report
from lms.records.queries import Record
from lms.records.summary import SUMMARY_COLUMNS, SummaryRow, school_year, summarize

RULES = {rules.key: dict(rules.data) for rules in shipped()}


def record(
    who: int = 1, ppid: str = "1234567", *, number: str = "RIA-1", job: str = "teacher", course: str = "cc",
    status: str = "valid", repeats: tuple[int, ...] = (), rule: str = "us-pa-act48", on: str = "2026-10-02",
    school: str = "Alder", name: str = "Rosa Delgado",
) -> Record:  # fmt: skip
    held = [{"jurisdiction": "US-PA", "number": ppid}] if ppid else []
    award: dict[str, Any] = {
        "rule_set": RULES[rule], "units_hundredths": 1225, "registration": None, "categories": [],
    }  # fmt: skip
    frozen: dict[str, Any] = {
        "person": {"id": who, "name": name, "job": job, "licenses": held},
        "enrollment": {"repeats": list(repeats)},
        "course": {"title": "=Creating", "version": 1, "digest": "d", "topic": "t"},
        "lines": [
            {"kind": "self_paced", "earned_on": "2026-09-30"}, {"kind": "live", "earned_on": "2026-09-12"},
        ],
        "mastery": [{}], "awards": [award], "started_on": "2026-09-01", "expires_on": None,
        "signed_by": {"name": "Harbor"},
    }  # fmt: skip
    moment = datetime(2026, 10, 2, tzinfo=UTC)
    return Record(
        number, frozen, 735, date.fromisoformat(on), date.fromisoformat(on), moment, status, None, "", None,
        None, course, "Creating", school, "Harbor", "", "", job, "e", 1, False,
    )  # fmt: skip


def reported(*records: Record, periods: dict[int, date] | None = None) -> Report:
    return report(award_rows(records), periods or {})


def why(*records: Record, periods: dict[int, date] | None = None) -> list[str]:
    return [each.why for each in reported(*records, periods=periods).left_out]


def test_hours_are_reported_with_the_id_the_halves_of_the_name_and_the_days_of_the_work() -> None:
    (row,) = reported(record(name="Rosa María Delgado")).rows
    assert (row.learner_id, row.last, row.first, row.code) == ("1234567", "Delgado", "Rosa María", "cc")
    assert (row.starts_on, row.ends_on) == (date(2026, 9, 12), date(2026, 10, 2))
    assert row.units == Decimal("12.25")
    text = b"".join(csv.write(Table("perms", PERMS_COLUMNS, [row]))).decode()
    assert text.splitlines()[0] == ("PPID,Last name,First name,Activity code,Activity title,Start,End,Hours")
    assert "'=Creating" in text


def test_each_of_the_four_causes_of_a_refusal_is_named_and_its_row_left_out() -> None:
    assert why(record(ppid="")) == ["No PPID is stated in the profile"]
    assert why(record(ppid="12345")) == ["The PPID 12345 is not in its usual form, seven digits"]
    assert why(record(1), record(2)) == ["The PPID 1234567 is stated by more than one person"] * 2
    twice = reported(record(number="RIA-2", on="2026-10-09"), record())
    assert [each.number for each in twice.left_out] == ["RIA-2"] and len(twice.rows) == 1
    assert why(record(repeats=(7,))) == ["This training was completed before in the same credit period"]
    early = why(record(), periods={1: date(2026, 9, 13)})
    assert early == ["It begins before the person’s first credit period, 2026-09-13"]
    assert why(record(), periods={1: date(2026, 9, 12)}) == []


def test_who_the_rule_set_excludes_is_not_reported() -> None:
    (words,) = why(record(job="paraprofessional"))
    assert words.startswith("A paraprofessional is not reported")


@pytest.mark.parametrize(
    "other", [{"rule": "us-ma-pdp"}, {"status": "revoked"}, {"status": "expired"}, {"status": "corrected"}]
)
def test_only_rule_sets_that_ask_for_it_and_certificates_in_force_are_in_the_file(other: Any) -> None:
    assert reported(record(**other)) == Report((), ())


@pytest.mark.parametrize(
    ("name", "halves"),
    [("Rosa Delgado", ("Delgado", "Rosa")), ("Cher", ("Cher", "")), ("Delgado, Rosa", ("Delgado", "Rosa")),
     ("Ana de la Cruz", ("Cruz", "Ana de la")), ("Sam Lee Jr.", ("Lee Jr.", "Sam")),
     ("Sam Lee, Jr.", ("Lee, Jr.", "Sam")), ("", ("", ""))],
)  # fmt: skip
def test_a_name_has_two_halves_and_no_word_is_lost(name: str, halves: tuple[str, str]) -> None:
    assert last_and_first(name) == halves


def test_a_summary_tells_no_group_of_fewer_than_five_and_nobody_twice() -> None:
    five = [record(who, number=f"A-{who}") for who in range(5)]
    again = record(0, number="B", course="htic")
    four = [record(who, number=f"C-{who}", job="administrator") for who in range(10, 14)]
    gone = record(20, number="D", status="revoked")
    last_year = record(21, number="E", on="2026-06-30")
    rows = summarize([*five, again, *four, gone, last_year])
    assert rows == (
        SummaryRow("Harbor", "Alder", "administrator", "2026-27", None, None),
        SummaryRow("Harbor", "Alder", "teacher", "2025-26", None, None),
        SummaryRow("Harbor", "Alder", "teacher", "2026-27", 5, 6 * 735),
    )
    lines = b"".join(csv.write(Table("summary", SUMMARY_COLUMNS, rows))).decode().splitlines()
    assert lines[1] == "Harbor,Alder,administrator,2026-27,fewer than 5,"
    assert lines[3] == "Harbor,Alder,teacher,2026-27,5,73.5"
    assert school_year(date(2026, 7, 1)) == "2026-27" and school_year(date(1999, 12, 31)) == "1999-00"


def test_the_completion_file_keeps_its_columns_where_they_were_and_has_new_ones_behind() -> None:
    keys = [column.key for column in COMPLETION_COLUMNS]
    assert keys.index("replaced_by") < keys.index("last_name")
    (row,) = award_rows([record()])
    cells = {column.key: column.cell(row) for column in COMPLETION_COLUMNS}
    assert (cells["last_name"], cells["first_name"]) == ("Delgado", "Rosa")
    assert cells["modality"] == "Blended: live sessions and online"
    assert (cells["assessment_met"], cells["ell_hours"], cells["entry_kind"]) == ("yes", None, "award")
