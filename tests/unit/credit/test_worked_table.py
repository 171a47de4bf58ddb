"""One 12-hour blended course, eight authorities: four sessions of 90 minutes, five modules of 60, a product of 60.

Each case is a row of the worked table of the credit rules (8.7); units are hundredths.
"""

from __future__ import annotations

from datetime import date

import pytest

from lms.credit.awarding import Counted, award
from lms.credit.categories import Choice
from lms.credit.certifying import applicable
from lms.credit.ruleset import CONTACT_HOURS
from tests.unit.credit.test_awarding import DAY, MASTERY, RULES, TYPES, Holder, body, made

ALL_DONE = {
    CONTACT_HOURS: 1200, "us-ma-pdp": 1200, "us-ny-ctle": 1200, "us-pa-act48": 1200, "us-tx-cpe": 1200,
    "us-il": 1200, "us-nj": 1200, "us-ct": 1200, "iacet-ceu": 120,
}  # fmt: skip


def course(live: int) -> list[Counted]:
    """So many minutes in live sessions; modules and product done."""
    return [Counted("live", live, DAY), Counted("self_paced", 300, DAY), Counted("product", 60, DAY)]


def units(live: int, **changes: object) -> dict[str, int]:
    keys = [key for key in RULES if key != "us-pa-para"]
    return {key: made(key, counted=course(live), **changes).units_hundredths for key in keys}  # type: ignore[arg-type]


def test_720_minutes_all_done() -> None:
    assert units(360) == ALL_DONE


def test_680_minutes_a_break_of_ten_minutes_in_each_session_not_counted() -> None:
    assert units(320) == dict.fromkeys(ALL_DONE, 1125) | {"us-ma-pdp": 1100, "iacet-ceu": 110}


def test_630_minutes_one_session_missed_and_not_made_up() -> None:
    assert units(270) == dict.fromkeys(ALL_DONE, 1050) | {"iacet-ceu": 110}


def test_590_minutes_left_forty_minutes_early_as_well() -> None:
    assert units(230) == dict.fromkeys(ALL_DONE, 975) | {"us-ma-pdp": 0, "iacet-ceu": 100}
    (gate,) = [g for g in made("us-ma-pdp", counted=course(230)).gates if g.gate == "topic_minutes"]
    assert gate.detail == (
        "590 minutes on this topic, at least 600 needed."
        " Other completed work on this topic counts too where it was assessed, in the same credit period."
    )


def test_540_minutes_two_sessions_missed() -> None:
    assert units(180) == dict.fromkeys(ALL_DONE, 900) | {"us-ma-pdp": 0, "iacet-ceu": 90}


def test_720_minutes_and_a_product_that_was_not_accepted() -> None:
    unmet = (MASTERY[0], MASTERY[1]._replace(met=False, reviews=()))
    assert units(360, mastery=unmet) == ALL_DONE | {"us-ma-pdp": 0, "iacet-ceu": 0}


def test_two_of_new_yorks_twelve_hours_are_language_acquisition() -> None:
    rules = RULES["us-ny-ctle"]
    said = [Choice(1, rules.key, "care", "ny_ell", date(2026, 1, 1), 120)]
    by = body(TYPES[rules.key] or "", rules.jurisdiction)
    found = award(rules, course(360), (), by, Holder("teacher", {"US-NY": "1"}), DAY, MASTERY, said)
    assert [(share.code, hundredths) for share, hundredths in found.categories] == [("ny_ell", 200)]
    assert found.units_hundredths == 1200  # a part of the hours, never more of them
    assert found.explanation[-1] == (
        "Of these 2 NY CTLE hours in Language acquisition for English language learners (120 min)."
    )


def test_massachusetts_points_go_to_one_category_and_do_not_fill_fifteen() -> None:
    rules = RULES["us-ma-pdp"]
    said = [
        Choice(1, rules.key, "care", "ma_pedagogy", date(2026, 1, 1), None),
        Choice(1, rules.key, "care", "ma_sped_diverse", date(2026, 2, 1), None),
    ]
    holder = Holder("teacher", {"US-MA": "1"})
    found = award(rules, course(360), (), body(), holder, DAY, MASTERY, said)
    assert [(share.code, hundredths) for share, hundredths in found.categories] == [("ma_sped_diverse", 1200)]
    least = {each["code"]: each["cycle_min"] for each in rules.data["categories"]}
    assert found.units_hundredths < least["ma_sped_diverse"] * 100
    assert found.explanation[-1] == (
        "Category: Students with disabilities and diverse learning styles, 12 MA PDP."
    )


def test_twelve_of_new_jerseys_twenty_and_of_connecticuts_eighteen_yearly_hours() -> None:
    assert (RULES["us-nj"].data["cycle"]["total"], RULES["us-nj"].data["cycle"]["years"]) == (20, 1)
    assert (RULES["us-ct"].data["cycle"]["total"], RULES["us-ct"].data["cycle"]["years"]) == (18, 1)
    assert RULES["us-ct"].data["confidence"]["cycle"] == "local_policy"


def test_california_has_no_rule_set_and_so_contact_hours_alone() -> None:
    found = applicable(tuple(RULES.values()), body(place="US-CA"), {"US-CA": "1"}, "teacher", DAY)
    assert [rules.key for rules in found] == [CONTACT_HOURS]


@pytest.mark.parametrize(
    ("job", "keys"),
    [("paraprofessional", [CONTACT_HOURS, "us-pa-para"]), ("teacher", [CONTACT_HOURS])],
)
def test_a_pennsylvania_paraprofessional_gets_twelve_of_twenty_local_hours(job: str, keys: list[str]) -> None:
    found = applicable(tuple(RULES.values()), body(place="US-PA"), {}, job, DAY)
    assert [rules.key for rules in found] == keys
    para = RULES["us-pa-para"]
    assert (para.data["cycle"]["total"], "report" in para.data) == (20, False)
    twelve = award(para, course(360), (), body(place="US-PA"), Holder("paraprofessional", {}), DAY, MASTERY)
    assert twelve.units_hundredths == 1200


def test_a_massachusetts_paraprofessional_without_license_gets_hours_and_no_line_of_points() -> None:
    found = applicable(tuple(RULES.values()), body(), {}, "paraprofessional", DAY)
    assert [rules.key for rules in found] == [CONTACT_HOURS]
