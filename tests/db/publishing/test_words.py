"""What was written under one version stays, also where the next has no place for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lms.accounts.permissions import Actor
from lms.accounts.queries import actor
from lms.actions import learn, learn_work, publishing
from lms.actions.learn_work import Typed
from lms.actions.publishing import Wanted
from lms.content.reader import SourceFiles
from lms.courses.releases import last_release_number
from lms.enrollments.queries import current_enrollment
from lms.kernel.db import db, transaction
from lms.responses.bodies import read
from lms.responses.models import Draft, WorksheetText
from tests import builders as b
from tests.db.publishing.test_histories import site
from tests.db.publishing.texts import CourseText

SHEET = "t9"


@pytest.fixture
def rosa(tmp_path: Path) -> Iterator[Actor]:
    with site(f"sqlite:///{tmp_path}/site.sqlite", tmp_path):
        with transaction() as session:
            user = b.person(session)
        found = actor(db.session(), user)
        assert found is not None
        yield found.actor


def publish(fields: list[str], wanted: Wanted | None = None) -> None:
    """A version whose one worksheet has these fields."""
    text = CourseText("k", random.Random(1))
    text.sheets[0].key, text.sheets[0].fields = SHEET, fields
    text.sheets[0].sittings, text.sheets[0].log = (), False
    taken = publishing.take_in(None, SourceFiles(text.files()))
    assert taken.version is not None, taken.problems
    publishing.publish(
        None, version_id=taken.version.id, release=last_release_number(db.session(), "k"), note="as told",
        wanted=wanted,
    )  # fmt: skip
    db.session.remove()


def write(rosa: Actor, revision: int, **values: str) -> None:
    typed = Typed(SHEET, {f"{SHEET}.{key}": value for key, value in values.items()}, revision)
    learn_work.save_drafts(rosa, "k", SHEET, [typed])


def kept(rosa: Actor, table: type[Draft] | type[WorksheetText]) -> dict[str, Any]:
    db.session.remove()
    found = current_enrollment(db.session(), rosa.user_id, "k")
    assert found is not None
    row = db.session().get(table, (found.id, SHEET, "", 0))
    return {} if row is None else {key.partition(".")[2]: value for key, value in read(row.body).items()}


def test_a_draft_keeps_words_of_a_field_that_the_new_version_does_not_have(rosa: Actor) -> None:
    publish(["one", "two"])
    learn.enroll(rosa, "k")
    write(rosa, 0, one="first", two="second")
    publish(["one"], Wanted("everybody"))
    write(rosa, 1, one="first, and more")
    assert kept(rosa, Draft) == {"one": "first, and more", "two": "second"}
    publish(["one", "two"], Wanted("everybody"))  # back again: the words stand in their field
    write(rosa, 2, one="", two="second, and more")
    assert kept(rosa, Draft) == {"one": "", "two": "second, and more"}


def test_finishing_a_sheet_keeps_them_too_and_asks_only_for_what_it_shows(rosa: Actor) -> None:
    publish(["one", "two"])
    learn.enroll(rosa, "k")
    write(rosa, 0, one="first", two="second")
    publish(["one", "three"], Wanted("everybody"))
    learn_work.finish_sheet(rosa, "k", SHEET, Typed(SHEET, {f"{SHEET}.one": "done"}, 1))
    assert kept(rosa, WorksheetText) == {"one": "done", "two": "second"}
    learn_work.finish_sheet(rosa, "k", SHEET, Typed(SHEET, {f"{SHEET}.one": "again"}, 0))
    assert kept(rosa, WorksheetText) == {"one": "again", "two": "second"}


def test_who_was_never_moved_keeps_what_the_page_sends_and_nothing_else(rosa: Actor) -> None:
    publish(["one", "two"])
    learn.enroll(rosa, "k")
    write(rosa, 0, one="first", two="second")
    write(rosa, 1, one="first")
    assert kept(rosa, Draft) == {"one": "first"}
