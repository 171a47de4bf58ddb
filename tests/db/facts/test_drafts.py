"""Drafts: nothing that was typed is ever lost, whichever device was first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.enrollments.models import Enrollment
from lms.kernel.errors import Conflict, NotFound
from lms.responses.bodies import read
from lms.responses.models import Draft, DraftConflict
from lms.responses.queries.states import drafts_beside, page_states
from lms.responses.services.drafts import CONFLICTS, Place, Saved, Stale, choose, discard_draft, save_draft
from tests.db.facts.world import World, later

KEY = "cc-1-1.note"


@pytest.fixture
def one(world: World) -> Enrollment:
    return world.enrolled()


def save(
    world: World, one: Enrollment, text: str, revision: int, conflict: int | None = None
) -> Saved | Stale:
    return save_draft(
        world.session, Place(one.id, KEY), revision=revision, values={KEY: text}, now=later(1),
        conflict=conflict,
    )  # fmt: skip


def test_a_draft_grows_revision_by_revision(world: World, one: Enrollment) -> None:
    assert save(world, one, "a", 0) == Saved(1)
    assert save(world, one, "ab", 1) == Saved(2)
    (draft,) = world.all(Draft)
    assert read(draft.body) == {KEY: "ab"}


def test_a_stale_save_keeps_both_texts(world: World, one: Enrollment) -> None:
    save(world, one, "phone", 0)
    stale = save(world, one, "laptop", 0)
    assert stale == Stale(1, {KEY: "phone"}, 1)
    beside = drafts_beside(world.session, Place(one.id, KEY))
    assert [(b.number, b.base_revision, b.values) for b in beside] == [(1, 0, {KEY: "laptop"})]
    found = page_states(world.session, one.id, "cc-1-1").draft(KEY)
    assert found is not None and (found.values, found.conflicts) == ({KEY: "phone"}, 1)


def test_the_same_text_twice_is_no_conflict(world: World, one: Enrollment) -> None:
    save(world, one, "same", 0)
    assert save(world, one, "same", 0) == Saved(1)
    assert world.all(DraftConflict) == []


def test_a_page_that_saves_on_after_a_conflict_has_one_text(world: World, one: Enrollment) -> None:
    save(world, one, "phone", 0)
    save(world, one, "lap", 0)
    again = save(world, one, "laptop", 0, conflict=1)
    assert isinstance(again, Stale)
    assert [b.values for b in drafts_beside(world.session, Place(one.id, KEY))] == [{KEY: "laptop"}]


@pytest.mark.parametrize(("keep", "text", "revision"), [("draft", "phone", 1), ("other", "laptop", 2)])
def test_the_author_chooses(world: World, one: Enrollment, keep: Any, text: str, revision: int) -> None:
    save(world, one, "phone", 0)
    save(world, one, "laptop", 0)
    place = Place(one.id, KEY)
    assert choose(world.session, place, number=1, keep=keep, now=later(2)) == revision
    (draft,) = world.all(Draft)
    assert (read(draft.body), draft.revision) == ({KEY: text}, revision)
    assert world.all(DraftConflict) == []
    with pytest.raises(NotFound):
        choose(world.session, place, number=1, keep=keep, now=later(2))


def test_typing_on_after_the_draft_was_handed_in_elsewhere_begins_a_new_one(
    world: World, one: Enrollment
) -> None:
    save(world, one, "a", 0)
    discard_draft(world.session, Place(one.id, KEY))
    assert save(world, one, "a and more", 1) == Saved(2)
    (draft,) = world.all(Draft)
    assert draft.revision == 2


def test_a_runaway_page_is_stopped_without_loss(world: World, one: Enrollment) -> None:
    save(world, one, "phone", 0)
    for number in range(CONFLICTS):
        save(world, one, f"text {number}", 0)
    with pytest.raises(Conflict):
        save(world, one, "one too many", 0)
    assert len(world.all(DraftConflict)) == CONFLICTS


def test_sittings_and_entries_have_drafts_of_their_own(world: World, one: Enrollment) -> None:
    for sitting, entry in (("", 0), ("Before", 0), ("", 1)):
        place = Place(one.id, "cc-t1", sitting, entry)
        saved = save_draft(world.session, place, revision=0, values={"cc-t1.easy": sitting}, now=later())
        assert saved == Saved(1)
    assert set(page_states(world.session, one.id, "cc-t1").drafts) == {
        ("cc-t1", "", 0), ("cc-t1", "Before", 0), ("cc-t1", "", 1),
    }  # fmt: skip


def test_letters_of_every_script_and_half_pairs_are_kept(world: World, one: Enrollment) -> None:
    save(world, one, "Nuñez 你好 🙂 \ud800", 0)
    (draft,) = world.all(Draft)
    assert read(draft.body) == {KEY: "Nuñez 你好 🙂 ?"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.text("abc", min_size=1, max_size=3)), max_size=12))
def test_whatever_two_devices_do_every_last_text_is_still_there(
    world: World, one: Enrollment, steps: list[tuple[int, str]]
) -> None:
    """Three pages save in any order; each text that a page last sent is the draft or beside it."""
    discard_draft(world.session, Place(one.id, KEY))
    revisions, conflicts, last = [0, 0, 0], [None, None, None], ["", "", ""]
    for page, typed in steps:
        last[page] += typed
        result = save(world, one, f"{page}:{last[page]}", revisions[page], conflicts[page])
        if isinstance(result, Saved):
            revisions[page] = result.revision
        else:
            conflicts[page] = result.number
    kept = [read(draft.body)[KEY] for draft in world.all(Draft)]
    kept += [beside.values[KEY] for beside in drafts_beside(world.session, Place(one.id, KEY))]
    first = {f"{page}:{text}" for page, text in enumerate(last) if text}
    assert first <= set(kept)
