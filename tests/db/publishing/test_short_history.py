"""One short history with everything in it, and the mistakes that it must notice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from lms.accounts.permissions import Actor
from lms.actions import learn
from lms.actions.publishing import Wanted
from lms.content.nodes import Activity
from lms.courses.queries import load_compiled, published
from lms.enrollments.queries import current_enrollment
from lms.kernel import clock
from lms.kernel.db import db
from tests.db.publishing.mutations import PLANTINGS, Planting
from tests.db.publishing.story import Story
from tests.db.publishing.test_histories import site


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("publishing")
    with site(f"sqlite:///{folder}/site.sqlite", folder):
        yield


def tell(key: str) -> Story:
    """Ana finishes, Ben is in the middle; a version with another field is published and Ben moved; Ana enrolls
    again; the first version is published again and Ben moved back."""
    story = Story(random.Random(3), key)
    first = published(story.session, key)
    assert first is not None
    ana, ben, _ = everybody = story.learners

    def steps(who: Actor, *names: str) -> None:
        for name in names:
            story.now += timedelta(hours=5)
            story.learners = [who]
            with clock.at(story.now):
                getattr(story, f"_{name}")()
            story.learners = everybody
            story._kept()
            db.session.remove()
            story.check()

    def publish(version_id: int | None = None) -> None:
        story.now += timedelta(hours=5)
        assert story.publish(Wanted("everybody"), version_id)
        db.session.remove()
        story.check()

    steps(ana, "finish", "answer")
    steps(ben, "lesson", "activity", "draft", "quiz", "hand_in")
    story.text.sheets[0].fields.append(story.text._next("f"))
    story.text.release = "substantive"
    story._edited()
    publish()
    steps(ben, "draft", "lesson")
    with clock.at(story.now):
        learn.enroll(ana, key)
    story.check()
    publish(first.id)
    story.end()
    return story


def test_it_holds_what_is_promised_and_everything_happens_in_it(one_site: None) -> None:
    story = tell("sound")
    assert len(story.finished) == 2
    assert story.told["moved"] == 2
    assert story.told["words"] > 5


def test_who_did_a_thing_under_its_old_key_stays_and_who_did_not_is_moved(one_site: None) -> None:
    story = Story(random.Random(3), "renamed")
    ana, ben, _ = story.learners
    with clock.at(story.now):
        for who in (ana, ben):
            learn.enroll(who, story.key)
        mine = current_enrollment(story.session, ana.user_id, story.key)
        assert mine is not None
        lesson = load_compiled(story.session, mine.version_id).modules[0].lessons[0]
        chosen = next(block for block in lesson.blocks if isinstance(block, Activity))
        story._check(ana, mine.id, lesson.key, chosen)
    before = story._standing()
    for each in story.text.lessons:
        each.was, each.choose = f"{each.key}.{each.choose}", story.text._next("c")
    story._edited()
    assert story.publish(Wanted("everybody"))
    after = story._standing()
    assert [standing for standing in after.items() if standing in before.items()] == [
        (mine.id, before[mine.id])
    ]
    story.check()


@pytest.mark.parametrize("planting", PLANTINGS, ids=lambda planting: planting.__name__)
def test_a_planted_mistake_is_found(
    one_site: None, planting: Planting, monkeypatch: pytest.MonkeyPatch
) -> None:
    planting(monkeypatch)
    try:
        with pytest.raises((AssertionError, DatabaseError)):
            tell(planting.__name__.replace("_", "-"))
    finally:
        db.session.remove()
