"""Worksheets: entries of a log, 'Finish', sittings, paper; words that may change and go."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from lms.content.nodes import Toolkit
from lms.enrollments.models import Enrollment
from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.bodies import read
from lms.responses.models import (
    Draft,
    DraftConflict,
    PaperStatement,
    WorksheetCompletion,
    WorksheetEntry,
    WorksheetText,
)
from lms.responses.queries.sheets import carried, sheet_state
from lms.responses.queries.states import course_states
from lms.responses.services.drafts import Place, Stale, choose, save_draft
from lms.responses.services.sheets import finish_sheet, record_entry, state_paper_done
from lms.responses.services.texts import erase_entry
from lms.responses.worksheets import homes, starting_values
from tests.db.facts.world import LOG, NOW, PAPER, TWICE, World, course, later
from tests.unit.responses import build

TODAY = date(2026, 3, 2)


@pytest.fixture
def one(world: World) -> Enrollment:
    return world.enrolled()


def add(
    world: World, one: Enrollment, entry: int, *, day: str = "2026-02-20", change: bool = False,
    revision: int | None = None, **more: Any,
) -> Any:  # fmt: skip
    values = {"cc-t3.day": day} | {f"cc-t3.{key}": value for key, value in more.items()}
    return record_entry(
        world.session, enrollment_id=one.id, version_id=one.version_id, toolkit=LOG,
        log_key="cc-t3.contacts", sitting="", entry=entry, values=values, now=later(entry), today=TODAY,
        change=change, revision=revision,
    )  # fmt: skip


def finish(
    world: World, one: Enrollment, values: dict[str, Any], *, toolkit: Toolkit = LOG, sitting: str = "",
    minutes: float = 10, revision: int | None = None,
) -> Any:  # fmt: skip
    return finish_sheet(
        world.session, enrollment_id=one.id, version_id=one.version_id, toolkit=toolkit, sitting=sitting,
        values=values, now=later(minutes), revision=revision,
    )  # fmt: skip


# ── Logs ─────────────────────────────────────────────────────────────────────────────────────────


def test_entries_are_numbered_and_tell_their_day(world: World, one: Enrollment) -> None:
    assert [add(world, one, 1, topic="dragons"), add(world, one, 2, day="2026-02-21")] == [1, 2]
    state = sheet_state(world.session, one.id, "cc-t3")
    assert [(e.entry, e.happened_on) for e in state.entries("cc-t3.contacts")] == [
        (1, date(2026, 2, 20)), (2, date(2026, 2, 21)),
    ]  # fmt: skip
    assert state.next_entry("cc-t3.contacts") == 3
    assert sheet_state(world.session, one.id, "cc-t1").next_entry("cc-t1.log") == 1


def test_a_double_click_adds_one_entry(world: World, one: Enrollment) -> None:
    assert add(world, one, 1) == add(world, one, 1) == 1
    assert len(world.all(WorksheetEntry)) == 1


def test_two_windows_add_two_entries(world: World, one: Enrollment) -> None:
    assert add(world, one, 1, topic="dragons") == 1
    assert add(world, one, 1, topic="drums") == 2
    assert [e.values["cc-t3.topic"] for e in sheet_state(world.session, one.id, "cc-t3").entries(
        "cc-t3.contacts")] == ["dragons", "drums"]  # fmt: skip


def test_an_entry_may_be_put_in_other_words(world: World, one: Enrollment) -> None:
    add(world, one, 1, topic="dragons")
    assert add(world, one, 1, topic="dragons, wings", change=True) == 1
    (entry,) = sheet_state(world.session, one.id, "cc-t3").entries("cc-t3.contacts")
    assert entry.values["cc-t3.topic"] == "dragons, wings"
    with pytest.raises(NotFound):
        add(world, one, 7, change=True)


@pytest.mark.parametrize(
    ("values", "code"),
    [({"day": ""}, "needed"), ({"day": "soon"}, "date_form"), ({"minutes": 40}, "number_range")],
)
def test_an_entry_that_cannot_stand_is_not_added(
    world: World, one: Enrollment, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        add(world, one, 1, **values)
    assert refused.value.code == code
    assert world.all(WorksheetEntry) == []


def test_an_erased_entry_stays_a_fact_and_its_number_is_not_used_again(world: World, one: Enrollment) -> None:
    add(world, one, 1)
    add(world, one, 2, topic="x")
    erase_entry(world.session, Place(one.id, "cc-t3.contacts", "", 2))
    state = sheet_state(world.session, one.id, "cc-t3")
    assert [e.entry for e in state.entries("cc-t3.contacts")] == [1]
    assert state.next_entry("cc-t3.contacts") == 3
    assert add(world, one, 3, topic="y") == 3
    assert len(world.all(WorksheetEntry)) == 3


# ── Finish ───────────────────────────────────────────────────────────────────────────────────────


def test_a_sheet_is_finished_with_its_needed_fields_and_its_logs_minimum(
    world: World, one: Enrollment
) -> None:
    add(world, one, 1)
    with pytest.raises(RuleBroken) as refused:
        finish(world, one, {"cc-t3.code": "Moon"})
    assert (refused.value.code, refused.value.field) == ("needed", "cc-t3.contacts")
    add(world, one, 2, topic="x")
    with pytest.raises(RuleBroken) as refused:
        finish(world, one, {"cc-t3.flat": "the bus"})
    assert refused.value.field == "cc-t3.code"
    finish(world, one, {"cc-t3.code": "Moon"})
    (done,) = world.all(WorksheetCompletion)
    assert (done.key, done.sitting, done.needed, done.filled) == ("cc-t3", "", 2, 3)


def test_finishing_again_changes_the_words_alone(world: World, one: Enrollment) -> None:
    finish(world, one, {"cc-t1.easy": "listen"}, toolkit=TWICE, sitting="Before")
    finish(world, one, {"cc-t1.easy": "listen, warm"}, toolkit=TWICE, sitting="Before", minutes=20)
    assert [row.at for row in world.all(WorksheetCompletion)] == [later(10)]
    state = sheet_state(world.session, one.id, "cc-t1")
    assert state.sheets["Before"].values == {"cc-t1.easy": "listen, warm"}
    assert state.finished == {"Before": later(10)}
    erase_entry(world.session, Place(one.id, "cc-t1", "Before"))
    assert sheet_state(world.session, one.id, "cc-t1").sheets == {}
    finish(world, one, {"cc-t1.easy": "again"}, toolkit=TWICE, sitting="Before", minutes=30)
    assert sheet_state(world.session, one.id, "cc-t1").sheets["Before"].values == {"cc-t1.easy": "again"}


def test_each_sitting_is_finished_by_itself(world: World, one: Enrollment) -> None:
    finish(world, one, {"cc-t1.easy": "a"}, toolkit=TWICE, sitting="Before")
    assert course_states(world.session, one.id).sittings == {"cc-t1": {"Before"}}
    finish(world, one, {"cc-t1.easy": "b"}, toolkit=TWICE, sitting="At the end")
    assert course_states(world.session, one.id).sittings == {"cc-t1": {"Before", "At the end"}}
    with pytest.raises(RuleBroken) as refused:
        finish(world, one, {"cc-t1.easy": "b"}, toolkit=TWICE, sitting="")
    assert refused.value.code == "sitting_unknown"


def test_an_empty_sheet_is_not_finished(world: World, one: Enrollment) -> None:
    with pytest.raises(RuleBroken) as refused:
        finish(world, one, {"cc-t1.easy": "  "}, toolkit=TWICE, sitting="Before")
    assert refused.value.code == "sheet_empty"


def test_a_stale_page_finishes_nothing_and_loses_nothing(world: World, one: Enrollment) -> None:
    place = Place(one.id, "cc-t1", "Before")
    save_draft(world.session, place, revision=0, values={"cc-t1.easy": "a"}, now=NOW)
    save_draft(world.session, place, revision=1, values={"cc-t1.easy": "a, from the phone"}, now=later(1))
    stale = finish(world, one, {"cc-t1.easy": "a, b"}, toolkit=TWICE, sitting="Before", revision=1)
    assert stale == Stale(2, {"cc-t1.easy": "a, from the phone"}, 1)
    assert world.all(WorksheetCompletion) == []
    again = finish(world, one, {"cc-t1.easy": "a, b, c"}, toolkit=TWICE, sitting="Before", revision=2)
    assert again == Stale(3, {"cc-t1.easy": "a, b, c"}, 1), "what the other page sent waits for a choice"
    assert [read(row.body) for row in world.all(DraftConflict)] == [{"cc-t1.easy": "a, b"}]
    assert world.all(WorksheetCompletion) == []
    choose(world.session, place, number=1, keep="draft", now=later(3))
    finish(world, one, {"cc-t1.easy": "a, b, c"}, toolkit=TWICE, sitting="Before", revision=3)
    assert world.all(Draft) == []
    assert len(world.all(WorksheetCompletion)) == 1


@pytest.mark.parametrize("change", [False, True])
def test_a_stale_page_adds_and_changes_no_entry_and_loses_nothing(
    world: World, one: Enrollment, change: bool
) -> None:
    if change:
        add(world, one, 1, topic="as it was")
    phone = {"cc-t3.day": "2026-02-20", "cc-t3.topic": "from the phone"}
    place = Place(one.id, "cc-t3.contacts", "", 1)
    save_draft(world.session, place, revision=0, values=phone, now=NOW)
    stale = add(world, one, 1, topic="from the laptop", change=change, revision=0)
    assert stale == Stale(1, phone, 1)
    assert [read(row.body)["cc-t3.topic"] for row in world.all(DraftConflict)] == ["from the laptop"]
    assert [read(row.body)["cc-t3.topic"] for row in world.all(WorksheetText)] == ["as it was"] * change
    choose(world.session, place, number=1, keep="other", now=later(3))
    assert add(world, one, 1, topic="from the laptop", change=change, revision=2) == 1
    assert world.all(Draft) == []


def test_a_sheet_is_read_in_two_queries_at_any_length(world: World, one: Enrollment) -> None:
    def statements() -> int:
        with world.database.counted() as sent:
            sheet_state(world.session, one.id, "cc-t3")
        return len(sent)

    assert statements() == 2
    for entry in range(1, 8):
        add(world, one, entry, topic=str(entry))
    assert statements() == 2


# ── Paper ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_never_stored_is_stated_once(world: World, one: Enrollment) -> None:
    for minute in (1, 2):
        state_paper_done(
            world.session, enrollment_id=one.id, version_id=one.version_id, toolkit=PAPER,
            wording="I have done this on paper.", now=later(minute),
        )  # fmt: skip
    (row,) = world.all(PaperStatement)
    assert row.stated_at == later(1)
    assert course_states(world.session, one.id).papers == {"cc-t9"}
    with pytest.raises(RuleBroken):
        finish(world, one, {}, toolkit=PAPER)
    with pytest.raises(RuleBroken):
        state_paper_done(
            world.session, enrollment_id=one.id, version_id=one.version_id, toolkit=LOG, wording="x", now=NOW
        )
    assert world.all(WorksheetText) == []


# ── Carrying over ────────────────────────────────────────────────────────────────────────────────


def test_the_latest_sitting_and_the_newer_draft_are_carried_over(world: World, one: Enrollment) -> None:
    sources = homes(course())

    def now_there() -> Any:
        return carried(world.session, one.id, sources, ["cc-t1.missing", "cc-t3.contacts", "cc-t3.topic"])

    assert now_there() == {}
    add(world, one, 1, topic="dragons")
    add(world, one, 2, topic="drums")
    finish(world, one, {"cc-t1.missing": "the late bus"}, toolkit=TWICE, sitting="At the end", minutes=5)
    finish(world, one, {"cc-t1.missing": "the quiet table"}, toolkit=TWICE, sitting="Before", minutes=9)
    found = now_there()
    assert found["cc-t1.missing"] == "the quiet table"
    assert found["cc-t3.topic"] == ["dragons", "drums"]
    assert [entry["cc-t3.day"] for entry in found["cc-t3.contacts"]] == ["2026-02-20"] * 2
    place = Place(one.id, "cc-t1", "At the end")
    save_draft(world.session, place, revision=0, values={"cc-t1.missing": "both"}, now=later(20))
    assert now_there()["cc-t1.missing"] == "both"


def test_the_many_answers_of_a_log_start_nothing(world: World, one: Enrollment) -> None:
    sources = homes(course())
    add(world, one, 1, topic="dragons")
    values = carried(world.session, one.id, sources, ["cc-t3.topic"])
    assert starting_values((build.field("cc-t4.a", carries="cc-t3.topic"),), sources, values) == {}


def test_columns_of_a_table_are_carried_as_a_list(world: World, one: Enrollment) -> None:
    what = build.field("cc-t7.what", "short")
    audit = replace(TWICE, key="cc-t7", sittings=(), blocks=(build.table("cc-t7.rows", what),))
    with_audit = replace(course(), modules=(replace(course().modules[0], toolkits=(audit,)),))
    rows = [{"cc-t7.what": "bell"}, {}, {"cc-t7.what": "lunch"}]
    finish(world, one, {"cc-t7.rows": rows}, toolkit=audit)
    found = carried(world.session, one.id, homes(with_audit), ["cc-t7.what", "cc-t7.rows"])
    assert found["cc-t7.what"] == ["bell", "lunch"]
    assert found["cc-t7.rows"] == rows
